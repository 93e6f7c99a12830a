"""What notebooks show: a page in a frame, in which people segment."""

from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = "100%", 560


@dataclass(frozen=True, repr=False)
class Frame:
    """The value of a notebook cell that is shown as an `<iframe>`. `html`: that element."""

    html: str

    def _repr_html_(self) -> str:
        return self.html


def frame_of(address: str, width: int | str, height: int | str) -> Frame:
    """Shows the page at an address."""
    return Frame(f'<iframe src="{escape(address)}" {_look(width, height)}></iframe>')


def frame_with(page: str, width: int | str, height: int | str) -> Frame:
    """Shows a self-contained page. The sandbox keeps it away from the notebook it is in."""
    held = 'sandbox="allow-scripts allow-downloads allow-modals"'
    return Frame(f'<iframe {held} srcdoc="{escape(page)}" {_look(width, height)}></iframe>')


def _look(width: int | str, height: int | str) -> str:
    return f'width="{escape(str(width))}" height="{escape(str(height))}" style="border: 0"'
