/** The dialog that gives annotations out: format, split, pictures; what will be in the file and what it cannot carry. */

import { sentenceOf } from "../../core/errors.js";
import { counted, t } from "../../core/text.js";
import { ACCOUNT } from "../../net/account.js";
import { fill, h, set } from "../shared/dom.js";
import { icon } from "../shared/icons.js";
import { progressLine } from "../shared/adding/upload-rows.js";
import { showLosses } from "./losses.js";

/** @typedef {import("../../net/projects-api.js").FormatInfo} FormatInfo */

const SPLITS = ["", "80/10/10", "70/20/10", "90/10/0"];
const ASK_AGAIN_MS = 400;

/**
 * @param {object} parts
 * @param {import("../../net/api.js").Api} parts.api
 * @param {import("../../core/types.js").Project} parts.project
 * @param {ReturnType<typeof import("./export-parts.js").createExportParts>} parts.which  images of the project
 */
export function createExportDialog({ api, project, which }) {
  const format = h("select", { class: "field boxed", id: "export-format" });
  const split = h(
    "select",
    { class: "field boxed", id: "export-split" },
    ...SPLITS.map((value) => h("option", { value }, value ? value.replaceAll("/", " / ") : t("As imported"))),
  );
  const pictures = h("input", { type: "checkbox", id: "export-pictures" });
  const provenance = h("input", { type: "checkbox", id: "export-provenance" });
  const summary = h("p", { class: "export-summary", role: "status" });
  const report = h("div", { class: "losses" });
  const problem = h("p", { class: "form-error", role: "alert", hidden: true });
  const download = h(
    "button",
    { type: "button", class: "button primary", onclick: () => void fetchFile() },
    icon("download"),
    t("Download"),
  );
  const close = h("button", { type: "button", class: "button", onclick: () => element.close() }, t("Close"));
  const { line, show } = progressLine(t("Preparing the file"));
  line.hidden = true;
  const form = h(
    "form",
    { class: "form", method: "dialog" },
    h("h2", { id: "export-title" }, t("Export annotations")),
    h("label", { for: "export-format" }, t("Format")),
    format,
    which.label,
    which.field,
    h("label", { for: "export-split" }, t("Training, validation and test split")),
    split,
    h("label", { class: "check" }, pictures, h("span", {}, t("Include images"))),
    h("label", { class: "check", hidden: !ACCOUNT }, provenance, h("span", {}, t("Include who made and reviewed each object, by name"))),
    summary,
    report,
    problem,
    line,
    h("div", { class: "dialog-actions" }, close, download),
  );
  const element = h("dialog", { class: "dialog export", "aria-labelledby": "export-title" }, form);
  /** @type {FormatInfo[]} */
  let known = [];
  /** Of what is to be exported, once known. @type {{images: number, objects: number}|null} */
  let figures = null;
  let asking = new AbortController(); // about the options chosen now

  const options = async () => ({ split: split.value || undefined, images: pictures.checked, provenance: provenance.checked, ...(await which.options()) });

  function summarize() {
    const chosen = known.find(({ id }) => id === format.value);
    summary.textContent = "";
    if (!chosen || !figures) return;
    const { images, objects } = figures;
    const zipped = chosen.several || chosen.extension === "zip" || !!split.value || pictures.checked || (provenance.checked && !chosen.keeps_details);
    const file = t("as {file}", { file: zipped ? t("a zip file") : `.${chosen.extension}` });
    const what = [
      counted(objects, "{count} object", "{count} objects"),
      counted(images, "on {count} image", "on {count} images"),
    ].join(" ");
    const shares = split.value.split("/").map((share) => Math.round((images * Number(share)) / 100));
    const parts = split.value
      ? ` ${t("About {train} images for training, {validation} for validation, {test} for testing.", { train: shares[0], validation: shares[1], test: shares[2] })} ${t("Images imported with a split keep it.")}`
      : "";
    summary.textContent = `${what}, ${file}.${parts}`;
  }

  async function changed() {
    const { signal } = anew();
    figures = null;
    summarize();
    problem.hidden = true;
    fill(report, h("p", { class: "muted" }, t("Checking what this format can't keep…")));
    try {
      const how = await options();
      signal.throwIfAborted();
      const losses = await api.losses(project.id, format.value, how, signal);
      figures = losses;
      summarize();
      showLosses(report, losses);
    } catch (error) {
      if (signal.aborted) return;
      fill(report);
      say(error, changed);
    }
  }

  /** What was asked before counts no more: nor does the file that is being made for it. */
  function anew() {
    asking.abort();
    line.hidden = true;
    download.disabled = false;
    return (asking = new AbortController());
  }

  /** @param {unknown} error @param {() => Promise<void>} retry */
  function say(error, retry) {
    const again = h("button", { type: "button", class: "button", onclick: () => void retry() }, t("Try again"));
    problem.hidden = false;
    fill(problem, `${sentenceOf(error)} `, again);
  }

  /** Waits until the file is made, showing how far that is, then lets the browser save it. */
  async function fetchFile() {
    const chosen = format.value;
    const { signal } = asking;
    download.disabled = true;
    problem.hidden = true;
    try {
      /** @type {import("../../net/projects-api.js").ExportOptions} */
      let how = await options();
      for (;;) {
        const { file, state, images, total } = await api.prepareExport(project.id, chosen, how, signal);
        how = { ...how, file };
        if (state === "ready") break;
        line.hidden = false;
        show(total ? images / total : 0);
        await new Promise((done) => setTimeout(done, ASK_AGAIN_MS));
        signal.throwIfAborted();
      }
      h("a", { href: api.projectExportUrl(project.id, chosen, how), download: true }).click();
    } catch (error) {
      if (!signal.aborted) say(error, fetchFile);
    } finally {
      if (!signal.aborted) {
        line.hidden = true;
        download.disabled = false;
      }
    }
  }

  async function load() {
    const { signal } = anew();
    try {
      const found = await api.formats();
      if (signal.aborted) return;
      known = found;
      const before = format.value;
      fill(
        format,
        ...known.filter(({ writes }) => writes).map(({ id, title }) => h("option", { value: id }, title)),
      );
      if (before) format.value = before;
      await changed();
    } catch (error) {
      if (!signal.aborted) say(error, load);
    }
  }

  for (const field of [format, which.field, split, pictures, provenance]) field.addEventListener("change", () => void changed());
  element.addEventListener("close", anew);
  set(report, { "aria-live": "polite" });
  return {
    element,
    open() {
      which.offer();
      element.showModal();
      void load();
    },
  };
}
