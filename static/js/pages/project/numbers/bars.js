/** What somebody drew day by day, as small bars. */

import { counted } from "../../../core/text.js";
import { h } from "../../shared/dom.js";
import { day } from "../../shared/format.js";
import { daysBetween } from "./spans.js";

/** @typedef {import("../../../net/history-api.js").Numbers} Numbers */

/**
 * @param {Numbers["people"][number]["days"]} days @param {Pick<Numbers, "first"|"last">} range
 * @param {number} most  objects of a day, of anybody: as high as a bar can be
 */
export function barsOf(days, { first, last }, most) {
  const made = new Map(days.map((each) => [each.day, each.made]));
  const bars = daysBetween(first, last).map((each) => {
    const count = made.get(each) ?? 0;
    const bar = h("span", { class: "numbers-bar", title: `${day(each)}: ${counted(count, "{count} object", "{count} objects")}` });
    bar.style.setProperty("--share", String(count / most));
    return bar;
  });
  return h("span", { class: "numbers-bars", "aria-hidden": "true" }, ...bars);
}
