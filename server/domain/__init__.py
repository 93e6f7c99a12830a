"""What segmentation means here: frames, prompts, masks, outlines, codecs. Python and numpy (RLE: pycocotools)."""
