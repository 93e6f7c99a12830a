"""Where everything is stored: moved to another place, backed up, restored."""
