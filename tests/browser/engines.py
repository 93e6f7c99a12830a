"""Installed browsers other than Chromium, driven over WebDriver: Firefox by BiDi, WebKitGTK by its own driver.

An `EnginePage` has as much of Playwright's `Page` as `Annotating` asks of it, so that one test walks every engine.
"""

import io
import json
import os
import re
import shutil
import subprocess
import threading
import time
from base64 import b64decode
from collections import deque
from pathlib import Path
from typing import Protocol

import requests
import websocket
from PIL import Image

from tests.browser.annotating import PATIENCE_S
from tests.browser.test_failures import free_port

WIDTH, HEIGHT = 1200, 800
# WebDriver's names of keys that are no characters.
KEYS = {
    "Enter": "\ue007", "Tab": "\ue004", "Escape": "\ue00c", "Delete": "\ue017",
    "Shift": "\ue008", "Control": "\ue009", "Alt": "\ue00a",
}  # fmt: skip
BUTTONS = ("left", "middle", "right")
# A function is called with the argument; the answer comes as JSON, as WebDriver's own values lose some of it.
CALL = """async () => {
  const asked = (%s);
  return JSON.stringify(await (typeof asked === "function" ? asked(%s) : asked)) ?? "null";
}"""
FIREFOX_PREFERENCES = {
    "webgl.force-enabled": True,  # drawn in software, which Firefox otherwise leaves to its 2D canvas
    "ui.prefersReducedMotion": 1,
    "services.settings.server": "data:,#remote-settings-dummy/v1",
    "app.normandy.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
}
# WebKit's driver has no news of the console: what goes wrong from here on.
LISTEN = """() => {
  const told = (window.troubles = []);
  addEventListener("error", ({ message }) => told.push(`uncaught: ${message}`));
  addEventListener("unhandledrejection", ({ reason }) => told.push(`uncaught: ${reason}`));
  const { error } = console;
  console.error = (...words) => told.push(words.join(" ")) && error(...words);
}"""


class Driver(Protocol):
    """One window of one browser."""

    troubles: list[str]  # what its console told of as errors

    def navigate(self, url: str) -> None: ...
    def call(self, function: str) -> str: ...
    def act(self, source: dict) -> None: ...
    def png(self) -> bytes: ...
    def close(self) -> None: ...


class EnginePage:
    def __init__(self, driver: Driver) -> None:
        self.driver, self.mouse, self.keyboard = driver, Mouse(driver), Keyboard(driver)

    def goto(self, url: str, wait_until: str = "domcontentloaded") -> None:
        assert wait_until == "domcontentloaded"
        self.driver.navigate(url)

    def evaluate(self, script: str, argument=None):
        return json.loads(self.driver.call(CALL % (script, json.dumps(argument))))

    def screenshot(self, clip: dict[str, float]) -> bytes:
        """Of a part of the page: a PNG."""
        left, top = round(clip["x"]), round(clip["y"])
        box = (left, top, left + round(clip["width"]), top + round(clip["height"]))
        file = io.BytesIO()
        Image.open(io.BytesIO(self.driver.png())).crop(box).save(file, "PNG")
        return file.getvalue()

    @staticmethod
    def wait_for_timeout(ms: float) -> None:
        time.sleep(ms / 1000)


class Mouse:
    def __init__(self, driver: Driver) -> None:
        self._driver = driver
        self._at = (0, 0)

    def _act(self, *actions: dict) -> None:
        pointer = {"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}}
        self._driver.act(pointer | {"actions": list(actions)})

    def move(self, x: float, y: float, steps: int = 1) -> None:
        (left, top), self._at = self._at, (x, y)
        shares = [step / steps for step in range(1, steps + 1)]
        places = [(round(left + (x - left) * share), round(top + (y - top) * share)) for share in shares]
        self._act(*({"type": "pointerMove", "x": x, "y": y, "duration": 0} for x, y in places))

    def down(self, button: str = "left") -> None:
        self._act({"type": "pointerDown", "button": BUTTONS.index(button)})

    def up(self, button: str = "left") -> None:
        self._act({"type": "pointerUp", "button": BUTTONS.index(button)})

    def click(self, x: float, y: float, button: str = "left") -> None:
        self.move(x, y)
        self.down(button)
        self.up(button)


class Keyboard:
    def __init__(self, driver: Driver) -> None:
        self._driver = driver

    def press(self, keys: str) -> None:
        """`Enter`, `a`, `Control+z`."""
        values = [KEYS.get(key, key) for key in keys.split("+")]
        down = [{"type": "keyDown", "value": value} for value in values]
        up = [{"type": "keyUp", "value": value} for value in reversed(values)]
        self._driver.act({"type": "key", "id": "keyboard", "actions": [*down, *up]})


def find_firefox() -> str | None:
    return shutil.which("firefox-esr") or shutil.which("firefox")


class Firefox:
    def __init__(self, program: str, profile: Path) -> None:
        lines = (
            f"user_pref({json.dumps(name)}, {json.dumps(value)});"
            for name, value in FIREFOX_PREFERENCES.items()
        )
        (profile / "user.js").write_text("\n".join(lines), "utf-8")
        flags = ("--headless", "--no-remote", "--remote-debugging-port=0", "--profile", str(profile))
        self._process = subprocess.Popen(
            [program, *flags], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        self.troubles: list[str] = []
        self._sent = 0
        said: deque[str] = deque(maxlen=20)
        for line in self._process.stderr:  # type: ignore[union-attr]
            said.append(line)
            if found := re.search(r"WebDriver BiDi listening on (ws://\S+)", line):
                break
        else:
            raise AssertionError("Firefox ended: " + "".join(said))
        threading.Thread(target=self._process.stderr.read, daemon=True).start()  # type: ignore[union-attr]
        # Firefox takes no connection that says it comes from a page.
        self._socket = websocket.create_connection(
            f"{found[1]}/session", timeout=PATIENCE_S, suppress_origin=True
        )
        self._ask("session.new", capabilities={})
        self._ask("session.subscribe", events=["log.entryAdded"])
        self._window = self._ask("browsingContext.getTree")["contexts"][0]["context"]
        viewport = {"width": WIDTH, "height": HEIGHT}
        self._ask("browsingContext.setViewport", context=self._window, viewport=viewport)

    def _ask(self, method: str, **params) -> dict:
        self._sent += 1
        self._socket.send(json.dumps({"id": self._sent, "method": method, "params": params}))
        while True:
            told = json.loads(self._socket.recv())
            if told.get("method") == "log.entryAdded" and told["params"]["level"] == "error":
                self.troubles.append(str(told["params"]["text"]))
            if told.get("id") == self._sent:
                assert told["type"] == "success", told
                return told["result"]

    def navigate(self, url: str) -> None:
        self._ask("browsingContext.navigate", context=self._window, url=url, wait="interactive")

    def call(self, function: str) -> str:
        target = {"context": self._window}
        answer = self._ask(
            "script.callFunction", functionDeclaration=function, target=target, awaitPromise=True
        )
        assert answer["type"] == "success", answer
        return answer["result"]["value"]

    def act(self, source: dict) -> None:
        self._ask("input.performActions", context=self._window, actions=[source])

    def png(self) -> bytes:
        return b64decode(self._ask("browsingContext.captureScreenshot", context=self._window)["data"])

    def close(self) -> None:
        self._socket.close()
        self._process.terminate()
        self._process.wait(PATIENCE_S)


def find_webkit() -> str | None:
    """Its driver; without a screen that nobody sees it cannot run."""
    return shutil.which("WebKitWebDriver") if shutil.which("Xvfb") else None


class WebKit:
    def __init__(self, program: str) -> None:
        self._screen, display = start_screen()
        port = free_port()
        self._process = subprocess.Popen(
            [program, f"--port={port}"], env=os.environ | {"DISPLAY": display},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self._base = f"http://127.0.0.1:{port}"
        self._http = requests.Session()
        end = time.monotonic() + PATIENCE_S
        while True:
            try:
                options = {"pageLoadStrategy": "normal"}
                session = self._ask("post", "/session", capabilities={"alwaysMatch": options})
                break
            except requests.ConnectionError:  # the driver starts
                assert time.monotonic() < end, "WebKit's driver did not start"
                time.sleep(0.1)
        self._base += f"/session/{session['sessionId']}"
        self._ask("post", "/timeouts", script=PATIENCE_S * 1000)
        # A window's frame and bar take some of it, as much as the page lacks of what was asked for.
        for _ in range(2):
            width, height = json.loads(self.call("() => JSON.stringify([innerWidth, innerHeight])"))
            window = self._ask("get", "/window/rect")
            size = {"width": window["width"] + WIDTH - width, "height": window["height"] + HEIGHT - height}
            self._ask("post", "/window/rect", **size)

    def _ask(self, method: str, path: str, **body):
        answer = self._http.request(method, self._base + path, json=body, timeout=PATIENCE_S)
        assert answer.ok, answer.text
        return answer.json()["value"]

    @property
    def troubles(self) -> list[str]:
        return json.loads(self.call("() => JSON.stringify(window.troubles ?? [])"))

    def navigate(self, url: str) -> None:
        self._ask("post", "/url", url=url)
        self.call(LISTEN)

    def call(self, function: str) -> str:
        script = """const done = arguments[arguments.length - 1];
          Promise.resolve((%s)()).then((value) => done({ value }), (error) => done({ error: `${error}` }));"""
        answer = self._ask("post", "/execute/async", script=script % function, args=[])
        assert "error" not in answer, answer["error"]
        return answer.get("value")

    def act(self, source: dict) -> None:
        self._ask("post", "/actions", actions=[source])

    def png(self) -> bytes:
        return b64decode(self._ask("get", "/screenshot"))

    def close(self) -> None:
        for process in (self._process, self._screen):
            process.terminate()
            process.wait(PATIENCE_S)


def start_screen() -> tuple[subprocess.Popen, str]:
    """A screen that nobody sees, and its name."""
    reading, writing = os.pipe()
    flags = ("-screen", "0", "1600x1200x24", "-nolisten", "tcp", "-displayfd", str(writing))
    process = subprocess.Popen(["Xvfb", *flags], pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    with os.fdopen(reading) as told:
        number = told.readline().strip()
    assert number, "Xvfb did not start"
    return process, f":{number}"
