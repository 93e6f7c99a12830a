/** People's work in a project, in numbers: a row a person, between two days. */

import { reaches } from "../../../core/roles.js";
import { language, t } from "../../../core/text.js";
import { ACCOUNT } from "../../../net/account.js";
import { projectAddress } from "../../shared/address.js";
import { fill, h } from "../../shared/dom.js";
import { day } from "../../shared/format.js";
import { icon } from "../../shared/icons.js";
import { avatar } from "../../shared/people.js";
import { reading } from "../../shared/popups/notice.js";
import { appearance } from "../../shared/theme.js";
import { trainingsOf } from "../training/asking.js";
import { createGains } from "../training/gains.js";
import { barsOf } from "./bars.js";
import { daysBack, hours } from "./spans.js";

/** @typedef {import("../../../net/history-api.js").Numbers} Numbers */
/** @typedef {Numbers["people"][number]} Person */

const RANGES = /** @type {const} */ ([7, 30, 90]);
const number = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
/** @type {ReadonlyArray<{title: string, about: string, of: (person: Person) => string}>} */
const COLUMNS = Object.freeze([
  { title: t("Drawn"), about: t("Objects drawn; imported ones do not count"), of: ({ made }) => number.format(made) },
  { title: t("Changed"), about: t("Changes of objects"), of: ({ changed }) => number.format(changed) },
  { title: t("Deleted"), about: t("Objects deleted"), of: ({ deleted }) => number.format(deleted) },
  { title: t("Active time"), about: t("Estimated: time between changes, without pauses over 2 minutes"), of: ({ active_seconds }) => hours(active_seconds) },
  { title: t("Per hour"), about: t("Objects drawn in an active hour"), of: ({ objects_per_hour: rate }) => (rate === null ? "–" : number.format(rate)) },
  { title: t("Submitted"), about: t("How often an image was set to done"), of: ({ submitted }) => number.format(submitted) },
  { title: t("Accepted"), about: t("How often a reviewer accepted it"), of: ({ accepted }) => number.format(accepted) },
  { title: t("Returned"), about: t("How often a reviewer returned it"), of: ({ returned }) => number.format(returned) },
  { title: t("Reviewed"), about: t("Decisions made as a reviewer"), of: ({ reviewed }) => number.format(reviewed) },
  { title: t("To do now"), about: t("Assigned images that are not done"), of: ({ assigned }) => number.format(assigned) },
  { title: t("Waiting now"), about: t("Submitted images that wait for a reviewer"), of: ({ waiting }) => number.format(waiting) },
  { title: t("Changed after review"), about: t("Accepted images that were changed since"), of: ({ changed_after_review: late }) => number.format(late) },
]);

/**
 * @param {object} parts
 * @param {import("../../../net/api.js").Api} parts.api
 * @param {import("../../../core/types.js").Project} parts.project
 * @param {import("../../../core/signals.js").Signal<import("../../shared/theme.js").Theme>} parts.theme
 */
export function createNumbersPage({ api, project, theme }) {
  document.getElementById("header")?.append(...appearance(theme));
  const main = /** @type {HTMLElement} */ (document.getElementById("main"));
  const wrong = h("div", { class: "notice", role: "alert", hidden: true });
  const body = h("tbody");
  const said = h("p", { class: "muted", role: "status" });
  const none = h("p", { class: "empty", hidden: true }, t("Nobody did anything in this time."));
  const heads = COLUMNS.map(({ title, about }) => h("th", { scope: "col", title: about }, title));
  const head = h("tr", {}, h("th", { scope: "col" }, t("Name")), ...heads, h("th", { scope: "col", title: t("Objects drawn") }, t("Per day")));
  const table = h("table", { class: "numbers-table" }, h("thead", {}, head), body);
  const download = h("a", { class: "button", download: true }, icon("download"), t("Download CSV"));
  const from = h("input", { type: "date", class: "field boxed", id: "numbers-from", onchange: () => changed() });
  const to = h("input", { type: "date", class: "field boxed", id: "numbers-to", onchange: () => changed() });
  const ranges = RANGES.map((days) => h("button", { type: "button", class: "button", onclick: () => choose(days) }, t("{count} days", { count: days })));
  let asking = new AbortController();

  const days = () => ({ from: from.value || undefined, to: to.value || undefined });

  /** The last so many days, of UTC as the server counts them. @param {number} count */
  function choose(count) {
    [from.value, to.value] = daysBack(count, new Date());
    changed();
  }

  function changed() {
    const chosen = new URLSearchParams(Object.entries(days()).flatMap(([name, value]) => (value ? [[name, value]] : []))).toString();
    history.replaceState(null, "", chosen ? `?${chosen}` : location.pathname);
    void read();
  }

  /** @param {Person} person @param {Numbers} numbers @param {number} most */
  function row(person, numbers, most) {
    const name = person.name || (ACCOUNT ? t("This server's commands") : t("You"));
    const mark = person.account ? avatar({ account: person.account, name }) : null;
    const cells = COLUMNS.map(({ of }) => h("td", {}, of(person)));
    return h("tr", {}, h("th", { scope: "row" }, h("span", { class: "numbers-name" }, mark, h("span", {}, name))), ...cells, h("td", {}, barsOf(person.days, numbers, most)));
  }

  async function read() {
    asking.abort();
    asking = new AbortController();
    const { signal } = asking;
    download.href = api.numbersUrl(project.id, days());
    await reading(wrong, async () => {
      const numbers = await api.numbers(project.id, days(), signal).catch((error) => {
        if (!signal.aborted) throw error;
      });
      if (!numbers || signal.aborted) return;
      [from.value, to.value] = [numbers.first, numbers.last];
      const most = Math.max(1, ...numbers.people.flatMap((each) => each.days.map(({ made }) => made)));
      fill(body, ...numbers.people.map((person) => row(person, numbers, most)));
      table.hidden = !numbers.people.length;
      none.hidden = numbers.people.length > 0;
      said.textContent = t("{from} to {to}, days of UTC. Active time is estimated from the times of changes; pauses over 2 minutes do not count.", {
        from: day(numbers.first),
        to: day(numbers.last),
      });
    })();
  }

  const asked = new URLSearchParams(location.search);
  from.value = asked.get("from") ?? "";
  to.value = asked.get("to") ?? "";
  const fields = [
    h("div", { class: "history-filter" }, h("label", { for: from.id }, t("From")), from),
    h("div", { class: "history-filter" }, h("label", { for: to.id }, t("To")), to),
  ];
  const bar = h("div", { class: "history-filters" }, ...fields, h("div", { class: "numbers-ranges", role: "group", "aria-label": t("Range") }, ...ranges), h("span", { class: "spring" }), download);
  const scroll = h("div", { class: "numbers-scroll", tabindex: "0", role: "region", "aria-label": t("Numbers") }, table);
  const gains = createGains(`${projectAddress(project.id)}/training`);
  main.append(h("div", { class: "numbers" }, bar, wrong, scroll, none, said, gains.element));
  void read();
  if (reaches(project.role, "manager"))
    trainingsOf(api, project.id).list().then(
      ({ trainings }) => gains.show(trainings),
      () => {}, // the table says when the server is gone
    );
}
