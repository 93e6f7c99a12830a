/** One training: how far it is, its curve, what can be done with it, and what came of it. */

import { t } from "../../../core/text.js";
import { progressLine } from "../../shared/adding/upload-rows.js";
import { fill, h, set } from "../../shared/dom.js";
import { createCurve } from "./curve.js";
import { isGoing } from "./asking.js";
import { WHATS, standingOf } from "./words.js";

/** @typedef {import("../../../core/api-types.js").TrainingDetails} TrainingDetails */

/**
 * @param {object} parts
 * @param {(verb: "pause"|"resume"|"finish"|"remove") => void} parts.act
 * @param {HTMLElement} parts.result  what came of it
 */
export function createGoing({ act, result }) {
  const title = h("h2", { id: "training-shown" });
  const about = h("p", { class: "muted" });
  const words = h("p", { class: "training-words" });
  const live = h("p", { class: "sr-only", role: "status" });
  const actions = h("div", { class: "training-actions" });
  const { line, show: showLine } = progressLine(t("Training"));
  const curve = createCurve();
  const element = h("section", { class: "training-part training-shown", hidden: true, "aria-labelledby": title.id }, h("div", { class: "training-head" }, h("div", {}, title, about), actions), words, live, line, result, curve.element);
  let shown = ""; // which buttons there are

  /** @param {TrainingDetails} training */
  function buttons({ id, state }) {
    if (shown === `${id} ${state}`) return; // so that the focus stays
    shown = `${id} ${state}`;
    const going = state === "queued" || state === "running";
    const stopped = state === "paused" || state === "failed";
    fill(
      actions,
      going && button(t("Pause"), () => act("pause")),
      stopped && button(t("Resume"), () => act("resume"), "primary"),
      (state === "running" || stopped) && button(t("Finish now"), () => act("finish"), "", t("Stop training, evaluate the best result so far, and install it if it's better")),
      button(t("Delete"), () => act("remove"), "quiet"),
    );
  }

  return {
    element,
    /** @param {TrainingDetails|null} training */
    show(training) {
      element.hidden = training === null;
      if (training === null) return;
      const going = isGoing(training);
      title.textContent = training.title;
      about.textContent = [WHATS[training.what].title, training.label ?? t("All labels"), training.segmenter].join(" · ");
      words.textContent = standingOf(training);
      set(words, { "data-state": training.state === "done" && training.result ? (training.result.installed ? "better" : "not-better") : training.state });
      const told = going ? (training.step ?? training.state) : training.state;
      if (live.dataset.told !== `${training.id} ${told}`) {
        live.dataset.told = `${training.id} ${told}`;
        live.textContent = standingOf(training);
      }
      line.hidden = !going;
      set(line, { "data-known": training.part !== null });
      showLine(training.part ?? 0);
      buttons(training);
      curve.show(training.curve);
    },
  };
}

/** @param {string} words @param {() => void} perform @param {string} [kind] @param {string} [title] */
const button = (words, perform, kind = "", title = undefined) => h("button", { type: "button", class: `button ${kind}`, title, onclick: perform }, words);
