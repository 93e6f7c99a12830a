import assert from "node:assert/strict";
import { test } from "node:test";

import { browserName } from "../../../../static/js/pages/people/browser-name.js";

test("browsers are named as people know them, whatever else they call themselves", () => {
  const webkit = "AppleWebKit/537.36 (KHTML, like Gecko)";
  const names = {
    [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${webkit} Chrome/120.0.0.0 Safari/537.36 Edg/120.0.0.0`]: "Edge on Windows",
    [`Mozilla/5.0 (Linux; Android 14) ${webkit} Chrome/120.0.0.0 Mobile Safari/537.36`]: "Chrome on Android",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Mobile/15E148 Safari/604.1":
      "Safari on iOS",
    "Mozilla/5.0 (X11; Linux x86_64; rv:121.0) Gecko/20100101 Firefox/121.0": "Firefox on Linux",
    "python-requests/2.31": "python-requests/2.31",
    "": "Unknown browser",
  };
  for (const [agent, name] of Object.entries(names)) assert.equal(browserName(agent), name);
  assert.equal(browserName("x".repeat(200)).length, 60);
});
