/** One label in the list: its key, colour, name and use, and buttons for what is done with it. */

import { t } from "../../../core/text.js";
import { decide } from "../../../editor/actions/keymap.js";
import { nameInGroup } from "../../../document/labels/label-groups.js";
import { h, set } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { confirming } from "../../shared/popups/confirming.js";
import { mergingText } from "../../shared/popups/merging.js";
import { meanings } from "./contested-keys.js";
import { editInPlace } from "./edit-in-place.js";

/** @typedef {import("../../../document/labels/labels.js").Label} Label */
/** @typedef {import("../../../editor/actions/action.js").Action} Action */
/**
 * @typedef {{label: Label, key: string, idle: readonly Action[], used: number, active: boolean, stop: boolean, only: boolean}} Shown
 *   stop: Tab comes to it; idle: what its key means instead
 */

/** @param {import("../../../editor/actions/action.js").App} app @param {Label} first */
export function labelRow({ doc }, { name: id }) {
  const { labels } = doc;
  const color = h("input", { type: "color", class: "swatch", tabindex: "-1", onchange: recolour });
  const name = h("button", { type: "button", class: "name", onclick: () => labels.select(id) });
  const count = h("span", { class: "count" });
  const cap = h("kbd", {});
  const key = h("button", { type: "button", class: "label-key", tabindex: "-1", onclick: () => decide([cap.textContent ?? ""], true) }, cap);
  const rename = h("button", { type: "button", class: "icon-button small", tabindex: "-1", onclick: edit }, icon("pencil"));
  const forget = h(
    "button",
    { type: "button", class: "icon-button small", tabindex: "-1", onclick: () => void labels.forget(id) },
    icon("close"),
  );
  const element = h("li", { class: "row label-row" }, key, color, name, rename, h("span", { class: "label-end" }, count, forget));

  function recolour() {
    doc.changeLabel(id, { color: color.value });
  }
  function edit() {
    editInPlace(name, id, t("Label"), (text) => void call(text));
  }

  /** The name of another label merges the two, which cannot be undone. @param {string} text */
  async function call(text) {
    const merges = labels.all.peek().some((label) => label.name === text);
    if (!merges || (await confirming(await question(text)))) doc.changeLabel(id, { name: text });
  }

  /** @param {string} other */
  async function question(other) {
    const title = t("Merge {name} into {other}?", { name: id, other });
    return { title, text: mergingText(await labels.uses(id), other), action: t("Merge") };
  }
  name.addEventListener("dblclick", edit);
  name.addEventListener("keydown", (event) => {
    if (event.key !== "F2") return;
    event.preventDefault(); // else it renames the selected object
    edit();
  });

  return {
    element,
    /** @param {Shown} now */
    update({ label, ...now }) {
      const said = { label: id };
      name.textContent = nameInGroup(label);
      color.value = label.color;
      count.textContent = now.used ? String(now.used) : "";
      cap.textContent = now.key;
      key.disabled = !now.idle.length;
      const instead = { key: now.key, label: id, action: meanings(now.idle) };
      const offer = now.idle.length ? t("{key} is assigned to {action}. Click to use it for {label}.", instead) : "";
      set(key, { title: offer, "aria-label": offer || now.key, "aria-hidden": offer ? null : "true" });
      set(element, { "data-active": now.active });
      const title = [id, label.description].filter(Boolean).join(": ");
      set(name, { "aria-pressed": String(now.active), title, tabindex: now.stop ? "0" : "-1" });
      set(name, { "aria-keyshortcuts": (!now.idle.length && now.key) || null, "aria-description": label.description || null });
      set(color, { "aria-label": t("Colour of {label}", said), title: t("Colour") });
      set(rename, { "aria-label": t("Rename {label}", said), title: t("Rename") });
      set(forget, { "aria-label": t("Remove {label}", said), title: t("Remove label"), hidden: now.used > 0 || now.only });
    },
  };
}
