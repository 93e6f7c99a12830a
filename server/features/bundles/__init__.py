"""Images that are segmented without a server: as one file, or as a folder of a static host."""
