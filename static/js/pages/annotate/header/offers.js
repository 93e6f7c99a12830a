/** Below the installed segmenters, those that can be downloaded: what each is worth, the way to it, how far it is. */

import { effect } from "../../../core/signals.js";
import { t } from "../../../core/text.js";
import { share } from "../../../engine/pulls.js";
import { fill, h, keepRows, set } from "../../shared/dom.js";
import { megabytes, score, size } from "../../shared/format.js";

/** @typedef {import("../../../core/types.js").SegmenterPull} SegmenterPull */
/** @typedef {import("../../../core/types.js").SegmenterInfo} SegmenterInfo */
/** @typedef {import("../../../core/types.js").Segmenters} Segmenters */
/** @typedef {import("../../../engine/pulls.js").Pulls} Pulls */
/** @typedef {import("../../../engine/pulls.js").Standing} Standing */

const NOTABLE = 0.01; // of mean IoU

/** @param {SegmenterPull} pull */
export function progressOf({ step, bytes, download_bytes }) {
  if (step === "downloading") return t("{done} of {total} MB", { done: megabytes(bytes), total: megabytes(download_bytes) });
  if (step === "building") return t("Converting…");
  return step === "testing" ? t("Checking…") : t("Starting the download…");
}

/** Beside that of the one in use, where both were measured on the same. @param {SegmenterPull} pull @param {SegmenterInfo} inUse */
function qualityOf({ quality }, inUse) {
  if (!quality) return t("not measured yet");
  const { dataset, objects: count } = quality;
  const there = t("IoU {score} with one click on {dataset} ({count} objects)", { score: score(quality.one_click), dataset, count });
  if (inUse.quality?.dataset !== dataset) return there;
  return t("{quality}; {segmenter}: {score}", { quality: there, segmenter: inUse.title, score: score(inUse.quality.one_click) });
}

/** @param {SegmenterPull} pull @param {SegmenterInfo} inUse */
function isBetter({ quality }, { quality: present }) {
  return !quality || present?.dataset !== quality.dataset || quality.one_click >= present.one_click + NOTABLE;
}

/** @param {SegmenterPull} pull @param {SegmenterInfo} inUse @returns {Array<[string, string]>} */
function factsOf(pull, inUse) {
  return [
    [t("Download"), size(pull.download_bytes)],
    [t("Quality"), qualityOf(pull, inUse)],
    [t("Licence"), pull.licence],
  ];
}

/** A sentence and the command it is about. @param {string} sentence @param {string} command */
const instruction = (sentence, command) => [h("p", {}, sentence), h("code", { class: "command" }, command)];

/** @param {SegmenterPull} first @param {{pulls: Pulls, segmenters: {readonly value: Segmenters}, say: (text: string) => void}} room */
function createRow({ id }, { pulls, segmenters, say }) {
  const name = h("strong", { id: `offer-${id}` });
  const facts = h("dl", {});
  const why = h("p", { class: "why", role: "alert" });
  const start = h("button", { type: "button", onclick: () => void pulls.start(id) });
  const cancel = h("button", { type: "button", class: "button", onclick: () => void pulls.cancel(id) }, t("Cancel"));
  const bar = h("div", { class: "bar" });
  const line = h("div", { class: "line", role: "progressbar", "aria-labelledby": name.id }, bar);
  const words = h("span", { class: "offer-words" });
  const doing = h("div", { class: "offer-doing" }, words, cancel);
  const instead = h("div", { class: "offer-instead" });
  const element = h("li", { class: "offer", "data-id": id }, h("p", {}, name), facts, why, instead, start, line, doing);
  let step = /** @type {SegmenterPull["step"]} */ (null);

  /** @param {SegmenterPull} pull */
  function show(pull) {
    const { allowed, command, refusal, pulls: all } = pulls.standing.peek();
    const { inUse } = segmenters.value;
    const runs = pull.state === "running";
    const other = all.find(({ state }) => state === "running");
    const focused = document.activeElement;
    name.textContent = pull.title;
    fill(facts, ...factsOf(pull, inUse).map(([what, is]) => h("div", {}, h("dt", {}, what), h("dd", {}, is))));

    const failed = pull.error && `${pull.error.message} ${pull.error.hint}`;
    const reason = (refusal?.id === id && refusal.message) || failed || "";
    if (why.textContent !== reason) why.textContent = reason;
    why.hidden = !reason || runs;

    const fetched = allowed && !pull.needs;
    const steps = pull.needs
      ? instruction(t("It needs Python packages that are missing. Where Samphire is installed, run:"), pull.needs)
      : instruction(t("To add it, whoever runs this server can run:"), `${command} ${id}`);
    instead.hidden = fetched || runs;
    fill(instead, ...(instead.hidden ? [] : steps));
    start.hidden = !fetched || runs;
    start.textContent =
      pull.state === "failed"
        ? t("Try again")
        : t("Download {segmenter} ({size})", { segmenter: pull.title, size: size(pull.download_bytes) });
    set(start, { class: isBetter(pull, inUse) ? "button primary" : "button" });
    start.disabled = !!other && other.id !== id;

    const done = share(pull);
    line.hidden = doing.hidden = !runs;
    set(line, { "data-known": done !== null, "aria-valuenow": done === null ? null : String(Math.round(100 * done)) });
    bar.style.setProperty("--done", String(done ?? 0));
    words.textContent = progressOf(pull);
    set(line, { "aria-valuetext": words.textContent });
    cancel.hidden = !allowed;
    if (runs && pull.step !== step && step) say(`${pull.title}: ${words.textContent}`);
    step = pull.step;
    if (focused && element.contains(focused) && focused.closest("[hidden]")) (runs ? cancel : start).focus();
  }
  return { element, update: show };
}

/**
 * @param {Pulls} pulls
 * @param {{readonly value: Segmenters}} segmenters
 * @param {(text: string) => void} say  to screen readers
 * @returns {HTMLElement}
 */
export function createOffers(pulls, segmenters, say) {
  const about = h("p", { class: "offers-about" });
  const unknown = h("p", { class: "why", role: "alert" });
  const list = h("ul", { class: "offer-list", "aria-labelledby": "offers-title" });
  const section = h("section", { class: "offers" }, h("h3", { id: "offers-title" }, t("Models to download")), about, unknown, list);
  const rows = new Map();
  effect(() => {
    const { pulls: all, unknown: reason } = pulls.standing.value;
    const { installed } = segmenters.value;
    section.hidden = !all.length && !reason;
    about.textContent =
      installed.length === 1
        ? t(
            "{segmenter} is the only segmentation model installed. A larger one usually needs fewer clicks, but takes longer to prepare each image.",
            { segmenter: installed[0]?.title ?? "" },
          )
        : t("A larger model usually needs fewer clicks, but takes longer to prepare each image.");
    unknown.textContent = reason ?? "";
    unknown.hidden = !reason;
    keepRows(list, all, ({ id }) => id, (pull) => createRow(pull, { pulls, segmenters, say }), rows);
  });
  return section;
}
