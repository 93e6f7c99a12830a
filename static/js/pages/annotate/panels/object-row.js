/** One object in the list: its picture, what it is, how it stands, and, in a place of their own, buttons for what is done most. */

import { counted, t } from "../../../core/text.js";
import { fill, h, set } from "../../shared/dom.js";
import { score } from "../../shared/format.js";
import { icon } from "../../shared/icons.js";
import { avatar } from "../../shared/people.js";
import { described } from "./described.js";
import { editInPlace } from "./edit-in-place.js";

/** @typedef {import("../../../core/types.js").Annotation} Annotation */
/** @typedef {import("../../../document/sync/outbox.js").Saving} Saving */
/**
 * @typedef {object} Shown  all a row shows: it is drawn again only when one of these is another
 * @property {Annotation} annotation
 * @property {number} number  its place in the stack, the lowest is 1
 * @property {boolean} hidden
 * @property {boolean} faint  not shown, whatever the reason
 * @property {boolean} locked
 * @property {boolean} selected
 * @property {boolean} latest  it was accepted last, and nothing is selected since
 * @property {Saving|undefined} saving
 * @property {ReadonlyArray<{person: import("../../../core/api-types.js").Person|null, edits: boolean}>|undefined} people  others who have it in hand; null: this person in another tab
 * @property {string} maker  title of the segmenter, empty where there is only one
 * @property {readonly string[]} missing  required attributes without a value
 * @property {boolean} current  the row that Tab comes to
 * @property {{width: number, height: number}} size  of the picture
 */

/** @param {Saving|undefined} saving */
function savedMark(saving) {
  if (!saving) return null;
  const { state, message, retry } = saving;
  if (state === "saving" || state === "offline") {
    const title = state === "saving" ? t("Saving") : t("Waiting for the server");
    return h("span", { class: "saving", title, role: "img", "aria-label": title }, icon("sync"));
  }
  const title = t("Not saved: {reason} Click to try again", { reason: message });
  const attributes = { type: "button", class: "icon-button small failed", title, "aria-label": title };
  return h("button", { ...attributes, tabindex: "-1", onclick: retry }, icon("alert"));
}

/** @param {NonNullable<Shown["people"]>[number]} having */
function inHand({ person, edits }) {
  const name = person?.name ?? "";
  const title = !person ? t("Being edited in another tab") : edits ? t("{name} is editing this", { name }) : t("{name} has this selected", { name });
  const mark = person ? avatar(person) : icon("pencil");
  return h("span", { title, role: "img", "aria-label": title, "data-editing": edits }, mark);
}

/** @param {Annotation} annotation */
function measures({ predicted_iou: iou, stability_score: stability, area }) {
  if (iou === null || stability === null) return counted(area, "{count} pixel", "{count} pixels");
  const said = { iou: score(iou), stability: score(stability), area };
  return t("Predicted IoU {iou}, stability {stability}, {area} pixels", said);
}

/** @param {readonly string[]} a @param {readonly string[]} b */
const sameNames = (a, b) => a.length === b.length && a.every((name, i) => name === b[i]);

/** @param {Shown|null} before @param {Shown} now */
function same(before, now) {
  if (!before) return false;
  const names = /** @type {Array<keyof Shown>} */ (Object.keys(now));
  return names.every((name) => (name === "missing" ? sameNames(before.missing, now.missing) : before[name] === now[name]));
}

/**
 * @param {import("../../../editor/actions/action.js").App} app
 * @param {Annotation} first
 * @param {object} room
 * @param {(id: string|null) => void} room.hovered
 * @param {() => string[]} room.labels
 * @param {(id: string) => void} room.fillIn  goes to the first attribute that is missing
 * @param {import("./object-thumbnails.js").Thumbnails} room.thumbnailOf
 */
export function objectRow({ doc }, { id }, { hovered, labels, fillIn, thumbnailOf }) {
  const { objects } = doc;
  let seen = /** @type {Shown|null} */ (null);
  const dot = h("span", { class: "dot", "aria-hidden": "true" });
  const name = h("span", { class: "name" });
  const title = h("span", { class: "object-title", role: "gridcell" }, dot, name);
  const number = h("span", { class: "object-number" });
  const rating = h("span", { class: "score" });
  const maker = h("span", { class: "made-by" });
  const facts = h("span", { class: "object-facts", role: "gridcell" }, number, rating, maker);

  /** @param {string} kind @param {() => void} perform @param {string} [iconName] */
  const button = (kind, perform, iconName) =>
    h(
      "button",
      { type: "button", class: `icon-button small ${kind}`, tabindex: "-1", onclick: perform },
      iconName ? icon(iconName) : null,
    );
  const missing = button("missing", () => fillIn(id), "alert");
  const savings = h("span", { class: "savings" });
  const people = h("span", { class: "row-people" });
  const marks = h("span", { class: "marks", role: "gridcell" }, people, missing, savings);
  const rename = button("rename", edit, "pencil");
  const lock = button("lock", () => objects.lock(id));
  const hide = button("hide", () => objects.toggle(id));
  const remove = button("remove", () => doc.change({ edit: doc.removing([id]) }), "trash");
  const buttons = h("span", { class: "row-actions", role: "gridcell" }, rename, lock, hide, remove);
  const element = h("div", { class: "row object-row", role: "row", tabindex: "-1", "data-id": id });
  const thumbnail = thumbnailOf(element);
  element.append(thumbnail.element, title, marks, facts, buttons);

  function edit() {
    const label = seen?.annotation.label ?? "";
    editInPlace(name, label, t("Label of this object"), keep, { suggested: labels(), home: element });
  }

  /** Of all that are selected, if this one is. @param {string} text */
  function keep(text) {
    const chosen = objects.selectedIds.peek();
    doc.change({ edit: doc.relabelling(chosen.has(id) ? chosen : [id], doc.labels.add(text)) });
  }

  element.addEventListener("dblclick", (event) => {
    if (!(/** @type {Element} */ (event.target).closest("button, input"))) edit();
  });
  element.addEventListener("pointerenter", () => hovered(id));
  element.addEventListener("pointerleave", () => hovered(null));

  /** What is pressed stays the same element, or the press would come to nothing: only what changed is drawn. @param {Shown} now */
  function draw(now) {
    const { annotation, hidden, faint, locked, selected, saving } = now;
    const { label } = annotation;
    const unsaved = saving !== undefined && saving.state !== "saving";
    set(element, {
      "aria-label": described(annotation, now.size, { number: now.number, latest: now.latest, hidden: faint, locked, unsaved, missing: now.missing }),
      "aria-selected": String(selected),
      "data-active": selected,
      "data-latest": now.latest,
      "data-hidden": faint,
      "data-locked": locked,
      tabindex: now.current ? "0" : "-1",
    });
    thumbnail.update(annotation);
    name.textContent = label;
    name.title = label; // its end may be cut off
    dot.style.setProperty("--color", annotation.color);
    number.textContent = String(now.number);
    rating.textContent = annotation.predicted_iou === null ? "" : score(annotation.predicted_iou);
    facts.title = measures(annotation);
    maker.hidden = !now.maker;
    maker.textContent = now.maker;
    maker.title = now.maker && t("Made with {segmenter}", { segmenter: now.maker });
    const lacks = now.missing.length ? t("Missing: {attributes}", { attributes: now.missing.join(t(", ")) }) : "";
    missing.hidden = !lacks;
    set(missing, { "aria-label": lacks, title: lacks });
    if (!seen || seen.people !== now.people) fill(people, ...(now.people ?? []).map(inHand));
    if (!seen || seen.saving !== saving) fill(savings, savedMark(saving));
    if (seen?.hidden !== hidden) fill(hide, icon(hidden ? "eye-off" : "eye"));
    if (seen?.locked !== locked) fill(lock, icon(locked ? "lock" : "lock-open"));
    const said = { label };
    set(hide, { "aria-label": hidden ? t("Show {label}", said) : t("Hide {label}", said), "aria-pressed": String(hidden) });
    set(lock, { "aria-label": locked ? t("Unlock {label}", said) : t("Lock {label}", said), "aria-pressed": String(locked) });
    set(rename, { "aria-label": t("Change label of {label}", said), disabled: locked });
    set(remove, { "aria-label": t("Delete {label}", said), disabled: locked });
    for (const each of [hide, lock, rename, remove]) each.title = each.getAttribute("aria-label") ?? "";
  }

  return {
    element,
    edit,
    /** @param {{now: Shown, out: boolean}} next  out: the filter leaves it out of the list */
    update({ now, out }) {
      if (element.hidden !== out) element.hidden = out;
      if (same(seen, now)) return;
      draw(now);
      seen = now;
    },
  };
}
