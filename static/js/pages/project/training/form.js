/** Asks what is trained on which objects, and says beforehand what that takes. */

import { sentenceOf } from "../../../core/errors.js";
import { counted, t } from "../../../core/text.js";
import { fill, h } from "../../shared/dom.js";
import { duration } from "../../shared/format.js";
import { icon } from "../../shared/icons.js";
import { WHATS, WHY_NO_ENCODER } from "./words.js";

/** @typedef {import("../../../core/types.js").SegmenterInfo} SegmenterInfo */
/** @typedef {import("../../../core/api-types.js").TrainingEstimate} Estimate */
/** @typedef {import("../../../core/api-types.js").NewTraining} NewTraining */

const LOOK_MS = 250; // after the last of many changes

/**
 * @param {object} parts
 * @param {string} parts.name  of the project
 * @param {import("./asking.js").Trainings} parts.trainings
 * @param {(asked: NewTraining) => Promise<void>} parts.start
 */
export function createForm({ name, trainings, start }) {
  const kinds = Object.entries(WHATS).map(([what, { title, about }]) => {
    const input = h("input", { type: "radio", name: "training-what", value: what, checked: what === "choice", onchange: look });
    const said = h("span", { class: "muted" }, about);
    return { what, input, about, said, element: h("label", { class: "training-kind" }, input, h("span", {}, h("strong", {}, title), said)) };
  });
  const label = h("select", { class: "field boxed", id: "training-label", onchange: look });
  const base = h("select", { class: "field boxed", id: "training-base", onchange: look });
  const title = h("input", { class: "field boxed", id: "training-title", maxlength: 80, autocomplete: "off", placeholder: t("Optional") });
  const id = h("input", { class: "field boxed", id: "training-id", required: true, pattern: "[a-z0-9][a-z0-9_\\-]{0,63}", autocomplete: "off", autocapitalize: "off", spellcheck: "false", title: t("Lowercase letters, digits, - and _") });
  const minutes = h("input", { class: "field boxed", id: "training-minutes", type: "number", min: 1, max: 1440, placeholder: t("No limit"), oninput: look });
  const foreseen = h("p", { class: "training-estimate", role: "status" });
  const lacking = h("div", { class: "notice training-lacking", hidden: true });
  const wrong = h("p", { class: "form-error", role: "alert", hidden: true });
  const submit = h("button", { type: "submit", class: "button primary", disabled: true }, t("Start training"));
  const field = (/** @type {HTMLElement} */ input, /** @type {string} */ words) => h("div", { class: "training-field" }, h("label", { for: input.id }, words), input);
  const element = h(
    "form",
    { class: "form training-form", onsubmit: begin },
    h("fieldset", { class: "training-kinds" }, h("legend", { class: "label" }, t("What to train")), ...kinds.map((kind) => kind.element)),
    h("div", { class: "training-fields" }, field(label, t("Label")), field(base, t("Base model")), field(title, t("Name")), field(id, t("ID")), field(minutes, t("Time limit (minutes)"))),
    lacking,
    wrong,
    h("div", { class: "training-begin" }, submit, foreseen),
  );
  let asking = new AbortController();
  let timer = 0;

  const what = () => /** @type {NewTraining["what"]} */ (kinds.find(({ input }) => input.checked)?.input.value ?? "choice");
  const chosen = () => ({ what: what(), label: label.value || undefined, segmenter: base.value || undefined, minutes: minutes.value || undefined });

  function look() {
    clearTimeout(timer);
    timer = window.setTimeout(() => void estimate(), LOOK_MS);
  }

  async function estimate() {
    asking.abort();
    asking = new AbortController();
    const { signal } = asking;
    try {
      const told = await trainings.estimate(chosen(), signal);
      if (!signal.aborted) show(told);
    } catch (error) {
      if (signal.aborted) return;
      foreseen.textContent = sentenceOf(error);
      submit.disabled = true;
    }
  }

  /** @param {Estimate["encoder"]} encoder */
  function offerEncoder(encoder) {
    for (const { what, input, about, said } of kinds) {
      if (what !== "lora") continue;
      input.disabled = encoder !== "possible";
      said.textContent = WHY_NO_ENCODER[encoder] || about;
      if (!input.disabled || !input.checked) continue;
      kinds[0].input.checked = true;
      look();
    }
  }

  /** @param {Estimate} told */
  function show(told) {
    offerEncoder(told.encoder);
    const enough = told.images >= told.least;
    submit.disabled = !enough || told.needs !== null;
    lacking.hidden = told.needs === null;
    if (told.needs !== null) fill(lacking, icon("alert"), h("span", {}, t("Training needs Python packages that aren't installed on the server. Run this there, then restart Samphire:")), h("code", {}, told.needs));
    foreseen.textContent = [
      t("{images}, {objects}.", { images: counted(told.images, "{count} image", "{count} images"), objects: counted(told.objects, "{count} object", "{count} objects") }),
      enough ? "" : t("Needs at least {count} images with objects.", { count: told.least }),
      enough && told.used < told.images ? t("{count} of these images will be used.", { count: told.used }) : "",
      enough && told.to_encode ? counted(told.to_encode, "{count} image must be encoded first.", "{count} images must be encoded first.") : "",
      enough ? lasting(told) : "",
    ]
      .filter(Boolean)
      .join(" ");
  }

  /** @param {Event} event */
  async function begin(event) {
    event.preventDefault();
    wrong.hidden = true;
    submit.disabled = true;
    try {
      await start({
        what: what(),
        id: id.value.trim(),
        title: title.value.trim() || null,
        label: label.value || null,
        segmenter: base.value || undefined,
        minutes: minutes.value ? Number(minutes.value) : null,
      });
      title.value = "";
    } catch (error) {
      wrong.hidden = false;
      wrong.textContent = sentenceOf(error);
    }
    submit.disabled = false;
  }

  return {
    element,
    look,
    /**
     * @param {readonly SegmenterInfo[]} segmenters  installed
     * @param {string} used  id of the project's
     * @param {readonly import("../../../core/types.js").LabelClass[]} labels
     */
    offer(segmenters, used, labels) {
      const [was, from] = [label.value, base.value];
      fill(label, h("option", { value: "" }, t("All labels")), ...labels.map((each) => h("option", { value: each.name }, each.name)));
      label.value = labels.some((each) => each.name === was) ? was : "";
      fill(base, ...segmenters.map((each) => h("option", { value: each.id }, each.title)));
      base.value = segmenters.some((each) => each.id === from) ? from : beginning(segmenters, used);
      id.value = freeId(name, segmenters.map((each) => each.id));
      look();
    },
  };
}

/**
 * What the project's segmenter was trained from, if it was: that one has seen none of the images that judge it.
 * @param {readonly SegmenterInfo[]} segmenters @param {string} used
 */
function beginning(segmenters, used) {
  const from = segmenters.find(({ id }) => id === used)?.trained_from?.segmenter;
  return segmenters.some(({ id }) => id === from) ? /** @type {string} */ (from) : used;
}

/** @param {Estimate} told */
function lasting({ seconds, measured }) {
  const time = duration(Math.round(seconds));
  return measured ? t("About {time}, based on the last training on this server.", { time }) : t("About {time} (rough estimate: nothing has been trained on this server yet).", { time });
}

/** Of the project's name, with a number that makes it a new one. @param {string} name @param {readonly string[]} taken */
export function freeId(name, taken) {
  const plain = name.normalize("NFKD").toLowerCase().replace(/[^a-z0-9]+/g, "_").replace(/^_+|_+$/g, "").slice(0, 40) || "trained";
  let number = 1;
  while (taken.includes(`${plain}_${number}`)) number += 1;
  return `${plain}_${number}`;
}
