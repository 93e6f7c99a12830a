/** Puts the page of a project's settings together: what it is called, how to annotate, its labels. */

import { t } from "../../../core/text.js";
import { ACCOUNT } from "../../../net/account.js";
import { reaches } from "../../../core/roles.js";
import { h } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { appearance } from "../../shared/theme.js";
import { createToasts } from "../../shared/popups/toasts.js";
import { createGeneral } from "./general.js";
import { createGuidelines } from "./guidelines.js";
import { createLabelEditor } from "./label-editor.js";
import { createMembers } from "./members.js";
import { createWebhooks } from "./webhooks.js";

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
  const mayChange = reaches(project.role, "manager");
  const parts = [
    createLabelEditor({ api, projectId: project.id, toast }),
    createGuidelines({ api, project }),
    createGeneral({ api, project, segmenters: boot.segmenters }),
  ];
  const others = [
    ...(ACCOUNT ? [createMembers({ api, project, toast })] : []),
    ...(mayChange ? [createWebhooks({ api, project, toast })] : []),
  ];
  const all = [...parts, ...others];
  const contents = h(
    "nav",
    { class: "settings-contents", "aria-label": t("Settings") },
    ...all.map(({ element, title }) => h("a", { href: `#${element.id}` }, title)),
  );
  const sign = h("p", { class: "read-only-sign", hidden: mayChange }, icon("eye"), t("You can look, but not change. Managers and owners can."));
  main.append(
    h(
      "div",
      { class: "settings" },
      contents,
      h(
        "div",
        { class: "settings-parts" },
        sign,
        h("fieldset", { class: "settings-parts", disabled: !mayChange }, ...parts.map(({ element }) => element)),
        ...others.map(({ element }) => element),
      ),
    ),
  );
  all.find(({ element }) => `#${element.id}` === location.hash)?.element.scrollIntoView();
  window.addEventListener("beforeunload", (event) => {
    if (parts.some(({ busy }) => busy())) event.preventDefault();
  });
}
