"""Images: taken in, listed, shown."""
