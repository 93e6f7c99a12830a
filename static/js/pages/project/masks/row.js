/** What jobs make masks of in this project, in a row: what could be done, how far it is, what came of it, how to undo it. */

import { sentenceOf } from "../../../core/errors.js";
import { counted, t } from "../../../core/text.js";
import { progressLine } from "../../shared/adding/upload-rows.js";
import { fill, h, set } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { maskRunsOf } from "./asking.js";
import { createReport } from "./report.js";

/** @typedef {import("../../../core/api-types.js").MaskRun} MaskRun */
/** @typedef {import("../../../core/api-types.js").MaskRunStanding} MaskRunStanding */

const ASK_AGAIN_MS = 700;
const LOOK_MS = 800; // after the last of many changes
const RECENT_MS = 86_400_000; // what ended within a day is shown, to be undone
const GOING = new Set(["queued", "running", "undoing"]);

/**
 * @param {object} parts
 * @param {import("../../../net/api.js").Api} parts.api
 * @param {string} parts.projectId
 * @param {(toast: import("../../shared/popups/toasts.js").Toast) => void} parts.toast
 * @param {() => void} parts.onChanged  objects are others than before
 */
export function createMaskRow({ api, projectId, toast, onChanged }) {
  const name = h("span", { class: "upload-name" });
  const words = h("span", { class: "upload-detail" });
  const live = h("span", { class: "sr-only", role: "status" });
  const actions = h("span", { class: "mask-actions" });
  const dismiss = h("button", { type: "button", class: "icon-button", "aria-label": t("Dismiss"), title: t("Dismiss"), onclick: putAway }, icon("close"));
  const { line, show: showLine } = progressLine(t("Making masks"));
  const element = h("div", { class: "upload mask-row", hidden: true }, icon("layers"), name, words, live, actions, dismiss, line);
  const runs = maskRunsOf(api, projectId);
  const report = createReport({ runs, projectId, onConfirmed: () => void look() });
  /** @type {MaskRunStanding|null} */
  let standing = null;
  let away = ""; // what was dismissed
  let asking = false;
  let timer = 0;

  /** @param {string} title @param {() => void} perform @param {string} [kind] */
  const button = (title, perform, kind = "") => h("button", { type: "button", class: `button ${kind}`, onclick: perform }, title);

  /** What is worth a row: a job, or boxes that could be turned into masks. @param {MaskRunStanding} now */
  function shown({ run, boxes }) {
    const isRecent = run && (run.state !== "done" || run.unsure > 0 || Date.now() - Date.parse(run.at) < RECENT_MS);
    return isRecent && away !== run.id ? run : boxes && away !== "boxes" ? "boxes" : null;
  }

  /** @param {MaskRunStanding} now */
  function show(now) {
    standing = now;
    const what = shown(now);
    element.hidden = what === null;
    if (what === null) return;
    const run = what === "boxes" ? null : what;
    const going = run !== null && GOING.has(run.state);
    dismiss.hidden = going;
    set(element, { "data-failed": run?.state === "failed" });
    line.hidden = !going;
    showLine(run?.total ? run.done / run.total : 0);
    if (run === null) {
      name.textContent = counted(now.boxes, "{count} object is a box without a mask", "{count} objects are boxes without masks");
      words.textContent = "";
      fill(actions, button(t("Turn boxes into masks"), () => void start(), "primary"));
      return;
    }
    name.textContent = run.kind === "boxes" ? t("Masks from boxes") : t("Automatic masks");
    words.textContent = standingOf(run);
    if (live.textContent !== run.state) live.textContent = going ? t("Making masks") : standingOf(run);
    const again = now.boxes > 0 && run.state === "done";
    fill(
      actions,
      run.state === "running" && button(t("Pause"), () => void to(run, "pause")),
      (run.state === "paused" || run.state === "failed") && button(t("Resume"), () => void to(run, "resume"), "primary"),
      run.unsure > 0 && !going && button(counted(run.unsure, "Check {count} mask", "Check {count} masks"), () => void report.open(run), "primary"),
      again && button(t("Turn boxes into masks"), () => void start()),
      !going && button(t("Undo"), () => void to(run, "undo")),
    );
  }

  function putAway() {
    const what = standing && shown(standing);
    if (!what) return;
    away = what === "boxes" ? "boxes" : what.id;
    if (standing) show(standing);
  }

  /** @param {MaskRun} run @param {"pause"|"resume"|"undo"} verb */
  const to = (run, verb) => act(() => runs.to(run.id, verb));
  const start = () => act(() => runs.startBoxes());

  /** @param {() => Promise<MaskRunStanding>} send */
  async function act(send) {
    try {
      show(await send());
      onChanged();
      void follow();
    } catch (error) {
      toast({ text: sentenceOf(error) });
    }
  }

  /** Asks until the job has ended. */
  async function follow() {
    if (asking) return;
    asking = true;
    try {
      let was = standing?.run?.state;
      while (standing?.run && GOING.has(standing.run.state)) {
        await new Promise((done) => setTimeout(done, ASK_AGAIN_MS));
        was = standing.run.state;
        show(await runs.standing());
      }
      if (was && GOING.has(was)) onChanged();
    } catch {
      element.hidden = true; // the listing says when the server is gone
    } finally {
      asking = false;
    }
  }

  async function look() {
    if (asking) return;
    try {
      show(await runs.standing());
    } catch {
      return;
    }
    await follow();
  }

  return {
    element,
    dialog: report.element,
    /** @param {import("../../../core/api-types.js").NewAutomaticRun} asked */
    startAutomatic: (asked) => void act(() => runs.startAutomatic(asked)),
    /** Looks whether there is something to show, once nothing has changed for a moment. */
    look() {
      clearTimeout(timer);
      timer = window.setTimeout(() => void look(), standing ? LOOK_MS : 0);
    },
  };
}

/** @param {MaskRun} run */
function standingOf(run) {
  const { done, total, objects, unsure, failed, images_per_minute: pace, seconds_left: left } = run;
  if (run.state === "undoing") return t("Undoing: {count} images left", { count: done });
  const images = t("{done} of {total} images", { done, total });
  if (run.state === "queued") return done ? t("Waiting for other projects: {images}", { images }) : t("Queued");
  if (run.state === "running") {
    const rate = pace ? t("{count} images a minute", { count: pace < 10 ? pace.toFixed(1) : Math.round(pace) }) : "";
    return [images, rate, left === null ? "" : t("{time} left", { time: clock(left) })].filter(Boolean).join(t(", "));
  }
  if (run.state === "paused") return t("Paused: {images}", { images });
  if (run.state === "failed") return `${run.error?.message ?? ""} ${images}`.trim();
  return [
    run.kind === "boxes"
      ? counted(objects, "{count} object got a mask.", "{count} objects got masks.")
      : run.label === null
        ? counted(objects, "{count} proposal was made.", "{count} proposals were made.")
        : counted(objects, "{count} object was made.", "{count} objects were made."),
    unsure ? counted(unsure, "{count} should be checked.", "{count} should be checked.") : "",
    failed ? counted(failed, "{count} image could not be segmented.", "{count} images could not be segmented.") : "",
  ]
    .filter(Boolean)
    .join(" ");
}

/** @param {number} seconds */
function clock(seconds) {
  const minutes = Math.floor(seconds / 60);
  const rest = String(Math.floor(seconds % 60)).padStart(2, "0");
  return minutes < 60 ? `${minutes}:${rest}` : `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}:${rest}`;
}
