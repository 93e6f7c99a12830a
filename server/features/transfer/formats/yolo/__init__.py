"""YOLO: text files of boxes and polygons, and the lists beside them."""
