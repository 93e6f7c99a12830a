/** Actions on the shapes of the selected objects: join, cut, split, tidy, copy, order. */

import { counted, t } from "../../core/text.js";
import { brought, copied, filled, merged, shapeOf, split, stepped, subtracted, tidied } from "../../document/objects/operations.js";
import { boxesMeet } from "../../document/objects/overlap.js";
import { dropsSpecks } from "../../document/objects/specks.js";

/** @typedef {import("./action.js").Action} Action */
/** @typedef {import("./action.js").App} App */
/** @typedef {import("../../core/types.js").Annotation} Annotation */
/** @typedef {import("../../document/document.js").Document} Document */
/** @typedef {import("../../document/patch.js").Patch} Patch */

const GROUP = t("Shapes");

/**
 * The selected objects that may be changed, in the order they were selected.
 * @param {Document} doc @returns {Annotation[]}
 */
function chosen({ objects }) {
  const locked = objects.locked.value;
  const byId = new Map(objects.all.value.map((each) => [each.id, each]));
  const found = [...objects.selectedIds.value].map((id) => byId.get(id));
  return found.filter((each) => each !== undefined && !locked.has(each.id)).map((each) => /** @type {Annotation} */ (each));
}

/** What lies above an object and may cut into it. @param {Document} doc @param {Annotation} object */
function above({ objects }, object) {
  const list = objects.all.value;
  const hidden = objects.hidden.value;
  const at = list.findIndex(({ id }) => id === object.id);
  return list.slice(at + 1).filter((other) => !hidden.has(other.id) && boxesMeet(object, other));
}

/**
 * @param {object} what
 * @param {string} what.id
 * @param {string} what.title
 * @param {readonly string[]} what.keys
 * @param {(chosen: Annotation[], doc: Document) => boolean} what.enabled  of at least one object
 * @param {(chosen: Annotation[], doc: Document) => Patch} what.perform
 * @param {(chosen: Annotation[]) => string} [what.detail]  what it would do now, of at least one object
 * @returns {Action}
 */
function onChosen({ id, title, keys, enabled, perform, detail = () => "" }) {
  return {
    id,
    title,
    group: GROUP,
    keys,
    detail({ doc }) {
      const objects = chosen(doc);
      return objects.length ? detail(objects) : "";
    },
    enabled({ doc }) {
      const objects = chosen(doc);
      return objects.length > 0 && enabled(objects, doc);
    },
    perform: ({ doc }) => perform(chosen(doc), doc),
  };
}

/** @param {Annotation[]} list @param {keyof ReturnType<typeof shapeOf>} what @param {number} more  than this */
const some = (list, what, more) => list.some(({ rle }) => shapeOf(rle)[what] > more);

export const mergeObjects = onChosen({
  id: "merge-objects",
  title: t("Merge selected objects"),
  keys: ["M"],
  enabled: (objects) => objects.length > 1,
  perform(objects, doc) {
    const say = t("Merged {count} objects into one {label}.", { count: objects.length, label: objects[0].label });
    return { edit: { title: t("Merge"), changes: merged(doc, objects) }, selected: [objects[0].id], say };
  },
});

export const subtractObjects = onChosen({
  id: "subtract-objects",
  title: t("Subtract from the first selected object"),
  keys: ["Shift+M"],
  detail: ([, ...others]) => (others.length ? t("the other selected objects") : t("objects above it")),
  enabled: (objects, doc) => objects.length > 1 || above(doc, objects[0]).length > 0,
  perform([first, ...others], doc) {
    const changes = subtracted(doc, first, others.length ? others : above(doc, first));
    if (changes === "emptied") return { refuse: t("Nothing would be left of {label}.", { label: first.label }) };
    if (!changes.length) return { refuse: t("Nothing overlaps {label}.", { label: first.label }) };
    const say = t("Subtracted from {label}.", { label: first.label });
    return { edit: { title: t("Subtract"), changes }, selected: [first.id], say };
  },
});

export const splitObject = onChosen({
  id: "split-object",
  title: t("Split into its parts"),
  keys: ["I"],
  enabled: (objects) => objects.length === 1 && some(objects, "parts", 1),
  perform([object], doc) {
    const changes = split(doc, object);
    const say = t("Split {label} into {count} objects.", { label: object.label, count: changes.length });
    return { edit: { title: t("Split"), changes }, say };
  },
});

export const fillHolesOf = onChosen({
  id: "fill-holes",
  title: t("Fill holes"),
  keys: ["O"],
  enabled: (objects) => some(objects, "holes", 0),
  perform(objects, doc) {
    const pixels = objects.reduce((sum, { rle }) => sum + shapeOf(rle).holes, 0);
    const say = counted(pixels, "Filled {count} pixel.", "Filled {count} pixels.");
    return { edit: { title: t("Fill holes"), changes: filled(doc, objects) }, say };
  },
});

export const removeSpecks = onChosen({
  id: "remove-specks",
  title: t("Remove specks"),
  keys: ["Shift+O"],
  enabled: (objects) => some(objects, "specks", 0),
  perform(objects, doc) {
    const specks = objects.reduce((sum, { rle }) => sum + shapeOf(rle).specks, 0);
    const say = counted(specks, "Removed {count} speck.", "Removed {count} specks.");
    return { edit: { title: t("Remove specks"), changes: tidied(doc, objects) }, say };
  },
});

export const duplicateObjects = onChosen({
  id: "duplicate-objects",
  title: t("Duplicate"),
  keys: ["C"],
  enabled: (_, doc) => !doc.noOverlap.value, // the copy would take every pixel of the original
  perform(objects, doc) {
    const changes = copied(doc, objects);
    const selected = changes.flatMap(({ after }) => after?.id ?? []);
    return { edit: { title: t("Duplicate"), changes }, selected, say: t("Duplicated in place. The copy is on top and selected.") };
  },
});

/**
 * @param {string} id @param {string} title @param {readonly string[]} keys @param {typeof stepped} changesOf @param {1|-1} step
 */
function ordering(id, title, keys, changesOf, step) {
  return onChosen({
    id,
    title,
    keys,
    enabled: ([object, ...others], { objects: { all } }) => !others.length && all.value.at(step > 0 ? -1 : 0)?.id !== object.id,
    perform([object], { objects: { all, locked } }) {
      const { id, label } = object;
      const changes = changesOf(all.peek(), object, step, locked.peek());
      const say = () => {
        const place = all.peek().findIndex((other) => other.id === id) + 1;
        return t("{label}: layer {place} of {count}, counted from the bottom.", { label, place, count: all.peek().length });
      };
      return { edit: { title, changes }, say };
    },
  });
}

export const orderObjects = [
  ordering("bring-forward", t("Bring forward"), ["PageUp"], stepped, 1),
  ordering("send-backward", t("Send backward"), ["PageDown"], stepped, -1),
  ordering("bring-to-front", t("Bring to front"), ["Shift+PageUp"], brought, 1),
  ordering("send-to-back", t("Send to back"), ["Shift+PageDown"], brought, -1),
];

/** @type {Action} */
export const toggleNoOverlap = {
  id: "toggle-no-overlap",
  title: t("No overlap: new and changed masks take pixels from unlocked objects"),
  group: GROUP,
  keys: [],
  enabled: () => true,
  perform({ doc: { noOverlap } }) {
    noOverlap.value = !noOverlap.peek();
    return { say: noOverlap.peek() ? t("No overlap: new and changed masks take the pixels.") : t("Objects may overlap.") };
  },
};

/** @type {Action} */
export const toggleSpecks = {
  id: "toggle-specks",
  title: t("Remove specks from accepted masks (on or off)"),
  group: GROUP,
  keys: [],
  enabled: () => true,
  perform() {
    dropsSpecks.value = !dropsSpecks.peek();
    return { say: dropsSpecks.peek() ? t("Specks are removed from accepted masks.") : t("Accepted masks keep their specks.") };
  },
};
