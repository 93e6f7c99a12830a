import assert from "node:assert/strict";
import { test } from "node:test";

import { frameOf } from "../../../../static/js/pages/shared/sharing/embedding.js";

test("an image's name ends no attribute of the embed code", () => {
  assert.equal(
    frameOf("https://host/s/secret", `a&b"><script>'`),
    `<iframe src="https://host/s/secret/embed" title="a&#38;b&#34;&#62;&#60;script&#62;'" width="800" height="560"></iframe>`,
  );
});
