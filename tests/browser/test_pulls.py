"""Downloading a segmenter in the page: what others are worth, how far it is, and what may go wrong."""

import re
import shutil
import threading

import pytest
import requests
from playwright.sync_api import expect

from tests.browser.annotating import Annotating
from tests.browser.conftest import PATIENCE_MS
from tests.browser.native import Native
from tests.browser.pictures import still_life
from tests.browser.reading import shows
from tests.browser.team import Team
from tests.pulling import ADDRESS, DATA, FILE, ID, OTHER, TITLE
from tests.unit.modelkit.catalogue.file_server import FileServer
from tests.web.live.running import Server

PICTURE = still_life(120)
DEFAULT = "mobile_sam"
SOME = re.compile(r"^(0\.[1-9]|1\.[01]) of 1\.3 MB$")


@pytest.fixture(scope="module")
def package():
    with FileServer({}) as server:
        yield server


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return tmp_path_factory.mktemp("pulls")


@pytest.fixture(scope="module")
def server(package, data):
    """One that has MobileSAM only, and fetches from `package`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NO_PROXY", "127.0.0.1")
        patch.setenv(ADDRESS, package.url(FILE))
        server = Server(data, program=("-m", "tests.pulling"))
    assert server.base, "".join(server.errors)
    yield server
    assert server.stop() == 0
    assert not [line for line in server.errors if "Traceback" in line], "".join(server.errors)


@pytest.fixture
def team(package, tmp_path):
    """A server with accounts that offers the same."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(ADDRESS, package.url(FILE))
        server = Server(tmp_path, "--team", program=("-m", "tests.pulling"))
    assert server.base, "".join(server.errors)
    yield Team(server.base, tmp_path)
    assert server.stop() == 0


@pytest.fixture
def files(package, server, data):
    """What has the package; nothing was ever pulled."""
    package.files, package.statuses, package.hold = {FILE: DATA}, [], None
    package.asked.clear()
    yield package
    if package.hold:
        package.hold.set()
    assert requests.delete(f"{server.base}/api/segmenters/pulls/{ID}", timeout=60).ok
    shutil.rmtree(data / "segmenters" / ID, ignore_errors=True)


@pytest.fixture(scope="module")
def image(server):
    return Native.upload(server.base, PICTURE).image


@pytest.fixture
def opened(annotating, server, files, image):
    """Opens the picture with the chooser; the page's driver."""

    def start(**options):
        annotate = annotating(base=server.base, **options).open(image, "?decoder=wasm")
        annotate.key("s")
        offer(annotate).wait_for()
        return annotate

    return start


def offer(annotate, segmenter=ID):
    return annotate.page.locator(f'.offer[data-id="{segmenter}"]')


def button(annotate, name):
    return offer(annotate).get_by_role("button", name=name)


def test_with_one_segmenter_s_explains_and_offers_another(opened):
    annotate = opened()
    page = annotate.page
    assert page.locator(".offers-about").inner_text().startswith("MobileSAM is the only segmentation model")
    assert page.evaluate("document.activeElement.dataset.id") == DEFAULT
    told = offer(annotate).inner_text()
    assert re.search(r"Download\s+1\.3 MB", told)
    assert re.search(
        r"Quality\s+IoU 0\.83 with one click on Berkeley \(100 objects\); MobileSAM: 0\.73", told
    )
    assert re.search(r"Licence\s+Apache-2\.0", told)
    first, second = (offer(annotate, each).get_by_role("button", name="Download") for each in (ID, OTHER))
    assert "primary" in first.get_attribute("class")
    assert "primary" not in second.get_attribute("class")  # no better than what is there


def test_with_keys_alone_it_is_downloaded_and_chosen(opened, files):
    annotate = opened()
    page = annotate.page
    files.hold = threading.Event()
    annotate.key("Tab")
    assert page.evaluate("document.activeElement.textContent") == f"Download {TITLE} (1.3 MB)"
    annotate.key("Enter")
    expect(offer(annotate).locator(".offer-words")).to_have_text(SOME, timeout=PATIENCE_MS)
    assert page.evaluate("document.activeElement.textContent") == "Cancel"
    bar = offer(annotate).get_by_role("progressbar", name=TITLE)
    assert 0 < int(bar.get_attribute("aria-valuenow")) < 100
    expect(offer(annotate, OTHER).get_by_role("button")).to_be_disabled()
    assert page.locator(".picker").get_attribute("aria-description").startswith(TITLE)
    files.hold.set()
    option = page.get_by_role("option", name=TITLE)
    option.wait_for()
    expect(option).to_be_focused(timeout=PATIENCE_MS)
    expect(page.locator("#live")).to_have_text(f"{TITLE} is installed.", timeout=PATIENCE_MS)
    expect(offer(annotate)).to_have_count(0)
    annotate.key("Enter")
    annotate.until("(id) => samphire.segmenters().inUse === id", ID)
    annotate.click(*PICTURE.objects[0].centre)
    assert annotate.accept()["segmenter"] == ID


def test_a_reload_shows_it_again_and_who_closed_the_list_is_told(opened, files):
    annotate = opened()
    page = annotate.page
    files.hold = threading.Event()
    button(annotate, "Download").dblclick()  # the second press does nothing
    expect(offer(annotate).locator(".offer-words")).to_have_text(SOME, timeout=PATIENCE_MS)
    annotate.open(annotate.image, "?decoder=wasm")
    page.locator(".picker[data-pulling]").wait_for()
    annotate.click(*PICTURE.objects[0].centre)  # masks go on meanwhile
    annotate.key("Escape")
    annotate.key("s")
    expect(offer(annotate).locator(".offer-words")).to_have_text(SOME, timeout=PATIENCE_MS)
    annotate.key("Escape")
    files.hold.set()
    toast = page.locator(".toast", has_text=f"{TITLE} is installed.")
    toast.wait_for()
    assert len(files.asked) == 1
    expect(page.locator(".picker[data-pulling]")).to_have_count(0)
    toast.get_by_role("button", name="Use it").click()
    annotate.until("(id) => samphire.segmenters().inUse === id", ID)


def test_one_that_is_cancelled_goes_on_with_what_has_arrived(opened, files):
    annotate = opened()
    files.hold = threading.Event()
    button(annotate, "Download").click()
    expect(offer(annotate).locator(".offer-words")).to_have_text(SOME, timeout=PATIENCE_MS)
    button(annotate, "Cancel").click()
    button(annotate, "Download").wait_for()
    expect(button(annotate, "Download")).to_be_enabled(timeout=PATIENCE_MS)
    expect(offer(annotate).locator(".why")).to_be_hidden()
    files.hold.set()
    button(annotate, "Download").click()
    annotate.page.get_by_role("option", name=TITLE).wait_for()
    assert files.asked[-1].startswith("bytes=")


def test_why_it_failed_stands_there_with_another_try(opened, files):
    annotate = opened()
    files.statuses = [404]
    button(annotate, "Download").click()
    button(annotate, "Try again").wait_for()
    shows(offer(annotate).locator(".why"), "answered 404")
    annotate.key("Escape", "s")
    button(annotate, "Try again").click()
    annotate.page.get_by_role("option", name=TITLE).wait_for()


def test_who_closed_the_list_is_told_that_it_failed(opened, files):
    annotate = opened()
    files.hold = threading.Event()
    files.files[FILE] = DATA[::-1]
    button(annotate, "Download").click()
    expect(offer(annotate).locator(".offer-words")).to_have_text(SOME, timeout=PATIENCE_MS)
    annotate.key("Escape")
    files.hold.set()
    toast = annotate.page.locator(".toast", has_text=f"{TITLE} could not be installed.")
    toast.get_by_role("button", name="Show").click()
    button(annotate, "Try again").wait_for()


def test_who_is_no_administrator_is_told_the_command(team, new_page):
    person = team.person()
    project = person.project()
    annotate = Annotating(person.enter(new_page()), team.base)
    path = f"/projects/{project['id']}/images/{project['image']['id']}?decoder=server"
    annotate.page.goto(team.base + path, wait_until="domcontentloaded")
    annotate.arrived()
    annotate.key("s")
    shows(offer(annotate).locator(".command"), f"samphire segmenters pull {ID}")
    shows(offer(annotate), "whoever runs this server can run")
    expect(offer(annotate).get_by_role("button")).to_have_count(0)
