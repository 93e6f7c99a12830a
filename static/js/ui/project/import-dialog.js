/** The dialog that takes annotations in: which format, which files, and what to do when some of it cannot be read. */

import { t } from "../../core/text.js";
import { fill, h } from "../dom.js";

const AUTO = "auto";

/**
 * @param {object} parts
 * @param {import("../../net/api.js").Api} parts.api
 * @param {(file: File, how: {format: string, keepGoing: boolean}) => void} parts.send
 */
export function createImportDialog({ api, send }) {
  const format = h("select", { class: "field boxed", id: "import-format" });
  const file = h("input", { type: "file", id: "import-file", required: true, multiple: true, class: "field file" });
  const keepGoing = h("input", { type: "checkbox", id: "import-keep-going" });
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
      t("Single files, or a zip or tar archive of many, with their pictures or without."),
    ),
    h("label", { for: "import-format" }, t("Format")),
    format,
    h(
      "label",
      { class: "check" },
      keepGoing,
      h("span", {}, t("Import what can be, though some cannot. Otherwise it is all of it, or nothing.")),
    ),
    h(
      "p",
      { class: "muted" },
      t("Annotations go to the pictures of the same name. What was imported before is not doubled."),
    ),
    h("div", { class: "dialog-actions" }, cancel, go),
  );
  const element = h("dialog", { class: "dialog", "aria-labelledby": "import-title" }, form);

  async function listFormats() {
    const known = await api.formats().catch(() => []); // finding it out by itself works all the same
    fill(
      format,
      h("option", { value: AUTO }, t("Find out by itself")),
      ...known.filter(({ reads }) => reads).map(({ id, title }) => h("option", { value: id }, title)),
    );
  }

  /** @param {Event} event */
  function submit(event) {
    event.preventDefault();
    const chosen = [...(file.files ?? [])];
    if (!chosen.length) return;
    element.close();
    for (const each of chosen) send(each, { format: format.value, keepGoing: keepGoing.checked });
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
      if (!format.options.length) void listFormats();
      element.showModal();
    },
  };
}
