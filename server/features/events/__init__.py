"""What happened in a project since somebody last knew."""
