/** The tools, and what touch needs within reach: include or exclude, zoom, the panels. */

import { effect } from "../../core/signals.js";
import { annotations } from "../../core/state.js";
import { action } from "../../actions/index.js";
import { keyHint } from "../../actions/keys.js";
import { h, liveText, set } from "../dom.js";
import { icon } from "../icons.js";
import { actionButton } from "./action-button.js";

/** @typedef {import("../../actions/action.js").App} App */

/** @param {App} app @param {import("../../tools/tool.js").Tool} tool */
function toolButton(app, tool) {
  const { perform, keys } = action(`tool-${tool.id}`);
  const title = `${tool.title}${keyHint(action(`tool-${tool.id}`))}. ${tool.hint}`;
  const button = h(
    "button",
    { type: "button", class: "icon-button", title, "aria-label": tool.title, "aria-keyshortcuts": keys[0] },
    icon(tool.icon),
  );
  button.addEventListener("click", () => perform(app));
  effect(() => set(button, { "aria-pressed": String(app.tools.active.value === tool) }));
  return button;
}

/** @param {App} app */
function excludeToggle(app) {
  const { perform, enabled, title } = action("toggle-exclude");
  const button = h("button", {
    type: "button",
    class: "icon-button polarity",
    "aria-label": title,
    onclick: () => perform(app),
  });
  effect(() => {
    const on = app.session.excluding.value;
    button.replaceChildren(icon(on ? "exclude" : "include"));
    set(button, {
      "aria-pressed": String(on),
      disabled: !enabled(app),
      title: on ? "Clicks exclude (X)" : "Clicks include; once something is, press to exclude (X)",
    });
  });
  return button;
}

/**
 * @param {HTMLElement} rail
 * @param {App} app
 * @param {import("../../core/signals.js").Signal<boolean>} panelsOpen
 */
export function createRail(rail, app, panelsOpen) {
  const count = liveText(() => String(annotations.value.length), "badge");
  const panels = h(
    "button",
    {
      type: "button",
      class: "icon-button panels-toggle",
      "aria-controls": "panels",
      title: "Labels and objects",
    },
    icon("panels"),
    count,
  );
  panels.addEventListener("click", () => (panelsOpen.value = !panelsOpen.peek()));
  effect(() => {
    const name = `Labels and objects, ${annotations.value.length}`;
    set(panels, { "aria-expanded": String(panelsOpen.value), "aria-label": name });
  });
  const tools = h(
    "div",
    { class: "rail-group", role: "group", "aria-label": "Tools" },
    ...app.tools.list.map((tool) => toolButton(app, tool)),
  );
  const zoom = h(
    "div",
    { class: "rail-group rail-zoom", role: "group", "aria-label": "Zoom" },
    actionButton(app, "zoom-in", "plus"),
    actionButton(app, "zoom-out", "minus"),
    actionButton(app, "zoom-fit", "fit"),
  );
  rail.append(
    tools,
    h("div", { class: "rail-group" }, excludeToggle(app)),
    h("div", { class: "spring" }),
    zoom,
    panels,
  );
}
