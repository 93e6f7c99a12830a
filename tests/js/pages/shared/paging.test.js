import assert from "node:assert/strict";
import { test } from "node:test";

import { createPaging } from "../../../../static/js/pages/shared/paging.js";

/** A list whose questions are answered when the test says so. */
function listed() {
  /** @type {{from: number|null, signal: AbortSignal, answer: (page: {names: string[], next: number|null}) => Promise<void>}[]} */
  const asked = [];
  /** @type {string[]} */
  const shown = [];
  const more = /** @type {HTMLElement} */ ({ hidden: true });
  const wrong = /** @type {HTMLElement} */ ({ hidden: true });
  const paging = createPaging({
    more,
    wrong,
    ask: (from, signal) =>
      /** @type {Promise<{names: string[], next: number|null}>} */ (
        new Promise((resolve) => {
          const answer = async (/** @type {{names: string[], next: number|null}} */ page) => {
            resolve(page);
            await new Promise((done) => setTimeout(done, 0));
          };
          asked.push({ from, signal, answer });
        })
      ),
    show({ names, next }, isFirst) {
      if (isFirst) shown.length = 0;
      shown.push(...names);
      return next;
    },
  });
  return { asked, shown, more, wrong, paging };
}

test("pages follow each other until the last", async () => {
  const { asked, shown, more, paging } = listed();
  void paging.first();
  await asked[0].answer({ names: ["a", "b"], next: 7 });
  assert.equal(more.hidden, false);
  void paging.next();
  assert.equal(asked[1].from, 7);
  await asked[1].answer({ names: ["c"], next: null });
  assert.deepEqual(shown, ["a", "b", "c"]);
  assert.equal(more.hidden, true);
});

test("the answer of an older question changes nothing", async () => {
  const { asked, shown, more, paging } = listed();
  void paging.first();
  await asked[0].answer({ names: ["a"], next: 7 });
  void paging.next();
  void paging.first();
  assert.ok(asked[1].signal.aborted);
  assert.equal(more.hidden, true, "the list that is asked for may have no more");
  await asked[2].answer({ names: ["z"], next: null });
  await asked[1].answer({ names: ["b"], next: 9 });
  assert.deepEqual(shown, ["z"]);
  assert.equal(more.hidden, true);
});

test("pressed twice, a page comes once", async () => {
  const { asked, shown, paging } = listed();
  void paging.first();
  await asked[0].answer({ names: ["a"], next: 7 });
  void paging.next();
  void paging.next();
  await asked[1].answer({ names: ["b"], next: 9 });
  await asked[2].answer({ names: ["b"], next: 9 });
  assert.deepEqual(shown, ["a", "b"]);
});

test("what was forgotten is not shown, and begins anew", async () => {
  const { asked, shown, paging } = listed();
  void paging.first();
  await asked[0].answer({ names: ["a"], next: 7 });
  void paging.next();
  paging.forget();
  await asked[1].answer({ names: ["b"], next: 9 });
  assert.deepEqual(shown, ["a"]);
  void paging.next();
  assert.equal(asked[2].from, null);
});
