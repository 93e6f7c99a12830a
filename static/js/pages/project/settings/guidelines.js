/** How to annotate: Markdown on one side, as annotators will read it on the other. */

import { t } from "../../../core/text.js";
import { h } from "../../shared/dom.js";
import { settingsPart } from "../../shared/part.js";
import { createSaving, savingWords } from "./saving.js";

/** @param {{api: import("../../../net/api.js").Api, project: import("../../../core/types.js").Project}} parts */
export function createGuidelines({ api, project }) {
  const source = h("textarea", {
    class: "field boxed",
    id: "guidelines-source",
    rows: "14",
    maxlength: "50000",
    "aria-label": t("Guidelines, as Markdown"),
    placeholder: t("What to include, what to leave out, and what to do when in doubt. You can use Markdown."),
  });
  source.value = project.guidelines;
  const preview = h("div", {
    class: "guidelines",
    "aria-label": t("Preview"),
    role: "region",
    tabindex: "0",
  });
  const saving = createSaving(async (/** @type {string} */ guidelines) => {
    show((await api.changeProject(project.id, { guidelines })).guidelines_html);
  });

  /** @param {string} html  made by the server, which lets nothing through but text, links and tables */
  function show(html) {
    preview.innerHTML = html;
    if (!html.trim())
      preview.append(h("p", { class: "muted" }, t("Your text appears here as annotators will see it.")));
  }

  source.addEventListener("input", () => saving.changed(source.value));
  source.addEventListener("change", () => void saving.flush());
  show(project.guidelines_html);
  const element = settingsPart(
    "guidelines",
    t("Guidelines"),
    savingWords(saving),
    h("div", { class: "guidelines-sides" }, source, preview),
  );
  return { element, title: t("Guidelines"), busy: saving.busy };
}
