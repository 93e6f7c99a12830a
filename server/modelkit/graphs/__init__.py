"""Our own ONNX graphs, written from weights: SAM's decoder and TinyViT. Needs onnx and numpy."""
