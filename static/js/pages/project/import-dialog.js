/** The dialog that takes annotations in: which format, which files, and what to do when some of it cannot be read. */

import { t } from "../../core/text.js";
import { h } from "../shared/dom.js";

const AUTO = "auto";

/**
 * @param {object} parts
 * @param {import("../../net/api.js").Api} parts.api
 * @param {(file: File, how: import("../../net/projects-api.js").ImportHow) => void} parts.send
 */
export function createImportDialog({ api, send }) {
  const format = h(
    "select",
    { class: "field boxed", id: "import-format" },
    h("option", { value: AUTO }, t("Detect automatically")),
  );
  const file = h("input", { type: "file", id: "import-file", required: true, multiple: true, class: "field file" });
  const keepGoing = h("input", { type: "checkbox", id: "import-keep-going" });
  const skipMissing = h("input", { type: "checkbox", id: "import-skip-missing" });
  const askLabels = h("input", { type: "checkbox", id: "import-ask-labels", checked: true });
  const existing = h(
    "select",
    { class: "field boxed", id: "import-existing" },
    h("option", { value: "add" }, t("Add as new objects; duplicates are skipped")),
    h("option", { value: "skip" }, t("Keep the project's version")),
    h("option", { value: "replace" }, t("Replace with the file's version")),
  );
  const go = h("button", { type: "submit", class: "button primary" }, t("Import"));
  const cancel = h(
    "button",
    { type: "button", class: "button", onclick: () => element.close() },
    t("Cancel"),
  );
  const form = h(
    "form",
    { class: "form", onsubmit: submit },
    h("h2", { id: "import-title" }, t("Import annotations")),
    h("label", { for: "import-file" }, t("File")),
    file,
    h(
      "span",
      { class: "muted" },
      t("Annotation files, or a zip or tar archive, with or without images."),
    ),
    h("label", { for: "import-format" }, t("Format")),
    format,
    h("label", { for: "import-existing" }, t("Objects that differ from an earlier import")),
    existing,
    h(
      "label",
      { class: "check" },
      keepGoing,
      h("span", {}, t("Skip items that can't be imported (otherwise nothing is imported)")),
    ),
    h(
      "label",
      { class: "check" },
      skipMissing,
      h("span", {}, t("Skip annotations of images that aren't in the project")),
    ),
    h(
      "label",
      { class: "check" },
      askLabels,
      h("span", {}, t("Let me match labels that aren't in the project")),
    ),
    h("p", { class: "muted" }, t("Annotations are matched to images by name.")),
    h("div", { class: "dialog-actions" }, cancel, go),
  );
  const element = h("dialog", { class: "dialog", "aria-labelledby": "import-title" }, form);

  async function listFormats() {
    const known = await api.formats().catch(() => []); // detecting it works all the same
    if (format.options.length > 1) return; // asked for twice
    format.append(...known.filter(({ reads }) => reads).map(({ id, title }) => h("option", { value: id }, title)));
  }

  /** @param {Event} event */
  function submit(event) {
    event.preventDefault();
    const chosen = [...(file.files ?? [])];
    if (!chosen.length) return;
    element.close();
    const how = {
      format: format.value,
      keepGoing: keepGoing.checked,
      skipMissing: skipMissing.checked,
      askLabels: askLabels.checked,
      existing: existing.value,
    };
    for (const each of chosen) send(each, how);
  }

  element.addEventListener("drop", (event) => {
    if (event.dataTransfer?.files.length) file.files = event.dataTransfer.files;
  });
  return {
    element,
    /** @param {readonly File[]} [dropped]  what is to be imported */
    open(dropped = []) {
      form.reset();
      const data = new DataTransfer();
      for (const each of dropped) data.items.add(each);
      file.files = data.files;
      if (format.options.length === 1) void listFormats();
      element.showModal();
    },
  };
}
