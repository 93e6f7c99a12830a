/** What somebody did, in words. */

import { counted, language, t } from "../../core/text.js";
import { STATE_TITLES } from "./image-states.js";

/** @typedef {import("../../core/api-types.js").HistoryEntry} HistoryEntry */
/** @typedef {import("../../core/api-types.js").HistoryChange} HistoryChange */
/** @typedef {Readonly<Record<string, string>>} Names  of people, by account */

const MOST_CHARACTERS = 80; // of a value

/** Who did it; empty where the server has no accounts. @param {HistoryEntry} entry @param {Names} names */
export function whoOf({ by }, names) {
  return by ? (names[by] ?? "") : "";
}

/** @param {HistoryEntry} entry @param {Names} names @returns {string} */
export function deedOf(entry, names) {
  const label = entry.label ?? t("an object");
  const count = entry.count ?? 1;
  switch (entry.what) {
    case "created":
      return t("Added {label}", { label });
    case "imported":
      return t("Imported {label}", { label });
    case "changed":
      return t("Changed {label}", { label });
    case "restored":
      return entry.restored_from
        ? t("Restored version {version} of {label}", { version: entry.restored_from, label })
        : t("Restored {label}", { label });
    case "deleted":
      return t("Deleted {label}", { label });
    case "objects_imported":
      return counted(count, "Imported {count} object", "Imported {count} objects");
    case "consensus":
      return counted(count, "{count} common object from a consensus", "{count} common objects from a consensus");
    case "segmented":
      return counted(count, "A job segmented {count} object", "A job segmented {count} objects");
    case "unsegmented":
      return counted(count, "Undid a job's masks: {count} object", "Undid a job's masks: {count} objects");
    case "state":
      return stateText(entry, count);
    case "accepted":
      return t("Accepted the image");
    case "returned":
      return t("Returned the image");
    case "reopened":
      return t("Took the review back");
    case "changed_after_review":
      return t("Objects changed after review");
    case "rendering":
      return t("Changed how the image is shown");
    case "assigned":
      return assignedText(entry, count, names);
    case "commented":
      return t("Commented");
    case "comment_deleted":
      return t("Deleted a comment");
    case "images_added":
      return counted(count, "Added {count} image", "Added {count} images");
    case "images_removed":
      return counted(count, "Removed {count} image", "Removed {count} images");
    case "images_restored":
      return counted(count, "Restored {count} image", "Restored {count} images");
    case "images_deleted":
      return counted(count, "Deleted {count} image forever", "Deleted {count} images forever");
    case "labels":
      return t("Changed the labels");
    case "link_made":
      return t("Created a share link");
    case "link_revoked":
      return t("Revoked a share link");
    case "project":
      return t("Changed the project's settings");
    case "project_deleted":
      return t("Deleted the project");
    case "project_restored":
      return t("Restored the project");
  }
}

/** @param {HistoryEntry} entry @param {number} count */
function stateText({ state, image, layer }, count) {
  const title = state ? STATE_TITLES[state] : "";
  if (layer) return t("Own work: {state}", { state: title });
  return image
    ? t("State: {state}", { state: title })
    : counted(count, "State of {count} image: {state}", "State of {count} images: {state}", { state: title });
}

/** @param {HistoryEntry} entry @param {number} count @param {Names} names */
function assignedText({ to, by }, count, names) {
  if (to && by && to.length === 1 && to[0] === by) return counted(count, "Took {count} image", "Took {count} images");
  const people = to?.map((id) => names[id]).filter(Boolean) ?? [];
  if (!people.length) return counted(count, "Changed who works on {count} image", "Changed who works on {count} images");
  const listed = new Intl.ListFormat(language, { type: "conjunction" }).format(people);
  return counted(count, "Assigned {count} image to {people}", "Assigned {count} images to {people}", { people: listed });
}

/** @param {HistoryChange} change */
export function changeText({ what, name = "", before, after }) {
  const [was, is] = [valueText(before), valueText(after)];
  if (what === "mask") return t("Mask: {before} → {after} pixels", { before: was, after: is });
  if (what === "label") return t("Label: {before} → {after}", { before: was, after: is });
  if (what === "order") return Number(after) > Number(before) ? t("Moved up") : t("Moved down");
  if (what === "attribute") return t("{name}: {before} → {after}", { name, before: was, after: is });
  if (what === "added") return t("Added label {name}", { name: is });
  if (what === "removed") return t("Removed label {name}", { name: was });
  if (what === "renamed") return t("Renamed label {before} to {after}", { before: was, after: is });
  return t("Merged label {before} into {after}", { before: was, after: is });
}

/** @param {unknown} value */
function valueText(value) {
  if (value === null || value === undefined) return "–";
  if (value === true) return t("yes");
  if (value === false) return t("no");
  const text = typeof value === "number" ? new Intl.NumberFormat(language).format(value) : String(value);
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS - 1)}…` : text;
}
