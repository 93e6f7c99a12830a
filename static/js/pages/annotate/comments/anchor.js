/** What a new comment is about: the object on its spot, the spot alone, or the whole image. */

import { t } from "../../../core/text.js";
import { h } from "../../shared/dom.js";

/** @typedef {import("./comments.js").Anchor} Anchor */

/** @param {import("../../../document/document.js").Document} doc @param {Anchor} first @param {(anchor: Anchor) => void} choose */
export function createAnchor(doc, first, choose) {
  if (!first) return h("p", { class: "muted" }, t("About the whole image"));
  const { annotation_id: id, ...spot } = first;
  const object = doc.objects.find(id ?? "");
  /** @type {Array<[string, Anchor]>} */
  const choices = [
    ...(object ? [/** @type {[string, Anchor]} */ ([t("This object: {label}", { label: object.label }), first])] : []),
    [t("This spot"), spot],
    [t("Whole image"), null],
  ];
  const select = h("select", { class: "field boxed" }, ...choices.map(([title], i) => h("option", { value: i }, title)));
  select.addEventListener("change", () => choose(choices[Number(select.value)][1]));
  return h("label", { class: "comment-anchor" }, h("span", {}, t("About")), select);
}
