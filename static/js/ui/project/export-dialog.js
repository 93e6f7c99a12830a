/** The dialog that gives annotations out: format, split, pictures; what will be in the file and what it cannot carry. */

import { counted, t } from "../../core/text.js";
import { fill, h, set } from "../dom.js";
import { icon } from "../icons.js";
import { progressLine } from "../adding/upload-rows.js";
import { showLosses } from "./losses.js";

/** @typedef {import("../../net/projects-api.js").FormatInfo} FormatInfo */
/** @typedef {import("../../core/errors.js").ApiError} ApiError */

const SPLITS = ["", "80/10/10", "70/20/10", "90/10/0"];
const ASK_AGAIN_MS = 400;

/** @param {{api: import("../../net/api.js").Api, project: import("../../core/types.js").Project}} parts */
export function createExportDialog({ api, project }) {
  const format = h("select", { class: "field boxed", id: "export-format" });
  const split = h(
    "select",
    { class: "field boxed", id: "export-split" },
    ...SPLITS.map((value) => h("option", { value }, value ? value.replaceAll("/", " / ") : t("All in one"))),
  );
  const pictures = h("input", { type: "checkbox", id: "export-pictures" });
  const summary = h("p", { class: "export-summary", role: "status" });
  const report = h("div", { class: "losses" });
  const download = h(
    "button",
    { type: "button", class: "button primary", onclick: () => void fetchFile() },
    icon("download"),
    t("Download"),
  );
  const close = h("button", { type: "button", class: "button", onclick: () => element.close() }, t("Close"));
  const { line, show } = progressLine(t("Making the file"));
  line.hidden = true;
  const form = h(
    "form",
    { class: "form", method: "dialog" },
    h("h2", { id: "export-title" }, t("Export annotations")),
    h("label", { for: "export-format" }, t("Format")),
    format,
    h("label", { for: "export-split" }, t("Training, validation, test")),
    split,
    h("label", { class: "check" }, pictures, h("span", {}, t("With the pictures"))),
    summary,
    report,
    line,
    h("div", { class: "dialog-actions" }, close, download),
  );
  const element = h("dialog", { class: "dialog export", "aria-labelledby": "export-title" }, form);
  /** @type {FormatInfo[]} */
  let known = [];
  let figures = project;
  let asked = 0;

  const options = () => ({ split: split.value || undefined, images: pictures.checked });

  function summarize() {
    const { image_count: images, annotation_count: objects } = figures;
    const chosen = known.find(({ id }) => id === format.value);
    if (!chosen) return;
    const zipped = chosen.several || chosen.extension === "zip" || !!split.value || pictures.checked;
    const file = t("as {file}", { file: zipped ? t("a zip file") : `.${chosen.extension}` });
    const what = [
      counted(objects, "{count} object", "{count} objects"),
      counted(images, "on {count} image", "on {count} images"),
    ].join(" ");
    const shares = split.value.split("/").map((share) => Math.round((images * Number(share)) / 100));
    const parts = split.value
      ? ` ${t("About {train} images to train with, {validation} to validate, {test} to test.", { train: shares[0], validation: shares[1], test: shares[2] })}`
      : "";
    summary.textContent = `${what}, ${file}.${parts}`;
  }

  async function changed() {
    summarize();
    const mine = ++asked;
    fill(report, h("p", { class: "muted" }, t("Looking at what this format cannot carry…")));
    try {
      const losses = await api.losses(project.id, format.value, options());
      if (mine === asked) showLosses(report, losses);
    } catch (error) {
      if (mine === asked) say(/** @type {ApiError} */ (error));
    }
  }

  /** @param {ApiError} error */
  function say({ message, hint }) {
    const again = h(
      "button",
      { type: "button", class: "button", onclick: () => void changed() },
      t("Try again"),
    );
    fill(report, h("p", { class: "form-error", role: "alert" }, `${message} ${hint ?? ""} `, again));
  }

  /** Waits until the file is made, showing how far that is, then lets the browser save it. */
  async function fetchFile() {
    const chosen = format.value;
    const how = options();
    download.disabled = true;
    try {
      for (;;) {
        const { state, images, total } = await api.prepareExport(project.id, chosen, how);
        if (state === "ready") break;
        line.hidden = false;
        show(total ? images / total : 0);
        await new Promise((done) => setTimeout(done, ASK_AGAIN_MS));
        if (!element.open) return;
      }
      h("a", { href: api.projectExportUrl(project.id, chosen, how), download: true }).click();
    } catch (error) {
      say(/** @type {ApiError} */ (error));
    } finally {
      line.hidden = true;
      download.disabled = false;
    }
  }

  async function load() {
    try {
      [known, figures] = await Promise.all([api.formats(), api.project(project.id)]);
      const before = format.value;
      fill(
        format,
        ...known.filter(({ writes }) => writes).map(({ id, title }) => h("option", { value: id }, title)),
      );
      if (before) format.value = before;
      await changed();
    } catch (error) {
      say(/** @type {ApiError} */ (error));
      const again = report.querySelector("button");
      again?.addEventListener("click", () => void load());
    }
  }

  for (const field of [format, split, pictures]) field.addEventListener("change", () => void changed());
  set(report, { "aria-live": "polite" });
  return {
    element,
    open() {
      element.showModal();
      void load();
    },
  };
}
