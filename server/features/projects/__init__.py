"""Projects: what they are, their labels, their images and the order these are worked through."""
