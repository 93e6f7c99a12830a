/** The objects of the opened image: shown at once, saved through the outbox, selected, hidden, locked. */

import { newId } from "../../core/ids.js";
import { batch, computed, signal } from "../../core/signals.js";
import { patchOf, patched } from "../sync/changes.js";
import { combined, insisted, overlaid } from "../sync/pending.js";
import { createOrder } from "./order.js";

/** @typedef {import("../../core/types.js").Annotation} Annotation */
/** @typedef {import("../sync/changes.js").Change} Change */
/** @typedef {import("../sync/outbox.js").Saving} Saving */
/** @typedef {ReturnType<typeof createAnnotations>} Annotations */

/** Lower ones first; of those at one height, the one made first. @param {readonly Annotation[]} list */
function inOrder(list) {
  return [...list].sort((a, b) => a.z - b.z || (a.created_at < b.created_at ? -1 : a.created_at > b.created_at ? 1 : 0));
}

/**
 * @param {object} room
 * @param {import("../../net/api.js").Api} room.api
 * @param {import("../sync/outbox.js").Outbox} room.outbox
 * @param {() => {project: string, image: string|undefined}} room.opened  what is
 */
export function createAnnotations({ api, outbox, opened }) {
  /** The lowest first. */
  const all = signal(/** @type {readonly Annotation[]} */ ([]));
  /** In the order they were picked, the latest last. */
  const selectedIds = signal(/** @type {ReadonlySet<string>} */ (new Set()));
  /** Each hidden by itself. */
  const hidden = signal(/** @type {ReadonlySet<string>} */ (new Set()));
  const locked = signal(/** @type {ReadonlySet<string>} */ (new Set()));
  /** The only ones shown; empty: all are. */
  const solo = signal(/** @type {ReadonlySet<string>} */ (new Set()));
  /** The one that was accepted last: it is not selected, or keys would change it instead of choosing the next label. */
  const latest = signal(/** @type {string|null} */ (null));
  /** The one whose mask is being made anew: the new one is shown instead. */
  const replaced = signal(/** @type {string|null} */ (null));
  const selectedId = computed(() => [...selectedIds.value].at(-1) ?? null);
  const selected = computed(() => all.value.find(({ id }) => id === selectedId.value) ?? null);
  /** All that are not drawn and cannot be hit. */
  const concealed = computed(() => {
    const ids = new Set(hidden.value);
    if (solo.value.size) for (const { id } of all.value) if (!solo.value.has(id)) ids.add(id);
    if (replaced.value !== null) ids.add(replaced.value);
    return /** @type {ReadonlySet<string>} */ (ids);
  });
  /** Whether the opened image's are all there. */
  const loaded = signal(false);
  let turn = 0; // of the list asked for last: an older one that comes late is dropped
  let seenLayer = /** @type {string|undefined} */ (undefined); // of the list asked for last
  const order = createOrder({ api, all, unsaved: outbox.states, place: () => ({ ...opened(), layer: seenLayer }) });
  /** Shown or taken away since then: of these the list may be older. @type {Set<string>} */
  const touched = new Set();

  /** @param {string} id */
  const find = (id) => all.peek().find((annotation) => annotation.id === id) ?? null;

  /** With the mask that is shown if it is the same: what is known of that, as its corners, stays. @param {Annotation} annotation */
  function asShown(annotation) {
    const rle = find(annotation.id)?.rle;
    return rle?.counts === annotation.rle.counts ? { ...annotation, rle } : annotation;
  }

  /** Puts an annotation in its place. @param {Annotation} annotation */
  function place(annotation) {
    touched.add(annotation.id);
    const others = all.peek().filter(({ id }) => id !== annotation.id);
    all.value = inOrder([...others, asShown(annotation)]);
  }

  /** Out of sight. @param {string} id */
  function take(id) {
    touched.add(id);
    batch(() => {
      all.value = all.peek().filter((annotation) => annotation.id !== id);
      if (selectedIds.peek().has(id)) selectedIds.value = without(selectedIds.peek(), id);
    });
  }

  /**
   * Makes changes: shown at once, sent in order. Of a changed object only the fields that differ are touched; what is gone
   * meanwhile is not changed.
   * @param {readonly Change[]} changes
   */
  function apply(changes) {
    batch(() => changes.forEach(applyOne));
  }

  /** @param {Change} change */
  function applyOne({ before, after }) {
    const shown = find((after ?? before)?.id ?? "");
    const place_ = { project: (after ?? before)?.project_id ?? "", image: (after ?? before)?.image_id ?? "" };
    const nothing = { fields: [], before: {}, state: null, version: shown?.version ?? 1 };
    if (!after) {
      if (!shown) return;
      take(shown.id);
      outbox.put({ ...nothing, ...place_, kind: "delete", of: shown.id, annotation: shown });
    } else if (!before) {
      if (shown) return;
      const added = { ...after, version: 1 };
      place(added);
      const version = after.version + 1; // that of its deletion, if this takes one back
      outbox.put({ ...nothing, ...place_, kind: "create", of: added.id, annotation: added, version });
    } else if (shown) {
      const patch = patchOf(before, after);
      const changed = patched(shown, patch, after);
      const old = patchOf(changed, shown);
      const fields = /** @type {import("../sync/changes.js").Field[]} */ (Object.keys(old));
      if (!fields.length) return;
      place(changed);
      outbox.put({ ...nothing, ...place_, kind: "change", of: shown.id, annotation: changed, fields, before: old });
    }
  }

  /** The server's answer, with what was changed since. @param {import("../sync/pending.js").Pending} pending @param {Annotation|null} saved */
  function confirm({ of }, saved) {
    if (!saved || !find(of)) return;
    const [now] = overlaid([saved], outbox.about(of));
    if (now) place(now);
  }

  /**
   * The server's list with what it does not know yet; when it cannot be reached, only that.
   * @param {string} project @param {string} image @param {string} [layer]  id of an account
   */
  async function load(project, image, layer) {
    const mine = ++turn;
    seenLayer = layer;
    touched.clear();
    const own = layer === undefined; // of what others made nothing waits here
    const before = own ? await outbox.ofImage(project, image) : []; // the list may be older than the answer to these
    if (mine !== turn) return;
    const show = (/** @type {readonly Annotation[]} */ list) => {
      const known = new Set(outbox.waiting.peek().map(({ key }) => key));
      const since = outbox.waiting.peek().filter((each) => own && each.image === image && each.project === project);
      const waiting = [...before.filter(({ key }) => !known.has(key)), ...since].sort((a, b) => a.seq - b.seq);
      const newer = list.map((theirs) => {
        const shown = find(theirs.id);
        return shown && shown.version > theirs.version ? shown : theirs;
      });
      batch(() => {
        const settled = [...touched].filter((id) => !outbox.about(id).length);
        const others = overlaid(newer, waiting).filter(({ id }) => !settled.includes(id));
        all.value = inOrder([...others.map(asShown), ...settled.flatMap((id) => find(id) ?? [])]);
        const there = new Set(all.peek().map(({ id }) => id));
        selectedIds.value = new Set([...selectedIds.peek()].filter((id) => there.has(id)));
      });
    };
    if (before.length && !all.peek().length) show([]);
    const list = await api.projectAnnotations(project, image, layer);
    if (mine !== turn) return;
    show(list);
    loaded.value = true;
  }

  /** Another image is opened: nothing shown, selected, hidden or locked. */
  function empty() {
    turn += 1;
    batch(() => {
      all.value = [];
      loaded.value = false;
      for (const set of [hidden, locked, solo, selectedIds]) set.value = new Set();
      replaced.value = null;
      latest.value = null;
    });
  }

  /** News from another window. @param {Annotation} annotation */
  function adopt(annotation) {
    const known = find(annotation.id)?.version ?? outbox.versionOf(annotation.id); // what was deleted here is not brought back by late news
    if (!outbox.about(annotation.id).length && annotation.version > known) place(annotation);
  }

  /**
   * It was deleted elsewhere; what was changed here meanwhile is asked about when it is sent.
   * @param {string} id @param {number} version  its last: one that is shown with a later was restored since
   */
  function drop(id, version) {
    if (!outbox.about(id).length && (find(id)?.version ?? 0) <= version) take(id);
  }

  /**
   * Ends a conflict: the version of here, that of elsewhere, both, that of here as a new object, or the version of here
   * with a mask made of the two.
   * @param {import("../sync/outbox.js").Conflict} conflict @param {'mine'|'theirs'|'both'|'union'|'intersection'} choice
   */
  function answer({ pending: { key } }, choice) {
    const conflict = outbox.conflicts.peek().find(({ pending }) => pending.key === key); // as it is by now
    if (!conflict) return;
    const { pending, theirs } = conflict;
    const mine = pending.annotation;
    const isHere = pending.project === opened().project && pending.image === opened().image;
    if (choice === "mine" && mine) return outbox.settle(conflict, insisted(pending, theirs));
    if (choice === "union" || choice === "intersection") {
      const both = theirs && combined(pending, theirs, choice);
      if (!both?.annotation) return;
      outbox.settle(conflict, insisted(both, theirs));
      if (isHere) place(both.annotation);
      return;
    }
    outbox.settle(conflict, null);
    if (isHere && theirs) place(theirs);
    else if (isHere) take(pending.of);
    if (choice !== "both" || !mine) return;
    const copy = { ...mine, id: newId(), z: mine.z + 1, version: 1 };
    if (isHere) return apply([{ before: null, after: copy }]);
    outbox.put({ ...pending, kind: "create", of: copy.id, annotation: copy, fields: [], before: {}, version: 1 });
  }

  /** @param {import("../../core/signals.js").Signal<ReadonlySet<string>>} set @param {string} id @param {boolean} [on] */
  function toggleIn(set, id, on = !set.peek().has(id)) {
    set.value = on ? new Set([...set.peek(), id]) : without(set.peek(), id);
  }

  return {
    all,
    order,
    /** Whose last change the server has not confirmed, by id. */
    unsaved: outbox.states,
    selected,
    selectedId,
    selectedIds,
    hidden,
    locked,
    solo,
    replaced,
    latest,
    concealed,
    loaded,
    find,
    place,
    take,
    apply,
    confirm,
    load,
    empty,
    adopt,
    drop,
    answer,
    /** Hides it, or shows it again. @param {string} id @param {boolean} [on] */
    toggle: (id, on) => toggleIn(hidden, id, on),
    /** Locked, it cannot be changed. @param {string} id @param {boolean} [on] */
    lock: (id, on) => toggleIn(locked, id, on),
    /** Only these are shown; none: all are. @param {Iterable<string>} ids */
    showOnly: (ids) => void (solo.value = new Set(ids)),
    /** @param {string|null} id */
    select: (id) => void (selectedIds.value = new Set(id === null ? [] : [id])),
    /** Adds it to what is selected, or takes it out. @param {string} id */
    selectMore: (id) => toggleIn(selectedIds, id),
  };
}

/** @param {ReadonlySet<string>} set @param {string} id @returns {ReadonlySet<string>} */
function without(set, id) {
  return new Set([...set].filter((other) => other !== id));
}
