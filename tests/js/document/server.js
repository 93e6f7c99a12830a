/** What tests of saving need: a server that keeps annotations by version, a store that outlives pages, and a page's parts. */

import { ApiError } from "../../../static/js/core/errors.js";
import { createAnnotations } from "../../../static/js/document/objects/annotations.js";
import { createOutbox } from "../../../static/js/document/sync/outbox.js";

/** @typedef {import("../../../static/js/core/types.js").Annotation} Annotation */
/** @typedef {import("../../../static/js/document/sync/pending.js").Pending} Pending */

/** @type {import("../../../static/js/core/types.js").LabelClass} */
export const LABEL = { id: "l", name: "car", color: "#e69f00", key: "1", description: "", group: "", attributes: [] };

/** With the fields that tests of the page are about. @param {Partial<Annotation>} [change] @returns {Annotation} */
export function annotation(change = {}) {
  const usual = {
    id: "a",
    project_id: "default",
    image_id: "picture",
    label_id: null,
    label: "car",
    color: "#e69f00",
    rle: { size: [2, 2], counts: "04" },
    area: 4,
    bbox: [0, 0, 2, 2],
    attributes: {},
    z: 0,
    prompts: [],
    segmenter: "mobile_sam",
    weights: "w",
    candidate: 1,
    predicted_iou: 0.9,
    stability_score: 0.9,
    candidates_iou: 0.9,
    version: 1,
    created_at: "",
    updated_at: "",
    created_by: null,
    updated_by: null,
  };
  return /** @type {Annotation} */ ({ ...usual, ...change });
}

/** @param {string} name @param {Partial<import("../../../static/js/core/api-types.js").Person>} [change] */
export const person = (name, change = {}) => ({ n: 1, account: name.toLowerCase(), name, image: "picture", object: null, tool: null, ...change });

/** A server that keeps annotations by version, as the real one does. */
export function server() {
  /** @type {Map<string, Annotation>} */
  const kept = new Map();
  /** Versions at which annotations were deleted. @type {Map<string, number>} */
  const buried = new Map();
  /** What happened, from the number `forgotten` + 1 on. @type {Array<{event: string, project: string, image: string, seq: number} & Record<string, unknown>>} */
  const log = [];
  /** @param {string} event @param {string} image @param {object} payload */
  const tell = (event, image, payload) => void log.push({ event, project: "default", image, seq: state.last += 1, ...payload });
  /** @type {string[]} */
  const calls = [];
  /**
   * refuse: why a creation is not taken; deaf: does what it is told, but its answers are lost; broken: stumbles over this id;
   * barred: the page's person has no role in the project any more */
  const state = { reachable: true, refuse: "", deaf: false, broken: "", signedOut: false, barred: false, last: 0, forgotten: 0 };
  const stumble = (/** @type {string} */ id) => {
    if (state.broken === id) throw new ApiError("internal_error", "The server failed.", "", 500);
  };
  const guard = (/** @type {string} */ call) => {
    calls.push(call);
    if (!state.reachable) throw new ApiError("unreachable", "Can't reach the server.", "", 0);
    if (state.signedOut) throw new ApiError("unauthorized", "You are not signed in.", "", 401);
    if (state.barred && call === "create") throw new ApiError("project_not_found", "There is no such project.", "", 404);
  };
  const answered = (/** @type {Annotation} */ answer) => {
    if (state.deaf) throw new ApiError("unreachable", "Can't reach the server.", "", 0);
    return answer;
  };
  const checked = (/** @type {string} */ id, /** @type {number} */ version) => {
    const current = state.barred ? undefined : kept.get(id); // what one may not see is as if it were not there
    if (!current) throw new ApiError("annotation_not_found", "No such annotation.", "", 404);
    if (current.version !== version)
      throw new ApiError("version_conflict", "It was changed.", "", 409, { current });
    return current;
  };
  const put = (/** @type {Annotation} */ annotation) => {
    kept.set(annotation.id, annotation);
    tell("annotation:changed", annotation.image_id, { annotation: structuredClone(annotation) });
  };
  const api = {
    async createProjectAnnotation(/** @type {string} */ _p, /** @type {string} */ _i, /** @type {Annotation} */ made) {
      guard("create");
      stumble(made.id);
      if (state.refuse) throw new ApiError("invalid_annotation", state.refuse, "", 422);
      const deleted = kept.has(made.id) ? undefined : buried.get(made.id);
      if (deleted !== undefined && made.version !== deleted)
        throw new ApiError("annotation_deleted", "It was deleted.", "", 409, { version: deleted });
      if (!kept.has(made.id)) put({ ...made, version: (deleted ?? 0) + 1 });
      return answered(/** @type {Annotation} */ (kept.get(made.id)));
    },
    async updateAnnotation(
      /** @type {string} */ id,
      /** @type {string} */ _project,
      /** @type {Partial<Annotation> & {version: number}} */ { version, ...patch },
    ) {
      guard("update");
      stumble(id);
      const next = { ...checked(id, version), ...patch, version: version + 1 };
      put(next);
      return answered(next);
    },
    async deleteAnnotation(/** @type {string} */ id, /** @type {string} */ _project, /** @type {number} */ version) {
      guard("delete");
      const { image_id } = checked(id, version);
      kept.delete(id);
      buried.set(id, version + 1);
      tell("annotation:deleted", image_id, { id, version });
    },
    async setImageState(/** @type {string} */ _project, /** @type {string} */ _image, /** @type {string} */ wanted) {
      guard(wanted);
    },
    async events(/** @type {string} */ _project, /** @type {number} */ since) {
      guard("events");
      if (since < state.forgotten || since > state.last) throw new ApiError("events_expired", "Forgotten.", "", 410, { seq: state.last });
      return { events: structuredClone(log.filter(({ seq }) => seq > since)), seq: state.last };
    },
    async projectAnnotations(/** @type {string} */ _project, /** @type {string} */ image) {
      calls.push("list");
      if (!state.reachable) throw new ApiError("unreachable", "Can't reach the server.", "", 0);
      return structuredClone([...kept.values()].filter(({ image_id }) => image_id === image));
    },
    async project() {
      if (state.barred) throw new ApiError("project_not_found", "There is no such project.", "", 404);
      return {};
    },
    labels: async () => ({ labels: [LABEL], version: 1 }),
  };
  return { kept, buried, calls, log, state, api: /** @type {import("../../../static/js/net/api.js").Api} */ (/** @type {unknown} */ (api)) };
}

/** What IndexedDB is to pages of one browser. */
export function browser() {
  /** @type {Map<string, Pending>} */
  const stored = new Map();
  const open = new Set();
  const state = { blocked: false };
  /** @type {import("../../../static/js/net/outbox-store.js").OutboxStore<Pending>} */
  const store = {
    all: async () => [...stored.values()].sort((a, b) => a.seq - b.seq),
    put: async (changes) => {
      if (!state.blocked) for (const change of changes) stored.set(change.key, structuredClone(change));
      return !state.blocked;
    },
    remove: async (keys) => {
      for (const key of keys) stored.delete(key);
      return true;
    },
    tabOf: async (key) => stored.get(key)?.tab ?? null,
    claim: async (from, to) => {
      const claimed = (await store.all()).filter(({ tab }) => tab === from).map((each) => ({ ...each, tab: to }));
      for (const each of claimed) stored.set(each.key, each);
      return claimed;
    },
  };
  return { stored, open, state, store };
}

/** A page on a picture. @param {ReturnType<typeof server>} there @param {ReturnType<typeof browser>} [here] @param {string} [tab] */
export function page(there, here = browser(), tab = "first") {
  here.open.add(tab);
  const tabs = {
    mine: (/** @type {() => Promise<void>} */ work) => work(),
    whenGone: (/** @type {string} */ other, /** @type {() => Promise<void>} */ take) => void (here.open.has(other) || take()),
    leave: () => void here.open.delete(tab),
  };
  const outbox = createOutbox({
    api: there.api,
    store: here.store,
    onDelivered: (pending, saved) => objects.confirm(pending, saved),
    tab,
    tabs,
  });
  const objects = createAnnotations({ api: there.api, outbox, opened: () => ({ project: "default", image: "picture" }) });
  const find = (/** @type {string} */ id) => objects.find(id);
  return {
    outbox,
    objects,
    shown: objects.all,
    add: (/** @type {Annotation} */ made) => objects.apply([{ before: null, after: made }]),
    change: (/** @type {string} */ id, /** @type {Partial<Annotation>} */ patch) => {
      const before = find(id);
      if (before) objects.apply([{ before, after: { ...before, ...patch } }]);
    },
    remove: (/** @type {string} */ id) => objects.apply([{ before: find(id), after: null }]),
  };
}

export const settle = () => new Promise((resolve) => setTimeout(resolve, 5));
