"""Who is working in a project now, and on what."""
