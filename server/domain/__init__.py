"""What segmentation means here: frames, prompts, masks, outlines, codecs, selection. Python and numpy (RLE: pycocotools)."""
