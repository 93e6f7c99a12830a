"""COCO: instances.json, its parts, its panoptic images, and lists of segments."""
