"""What is for who operates a server: a name for each request, and figures of what it does."""
