"""CVAT's XML, of images and of videos."""
