"""Who did what when, and bringing back what was."""
