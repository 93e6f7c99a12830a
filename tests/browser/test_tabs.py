"""Pages of one browser where it has no locks, as over plain http in a network: each change is sent by one of them."""

import re

from tests.browser.annotating import Annotating
from tests.browser.native import Native
from tests.browser.pictures import still_life

LOCKS = "Object.defineProperty(Navigator.prototype, 'locks', { value: undefined })"
OWNERS = """(() => new Promise((resolve) => {
    const opening = indexedDB.open("samphire-outbox");
    opening.onsuccess = () => {
        const all = opening.result.transaction("changes").objectStore("changes").getAll();
        all.onsuccess = () => { opening.result.close(); resolve(all.result.map(({ tab }) => tab)); };
    };
}))()"""


def test_a_page_that_lives_keeps_its_changes_and_a_closed_one_leaves_them(
    annotating, server, problems, eventually
):
    problems.allow("ERR_FAILED")
    picture = still_life(76)
    native = Native.upload(server.base, picture)
    first = annotating()
    context = first.page.context
    context.add_init_script(LOCKS)
    first.open(native.image, "?decoder=wasm")
    assert first.ask("navigator.locks === undefined")
    first.page.route(re.compile("/annotations$"), lambda route: (
        route.abort() if route.request.method == "POST" else route.continue_()))  # fmt: skip
    first.click(*picture.objects[0].centre)
    first.leave()
    first.key("Enter")
    first.until("() => document.querySelector('.saved').dataset.state === 'offline'")
    (owner,) = first.ask(OWNERS)

    page = context.new_page()
    second = Annotating(page, server.base).open(native.image, "?decoder=wasm")
    second.until("() => samphire.annotations().length === 1")
    page.wait_for_timeout(8000)  # longer than a silence that would count
    assert first.ask(OWNERS) == [owner]
    assert native.annotations() == []

    first.page.close()
    eventually(lambda: len(native.annotations()) == 1)
    second.saved()
    assert second.ask(OWNERS) == []
