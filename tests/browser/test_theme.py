"""Every page is dark or light as the system is, also when that changes, until a person chooses."""

import pytest

from tests.browser.native import Native
from tests.browser.pictures import still_life

GROUND = """() => {
  const color = getComputedStyle(document.querySelector("header")).getPropertyValue("--ground");
  const probe = document.body.appendChild(document.createElement("i"));
  probe.style.background = color;
  const [red] = getComputedStyle(probe).backgroundColor.match(/[\\d.]+/g).map(Number);
  probe.remove();
  return red < 128 ? "dark" : "light";
}"""


@pytest.fixture(scope="module")
def addresses(server) -> list[str]:
    image = Native.upload(server.base, still_life(710)).image
    project = "/projects/default"
    annotate = f"{project}/images/{image['id']}?decoder=server"
    return [
        "/",
        project,
        f"{project}/settings",
        "/trash",
        f"{project}/trash",
        annotate,
        "/api/docs",
        "/projects/0",
    ]


def test_the_theme_follows_the_system_on_every_page(annotating, server, addresses, problems):
    problems.allow("status of 404")
    page = annotating().page
    for address in addresses:
        page.goto(server.base + address, wait_until="domcontentloaded")
        for scheme in ("dark", "light"):
            page.emulate_media(color_scheme=scheme)
            page.wait_for_function(f"(scheme) => ({GROUND})() === scheme", arg=scheme)

    page.evaluate("localStorage.setItem('samphire.theme', 'dark')")
    for address in addresses:
        page.goto(server.base + address, wait_until="domcontentloaded")
        assert page.evaluate(GROUND) == "dark", address
