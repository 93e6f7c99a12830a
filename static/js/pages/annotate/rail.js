/** The tools, and what touch needs within reach: include or exclude, zoom, the panels. */

import { effect } from "../../core/signals.js";
import { t } from "../../core/text.js";
import { run } from "../../editor/actions/action.js";
import { action } from "../../editor/actions/index.js";
import { h, liveText, set } from "../shared/dom.js";
import { drawn, icon } from "../shared/icons.js";
import { showKeys } from "./commands/keys-shown.js";
import { actionButton } from "./action-button.js";
import { createZoomMenu } from "./stage/zoom-menu.js";

/** @typedef {import("../../editor/actions/action.js").App} App */

/** On a phone the row of tools is wider than its room: what is out of sight comes in; what is tapped stays under the finger. @param {HTMLElement} button */
function bringIntoSight(button) {
  const row = button.parentElement;
  if (!row) return;
  const [its, all] = [button, row].map((element) => element.getBoundingClientRect());
  if (its.left < all.left || its.right > all.right) row.scrollBy({ left: its.left + its.width / 2 - (all.left + all.width / 2) });
}

/** @param {App} app @param {import("../../editor/tools/tool.js").Tool} tool */
function toolButton(app, tool) {
  const { id } = action(`tool-${tool.id}`);
  const button = h(
    "button",
    { type: "button", class: "icon-button", "aria-label": tool.title, onclick: () => run(action(`tool-${tool.id}`), app) },
    drawn(tool.icon),
  );
  showKeys(button, id, (hint) => t("{tool}. {hint}", { tool: tool.title + hint, hint: tool.hint }));
  effect(() => {
    const inHand = app.tools.active.value === tool;
    set(button, { "aria-pressed": String(inHand) });
    if (inHand) bringIntoSight(button);
  });
  return button;
}

/** @param {App} app */
function excludeToggle(app) {
  const { enabled, title } = action("toggle-exclude");
  const button = h("button", {
    type: "button",
    class: "icon-button polarity",
    "aria-label": title,
    onclick: () => run(action("toggle-exclude"), app),
  });
  effect(() => {
    const on = app.editor.excluding.value;
    button.replaceChildren(icon(on ? "exclude" : "include"));
    set(button, { "aria-pressed": String(on), disabled: !enabled(app) });
  });
  showKeys(button, "toggle-exclude", (hint) =>
    app.editor.excluding.value
      ? t("Click mode: exclude. Press to toggle") + hint
      : t("Click mode: include. Press to toggle") + hint,
  );
  return button;
}

/**
 * @param {HTMLElement} rail
 * @param {App} app
 * @param {import("../../core/signals.js").Signal<boolean>} panelsOpen
 */
export function createRail(rail, app, panelsOpen) {
  const { doc } = app;
  const count = liveText(() => String(doc.objects.all.value.length), "badge");
  const panels = h(
    "button",
    {
      type: "button",
      class: "icon-button panels-toggle",
      "aria-controls": "panels",
      title: t("Labels and objects"),
    },
    icon("panels"),
    count,
  );
  panels.addEventListener("click", () => (panelsOpen.value = !panelsOpen.peek()));
  effect(() => {
    const name = t("Labels and objects, {count}", { count: doc.objects.all.value.length });
    set(panels, { "aria-expanded": String(panelsOpen.value), "aria-label": name });
  });
  const tools = h(
    "div",
    { class: "rail-group rail-tools", role: "group", "aria-label": t("Tools") },
    ...app.tools.list.map((tool) => toolButton(app, tool)),
  );
  const zoom = h(
    "div",
    { class: "rail-group rail-zoom", role: "group", "aria-label": t("Zoom") },
    actionButton(app, "zoom-in", "plus"),
    ...createZoomMenu(app),
    actionButton(app, "zoom-out", "minus"),
    actionButton(app, "zoom-fit", "fit"),
  );
  rail.append(
    tools,
    app.doc.readOnly ? "" : h("div", { class: "rail-group" }, excludeToggle(app)),
    h("div", { class: "spring" }),
    zoom,
    panels,
  );
}
