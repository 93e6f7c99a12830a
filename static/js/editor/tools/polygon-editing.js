/** Editing the outline of the selected object by its corners. Each change is one of the history, with the mask filled anew. */

import { computed, effect, signal, untracked } from "../../core/signals.js";
import { counted, t } from "../../core/text.js";
import { rleOf } from "../../geometry/region.js";
import { fillRings } from "../../geometry/rings.js";
import { cornersOf, edgeAt, placeOf, vertexAt, withInserted, withMoved, withRemoved } from "../vertices.js";
import { DRAG_FROM, distance, reach } from "./tool.js";

/** @typedef {import("./tool.js").Press} Press */
/** @typedef {import("./tool.js").Place} Place */
/** @typedef {import("../vertices.js").Vertex} Vertex */
/** @typedef {import("../../geometry/rings.js").Ring} Ring */
/** @typedef {import("../../document/objects/outline-states.js").OutlineState} OutlineState */
/**
 * A corner taken hold of.
 * @typedef {object} Held
 * @property {string} id  of the object whose corner it is
 * @property {OutlineState} state  its corners as they are
 * @property {readonly Ring[]} rings  as they would be if it were let go now
 * @property {Vertex} vertex
 * @property {Press} from
 * @property {boolean} added  it was not there before
 * @property {boolean} moved
 */

/**
 * @param {import("./tool.js").Editor} editor
 * @param {(press: Press) => {place: Place, snapped: boolean}} aim  where a corner put there would be
 * @param {{readonly value: boolean}} inHand  whether the tool is: outlines are not traced for others
 */
export function createPolygonEditing(editor, aim, inHand) {
  const { doc } = editor;
  const { objects } = doc;
  /** The object whose outline can be edited. */
  const object = computed(() => {
    if (!inHand.value) return null;
    const one = objects.selected.value;
    const able = one && objects.selectedIds.value.size === 1 && !doc.drafts.value;
    const free = able && !objects.locked.value.has(one.id) && !doc.presence.taken.value.has(one.id);
    return free && !objects.concealed.value.has(one.id) ? one : null;
  });
  const objectId = computed(() => object.value?.id ?? null);
  const state = computed(() => object.value && doc.outlines.of(object.value.rle));
  /** Of the simplify slider, image pixels. */
  const tolerance = signal(0);
  /** What the slider would make of it, null while it asks for nothing else than there is. */
  const preview = computed(() => {
    const now = state.value;
    return now && tolerance.value !== now.tolerance ? doc.outlines.simplified(now.base, tolerance.value) : null;
  });
  const held = signal(/** @type {Held|null} */ (null));
  /** Under the pointer. */
  const hovered = signal(/** @type {Vertex|null} */ (null));
  const ghost = signal(/** @type {Place|null} */ (null));
  /** Touched last: what Delete removes if nothing is under the pointer. */
  const picked = signal(/** @type {Vertex|null} */ (null));

  const rings = computed(() => held.value?.rings ?? preview.value?.rings ?? state.value?.rings ?? []);

  function forget() {
    hovered.value = null;
    picked.value = null;
    ghost.value = null;
  }

  // Another object, or other corners of the same: what was held is let go where it was.
  effect(() => {
    const now = held.value;
    if (now && (now.id !== objectId.value || now.state !== state.value)) held.value = null;
  });
  effect(() => {
    void objectId.value;
    untracked(forget);
  });

  /** @param {Vertex|null} vertex @returns {Place|null} */
  function placeIfThere(vertex) {
    const corners = vertex && rings.value[vertex.ring];
    return vertex && corners && vertex.at < corners.length / 2 ? placeOf(rings.value, vertex) : null;
  }

  /**
   * The corners become the object's.
   * @param {string} title @param {Omit<OutlineState, 'base'> & {base: OutlineState['base']|null}} next  base null: itself
   * @param {string} [run]  as the history's
   */
  function commit(title, next, run) {
    const before = object.peek();
    if (!before) return;
    const [height, width] = before.rle.size;
    const mask = rleOf(fillRings(next.rings, width, height), width, height);
    if (!mask.area) {
      doc.refuse(t("Nothing would be left of {label}.", { label: before.label }));
      return;
    }
    const same = mask.rle.counts === before.rle.counts;
    const { rle } = same ? before : mask;
    const corners = { ...next, base: next.base ?? rle };
    if (same) doc.redraw(title, rle, corners, { run });
    else {
      doc.outlines.keep(rle, corners);
      if (!doc.edit(title, [{ before, after: doc.withMask(before, mask) }], { run })) return;
    }
    const count = cornersOf(next.rings);
    doc.said.value = counted(count, "{title}. {count} point.", { en: "{title}. {count} points.", zh: "{title}。{count} 个点。" }, { title });
  }

  /** @param {Press} press @returns {Held|null} what a press there takes hold of */
  function grabbed(press) {
    const [id, now] = [objectId.peek(), state.peek()];
    if (id === null || !now) return null;
    const { rings: corners } = now;
    const near = reach(editor, press);
    const vertex = vertexAt(corners, press.place, near);
    const taken = { id, state: now, from: press, moved: false };
    if (vertex) return { ...taken, rings: corners, vertex, added: false };
    const edge = edgeAt(corners, press.place, near);
    if (!edge) return null;
    const added = { ring: edge.ring, at: edge.at + 1 };
    return { ...taken, rings: withInserted(corners, edge, edge.place), vertex: added, added: true };
  }

  function letGo() {
    const now = held.peek();
    held.value = null;
    if (!now) return;
    picked.value = now.vertex;
    if (!now.moved && !now.added) return;
    const title = now.added ? t({ en: "Add point", zh: "添加点" }) : t({ en: "Move point", zh: "移动点" });
    commit(title, { rings: now.rings, base: null, tolerance: 0, iou: 1, own: true });
  }

  /** @param {Vertex} vertex */
  function remove(vertex) {
    const corners = state.peek()?.rings;
    if (!corners) return;
    forget();
    const left = withRemoved(corners, vertex);
    if (left.length) commit(t("Remove point"), { rings: left, base: null, tolerance: 0, iou: 1, own: true });
    else doc.said.value = t({ en: "An outline needs at least three points.", zh: "轮廓至少需要三个点。" });
  }

  return {
    object,
    state,
    tolerance,
    preview,
    held,
    rings,
    hovered: computed(() => placeIfThere(held.value?.vertex ?? hovered.value)),
    picked: computed(() => (held.value ? null : placeIfThere(picked.value))),
    ghost: computed(() => (held.value ? null : ghost.value)),
    forget,
    canRemove: computed(() => object.value !== null && placeIfThere(hovered.value ?? picked.value) !== null),
    removeOne() {
      const vertex = hovered.peek() ?? picked.peek();
      if (vertex) remove(vertex);
    },
    /** The slider is let go, or a key has moved it: several keys in a row are one step. */
    applyTolerance() {
      const next = preview.peek();
      forget();
      if (next) commit(t({ en: "Simplify", zh: "简化" }), next, `simplify ${objectId.peek()}`);
    },
    /** @param {Press} press @returns {boolean} whether it is about the outline */
    hover(press) {
      const corners = state.peek()?.rings;
      if (held.peek()) {
        this.drag(press, true);
        return true;
      }
      if (!corners) return false;
      const near = reach(editor, press);
      hovered.value = vertexAt(corners, press.place, near);
      ghost.value = hovered.peek() ? null : (edgeAt(corners, press.place, near)?.place ?? null);
      return hovered.peek() !== null || ghost.peek() !== null;
    },
    leave() {
      hovered.value = null;
      ghost.value = null;
    },
    /** @param {Press} press @returns {boolean} whether it took hold of the outline, or took a corner out */
    press(press) {
      const next = grabbed(press);
      if (!next) return false;
      if (press.alternate) {
        if (!next.added) remove(next.vertex);
      } else held.value = next;
      return true;
    },
    /** @param {Press} press @param {boolean} [atOnce] however little it moved */
    drag(press, atOnce = false) {
      const now = held.peek();
      if (!now || (!now.moved && !atOnce && distance(press.screen, now.from.screen) < DRAG_FROM)) return;
      held.value = { ...now, rings: withMoved(now.rings, now.vertex, aim(press).place), moved: true };
    },
    letGo,
    /** Puts it back where it was. @returns {boolean} whether a corner was held */
    stop() {
      const busy = held.peek() !== null;
      held.value = null;
      return busy;
    },
  };
}
