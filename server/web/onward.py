"""Where somebody goes on to after signing in: what they asked for, if that is of this server."""

_MOST_CHARACTERS = 2000  # it waits in a cookie
HOME = "/"


def onward(address: str) -> str:
    """An address below the server's own; the first page's in the place of any that could lead elsewhere, since browsers
    drop control characters and take a backslash for a slash."""
    ours = address.startswith("/") and not address.startswith("//") and "\\" not in address
    return address if ours and address.isprintable() and len(address) <= _MOST_CHARACTERS else HOME
