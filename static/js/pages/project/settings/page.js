/** Puts the page of a project's settings together: what it is called, how to annotate, its labels. */

import { t } from "../../../core/text.js";
import { h } from "../../shared/dom.js";
import { appearance } from "../../shared/theme.js";
import { createToasts } from "../../shared/popups/toasts.js";
import { createGeneral } from "./general.js";
import { createGuidelines } from "./guidelines.js";
import { createLabelEditor } from "./label-editor.js";

/**
 * @param {object} parts
 * @param {import("../../../net/api.js").Api} parts.api
 * @param {import("../../../core/types.js").Boot} parts.boot
 * @param {import("../../../core/types.js").Project} parts.project
 * @param {import("../../../core/signals.js").Signal<import("../../shared/theme.js").Theme>} parts.theme
 */
export function createSettingsPage({ api, boot, project, theme }) {
  document.getElementById("header")?.append(...appearance(theme));
  const main = /** @type {HTMLElement} */ (document.getElementById("main"));
  const toast = createToasts(document.body);
  const parts = [
    createLabelEditor({ api, projectId: project.id, toast }),
    createGuidelines({ api, project }),
    createGeneral({ api, project, segmenters: boot.segmenters }),
  ];
  const contents = h(
    "nav",
    { class: "settings-contents", "aria-label": t("Settings") },
    ...parts.map(({ element, title }) => h("a", { href: `#${element.id}` }, title)),
  );
  main.append(
    h(
      "div",
      { class: "settings" },
      contents,
      h("div", { class: "settings-parts" }, ...parts.map(({ element }) => element)),
    ),
  );
  parts.find(({ element }) => `#${element.id}` === location.hash)?.element.scrollIntoView();
  window.addEventListener("beforeunload", (event) => {
    if (parts.some(({ busy }) => busy())) event.preventDefault();
  });
}
