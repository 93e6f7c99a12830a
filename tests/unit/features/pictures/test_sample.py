"""The sample picture: always the same, of the promised size, and small enough to send."""

import io

import numpy as np
from PIL import Image

from server.features.pictures.sample import HEIGHT_PX, WIDTH_PX, draw_sample


def test_the_sample_is_the_same_every_time():
    picture = draw_sample()
    assert picture == draw_sample()
    image = Image.open(io.BytesIO(picture))
    assert (image.size, image.mode, image.format) == ((WIDTH_PX, HEIGHT_PX), "RGB", "PNG")
    assert len(picture) < 1_500_000
    pixels = np.asarray(image).astype(int)
    sun, sail, hull, sea = pixels[112, 955], pixels[340, 710], pixels[445, 670], pixels[400, 300]
    assert np.abs(sun - sea).sum() > 200
    assert np.abs(sail - hull).sum() > 200
