/** All trainings of a project, a row each: what each gained. */

import { t } from "../../../core/text.js";
import { fill, h, set } from "../../shared/dom.js";
import { day } from "../../shared/format.js";
import { gainBar, mostOf, roundsOf } from "./gains.js";
import { WHATS, figure, gainOf, outcomeOf, signed } from "./words.js";

/** @typedef {import("../../../core/api-types.js").Training} Training */

/** @param {{choose: (id: string) => void}} parts */
export function createRounds({ choose }) {
  const body = h("tbody");
  const heads = [t("Name"), t("Gain"), t("Before"), t("After"), t("Result"), t("Trained"), t("Label"), t("Images"), t("Started")];
  const head = h("tr", {}, ...heads.map((title) => h("th", { scope: "col" }, title)));
  const table = h("table", { class: "training-table" }, h("thead", {}, head), body);
  const scroll = h("div", { class: "training-scroll", tabindex: "0", role: "region", "aria-label": t("Training runs") }, table);
  const element = h("section", { class: "training-part", hidden: true }, h("h2", {}, t("Training runs")), h("p", { class: "muted" }, t("Before, after and gain: mean IoU after one click on held-out images.")), scroll);

  /** @param {Training} training @param {number|undefined} number  of its round @param {string} chosen @param {number} most */
  function row(training, number, chosen, most) {
    const gain = gainOf(training);
    const name = h("button", { type: "button", class: "training-name", onclick: () => choose(training.id) }, training.title);
    set(name, { "aria-pressed": String(training.id === chosen) });
    const { before, after } = training.result ?? {};
    const cells = [
      figure(before?.miou[0] ?? null),
      figure(after?.miou[0] ?? null),
      outcomeOf(training),
      WHATS[training.what].title,
      training.label ?? t("All labels"),
      training.images ? String(training.images) : "–",
      day(training.at),
    ];
    return h(
      "tr",
      {},
      h("th", { scope: "row" }, name, number !== undefined && h("span", { class: "training-round muted" }, t("Round {number}", { number }))),
      h("td", {}, h("span", { class: "training-gain" }, gainBar(gain, most), gain === null ? "–" : signed(gain))),
      ...cells.map((words) => h("td", {}, words)),
    );
  }

  return {
    element,
    /** @param {readonly Training[]} trainings  the newest first @param {string} chosen  id of the one that is shown */
    show(trainings, chosen) {
      element.hidden = trainings.length === 0;
      const most = mostOf(trainings);
      const numbers = new Map(roundsOf(trainings).map(({ training, number }) => [training.id, number]));
      const focused = document.activeElement?.closest("tr");
      const at = focused && body.contains(focused) ? [...body.children].indexOf(focused) : -1;
      fill(body, ...trainings.map((each) => row(each, numbers.get(each.id), chosen, most)));
      if (at >= 0) body.children[at]?.querySelector("button")?.focus();
    },
  };
}
