"""What a page says, waited for: on a busy machine it comes late."""

from playwright.sync_api import Locator, expect


def reads(element: Locator, text: str) -> None:
    """Waits until this is what can be read in the element."""
    expect(element).to_have_text(text, use_inner_text=True)


def shows(element: Locator, text: str) -> None:
    """Waits until this is part of what can be read in the element."""
    expect(element).to_contain_text(text, use_inner_text=True)
