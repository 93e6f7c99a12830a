/** Name, description, segmenter and keys of a project; each saved by itself. */

import { reaches } from "../../../core/roles.js";
import { counted, t } from "../../../core/text.js";
import { ACCOUNT } from "../../../net/account.js";
import { fill, h } from "../../shared/dom.js";
import { baseOf, lineageOf } from "../../shared/lineage.js";
import { settingsPart } from "../../shared/part.js";
import { settingsField } from "./field.js";
import { createSaving } from "./saving.js";

/** @typedef {import("../../../core/types.js").Project} Project */

const LEASES = Object.freeze([30, 60, 120, 240, 480, 1440]); // minutes
const ANNOTATORS = Object.freeze([1, 2, 3, 4, 5]);
const GOLD = Object.freeze([0, 5, 10, 20, 50]); // images
const DRAFTS = Object.freeze([0, 0.8, 0.85, 0.88, 0.9, 0.95]); // least predicted IoU; 0: none
const PRESETS = Object.freeze({ samphire: "Samphire", cvat: "CVAT", labelme: "LabelMe" }); // names, not words

const BLIND = t(
  "With 2 or more, annotators see only their own objects, also where there are others already: those stay for reviewers, managers, viewers and exports.",
);
const MARKED = t("Mark images whose objects are right as gold in the grid. Annotators, who aren't told which they are, are compared with them.");

/** @param {number} minutes */
const longOf = (minutes) =>
  minutes % 60 ? counted(minutes, "{count} minute", "{count} minutes") : counted(minutes / 60, "{count} hour", "{count} hours");

/** A choice of numbers, the present one among them. @param {string} id @param {readonly number[]} usual @param {number} value @param {(each: number) => string} titled */
function numbers(id, usual, value, titled) {
  const all = usual.includes(value) ? usual : [...usual, value].sort((a, b) => a - b);
  const field = h("select", { class: "field boxed", id }, ...all.map((each) => h("option", { value: each }, titled(each))));
  field.value = String(value);
  return field;
}

/**
 * @param {object} parts
 * @param {import("../../../net/api.js").Api} parts.api
 * @param {Project} parts.project
 * @param {readonly import("../../../core/types.js").SegmenterInfo[]} parts.segmenters
 */
export function createGeneral({ api, project, segmenters }) {
  /** @type {Array<ReturnType<typeof createSaving>>} */
  const savings = [];

  /**
   * @template {HTMLInputElement|HTMLTextAreaElement|HTMLSelectElement} F
   * @param {F} field @param {string} label @param {string} about @param {(value: string) => Promise<unknown>} save
   */
  function saved(field, label, about, save) {
    const saving = createSaving(save, field instanceof HTMLSelectElement ? 0 : undefined);
    savings.push(saving);
    field.addEventListener("input", () => saving.changed(field.value));
    field.addEventListener("change", () => void saving.flush());
    return settingsField(field, label, about, saving);
  }

  const name = h("input", {
    class: "field boxed",
    id: "name",
    maxlength: "200",
    autocomplete: "off",
    value: project.name,
  });
  const description = h("textarea", {
    class: "field boxed",
    id: "description",
    rows: "3",
    maxlength: "5000",
  });
  description.value = project.description;
  const segmenter = h(
    "select",
    { class: "field boxed", id: "segmenter" },
    h("option", { value: "" }, t("Server default")),
    ...segmenters.map(({ id, title }) => h("option", { value: id }, title)),
  );
  segmenter.value = project.settings.segmenter ?? "";
  const lineage = h("div", { class: "lineage muted" });
  const retell = () => {
    const chosen = segmenters.find(({ id, default: usual }) => (segmenter.value ? id === segmenter.value : usual));
    const base = chosen ? baseOf(chosen, segmenters) : null;
    fill(lineage, chosen ? lineageOf(chosen, segmenters) : "", base && stepBack(base));
  };
  segmenter.addEventListener("change", retell);
  retell();

  /** One step back from a trained segmenter. @param {import("../../../core/types.js").SegmenterInfo} base */
  function stepBack({ id, title }) {
    const onclick = () => {
      segmenter.value = id;
      for (const event of ["input", "change"]) segmenter.dispatchEvent(new Event(event));
      segmenter.focus();
    };
    return h("button", { type: "button", class: "button", onclick }, t("Revert to {segmenter}", { segmenter: title }));
  }
  const keys = h(
    "select",
    { class: "field boxed", id: "keys" },
    ...Object.entries(PRESETS).map(([id, title]) => h("option", { value: id }, title)),
  );
  keys.value = project.settings.key_preset;

  const done = h(
    "select",
    { class: "field boxed", id: "done" },
    h("option", { value: "" }, t("Any image")),
    h("option", { value: "complete" }, t("Only images with all required attributes")),
  );
  done.value = project.settings.require_attributes ? "complete" : "";

  const review = h(
    "select",
    { class: "field boxed", id: "review" },
    h("option", { value: "" }, t("No")),
    h("option", { value: "on" }, t("Yes, a reviewer accepts or returns each image")),
  );
  review.value = project.settings.review ? "on" : "";
  const lease = numbers("lease", LEASES, project.settings.lease_minutes, longOf);

  const { propose_ahead: ahead, propose_threshold: threshold } = project.settings;
  const proposing = numbers("propose", DRAFTS, ahead ? threshold : 0, (each) =>
    each ? t("Yes, with a confidence of {least} or more", { least: each.toFixed(2) }) : t("No"),
  );

  const annotators = numbers("annotators", ANNOTATORS, project.settings.annotators_per_image, String);
  const gold = numbers("gold-every", GOLD, project.settings.gold_every, (each) =>
    each ? t("About every {count}th image", { count: each }) : t("Never"),
  );

  /** @param {string} value */
  async function saveName(value) {
    const { name: kept } = await api.changeProject(project.id, { name: value });
    const heading = document.getElementById("project-name");
    if (heading) heading.textContent = kept;
    document.title = `${kept} – Samphire`;
  }

  const model = saved(
    segmenter,
    t("Segmentation model"),
    t("Used when someone opens an image in this project."),
    (value) => api.changeProject(project.id, { settings: { segmenter: value || null } }),
  );
  model.append(lineage);

  const element = settingsPart(
    "general",
    t("General"),
    saved(name, t("Name"), "", saveName),
    saved(description, t("Description"), t("One or two lines, shown on the home page."), (value) =>
      api.changeProject(project.id, { description: value }),
    ),
    model,
    saved(
      keys,
      t("Shortcuts"),
      t("Default shortcut set for annotators."),
      (value) =>
        api.changeProject(project.id, { settings: { key_preset: /** @type {"samphire"} */ (value) } }),
    ),
    saved(proposing, t("Propose masks ahead"), t("New images come with drafts to keep or drop."), (value) =>
      api.changeProject(project.id, {
        settings: Number(value) ? { propose_ahead: true, propose_threshold: Number(value) } : { propose_ahead: false },
      }),
    ),
    saved(done, t("Can be marked as done"), "", (value) =>
      api.changeProject(project.id, { settings: { require_attributes: value === "complete" } }),
    ),
    ACCOUNT && saved(review, t("Review"), t("Whether done images go to a reviewer."), (value) =>
      api.changeProject(project.id, { settings: { review: value === "on" } }),
    ),
    ACCOUNT && saved(lease, t("Time per image from the queue"), t("Without work for so long, an image is offered to others again."), (value) =>
      api.changeProject(project.id, { settings: { lease_minutes: Number(value) } }),
    ),
    ACCOUNT && saved(annotators, t("Annotators per image"), BLIND, (value) =>
      api.changeProject(project.id, { settings: { annotators_per_image: Number(value) } }),
    ),
    ACCOUNT && reaches(project.role, "manager") && saved(gold, t("Gold images from the queue"), MARKED, (value) =>
      api.changeProject(project.id, { settings: { gold_every: Number(value) } }),
    ),
  );
  return { element, title: t("General"), busy: () => savings.some((saving) => saving.busy()) };
}
