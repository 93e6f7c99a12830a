"""ONNX networks: which segmenters there are, how their graphs are built, and running them. Knows no database."""
