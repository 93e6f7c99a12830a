"""Segmenters as the API has them: those installed, and those that can be."""

from typing import Annotated, Literal, get_args

from ...contract import Request, Resource, about
from ...contract.answers import ErrorShape

NO_SEGMENTER = '"segmenter" must be the id of a segmenter, or null for the configured one.'
Resize = Literal["longest_side", "square"]
Step = Literal["asking", "downloading", "building", "testing"]
PullState = Literal["available", "running", "failed"]
STEPS: tuple[Step, ...] = get_args(Step)


class Network(Resource):
    """A network that browsers run."""

    url: Annotated[str, about("Where it is.")]
    bytes: Annotated[int, about("Its size, uncompressed.")]


class Quality(Resource):
    """How well a segmenter segments the objects of a dataset: mean IoU."""

    dataset: Annotated[str, about("Its name.")]
    objects: Annotated[float, about("How many objects it has.")]
    one_click: Annotated[float, about("The first choice after one click in the middle.")]
    best_of_three: Annotated[float, about("The best of the three candidates after it.")]
    box: Annotated[float, about("After the object's box.")]


class TrainedFrom(Resource):
    """Where a trained segmenter comes from."""

    segmenter: Annotated[str, about("Id of the segmenter whose decoder was trained further.")]
    images: Annotated[int | None, about("How many images it was trained on.")]
    objects: Annotated[int | None, about("How many objects they have.")]
    at: Annotated[str | None, about("When, as ISO 8601.")]


class Segmenter(Resource):
    """An installed segmenter: an encoder and the decoder made for it."""

    id: Annotated[str, about("Its id.")]
    title: Annotated[str, about("Its name, for people.")]
    weights: Annotated[str, about("SHA-256 of both networks' weights.")]
    encoder: Annotated[
        str,
        about(
            "Id of the segmenter whose encoder makes its embeddings: its own, or one with the same encoder."
        ),
    ]
    encoding: Annotated[
        str, about("SHA-256 that its embeddings carry. Segmenters with the same one share their embeddings.")
    ]
    licence: Annotated[str, about("SPDX.")]
    resize: Annotated[
        Resize,
        about("How the encoder sees a picture: its longest side scaled to 1024, or squeezed into a square."),
    ]
    prepare: Annotated[Network, about("Run once for an image.")]
    decoder: Annotated[Network, about("Run for every click.")]
    encoder_bytes: Annotated[int, about("Size of the encoder, which stays on the server.")]
    encoder_seconds: Annotated[float | None, about("Median of its recent encodings on this machine.")]
    quality: Annotated[Quality | None, about("As measured by `samphire eval`.")]
    trained_from: Annotated[TrainedFrom | None, about("null: it was not trained here.")]
    default: Annotated[bool, about("Whether it is the configured one.")]


class SegmenterList(Resource):
    """What there is to choose from."""

    segmenters: Annotated[list[Segmenter], about("All that are installed.")]


class Pull(Resource):
    """A segmenter of the catalogue that is not installed."""

    id: Annotated[str, about("Its id.")]
    title: Annotated[str, about("Its name, for people.")]
    licence: Annotated[str, about("SPDX.")]
    download_bytes: Annotated[int, about("What has to be downloaded.")]
    quality: Annotated[Quality | None, about("As measured by `samphire eval`.")]
    needs: Annotated[str | None, about("The command that installs Python packages which are missing.")]
    state: Annotated[PullState, about("failed: see `error`; starting it again goes on.")]
    step: Annotated[Step | None, about("What is being done, while it is running.")]
    bytes: Annotated[int, about("How much has arrived.")]
    error: Annotated[ErrorShape | None, about("Why it failed. Told to who may start it again.")]


class PullList(Resource):
    """What can be installed."""

    pulls: Annotated[list[Pull], about("Those of the best quality first.")]
    allowed: Annotated[bool, about("Whether this client may start and stop them.")]
    command: Annotated[str, about("What does the same on the server's machine, followed by an id.")]


class NewPull(Request):
    """Which segmenter."""

    segmenter: Annotated[str, about("Id of a segmenter of the catalogue.")]
