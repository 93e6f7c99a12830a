"""Pascal VOC: XML and masks in folders."""
