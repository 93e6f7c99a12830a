"""`samphire eval`: how good the masks of the installed segmenters are, against objects that people drew.

A top layer beside `bench`: it runs the same encoder, decoder, frames and choice of candidate as the server, on a
folder of images and masks, with clicks simulated as the literature on interactive segmentation does.
"""
