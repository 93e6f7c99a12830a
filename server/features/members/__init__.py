"""Who works on a project, and what each may do there."""
