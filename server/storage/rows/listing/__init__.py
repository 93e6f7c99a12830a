"""Which images of a project are listed, and in which order."""
