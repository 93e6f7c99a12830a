/**
 * What to do next, for someone who has never done it: one line over the picture. A hint goes away for good once it is followed,
 * all of them when they are dismissed; this browser remembers.
 */

import { computed, effect, signal } from "../../../core/signals.js";
import { t } from "../../../core/text.js";
import { keysOf } from "../../../editor/actions/keymap.js";
import { keyText } from "../../../editor/actions/key-events.js";
import { h } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";

/** @typedef {'click'|'accept'|'next'} Hint */

const STORED_AS = "samphire.hints";
const ALL = Object.freeze(/** @type {Hint[]} */ (["click", "accept", "next"]));
const TOUCH = matchMedia("(pointer: coarse)");

/** @returns {Set<Hint>} those followed or dismissed */
function stored() {
  try {
    const list = JSON.parse(localStorage.getItem(STORED_AS) ?? "[]");
    return new Set(ALL.filter((hint) => Array.isArray(list) && list.includes(hint)));
  } catch {
    return new Set(); // unreadable or forbidden storage
  }
}

/** @param {Hint} hint */
function wordsOf(hint) {
  const key = (/** @type {string} */ id) => keyText(keysOf(id)[0] ?? "");
  if (hint === "click") return TOUCH.matches ? t("Tap an object to outline it.") : t("Click an object to outline it.");
  if (hint === "next") {
    const known = key("done-and-next");
    return known && !TOUCH.matches
      ? t("{key} marks this image as done and opens the next.", { key: known })
      : t("Done marks this image as done and opens the next.");
  }
  return TOUCH.matches
    ? t("Tap what's missing, long-press what doesn't belong. Then accept.")
    : t("Click what's missing, right-click what doesn't belong. Press {key} to accept.", { key: key("accept") });
}

/** @param {HTMLElement} room the stage @param {import("../../../editor/actions/action.js").App} app */
export function createHints(room, { doc, queue, tools }) {
  const done = signal(stored());
  const text = h("span", {});
  const close = h(
    "button",
    { type: "button", class: "icon-button small", "aria-label": t("Dismiss hints"), title: t("Dismiss hints"), onclick: () => finish(ALL) },
    icon("close"),
  );
  const line = h("p", { class: "hint", role: "status", hidden: true }, text, close);
  room.append(line);

  /** @param {readonly Hint[]} hints */
  function finish(hints) {
    if (hints.every((hint) => done.peek().has(hint))) return;
    done.value = new Set([...done.peek(), ...hints]);
    try {
      localStorage.setItem(STORED_AS, JSON.stringify([...done.peek()]));
    } catch {
      // Forbidden storage: they come again with the next page.
    }
  }

  const due = computed(() => {
    /** @type {Hint|null} */
    let hint = null;
    if (doc.prompting.decoded.value) hint = "accept";
    else if (doc.answering.value && doc.prompting.empty.value) {
      const more = queue.project.image_count > 1 && doc.objects.all.value.length > 0;
      if (!done.value.has("click")) hint = tools.active.value.id === "point" ? "click" : null; // others say what they do
      else if (more && done.value.has("accept")) hint = "next";
    }
    return hint && !done.value.has(hint) ? hint : null;
  });
  effect(() => {
    line.hidden = due.value === null;
    if (due.value) text.textContent = wordsOf(due.value);
  });

  let before = { masked: false, count: 0, image: "" };
  effect(() => {
    const id = doc.image.value?.id ?? "";
    const count = doc.objects.all.value.length;
    const same = id === before.image;
    // Accepting clears the mask before its object is there.
    const masked = doc.prompting.decoded.value !== null || (same && before.masked && count <= before.count);
    if (doc.prompting.decoded.value) finish(["click"]);
    if (same && before.masked && count > before.count) finish(["accept"]);
    if (!same && before.image && done.peek().has("accept")) finish(["next"]);
    before = { masked, count, image: id };
  });
}
