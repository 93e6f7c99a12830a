"""What segmentation means here: frames, prompts, masks, codecs, selection. Pure Python and numpy (RLE: pycocotools)."""
