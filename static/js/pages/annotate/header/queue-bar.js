/** Where one is among the images that are worked through, in the header: back, on, how far the image is, and done. */

import { run } from "../../../editor/actions/action.js";
import { action } from "../../../editor/actions/index.js";
import { effect } from "../../../core/signals.js";
import { t } from "../../../core/text.js";
import { viewOptions } from "../../../editor/view-options.js";
import { fill, h, liveText, set } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { showKeys } from "../commands/keys-shown.js";
import { STATE_TITLES, stateIcon } from "../../shared/image-states.js";
import { menuOf } from "../../shared/popups/menu.js";
import { createReviewBar } from "./review-bar.js";
import { steadyWord } from "./steady.js";
import { actionButton } from "../action-button.js";

/** @typedef {import("../../../editor/actions/action.js").App} App */
/** @typedef {import("../../../core/types.js").ImageState} ImageState */

/** In the order work goes. @type {ImageState[]} */
const MENU = ["new", "in_progress", "done", "skipped", "attention"];

/** @param {App} app */
function stateMenu(app) {
  const name = steadyWord(Object.values(STATE_TITLES), "state-name");
  const button = h("button", { type: "button", class: "button quiet state-button" });
  effect(() => {
    const state = app.queue.state.value;
    const title = STATE_TITLES[state];
    name.show(title);
    fill(button, stateIcon(state), name.element);
    const told = t("Image state: {state}", { state: title });
    set(button, { "aria-label": told, title: told });
  });
  const perform = (/** @type {string} */ id) => () => run(action(id), app);
  const states = MENU.map((state) => ({
    title: STATE_TITLES[state],
    icon: `state-${state}`,
    perform: perform(`mark-${state}`),
  }));
  const onward = (/** @type {string} */ id) => ({ title: action(id).title, icon: "onward", perform: perform(id) });
  const menu = menuOf(button, [...states, onward("skip-and-next"), onward("give-back")]);
  const giving = /** @type {HTMLElement} */ (menu.querySelector("[role=menuitem]:last-child"));
  effect(() => {
    giving.hidden = !action("give-back").enabled(app);
  });
  return menu;
}

/** @param {App} app */
function doneButton(app) {
  const { title, detail, enabled } = action("done-and-next");
  const button = h(
    "button",
    {
      type: "button",
      class: "button done-and-next",
      "aria-label": title,
      onclick: () => run(action("done-and-next"), app),
    },
    icon("check"),
    h("span", {}, t("Done")),
  );
  showKeys(button, "done-and-next", (hint) => [title + hint, detail?.(app)].filter(Boolean).join(". "));
  effect(() => {
    const lacks = detail?.(app) ?? "";
    button.disabled = !enabled(app);
    set(button, { "data-warning": lacks !== "", "aria-description": lacks || null });
  });
  return button;
}

/** @param {App} app */
function placeText(app) {
  const now = app.queue.standing.value;
  return now ? `${now.position || "–"} / ${now.total}` : ""; // 0: it does not match the filter any more
}

/**
 * @param {App} app
 * @returns {HTMLElement}
 */
export function createQueueBar(app) {
  const place = h(
    "button",
    { type: "button", class: "queue-place", onclick: () => run(action("filmstrip"), app) },
    liveText(() => placeText(app)),
  );
  effect(() => {
    const now = app.queue.standing.value;
    const { position = 0, total = 0 } = now ?? {};
    const gone = now ? t("This image is not among the {total} of the filter", { total }) : "";
    const words = position ? t("Image {position} of {total}", { position, total }) : gone;
    place.style.setProperty("--digits", String(String(now?.total ?? "").length));
    set(place, { "aria-label": words, "aria-expanded": String(viewOptions.filmstrip.value) });
  });
  showKeys(place, "filmstrip", (hint) => t("Show or hide filmstrip") + hint);
  const done = doneButton(app);
  return h(
    "div",
    { class: "queue", role: "group", "aria-label": t("Project images") },
    actionButton(app, "previous-image", "previous"),
    place,
    actionButton(app, "next-image", "next"),
    ...(app.doc.saves ? [stateMenu(app), done, createReviewBar(app, done)] : []),
  );
}
