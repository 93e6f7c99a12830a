"""Images as the API has them."""

from typing import Annotated, Literal

from msgspec import UNSET, UnsetType

from ...contract import Request, Resource, about
from ...contract.answers import Utc
from ..embeddings.schema import Embedding
from ..pictures.files import EXTENSIONS
from ..pictures.rendering import MOST_BANDS, MOST_VALUE
from ..segmenters.schema import NO_SEGMENTER

Format = Annotated[str, about(schema={"enum": [*EXTENSIONS]})]
_Value = Annotated[float, about(ge=-MOST_VALUE, le=MOST_VALUE)]
_Band = Annotated[int, about(ge=1, le=MOST_BANDS)]
_RANGE = '"range" must be "auto", "full", or two numbers: what is shown as black, and what as white.'
_BYTES = '"bytes" must be the size of the image.'
_NAME = '"name" must be the file name of the image.'
_BANDS = '"bands" must be one number or three, counted from 1, or null.'


class Rendering(Request, forbid_unknown_fields=True):
    """Which of the bands and values of a 16-bit, floating or many-band image are shown."""

    unknown = "part of a rendering"

    range: Annotated[
        Literal["auto", "full"] | Annotated[list[_Value], about(min_length=2, max_length=2)],
        about(
            "What becomes black and white: found by what the image holds, the whole range of its samples, or two "
            "values.",
            says=_RANGE,
        ),
    ] = "auto"
    bands: Annotated[
        Annotated[
            list[_Band],
            about(
                min_length=1, max_length=3, schema={"not": {"type": "array", "minItems": 2, "maxItems": 2}}
            ),
        ]
        | None,
        about(
            "One for grey, three for red, green and blue, counted from 1; null for the usual.", says=_BANDS
        ),
    ] = None


class Image(Resource, kw_only=True):
    """An uploaded picture."""

    id: Annotated[str, about("Its id.")]
    name: Annotated[str, about("File name, cleaned.")]
    width: Annotated[int, about("Pixels, after the EXIF rotation.")]
    height: Annotated[int, about("Pixels, after the EXIF rotation.")]
    bytes: Annotated[int, about("Size of the upload.")]
    format: Annotated[Format, about("Of the upload.")]
    sha256: Annotated[str, about("Of the upload.")]
    created_at: Utc
    rendering: Annotated[Rendering | None, about("How deep samples are shown, where somebody chose it.")]
    version: Annotated[str, about("Changes with the rendering; empty for an image as it comes.")]
    file_url: Annotated[str, about("The picture as browsers show it.")]
    thumbnail_url: Annotated[str, about("At most 256 pixels long.")]
    annotation_count: Annotated[int, about("How many annotations it has.")]
    embedding: Annotated[Embedding, about("Of the segmenter in use.")]
    existing: Annotated[bool | UnsetType, about("After an upload: the same bytes were here already.")] = UNSET


class NewUpload(Request):
    """An image that is to be put into the bucket by whoever has it."""

    bytes: Annotated[int, about("Its size.", ge=1, le=2**40, says=_BYTES)]


class DirectUpload(Resource):
    """Where to put it with `PUT`, all of its bytes and no others, within 15 minutes."""

    id: Annotated[str, about("Its id, to say that it is there.")]
    url: Annotated[str, about("The address in the bucket; it needs no other sign-in.")]
    content_type: Annotated[str, about("The Content-Type to send, whatever the image is.")]


class Uploaded(Request):
    """An image that has reached the bucket."""

    name: Annotated[str, about("Its file name.", says=_NAME, max_length=4096)]
    folders: Annotated[bool, about("Whether folders in the name are part of it.")] = False


class Watch(Request):
    """Whose news are wanted, or no more."""

    image: Annotated[str, about("Id of the image.", says="image must be the id of an image.", absent=True)]
    project: Annotated[
        str | UnsetType,
        about(
            "Id of the project whose annotations are told of.", says="project must be the id of a project."
        ),
    ] = UNSET
    segmenter: Annotated[
        str | None,
        about("Whose embedding the answer tells of; the configured one's when left out.", says=NO_SEGMENTER),
    ] = None


class Watched(Resource):
    """How the embedding of the image stands, and the project."""

    embedding: Annotated[Embedding, about("Of the segmenter that was named, or the configured one.")]
    seq: Annotated[int, about("The number of the last event of the project.")]


class ImagePage(Resource):
    """Some images, the newest first."""

    images: Annotated[list[Image], about("The images.")]
    total: Annotated[int, about("How many there are in all.")]
