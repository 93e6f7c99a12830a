"""What several cases expect in the same way, and the objects that most of them hold."""

from tests.cases.world import World

SQUARE = [10, 10, 20, 20]
SMALL = [40, 20, 10, 10]
ROW = [16, 12, 16, 12]  # 0 0.25 0.25 0.5 0.25 0.5 0.5 0.25 0.5 on 64 x 48
PERCENT = [13, 10, 19, 19]  # [20..50] % across and [20..60] % down of 64 x 48
CAT = ("a.jpg", "cat", SQUARE)


def whole(*expected):
    """All of it goes in, and these are the objects."""

    def check(world: World) -> None:
        ran = world.take()
        assert ran.status == 0, ran.err
        world.holds(*expected)

    return check


def noted(pattern: str, *expected):
    """These objects go in, and what was left out is told without refusing anything."""

    def check(world: World) -> None:
        ran = world.take()
        assert ran.status == 0, ran.err
        ran.told(pattern)
        world.holds(*expected)

    return check


def refused(pattern: str):
    """Nothing goes in, neither image nor object, and the reason is told."""

    def check(world: World) -> None:
        ran = world.take()
        assert ran.status != 0
        ran.told(pattern)
        assert world.images() == []

    return check


def one_object(world: World) -> None:
    ran = world.take()
    assert ran.status == 0, ran.err
    assert len(world.objects()) == 1


def of_another_folder(image: str, *, rest: list = ()):
    """The file without its image is told by its name; no other image gets its object."""

    def check(world: World) -> None:
        ran = world.take("--keep-going")
        ran.told(image)
        world.holds(*rest)

    return check
