"""Networks that other programs exported: read, checked, and wrapped into our interface. Needs onnx."""
