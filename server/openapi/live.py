"""What people who work at the same time tell each other over the socket."""

_IN = "to the server, acknowledged"
_TO_PROJECT = "to whoever is in the project"
_TO_IMAGE = "to whoever is on the image"

# name, direction, description, and the names of the schemas of the payload and of the answer
LIVE_EVENTS: tuple[tuple[str, str, str, str | None, str | None], ...] = (
    (
        "here",
        _IN,
        "Where one is from now on, until the connection ends. After a reconnection it is to be said again.",
        "Here",
        "Present",
    ),
    ("away", _IN, "One is in no project any more.", None, None),
    (
        "point",
        _IN,
        "Where the pointer is, a dozen times a second at most; it is told to others on the image, and not kept. "
        "More than 20 a second are left out.",
        "Pointed",
        None,
    ),
    ("look", _IN, "Others on the image are to look at a place, once a second at most.", "Look", None),
    ("follow", _IN, "The view of somebody in the project is wanted, or nobody's.", "Follow", None),
    ("view", _IN, "What one has on screen, while somebody follows.", "Viewed", None),
    (
        "hold",
        _IN,
        "The objects of the image that one is editing, to be said again within 30 s. That keeps nobody from saving "
        "others' versions: it tells people to wait.",
        "Hold",
        "HoldAnswer",
    ),
    (
        "person:here",
        _TO_PROJECT,
        "Somebody came, opened another image, or took another object or tool up.",
        "Person",
        None,
    ),
    ("person:left", _TO_PROJECT, "Somebody has left the project.", "PersonLeft", None),
    ("cursors", _TO_IMAGE, "Pointers that moved, fourteen times a second at most.", "Cursors", None),
    ("person:look", _TO_IMAGE, "Somebody wants others to look at a place.", "Looking", None),
    ("held", _TO_IMAGE, "What is being edited.", "Held", None),
    ("person:view", "to whoever follows", "What somebody has on screen.", "View", None),
    ("followed", "to who is followed", "How many follow.", "Followed", None),
)
