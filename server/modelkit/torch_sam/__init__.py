"""SAM in PyTorch: reference modules, public checkpoints, export to ONNX. Needs the `export` extra; never served."""
