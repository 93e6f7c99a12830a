/** Tells the server which proposals were dropped, and which are wanted again; what could not be told is told later. */

/**
 * @param {import("../../../document/document.js").Document} doc
 * @param {import("./asking.js").Asking} api
 * @param {{readonly value: number|null, peek: () => number|null}} running  a run, which stores what it finds at its end
 * @param {Pick<import("./loading.js").Parts, "reactive"|"online">} page
 */
export function tellDropped(doc, api, running, { reactive: { effect }, online }) {
  /** By image: what is to be told, the latest word on each. @type {Map<string, Map<string, boolean>>} */
  const untold = new Map();
  let known = new Set(doc.dropped.peek());
  let image = doc.image.peek()?.id;
  let busy = false;

  async function deliver() {
    if (busy || running.peek() !== null) return;
    busy = true;
    try {
      for (const [id, words] of untold) {
        untold.delete(id);
        const those = (/** @type {boolean} */ gone) => [...words].flatMap(([each, dropped]) => (dropped === gone ? each : []));
        const change = { drop: those(true), restore: those(false) };
        const unheard = await api.changeProposals(doc.project.peek().id, id, change).then(
          () => false,
          ({ status }) => !status || status === 429 || status >= 500,
        );
        if (!unheard) continue;
        untold.set(id, new Map([...words, ...(untold.get(id) ?? [])]));
        break;
      }
    } finally {
      busy = false;
    }
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
    void deliver();
  });
  effect(() => {
    if (online.value && running.value === null) void deliver();
  });
}
