/** Which segmenter makes the masks: its name in the header; opened, what is known of each, the choice, and more to download. */

import { effect } from "../../../core/signals.js";
import { t } from "../../../core/text.js";
import { fill, h, keepRows, liveText, set } from "../../shared/dom.js";
import { megabytes, milliseconds, score, seconds } from "../../shared/format.js";
import { icon } from "../../shared/icons.js";
import { lineageOf } from "../../shared/lineage.js";
import { showKeys } from "../commands/keys-shown.js";
import { openWhile } from "../../shared/popups/open-while.js";
import { share } from "../../../engine/pulls.js";
import { createOffers, progressOf } from "./offers.js";

/** @typedef {import("../../../core/types.js").SegmenterInfo} SegmenterInfo */
/** @typedef {import("../../../core/types.js").Segmenters} Segmenters */

const NOT_MEASURED = t("not measured yet");
const MARGIN = 8; // CSS pixels to the window's edge
/** @type {Readonly<Record<string, (at: number, count: number) => number>>} */
const MOVES = Object.freeze({
  ArrowDown: (at, count) => (at + 1) % count,
  ArrowUp: (at, count) => (at - 1 + count) % count,
  Home: () => 0,
  End: (_, count) => count - 1,
});

/** @param {SegmenterInfo} segmenter @param {number|undefined} ms @returns {Array<[string, string]>} */
export function factsOf({ encoder_bytes, encoder_seconds, prepare, decoder, quality, licence }, ms) {
  const encoder = encoder_seconds === null ? NOT_MEASURED : t("{time} per image on the server", { time: seconds(encoder_seconds) });
  const click = ms === undefined ? NOT_MEASURED : t("{time} per mask in this browser", { time: milliseconds(ms) });
  return [
    [t("Encoder"), `${megabytes(encoder_bytes)} MB, ${encoder}`],
    [t("Decoder"), `${megabytes(prepare.bytes + decoder.bytes)} MB, ${click}`],
    [
      t("Quality"),
      quality
        ? t("IoU {score} with one click on {dataset} ({count} objects)", {
            score: score(quality.one_click),
            dataset: quality.dataset,
            count: quality.objects,
          })
        : NOT_MEASURED,
    ],
    [t("Licence"), licence],
  ];
}

/** @param {SegmenterInfo} segmenter @param {Segmenters} now */
function standing({ weights }, { inUse, next }) {
  if (next?.weights === weights) return t("loading…");
  return inUse.weights === weights ? t("in use") : "";
}

/** @param {Segmenters} now @returns {string} the button's name */
function named({ next, inUse }) {
  return next
    ? t("Segmentation model: {segmenter} in use, loading {next}", { next: next.title, segmenter: inUse.title })
    : t("Segmentation model: {segmenter}", { segmenter: inUse.title });
}

/**
 * @param {import("../../../editor/actions/action.js").App} app
 * @param {import("../../../engine/engine.js").Engine} engine
 * @param {import("../../../engine/pulls.js").Pulls} pulls
 * @returns {HTMLElement[]} the button and its list
 */
export function createPicker({ doc, segmentersOpen }, engine, pulls) {
  const title = () => (doc.segmenters.value.next ?? doc.segmenters.value.inUse).title;
  const label = liveText(title, "segmenter-name");
  const button = h(
    "button",
    { type: "button", class: "picker", popovertarget: "segmenters" },
    icon("layers"),
    label,
  );
  const list = h("ul", { class: "segmenter-list", role: "listbox", "aria-label": t("Segmentation model") });
  const popover = h(
    "div",
    { id: "segmenters", class: "popover", popover: "auto", role: "dialog", "aria-labelledby": "segmenters-title" },
    h("h2", { id: "segmenters-title" }, icon("layers"), t("Segmentation model")),
    list,
    createOffers(pulls, doc.segmenters, (text) => (doc.said.value = text)),
  );
  const rows = new Map();

  /** @param {string} id */
  function choose(id) {
    popover.hidePopover();
    const chosen = doc.segmenters.peek().installed.find((each) => each.id === id);
    doc.said.value = t("Loading {segmenter}…", { segmenter: chosen?.title ?? "" });
    engine.use(id).catch(() => {}); // a toast says why
  }

  /** @param {SegmenterInfo} first */
  function row({ id }) {
    const name = h("strong", {});
    const state = h("span", { class: "standing" });
    const lineage = h("p", { class: "lineage muted" });
    const facts = h("dl", {});
    const element = h(
      "li",
      { role: "option", "data-id": id, onclick: () => choose(id) },
      h("p", {}, name, state),
      lineage,
      facts,
    );
    return {
      element,
      /** @param {SegmenterInfo} next */
      update(next) {
        const now = doc.segmenters.peek();
        const selected = next.weights === (now.next ?? now.inUse).weights;
        name.textContent = next.title;
        state.textContent = standing(next, now);
        lineage.textContent = lineageOf(next, now.installed);
        const known = factsOf(next, now.decodeMs[next.weights]);
        fill(facts, ...known.map(([what, is]) => h("div", {}, h("dt", {}, what), h("dd", {}, is))));
        set(element, { "aria-selected": String(selected), tabindex: selected ? "0" : "-1" });
      },
    };
  }

  /** Below the button, within the window. */
  function place() {
    const { width } = popover.getBoundingClientRect();
    const right = innerWidth - button.getBoundingClientRect().right;
    popover.style.right = `${Math.max(MARGIN, Math.min(right, innerWidth - width - MARGIN))}px`;
  }

  const options = () => /** @type {HTMLElement[]} */ ([...list.children]);

  list.addEventListener("keydown", (event) => {
    if (event.key === "Escape" || event.key === "Tab") return;
    event.stopPropagation(); // keys mean nothing else here
    const at = options().findIndex((option) => option === document.activeElement);
    const move = MOVES[event.key];
    if (move) options()[move(at, options().length)]?.focus();
    else if (event.key === "Enter" || event.key === " ") choose(options()[at]?.dataset.id ?? "");
    else return;
    event.preventDefault();
  });

  openWhile(popover, segmentersOpen);
  popover.addEventListener("toggle", () => {
    if (!popover.matches(":popover-open")) return;
    segmentersOpen.value = true;
    place();
    options().find((option) => option.tabIndex === 0)?.focus();
    engine.refresh().catch(() => {}); // then as they were
    void pulls.look();
  });
  effect(() => {
    if (segmentersOpen.value && !popover.matches(":popover-open")) popover.showPopover({ source: button });
  });

  effect(() => {
    const now = doc.segmenters.value;
    keepRows(list, now.installed, ({ id }) => id, row, rows);
    set(button, { "aria-label": named(now), "aria-busy": now.next ? "true" : null });
  });
  effect(() => {
    if (!pulls.ended.value || !segmentersOpen.peek()) return;
    const { id, title, error } = pulls.ended.value;
    if (error) return; // read where it stands
    doc.said.value = t("{segmenter} is installed.", { segmenter: title });
    if (!popover.contains(document.activeElement)) options().find(({ dataset }) => dataset.id === id)?.focus();
  });
  // What is downloaded shows on the button, so that one may go on annotating meanwhile.
  effect(() => {
    const pull = pulls.standing.value.pulls.find(({ state }) => state === "running");
    set(button, { "data-pulling": !!pull, "aria-description": pull ? `${pull.title}: ${progressOf(pull)}` : null });
    button.style.setProperty("--pulled", String((pull && share(pull)) ?? 1));
  });
  showKeys(button, "choose-segmenter", (hint) => named(doc.segmenters.value) + hint);
  return [button, popover];
}
