/** Actions on the shapes of the selected objects: join, cut, split, tidy, copy, order. */

import { annotations } from "../../core/state.js";
import { counted, t } from "../../core/text.js";
import { brought, copied, filled, merged, shapeOf, split, stepped, subtracted, tidied } from "../../document/objects/operations.js";
import { boxesMeet } from "../../document/objects/overlap.js";
import { dropsSpecks } from "../../document/objects/specks.js";

/** @typedef {import("./action.js").Action} Action */
/** @typedef {import("./action.js").App} App */
/** @typedef {import("../../core/types.js").Annotation} Annotation */
/** @typedef {import("../../document/session.js").Session} Session */

const GROUP = t("Shapes");

/**
 * The selected objects that may be changed, in the order they were selected.
 * @param {Session} session @returns {Annotation[]}
 */
function chosen({ objects }) {
  const locked = objects.locked.value;
  const byId = new Map(annotations.value.map((each) => [each.id, each]));
  const found = [...objects.selectedIds.value].map((id) => byId.get(id));
  return found.filter((each) => each !== undefined && !locked.has(each.id)).map((each) => /** @type {Annotation} */ (each));
}

/** What lies above an object and may cut into it. @param {Session} session @param {Annotation} object */
function above({ objects }, object) {
  const list = annotations.value;
  const hidden = objects.hidden.value;
  const at = list.findIndex(({ id }) => id === object.id);
  return list.slice(at + 1).filter((other) => !hidden.has(other.id) && boxesMeet(object, other));
}

/**
 * @param {object} what
 * @param {string} what.id
 * @param {string} what.title
 * @param {readonly string[]} what.keys
 * @param {(chosen: Annotation[], session: Session) => boolean} what.enabled  of at least one object
 * @param {(chosen: Annotation[], session: Session) => void} what.perform
 * @param {(chosen: Annotation[]) => string} [what.detail]  what it would do now, of at least one object
 * @returns {Action}
 */
function onChosen({ id, title, keys, enabled, perform, detail = () => "" }) {
  return {
    id,
    title,
    group: GROUP,
    keys,
    detail({ session }) {
      const objects = chosen(session);
      return objects.length ? detail(objects) : "";
    },
    enabled({ session }) {
      const objects = chosen(session);
      return objects.length > 0 && enabled(objects, session);
    },
    perform({ session }) {
      perform(chosen(session), session);
    },
  };
}

/** @param {Annotation[]} list @param {keyof ReturnType<typeof shapeOf>} what @param {number} more  than this */
const some = (list, what, more) => list.some(({ rle }) => shapeOf(rle)[what] > more);

export const mergeObjects = onChosen({
  id: "merge-objects",
  title: t("Merge selected objects"),
  keys: ["M"],
  enabled: (objects) => objects.length > 1,
  perform(objects, session) {
    if (!session.edit(t("Merge"), merged(session, objects))) return;
    session.objects.select(objects[0].id);
    session.said.value = t("Merged {count} objects into one {label}.", { count: objects.length, label: objects[0].label });
  },
});

export const subtractObjects = onChosen({
  id: "subtract-objects",
  title: t("Subtract from the first selected object"),
  keys: ["Shift+M"],
  detail: ([, ...others]) => (others.length ? t("the other selected objects") : t("objects above it")),
  enabled: (objects, session) => objects.length > 1 || above(session, objects[0]).length > 0,
  perform([first, ...others], session) {
    const changes = subtracted(session, first, others.length ? others : above(session, first));
    if (changes === "emptied") session.refuse(t("Nothing would be left of {label}.", { label: first.label }));
    else if (!changes.length) session.refuse(t("Nothing overlaps {label}.", { label: first.label }));
    else if (session.edit(t("Subtract"), changes)) {
      session.objects.select(first.id);
      session.said.value = t("Subtracted from {label}.", { label: first.label });
    }
  },
});

export const splitObject = onChosen({
  id: "split-object",
  title: t("Split into its parts"),
  keys: ["I"],
  enabled: (objects) => objects.length === 1 && some(objects, "parts", 1),
  perform([object], session) {
    const changes = split(session, object);
    if (!session.edit(t("Split"), changes)) return;
    session.said.value = t("Split {label} into {count} objects.", { label: object.label, count: changes.length });
  },
});

export const fillHolesOf = onChosen({
  id: "fill-holes",
  title: t("Fill holes"),
  keys: ["O"],
  enabled: (objects) => some(objects, "holes", 0),
  perform(objects, session) {
    const pixels = objects.reduce((sum, { rle }) => sum + shapeOf(rle).holes, 0);
    if (!session.edit(t("Fill holes"), filled(session, objects))) return;
    session.said.value = counted(pixels, "Filled {count} pixel.", "Filled {count} pixels.");
  },
});

export const removeSpecks = onChosen({
  id: "remove-specks",
  title: t("Remove specks"),
  keys: ["Shift+O"],
  enabled: (objects) => some(objects, "specks", 0),
  perform(objects, session) {
    const specks = objects.reduce((sum, { rle }) => sum + shapeOf(rle).specks, 0);
    if (!session.edit(t("Remove specks"), tidied(session, objects))) return;
    session.said.value = counted(specks, "Removed {count} speck.", "Removed {count} specks.");
  },
});

export const duplicateObjects = onChosen({
  id: "duplicate-objects",
  title: t("Duplicate"),
  keys: ["C"],
  enabled: (_, session) => !session.noOverlap.value, // the copy would take every pixel of the original
  perform(objects, session) {
    const changes = copied(session, objects);
    if (!session.edit(t("Duplicate"), changes)) return;
    session.objects.select(null);
    for (const { after } of changes) if (after) session.objects.selectMore(after.id);
    session.said.value = t("Duplicated in place. The copy is on top and selected.");
  },
});

/**
 * @param {string} id @param {string} title @param {readonly string[]} keys @param {typeof stepped} changesOf @param {1|-1} step
 */
function ordering(id, title, keys, changesOf, step) {
  const end = () => annotations.value.at(step > 0 ? -1 : 0);
  return onChosen({
    id,
    title,
    keys,
    enabled: (objects) => objects.length === 1 && end()?.id !== objects[0].id,
    perform([object], session) {
      if (!session.edit(title, changesOf(annotations.peek(), object, step, session.objects.locked.peek()))) return;
      const place = annotations.peek().findIndex((other) => other.id === object.id) + 1;
      session.said.value = t("{label}: layer {place} of {count}, counted from the bottom.", {
        label: object.label,
        place,
        count: annotations.peek().length,
      });
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
  perform({ session }) {
    session.noOverlap.value = !session.noOverlap.peek();
    session.said.value = session.noOverlap.peek()
      ? t("No overlap: new and changed masks take the pixels.")
      : t("Objects may overlap.");
  },
};

/** @type {Action} */
export const toggleSpecks = {
  id: "toggle-specks",
  title: t("Remove specks from accepted masks (on or off)"),
  group: GROUP,
  keys: [],
  enabled: () => true,
  perform({ session }) {
    dropsSpecks.value = !dropsSpecks.peek();
    session.said.value = dropsSpecks.peek() ? t("Specks are removed from accepted masks.") : t("Accepted masks keep their specks.");
  },
};
