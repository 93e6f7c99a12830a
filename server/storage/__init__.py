"""What is kept: the database (engine, tables, one file per aggregate) and the blobs. Knows no Flask and no
ONNX.
"""
