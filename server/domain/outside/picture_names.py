"""Which files are images, by their names."""

PICTURE_SUFFIXES = (
    *(".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff", ".gif"),
    *(".avif", ".jp2", ".j2k", ".heic", ".heif"),
)


def is_picture(path: str) -> bool:
    return path.lower().endswith(PICTURE_SUFFIXES)
