/** An entry of the panel: who, when and what; of an object also what its mask was, and buttons that restore. */

import { t } from "../../../core/text.js";
import { SELF } from "../../../net/account.js";
import { drawObject } from "../../../editor/render/object-thumbnail.js";
import { h } from "../../shared/dom.js";
import { moment } from "../../shared/format.js";
import { changeText, deedOf, whoOf } from "../../shared/history-words.js";
import { avatar } from "../../shared/people.js";

/** @typedef {import("../../../net/history-api.js").HistoryEntry} HistoryEntry */
/** @typedef {import("../../../core/types.js").Annotation} Annotation */
/** @typedef {ReturnType<typeof import("../stage/mask-sheet.js").createMaskSheet>} Sheet */

const SIDE = 44; // CSS pixels
/** After which other objects are there than before. @type {readonly HistoryEntry["what"][]} */
const OF_OBJECTS = Object.freeze(["created", "imported", "changed", "restored", "deleted", "objects_imported"]);

/**
 * @param {HistoryEntry} entry
 * @param {object} parts
 * @param {import("../../../net/history-api.js").HistoryPage} parts.page
 * @param {boolean} parts.object  whether the list is about one object
 * @param {import("../../../editor/actions/action.js").App} parts.app
 * @param {import("../../../net/api.js").Api} parts.api
 * @param {{peek: () => HTMLImageElement|null}} parts.picture
 * @param {Sheet} parts.sheet
 * @param {import("./restoring.js").Restoring} parts.restoring
 */
export function historyRow(entry, { page, object, app: { doc }, api, picture, sheet, restoring }) {
  const who = whoOf(entry, page.people);
  const restores = doc.saves && (!entry.layer || entry.layer === SELF); // others' work is theirs
  const changes = entry.changes?.map((each) => h("li", {}, changeText(each))) ?? [];
  const words = h(
    "div",
    { class: "history-words" },
    h("p", {}, deedOf(entry, page.people)),
    h("p", { class: "muted" }, who && entry.by ? avatar({ account: entry.by, name: who }) : null, who ? `${who} · ` : null, h("time", { datetime: entry.at }, moment(entry.at))),
    changes.length > 0 && h("ul", { class: "history-changes" }, ...changes),
  );
  const row = h("li", { class: "history-row", "data-what": entry.what, "data-version": entry.version }, words);
  const { annotation: id, version } = entry;
  if (!id || version === undefined) return withMoment();
  const kept = entry.what === "deleted" ? version - 1 : entry.kept ? version : null;
  if (kept === null) return withMoment();
  let was = /** @type {Promise<Annotation>|null} */ (null);
  const fetched = () =>
    (was ??= api.objectVersion(id, doc.project.peek().id, kept).catch((error) => {
      was = null; // who looks again asks again
      throw error;
    }));
  const side = Math.round(SIDE * Math.min(2, devicePixelRatio));
  const small = h("canvas", { class: "object-picture", width: side, height: side, "aria-hidden": "true" });
  row.prepend(small);
  const draw = (/** @type {Annotation} */ version) => {
    sight.disconnect();
    drawObject(small, version, picture.peek());
  };
  const sight = new IntersectionObserver(([{ isIntersecting }]) => {
    if (isIntersecting) fetched().then(draw, () => {});
  });
  sight.observe(small);
  const look = () => void fetched().then((version) => row.matches(":hover, :focus-within") && sheet.show(version, version.color), () => {});
  row.addEventListener("pointerenter", look);
  row.addEventListener("focusin", look);
  for (const event of ["pointerleave", "focusout"]) row.addEventListener(event, () => row.matches(":hover, :focus-within") || sheet.hide());
  const shown = doc.objects.find(id);
  const isPresent = entry.what !== "deleted" && shown?.version === version;
  if (restores && !isPresent && !(entry.what === "deleted" && shown)) {
    const title = entry.what === "deleted" ? t("Restore this object") : t("Restore this version");
    row.append(h("button", { type: "button", class: "button quiet", title, "aria-label": title, onclick: () => void restoring.object(id, kept, entry.label ?? "", version) }, t("Restore")));
  }
  return withMoment();

  /** In a list of the image, a way back to how all of it was then. */
  function withMoment() {
    if (object || !restores || !OF_OBJECTS.includes(entry.what)) return row;
    const title = t("Restore all objects as they were at this time");
    words.append(h("button", { type: "button", class: "history-moment", title, onclick: () => void restoring.image(entry.at) }, t("Restore the image to this time")));
    return row;
  }
}
