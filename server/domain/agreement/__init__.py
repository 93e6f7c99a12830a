"""How alike several people segmented an image, and what they agree on. Masks are runs; no image-sized stack is made."""
