/** What tests of whole documents need: what a page gives them, and documents opened on pictures. */

import { computed, signal } from "../../../static/js/core/signals.js";
import { IDLE } from "../../../static/js/core/state.js";
import { createDocument } from "../../../static/js/document/document.js";
import { createPreference } from "../../../static/js/document/prompt/preference.js";
import { FIRST, OTHER, answer } from "./prompt/desk.js";
import { browser, server } from "./server.js";

/** @typedef {import("../../../static/js/core/types.js").ImageInfo} ImageInfo */
/** @typedef {import("../../../static/js/core/types.js").Segmenters} Segmenters */
/** @typedef {Parameters<typeof createDocument>[0]} Parts */

export const SIZE = { width: 200, height: 100 };

/** @param {string} id */
export const picture = (id) => /** @type {ImageInfo} */ (/** @type {unknown} */ ({ ...SIZE, id, file_url: id }));

/** A page without one: a server, a browser's store, a socket, and an engine that answers every slot for itself. */
export function world() {
  const there = server();
  const here = browser();
  /** @type {Map<string, Set<(news: any) => void>>} */
  const handlers = new Map();
  /** What was decoded: of which image. @type {string[]} */
  const asked = [];
  const segmenters = signal(/** @type {Segmenters} */ ({ installed: [FIRST, OTHER], inUse: FIRST, next: null, failure: null, decodeMs: {} }));
  const socket = {
    connected: true,
    say: async () => ({ me: 0, people: [], held: {}, followers: 0, mine: [] }),
    mention() {},
    on(/** @type {string} */ event, /** @type {(news: any) => void} */ handler) {
      const all = handlers.get(event) ?? new Set();
      handlers.set(event, all.add(handler));
      return () => void all.delete(handler);
    },
  };
  const engine = {
    segmenters,
    slot(/** @type {Parameters<Parts["engine"]["slot"]>[0]} */ work) {
      let opened = "";
      return {
        async open(/** @type {ImageInfo} */ { id }) {
          opened = id;
          work.value = { ...IDLE, phase: "ready" };
        },
        answering: computed(() => work.value.phase === "ready"),
        zoom: signal({ window: null, ready: false }),
        look: async () => {},
        decode: async () => answer(asked.push(opened), segmenters.peek().inUse),
        maskRle: async () => ({ rle: { size: [2, 2], counts: "04" }, area: 4, bbox: [0, 0, 2, 2] }),
        ahead: async () => {},
        close: () => void (opened = ""),
      };
    },
  };
  const preference = createPreference("default");
  const project = { id: "default", role: "owner", settings: { require_attributes: false }, guidelines: "" };

  return {
    there,
    here,
    asked,
    segmenters,
    /** @param {string} event @param {object} news */
    tell: (event, news) => handlers.get(event)?.forEach((handler) => handler(news)),
    /** Who hears what the socket says. */
    listening: () => [...handlers.values()].reduce((sum, { size }) => sum + size, 0),
    /** A document that nothing is opened in yet. @param {object} [more]  other parts */
    blank: (more = {}) =>
      createDocument(/** @type {Parts} */ (/** @type {unknown} */ ({ api: there.api, socket, engine, project, preference, store: here.store, ...more }))),
  };
}
