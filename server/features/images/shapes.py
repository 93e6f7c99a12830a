"""What the API says of an image, with its addresses."""

from ...domain.policy import Actor
from ...services import Services
from ...storage.tables import Image
from .fields import image_fields
from .schema import Image as ImageJson


def image_json(services: Services, actor: Actor, image: Image) -> ImageJson:
    return images_json(services, actor, [image])[0]


def images_json(services: Services, actor: Actor, images: list[Image]) -> list[ImageJson]:
    ids = [image.id for image in images]
    counts = services.images.annotation_counts(actor, ids)
    embeddings = services.embeddings.describe_all(images, services.segmenters.find())
    return [
        ImageJson(**image_fields(image, counts.get(image.id, 0), embeddings[image.id])) for image in images
    ]
