/** Asks which label another one is to become. */

import { t } from "../../../core/text.js";
import { fill, h } from "../../shared/dom.js";

/** @typedef {import("./label-drafts.js").Draft} Draft */

/** @param {(uid: number, into: number) => void} onMerge */
export function createMergeDialog(onMerge) {
  const title = h("h2", { id: "merge-title" });
  const words = h("p", {});
  const into = h("select", { class: "field boxed", id: "merge-into" });
  const go = h("button", { value: "merge", class: "button primary" }, t("Merge"));
  const form = h(
    "form",
    { method: "dialog", class: "form" },
    title,
    words,
    h("label", { for: "merge-into" }, t("Change its objects to")),
    into,
    h("div", { class: "dialog-actions" }, h("button", { value: "", class: "button" }, t("Cancel")), go),
  );
  const element = h("dialog", { class: "dialog", "aria-labelledby": "merge-title" }, form);
  let asked = 0;
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
    fill(into, ...others.map(({ uid, name }) => h("option", { value: String(uid) }, name)));
    go.disabled = !others.length;
    element.showModal();
  }
}
