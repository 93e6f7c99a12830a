"""How alike people segment, as the API has it."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from ...contract import Request, Resource, about, named
from ...contract.answers import Moment, Undo
from ...domain.agreement.consensus import Method
from ..projects.images_schema import ProjectImage

State = Literal["none", "queued", "running", "failed"]
Share = Annotated[float, Meta(ge=0, le=1)]
_Account = Annotated[str, about("Id of the account.")]
_Alpha = Annotated[
    Annotated[float, Meta(le=1)] | None,
    about("Krippendorff's alpha of the labels of matched objects; null: not defined."),
]
_Method = Annotated[
    Method, named("`majority` of those who marked an object, pixel by pixel, or `staple`.", "method")
]


class Figures(Resource):
    """How alike two or more people segmented. Means are over matched objects: those with a mask IoU of at least 0.5."""

    objects: Annotated[int, about("How many objects were compared, counted once for each pair of people.")]
    matched: Annotated[int, about("Pairs of them that are one object.")]
    agreement: Annotated[
        Share, about("Panoptic quality of all labels together: same objects, same labels, same pixels.")
    ]
    f1: Annotated[Share | None, about("Of finding the same objects, whatever their labels.")]
    iou: Annotated[Share | None, about("Mean mask IoU.")]
    boundary_iou: Annotated[Share | None, about("Mean boundary IoU.")]
    dice: Annotated[Share | None, about("Mean Dice coefficient.")]
    alpha: _Alpha


class GoldScore(Resource):
    """A person's objects on gold images, against the truth."""

    images: Annotated[int, about("Gold images they are done with.")]
    f1: Annotated[Share | None, about("Of finding the true objects, whatever their labels.")]
    iou: Annotated[Share | None, about("Mean mask IoU of those found.")]
    same_label: Annotated[Share | None, about("Part of those found that has the true label.")]
    missed: Annotated[int, about("True objects that they have not got.")]
    extra: Annotated[int, about("Objects of theirs that are none of the true ones.")]


class PersonAgreement(Resource):
    """A person, with all they share images with."""

    account: _Account
    images: Annotated[int, about("Images they and somebody else are done with.")]
    figures: Figures
    gold: Annotated[GoldScore | None, about("Null: they have done no gold image.")]


class PairAgreement(Resource):
    """Two people."""

    first: _Account
    second: _Account
    images: Annotated[int, about("Images both are done with.")]
    figures: Figures


class Confusion(Resource):
    """What one called by one label, and another by another."""

    label: Annotated[str, about("Id of the other label.")]
    count: Annotated[int, about("Matched pairs of objects.")]


class LabelAgreement(Resource):
    """A label, over all pairs of people."""

    label: Annotated[str, about("Its id.")]
    figures: Annotated[
        Figures, about("As if there were no other labels; alpha: of being this label's, or another's.")
    ]
    confused: Annotated[
        list[Confusion], about("What others called the same objects, the most frequent first.")
    ]


class AgreementReport(Resource):
    """How alike the people of a project segment, as of when it was last worked out."""

    state: Annotated[State, about("Whether it is being worked out anew.")]
    done: Annotated[int, about("Of the images that have to be compared, how many were.")]
    total: Annotated[int, about("How many have to be.")]
    current: Annotated[bool, about("Whether nothing has changed in the project since.")]
    at: Annotated[Moment | None, about("When it was, UTC; null: never.")]
    images: Annotated[int, about("Images compared.")]
    too_complex: Annotated[int, about("Images left out: comparing their masks would take minutes.")]
    figures: Annotated[Figures, about("Over all pairs of people; alpha: over all people at once.")]
    people: list[PersonAgreement]
    pairs: Annotated[list[PairAgreement], about("Those who agree least first.")]
    labels: Annotated[list[LabelAgreement], about("In the order of the project's labels.")]


class ImageAgreement(Resource):
    """An image, and how alike it was segmented."""

    image: Annotated[ProjectImage, about("As it is now; its objects are the common ones.")]
    people: Annotated[list[str], about("Accounts that are done with it.")]
    first: Annotated[str, about('Of the two who agree least there: an account, or "common" for the truth.')]
    second: Annotated[str, about("Of those two: the other account.")]
    figures: Annotated[Figures, about("Over all pairs, the truth of a gold image included.")]


class ImageAgreementPage(Resource):
    """Some images of those that were compared."""

    images: Annotated[list[ImageAgreement], about("Those with the least agreement first.")]
    total: Annotated[int, about("How many there are in all.")]


class MatchedPair(Resource):
    """Two people's object."""

    first: Annotated[str, about("Id of the first one's annotation.")]
    second: Annotated[str, about("Id of the second one's.")]
    iou: Annotated[Share, about("Mask IoU.")]
    boundary_iou: Annotated[Share, about("Boundary IoU.")]
    same_label: bool


class PairOnImage(Resource):
    """Two people on an image."""

    first: Annotated[str, about('Id of the account; "common": the truth of a gold image.')]
    second: _Account
    figures: Figures
    matches: Annotated[list[MatchedPair], about("The least alike first.")]
    only_first: Annotated[list[str], about("Ids of the first one's annotations that match none.")]
    only_second: Annotated[list[str], about("Ids of the second one's.")]


class ImageComparison(Resource):
    """Everybody's objects of an image, two by two, as they are now."""

    people: Annotated[list[str], about("Accounts that are done with it.")]
    pairs: Annotated[list[PairOnImage], about("Those who agree least first.")]


class NewConsensus(Request, forbid_unknown_fields=True):
    """Common objects to make of several people's."""

    method: _Method
    replace: (
        Annotated[
            list[Annotated[str, Meta(max_length=36)]],
            about(
                "Ids of common objects to delete; needed where there are any. Empty: all stay, but for those of a "
                "consensus before that nobody has changed.",
                says='"replace" must be a list of ids of annotations.',
                max_length=20_000,
            ),
        ]
        | UnsetType
    ) = UNSET


class NewConsensusRun(Request, forbid_unknown_fields=True):
    """Common objects to make on all images that everybody is done with and that have none."""

    method: _Method


class ConsensusRun(Resource):
    """What was made at one time."""

    id: Annotated[str, about("Its id.")]
    method: Annotated[Method, about("How.")]
    account: Annotated[str | None, about("Id of the account that had it made.")]
    at: Annotated[Moment, about("When, UTC.")]
    images: Annotated[int, about("How many images have something of it.")]
    restore: Annotated[Undo, about("How to undo it; objects changed since then stay.")]


class ConsensusAnswer(Resource):
    """What was made on one image."""

    made: Annotated[int, about("How many objects.")]
    replaced: Annotated[int, about("How many were deleted.")]
    restore: Annotated[Undo | UnsetType, about("How to undo it; left out when nothing was done.")] = UNSET


class ConsensusStanding(Resource):
    """How far the making of common objects on many images is, or its undoing."""

    state: State
    done: Annotated[int, about("How many images.")]
    total: Annotated[int, about("Of how many.")]
    ready: Annotated[int, about("Images that everybody is done with and that have no common objects.")]
    last: Annotated[ConsensusRun | None, about("The last one that can be undone.")]
