"""labelme's JSON, one file for each image."""
