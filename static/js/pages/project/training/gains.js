/** What each round of training gained: a line each, the first round first. */

import { t } from "../../../core/text.js";
import { fill, h, set } from "../../shared/dom.js";
import { gainOf, outcomeOf, signed } from "./words.js";

/** @typedef {import("../../../core/api-types.js").Training} Training */

/**
 * The trainings that came to a result, the first one first, each with its number among those of its segmenter.
 * @param {readonly Training[]} trainings  the newest first
 */
export function roundsOf(trainings) {
  const counts = new Map();
  const done = trainings.filter(({ result }) => result !== null).reverse();
  return done.map((training) => {
    const number = (counts.get(training.segmenter) ?? 0) + 1;
    counts.set(training.segmenter, number);
    return { training, number };
  });
}

/** The greatest gain or loss, which is as long as a bar can be. @param {readonly Training[]} trainings */
export const mostOf = (trainings) => Math.max(0.01, ...trainings.map((each) => Math.abs(gainOf(each) ?? 0)));

/** @param {number|null} gain @param {number} most */
export function gainBar(gain, most) {
  const bar = h("span", { class: "training-bar", "aria-hidden": "true" });
  bar.style.setProperty("--share", String(gain === null ? 0 : Math.abs(gain) / most));
  set(bar, { "data-less": gain !== null && gain < 0 });
  return bar;
}

/** @param {string} address  of the page of trainings */
export function createGains(address) {
  const list = h("ol", { class: "training-gains" });
  const heading = h("h2", { id: "training-gains" }, h("a", { href: address }, t("Training rounds")));
  const element = h("section", { class: "training-part", hidden: true, "aria-labelledby": heading.id }, heading, list);

  return {
    element,
    /** @param {readonly Training[]} trainings  the newest first */
    show(trainings) {
      const rounds = roundsOf(trainings);
      const several = new Set(rounds.map(({ training }) => training.segmenter)).size > 1;
      const most = mostOf(trainings);
      element.hidden = rounds.length === 0;
      fill(
        list,
        ...rounds.map(({ training, number }) => {
          const gain = gainOf(training);
          const words = t("Round {number}: {gain} mean IoU after 1 click", { number, gain: gain === null ? "–" : signed(gain) });
          const about = several ? [training.title, outcomeOf(training)] : [outcomeOf(training)];
          return h("li", {}, gainBar(gain, most), h("span", {}, words), h("span", { class: "muted" }, about.join(" · ")));
        }),
      );
    },
  };
}
