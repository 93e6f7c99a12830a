import assert from "node:assert/strict";
import { test } from "node:test";

const messages = { Box: "框", "{count} boxes": "{count} 个框" };
Object.defineProperty(globalThis, "document", {
  value: { getElementById: () => ({ textContent: JSON.stringify({ messages }) }), documentElement: { lang: "zh" } },
});
const { counted, t } = await import("../../../static/js/core/text.js");

test("a text is translated by the file of messages, or by what is beside it; without either it is English", () => {
  assert.deepEqual([t("Box"), t("Lasso")], ["框", "Lasso"]);
  assert.equal(t({ en: "Loop of {count}", zh: "{count} 的圈" }, { count: 3 }), "3 的圈");
  assert.equal(t({ en: "Loop", fr: "Boucle" }), "Loop");
  assert.equal(counted(1, "{count} box", "{count} boxes"), "1 个框");
  assert.equal(counted(2, "{count} loop", { en: "{count} loops", zh: "{count} 个圈" }), "2 个圈");
});
