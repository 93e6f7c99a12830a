"""Working together on a project: who does what, and what others say of it."""
