"""A project as an ML backend of Label Studio: its smart tools ask, and get brush strokes."""
