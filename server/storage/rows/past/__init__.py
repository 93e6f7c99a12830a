"""What happened, for people to read and to count."""
