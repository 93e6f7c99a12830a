"""Imports: pictures, archives and datasets into a project, file by file, so that they can be interrupted anywhere."""
