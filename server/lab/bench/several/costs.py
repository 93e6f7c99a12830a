"""What one thing costs, from how much processor time processes took while it was done so often. Pure functions of plain
numbers."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Spent:
    """While something was done for so many `seconds`: processor seconds by who spent them. `moves`: of pointers that
    were told to the servers; `frames`: in which pages were told; `times`: whatever else was done; `published`: commands
    that Redis was given."""

    seconds: float
    cpu: dict[str, float] = field(default_factory=dict)
    moves: int = 0
    frames: int = 0
    times: int = 0
    published: int = 0

    def share(self, who: str = "servers") -> float:
        """Of one core."""
        return self.cpu[who] / self.seconds


def each_ms(done: Spent, idle: Spent, who: str = "servers") -> float:
    """Milliseconds that one of what was done took, beyond what idle pages take."""
    return 1000 * (done.share(who) - idle.share(who)) * done.seconds / max(1, done.times)


def move_and_frame_ms(few: Spent, many: Spent, idle: Spent) -> tuple[float, float]:
    """Milliseconds for a move that a server is told, and for a frame that tells a page: from two measurements in which
    frames are about as many, and moves are not. Raises ValueError where they do not differ."""
    rates = [(each.moves / each.seconds, each.frames / each.seconds) for each in (few, many)]
    spent = [1000 * (each.share() - idle.share()) for each in (few, many)]
    (a, b), (c, d) = rates
    determinant = a * d - b * c
    if abs(determinant) < 1e-9:
        raise ValueError("both are the same measurement")
    return (spent[0] * d - b * spent[1]) / determinant, (a * spent[1] - c * spent[0]) / determinant


def beyond_one(spent: Spent, idle: Spent, move_ms: float, frame_ms: float) -> float:
    """Share of a core that moves cost more than with one process, whose costs are given: what processes tell each
    other."""
    own = (spent.moves * move_ms + spent.frames * frame_ms) / 1000 / spent.seconds
    return spent.share() - idle.share() - own
