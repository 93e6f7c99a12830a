/** Asks which label another one is to become. */

import { t } from "../../../core/text.js";
import { fill, h } from "../../shared/dom.js";
import { mergingText } from "../../shared/popups/merging.js";

/** @typedef {import("./label-drafts.js").Draft} Draft */

/**
 * @param {object} parts
 * @param {(draft: Draft) => Promise<number|null>} parts.uses  objects that have it, on all images; null: not known
 * @param {(uid: number, into: number) => void} parts.onMerge
 */
export function createMergeDialog({ uses, onMerge }) {
  const title = h("h2", { id: "merge-title" });
  const words = h("p", {});
  const into = h("select", { class: "field boxed", id: "merge-into", onchange: tell });
  const effects = h("p", { id: "merge-effects" });
  const go = h("button", { value: "merge", class: "button primary" }, t("Merge"));
  const form = h(
    "form",
    { method: "dialog", class: "form" },
    title,
    words,
    h("label", { for: "merge-into" }, t("Change its objects to")),
    into,
    effects,
    h("div", { class: "dialog-actions" }, h("button", { value: "", class: "button" }, t("Cancel")), go),
  );
  const element = h("dialog", { class: "dialog", "aria-labelledby": "merge-title", "aria-describedby": "merge-effects" }, form);
  let asked = 0;
  let count = /** @type {number|null} */ (null);
  /** What is asked next. @type {Array<() => void>} */
  const waiting = [];
  element.addEventListener("close", () => {
    if (element.returnValue === "merge" && into.value) onMerge(asked, Number(into.value));
    element.returnValue = "";
    waiting.shift()?.();
  });
  return {
    element,
    /**
     * After what is being asked.
     * @param {Draft} draft @param {() => readonly Draft[]} all @param {string} why  empty when the person wanted it
     */
    ask(draft, all, why) {
      if (element.open) waiting.push(() => show(draft, all(), why));
      else show(draft, all(), why);
    },
  };

  /** @param {Draft} draft @param {readonly Draft[]} all @param {string} why */
  function show(draft, all, why) {
    asked = draft.uid;
    title.textContent = t("Merge {name} into another label", { name: draft.name });
    words.textContent = why ? `${why} ${t("Choose their new label, or cancel to keep this one.")}` : "";
    words.hidden = !why;
    const others = all.filter(({ uid }) => uid !== draft.uid);
    const none = h("option", { value: "", disabled: true, selected: true }, others.length ? t("Choose a label") : t("There is no other label"));
    fill(into, none, ...others.map(({ uid, name }) => h("option", { value: String(uid) }, name)));
    count = null;
    tell();
    element.showModal();
    void uses(draft).then((found) => {
      if (asked !== draft.uid) return;
      count = found;
      tell();
    });
  }

  function tell() {
    go.disabled = !into.value;
    effects.textContent = mergingText(count, into.selectedOptions[0]?.value ? (into.selectedOptions[0].textContent ?? "") : "…");
  }
}
