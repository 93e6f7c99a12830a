"""Files that may be larger than memory: JSON and XML read as they come, and what is put aside meanwhile."""
