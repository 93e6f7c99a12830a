"""Links that lead strangers into a project: to look, to try, to annotate, to review."""
