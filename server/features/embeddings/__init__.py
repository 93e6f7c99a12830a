"""Embeddings: made once for each image and segmenter, kept, renewed."""
