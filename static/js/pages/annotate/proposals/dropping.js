/** Has the server told which proposals were dropped, and which are wanted again: by the outbox, as of any other change. */

/** @typedef {import("../../../document/sync/pending.js").Pending} Pending */

/**
 * @param {Pick<import("../../../document/document.js").Document, "dropped"|"image"|"project"|"saves"|"outbox">} doc
 * @param {{readonly value: number|null, peek: () => number|null}} running  a run, which stores what it finds at its end
 * @param {Pick<import("./loading.js").Reactive, "effect"|"untracked">} reactive
 */
export function tellDropped(doc, running, { effect, untracked }) {
  /** By image: what is to be told once a run has ended, the latest word on each. @type {Map<string, Map<string, boolean>>} */
  const untold = new Map();
  let known = new Set(doc.dropped.peek());
  let image = doc.image.peek()?.id;

  function tell() {
    if (running.peek() !== null) return;
    for (const [id, words] of untold) {
      const those = (/** @type {boolean} */ gone) => [...words].flatMap(([each, dropped]) => (dropped === gone ? each : []));
      const nothing = { version: 0, annotation: null, fields: [], before: {}, state: null };
      const place = { project: doc.project.peek().id, image: id, of: `proposals/${id}` };
      doc.outbox.put({ ...nothing, ...place, kind: "proposals", words: { drop: those(true), restore: those(false) } });
    }
    untold.clear();
  }

  effect(() => {
    const dropped = new Set(doc.dropped.value);
    const opened = doc.image.value?.id;
    if (opened === image && opened !== undefined && doc.saves) {
      const words = untold.get(opened) ?? new Map();
      for (const id of dropped) if (!known.has(id)) words.set(id, true);
      for (const id of known) if (!dropped.has(id)) words.set(id, false);
      if (words.size) untold.set(opened, words);
    }
    [known, image] = [dropped, opened];
    untracked(tell);
  });
  effect(() => {
    if (running.value === null) untracked(tell);
  });
}

/**
 * Ids of those that are still to be dropped on the server, as after a reload. @param {readonly Pending[]} waiting  of the image
 * @returns {Set<string>}
 */
export function droppedIn(waiting) {
  /** @type {Set<string>} */
  const gone = new Set();
  for (const { words } of waiting) {
    for (const id of words?.drop ?? []) gone.add(id);
    for (const id of words?.restore ?? []) gone.delete(id);
  }
  return gone;
}
