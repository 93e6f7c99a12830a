/** The dialog that makes a project: its name, and labels to start with. */

import { sentenceOf } from "../../core/errors.js";
import { t } from "../../core/text.js";
import { paletteColor } from "../../document/labels/palette.js";
import { projectAddress } from "../shared/address.js";
import { h } from "../shared/dom.js";

const MOST_KEYS = 9;

/** Names between commas and line ends, each once. @param {string} text */
export function labelNames(text) {
  const names = text.split(/[,;\n]/).map((name) => name.trim());
  return [...new Set(names.filter(Boolean))];
}

/** @param {{api: import("../../net/api.js").Api}} parts */
export function createNewProject({ api }) {
  const name = h("input", {
    class: "field boxed",
    id: "project-name",
    required: true,
    maxlength: "200",
    autocomplete: "off",
    autofocus: true,
  });
  const labels = h("textarea", {
    class: "field boxed",
    id: "project-labels",
    rows: "2",
    "aria-describedby": "labels-hint",
  });
  const wrong = h("p", { class: "form-error", role: "alert", hidden: true });
  const cancel = h(
    "button",
    { type: "button", class: "button", onclick: () => element.close() },
    t("Cancel"),
  );
  const make = h("button", { type: "submit", class: "button primary" }, t("Create"));
  const form = h(
    "form",
    { class: "form", onsubmit: submit },
    h("h2", { id: "new-project-title" }, t("New project")),
    h("label", { for: "project-name" }, t("Name")),
    name,
    h("label", { for: "project-labels" }, t("Initial labels")),
    labels,
    h(
      "span",
      { class: "muted", id: "labels-hint" },
      t("Separate with commas. You can add more at any time."),
    ),
    wrong,
    h("div", { class: "dialog-actions" }, cancel, make),
  );
  const element = h("dialog", { class: "dialog", "aria-labelledby": "new-project-title" }, form);
  /** Made, though its labels were refused: trying again does not make another one. @type {{id: string}|null} */
  let made = null;
  element.addEventListener("close", giveUp);

  /** It was not wanted without its labels. */
  function giveUp() {
    if (made) void api.deleteProject(made.id).catch(() => {});
    made = null;
  }

  /** @param {Event} event */
  async function submit(event) {
    event.preventDefault();
    make.disabled = true;
    wrong.hidden = true;
    try {
      const given = { name: name.value };
      const project = made ? await api.changeProject(made.id, given) : await api.createProject(given);
      made = project;
      if (!element.open) return giveUp();
      const wanted = labelNames(labels.value).map((each, i) => ({
        name: each,
        color: paletteColor(i),
        key: i < MOST_KEYS ? String(i + 1) : null,
        description: "",
        group: "",
        attributes: [],
      }));
      if (wanted.length) {
        const { version } = await api.labels(project.id);
        await api.replaceLabels(project.id, { labels: wanted, version });
      }
      if (!element.open) return;
      made = null;
      location.href = projectAddress(project.id);
    } catch (error) {
      wrong.textContent = sentenceOf(error);
      wrong.hidden = false;
      make.disabled = false;
    }
  }

  return {
    element,
    open() {
      form.reset();
      wrong.hidden = true;
      make.disabled = false;
      element.showModal();
    },
    /** The page is shown again as it was left. */
    back: () => element.close(),
  };
}
