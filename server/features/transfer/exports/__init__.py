"""Exports: what was made in a project as files of other programs' formats, never more of it in memory than an image."""
