/** A tool is one file and one line: whoever needs to know of it asks the list. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { action } from "../../../../static/js/editor/actions/index.js";
import { run } from "../../../../static/js/editor/actions/action.js";
import { TOOLS } from "../../../../static/js/editor/tools/index.js";
import { bench } from "./bench.js";

test("each is taken up by an action of its name, title and keys, which no other has", () => {
  const { tools, doc, editor } = bench();
  const app = /** @type {any} */ ({ tools, doc, editor });
  assert.deepEqual(tools.list.map(({ id }) => id), TOOLS.map(({ id }) => id));
  for (const kind of TOOLS) {
    const record = action(`tool-${kind.id}`);
    assert.deepEqual([record.title, record.keys], [kind.title, kind.keys]);
    run(record, app);
    assert.equal(tools.active.peek().id, kind.id);
    assert.equal(doc.said.peek(), `${kind.title}. ${kind.hint}`);
    assert.match(kind.icon, /^<[^]+\/>$/);
  }
  const keys = TOOLS.flatMap((kind) => kind.keys);
  assert.equal(new Set(keys).size, keys.length);
});

test("keys for a size mean the tools that have one; refining takes up a tool that says prompts", () => {
  const { tools, doc, editor, objects } = bench();
  const app = /** @type {any} */ ({ tools, doc, editor });
  const sized = TOOLS.filter(({ id }) => {
    tools.select(id);
    return action("brush-larger").enabled(app);
  });
  assert.deepEqual(sized.map(({ id }) => id), ["brush", "eraser"]);
  tools.select("eraser");
  const before = editor.brush.size.peek();
  run(action("brush-larger"), app);
  assert.ok(editor.brush.size.peek() > before);
  objects.apply([{ before: null, after: /** @type {any} */ ({ id: "a", image_id: "first", label: "car", rle: { size: [2, 2], counts: "04" }, bbox: [0, 0, 2, 2], prompts: [], candidate: null, z: 0, created_at: "" }) }]);
  objects.select("a");
  run(action("refine-object"), app);
  assert.deepEqual([doc.refined.peek()?.id, tools.active.peek().id], ["a", "point"]);
});
