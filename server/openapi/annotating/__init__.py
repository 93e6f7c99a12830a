"""The addresses of what is made on images besides the objects themselves."""
