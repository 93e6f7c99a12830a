"""From the figures of images to those of people, pairs, labels and the project. Pure computation."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ...domain.agreement.alpha import alpha, coincidences
from ...domain.agreement.comparing import COMMON
from ...domain.agreement.tallies import Tally, total
from . import schema
from .stored import ImageFigures, PairOf

TRUTH = "common"  # what the API calls the common objects in the place of a person
_MOST_CONFUSED = 3
Images = Mapping[str, ImageFigures]


@dataclass(frozen=True)
class Tables:
    figures: schema.Figures
    people: list[schema.PersonAgreement]
    pairs: list[schema.PairAgreement]
    labels: list[schema.LabelAgreement]


def described(figures: Tally, own_alpha: float | None = None) -> schema.Figures:
    """`own_alpha`: where it is not that of the two people."""
    return schema.Figures(
        objects=figures.objects,
        matched=figures.matched,
        agreement=figures.quality,
        f1=figures.f1,
        iou=figures.iou,
        boundary_iou=figures.boundary_iou,
        dice=figures.dice,
        alpha=own_alpha,
    )


def tables(images: Iterable[ImageFigures], labels: Sequence[str]) -> Tables:
    """`labels`: ids of the project's, in their order."""
    pairs: dict[PairOf, Tally] = {}
    shared: Counter[PairOf] = Counter()
    together: Counter[str] = Counter()
    gold: dict[str, list[Tally]] = {}
    found: Counter[tuple[str, str]] = Counter()
    for image in images:
        people: set[str] = set()
        for pair, each in image.between_people():
            pairs.setdefault(pair, Tally()).add(each)
            shared[pair] += 1
            people |= set(pair)
        together.update(people)
        for person, each in image.with_truth():
            gold.setdefault(person, []).append(each)
        for unit, count in image.units.items():
            for key, weight in coincidences([unit]).items():
                found[key] += weight * count  # type: ignore[assignment]
    every = total(pairs.values())
    return Tables(
        described(every, alpha(found)),
        [
            schema.PersonAgreement(
                person, together[person], _of_person(person, pairs), _score(gold.get(person))
            )
            for person in sorted({*together, *gold})
        ],
        sorted(
            (
                schema.PairAgreement(*pair, shared[pair], described(each, each.alpha))
                for pair, each in pairs.items()
            ),
            key=lambda each: each.figures.agreement,
        ),
        [_of_label(every, label) for label in labels if label in every.labels],
    )


@dataclass(frozen=True)
class Chosen:
    """Which pairs of an image count: those a person is in, as if there was one label only, where either is not None;
    and those with the truth of gold images?"""

    truth: bool
    person: str | None = None
    label: str | None = None

    def of(self, image: ImageFigures) -> dict[PairOf, Tally]:
        """What has no object of the label is left out."""
        return {
            pair: each if self.label is None else each.of_label(self.label)
            for pair, each in image.pairs.items()
            if (self.truth or COMMON not in pair)
            and (self.person is None or self.person in pair)
            and (self.label is None or self.label in each.labels)
        }


def worst_first(images: Images, chosen: Chosen) -> list[tuple[str, Tally]]:
    """Images with the figures of the pairs that count, without those that have none. Those that come equal stay in
    their order."""
    listed = [
        (image_id, total(kept.values())) for image_id, image in images.items() if (kept := chosen.of(image))
    ]
    return sorted(listed, key=lambda each: each[1].quality)


def least_alike(image: ImageFigures, chosen: Chosen) -> PairOf:
    """The two with the least agreement, of those that count."""
    kept = chosen.of(image)
    return min(kept, key=lambda pair: (kept[pair].quality, pair))


def named(person: str) -> str:
    return TRUTH if person == COMMON else person


def _of_person(person: str, pairs: Mapping[PairOf, Tally]) -> schema.Figures:
    own = total(each for pair, each in pairs.items() if person in pair)
    return described(own, own.alpha)


def _of_label(every: Tally, label: str) -> schema.LabelAgreement:
    own = every.of_label(label)
    others: Counter[str] = Counter()
    for (first, second), cell in every.cells.items():
        if first != second and label in (first, second):
            others[second if first == label else first] += cell.count
    confused = [schema.Confusion(*each) for each in others.most_common(_MOST_CONFUSED)]
    return schema.LabelAgreement(label, described(own, every.alpha_of(label)), confused)


def _score(tallies: list[Tally] | None) -> schema.GoldScore | None:
    if not tallies:
        return None
    own = total(tallies)
    return schema.GoldScore(
        images=len(tallies),
        f1=own.f1,
        iou=own.iou,
        same_label=own.same_label / own.matched if own.matched else None,
        missed=own.first.total() - own.matched,
        extra=own.second.total() - own.matched,
    )
