"""What people did in a project, in numbers."""
