"""Programs elsewhere that are told what happens in a project."""
