/** The line on top: where one is, what is saved, where masks are computed, what can be taken away. */

import { effect } from "../../core/signals.js";
import { annotations, image, online } from "../../core/state.js";
import { counted } from "../format.js";
import { fill, h, liveText, set } from "../dom.js";
import { icon } from "../icons.js";
import { themeButton } from "../theme.js";
import { createChip } from "./chip.js";
import { createPicker } from "./picker.js";
import { actionButton } from "./action-button.js";

/** @param {import("../../actions/action.js").App} app */
function savedState({ session }) {
  const element = h("button", { type: "button", class: "saved", disabled: true });
  let failed = /** @type {Array<() => void>} */ ([]);
  element.addEventListener("click", () => failed.forEach((retry) => retry()));
  effect(() => {
    const unsaved = [...session.annotations.unsaved.value.values()];
    failed = unsaved.filter(({ state }) => state === "failed").map(({ retry }) => retry);
    const state = failed.length ? "failed" : unsaved.length ? "saving" : "saved";
    const text = {
      failed: online.value ? "Not saved. Retry" : "Not saved yet",
      saving: "Saving…",
      saved: "Saved",
    }[state];
    set(element, {
      "data-state": state,
      "aria-label": text, // a narrow header shows the icon alone
      disabled: state !== "failed",
      hidden: annotations.value.length === 0 && state === "saved",
    });
    const first = unsaved.find(({ message }) => message);
    element.title = first ? `${counted(failed.length, "change", "changes")} not saved: ${first.message}` : "";
    fill(
      element,
      icon(state === "failed" ? "alert" : state === "saved" ? "check" : "sync"),
      h("span", {}, text),
    );
  });
  return element;
}

/** @param {import("../../net/api.js").Api} api */
function exportMenu(api) {
  const one = h("a", { class: "menu-item", download: true }, icon("download"), "COCO, this image");
  const all = h(
    "a",
    { class: "menu-item", download: true, href: api.exportUrl(null) },
    icon("download"),
    "COCO, all images",
  );
  const docs = h("a", { class: "menu-item", href: "/api/docs" }, icon("code"), "Use it from a program");
  const menu = h("div", { id: "export-menu", class: "popover menu", popover: "auto" }, one, all, docs);
  menu.addEventListener("click", () => menu.hidePopover());
  effect(() => {
    if (image.value) one.href = api.exportUrl(image.value.id);
  });
  const button = h(
    "button",
    {
      type: "button",
      class: "button quiet export",
      popovertarget: "export-menu",
      "aria-label": "Export",
      title: "Export",
    },
    icon("download"),
    h("span", {}, "Export"),
  );
  return [button, menu];
}

/**
 * @param {HTMLElement} header
 * @param {{app: import("../../actions/action.js").App, api: import("../../net/api.js").Api, segmenter: import("../../segment/segmenter.js").Segmenter}} parts
 */
export function createHeader(header, { app, api, segmenter }) {
  const home = h(
    "a",
    { class: "brand", href: "/", "aria-label": "Samphire, all images" },
    icon("samphire"),
    h("span", {}, "Samphire"),
  );
  const name = liveText(() => image.value?.name ?? "", "file-name");
  const size = liveText(
    () => (image.value ? `${image.value.width} × ${image.value.height}` : ""),
    "file-size",
  );
  const file = h("h1", { class: "file" }, name, size);
  effect(() => {
    if (image.value) document.title = `${image.value.name} – Samphire`;
    set(name, { title: image.value?.name ?? null });
  });
  const edit = h(
    "div",
    { class: "header-edit" },
    actionButton(app, "undo", "undo"),
    actionButton(app, "redo", "redo"),
  );
  const help = actionButton(app, "help", "help");
  fill(header, home, h("span", { class: "slash", "aria-hidden": "true" }, "/"), file, edit, savedState(app));
  header.append(...createPicker(app, segmenter), ...createChip(segmenter), ...exportMenu(api), themeButton(app.theme), help);
}
