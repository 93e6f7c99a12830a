/** Which values and bands of a deep image everybody is shown: in managers' popover of the view; the server makes its copies anew. */

import { sentenceOf } from "../../../core/errors.js";
import { reaches } from "../../../core/roles.js";
import { computed, effect } from "../../../core/signals.js";
import { t } from "../../../core/text.js";
import { h } from "../../shared/dom.js";

/** @typedef {import("../../../core/types.js").Rendering} Rendering */

const DEEP = new Set(["TIFF", "PNG", "JPEG2000"]); // kinds that may hold more than 8 bits

/** "3, 2 1" -> [3, 2, 1]. @param {string} text @returns {number[]|null} */
export function bandsOf(text) {
  const words = text.split(/[\s,;/]+/).filter(Boolean);
  return words.length ? words.map(Number) : null;
}

/**
 * @param {import("../../../editor/actions/action.js").App} app @param {import("../../../net/api.js").Api} api
 * @returns {HTMLElement}
 */
export function createValuesForm({ doc, queue }, api) {
  const range = h(
    "select",
    { id: "values-range", class: "field boxed", "aria-label": t("Value range") },
    h("option", { value: "auto" }, t("Automatic")),
    h("option", { value: "full" }, t("Full range")),
    h("option", { value: "given" }, t("Custom")),
  );
  const black = h("input", { type: "number", step: "any", class: "field boxed", "aria-label": t("Black"), placeholder: t("Black") });
  const white = h("input", { type: "number", step: "any", class: "field boxed", "aria-label": t("White"), placeholder: t("White") });
  const ends = h("div", { class: "view-row" }, black, white);
  const bands = h("input", { id: "values-bands", class: "field boxed", placeholder: "1 2 3", "aria-label": t("Bands") });
  const failure = h("p", { class: "error", role: "alert" });
  const apply = h("button", { class: "button" }, t("Apply"));
  const form = h(
    "form",
    { class: "values-form" },
    h("div", { class: "view-row" }, h("span", {}, t("Value range")), range),
    ends,
    h("div", { class: "view-row" }, h("span", {}, t("Bands")), bands, apply),
    failure,
  );

  const showEnds = () => {
    ends.hidden = range.value !== "given";
    for (const end of [black, white]) end.required = !ends.hidden;
  };
  range.addEventListener("change", showEnds);

  /** The rest of an image may change while somebody types here. */
  const rendered = computed(() => {
    const { id, format, rendering } = doc.image.value ?? {};
    return JSON.stringify([id, format, rendering, doc.project.value.role]);
  });
  effect(() => {
    void rendered.value;
    const shown = doc.image.peek();
    form.hidden = !shown || !reaches(doc.project.peek().role, "manager") || !(DEEP.has(shown.format) || shown.rendering);
    const { range: told = "auto", bands: chosen = null } = shown?.rendering ?? {};
    range.value = typeof told === "string" ? told : "given";
    [black.value, white.value] = typeof told === "string" ? ["", ""] : told.map(String);
    bands.value = chosen?.join(" ") ?? "";
    failure.textContent = "";
    showEnds();
  });

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const shown = doc.image.peek();
    if (!shown) return;
    /** @type {Rendering} */
    const rendering = {
      range: range.value === "given" ? [black.valueAsNumber, white.valueAsNumber] : /** @type {'auto'|'full'} */ (range.value),
      bands: bandsOf(bands.value),
    };
    apply.disabled = true;
    failure.textContent = "";
    try {
      const changed = await api.renderImage(queue.project.id, shown.id, rendering);
      if (doc.image.peek()?.id === changed.id) await doc.open(changed);
    } catch (error) {
      failure.textContent = sentenceOf(error);
    } finally {
      apply.disabled = false;
    }
  });
  return form;
}
