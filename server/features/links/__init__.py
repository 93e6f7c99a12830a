"""Share links: a project or one of its images, to look at, to try, to annotate, to review."""
