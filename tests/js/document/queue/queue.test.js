import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { signal } from "../../../../static/js/core/signals.js";
import { online } from "../../../../static/js/core/state.js";
import { createQueue } from "../../../../static/js/document/queue/queue.js";

/** @typedef {import("../../../../static/js/core/types.js").ImageInfo} ImageInfo */

const image = signal(/** @type {ImageInfo|null} */ (null));
/** @param {number} number */
const picture = (number) => /** @type {ImageInfo} */ ({ id: `i${number}`, name: `${number}.jpg`, state: "new" });
const ALL = Array.from({ length: 9 }, (_, number) => picture(number));
const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

/** @type {Array<Record<string, unknown>>} */
let asked = [];
/** @type {string[]} */
let marked = [];
/** @type {string[]} */
let opened = [];
/** @type {Map<string, (news: any) => void>} */
const heard = new Map();

function start({ refuses = false } = {}) {
  asked = [];
  marked = [];
  opened = [];
  const api = /** @type {any} */ ({
    /** @param {string} _project @param {{after: string}} selection */
    async queue(_project, selection) {
      asked.push(selection);
      const at = ALL.findIndex(({ id }) => id === selection.after);
      const from = Math.max(0, at - 2);
      return { previous: null, next: [], position: at + 1, total: ALL.length, images: ALL.slice(from, at + 3) };
    },
    /** @param {string} _project @param {string} id @param {string} state */
    async setImageState(_project, id, state) {
      if (refuses) throw new Error("no");
      marked.push(`${id} ${state}`);
    },
  });
  return createQueue({
    api,
    socket: /** @type {any} */ ({ on: (/** @type {string} */ event, /** @type {any} */ handler) => heard.set(event, handler) }),
    project: { id: "p", name: "P", image_count: 9 },
    image,
    search: "?state=new&decoder=wasm&sort=",
    segmenterId: () => "vit_t",
    async open(next) {
      opened.push(next.id);
      image.value = next;
    },
  });
}

beforeEach(() => {
  online.value = true;
  image.value = picture(3);
});

test("the server is asked with the filters, and says what lies around", async () => {
  const queue = start();
  await settled();
  assert.deepEqual(asked, [{ state: "new", after: "i3", images: 20, segmenter: "vit_t" }]);
  assert.equal(queue.standing.value?.position, 4);
  assert.equal(queue.previous.value?.id, "i2");
  assert.equal(queue.next.value?.id, "i4");
});

test("several steps are taken before the server has answered the first", async () => {
  const queue = start();
  await settled();
  assert.ok(queue.go(queue.next.value));
  assert.equal(image.value?.id, "i4");
  assert.equal(queue.standing.value?.position, 5);
  assert.ok(queue.go(queue.next.value));
  assert.equal(image.value?.id, "i5");
  await settled();
  assert.equal(queue.next.value?.id, "i6");
});

test("offline, one goes on among the images that are known", async () => {
  const queue = start();
  await settled();
  online.value = false;
  for (const expected of ["i4", "i5"]) {
    queue.go(queue.next.peek());
    assert.equal(image.value?.id, expected);
    assert.equal(queue.standing.value?.images[queue.standing.value.at].id, expected);
  }
  assert.equal(queue.standing.value?.position, 6);
  assert.equal(asked.length, 1);
  online.value = true;
  await settled();
  assert.equal(asked.at(-1)?.after, "i5");
});

test("a state is shown at once, sent, and taken back when it is refused", async () => {
  const queue = start();
  await settled();
  queue.mark("done");
  assert.equal(queue.state.value, "done");
  await settled();
  assert.deepEqual(marked, ["i3 done"]);

  const refused = start({ refuses: true });
  await settled();
  refused.mark("done");
  await settled();
  assert.equal(refused.state.value, "new");
  assert.ok(refused.notice.value?.retry);
});

test("what others make of the image is heard", async () => {
  const queue = start();
  await settled();
  heard.get("image:changed")?.({ image: "i3", project: "another", state: "skipped" });
  assert.equal(queue.state.value, "new");
  heard.get("image:changed")?.({ image: "i3", project: "p", state: "attention" });
  assert.equal(queue.state.value, "attention");
});

test("an echo of an older state does not undo a newer one on its way", async () => {
  const queue = start();
  await settled();
  queue.mark("attention");
  queue.mark("done");
  heard.get("image:changed")?.({ image: "i3", project: "p", state: "attention" });
  assert.equal(queue.state.value, "done");
  await settled();
  heard.get("image:changed")?.({ image: "i3", project: "p", state: "skipped" });
  assert.equal(queue.state.value, "skipped");
});

test("the opened image is not opened again", async () => {
  const queue = start();
  await settled();
  assert.ok(queue.go(picture(3)));
  assert.deepEqual(opened, []);
  assert.ok(queue.go(picture(4)));
  assert.deepEqual(opened, ["i4"]);
  assert.ok(!queue.go(null));
});
