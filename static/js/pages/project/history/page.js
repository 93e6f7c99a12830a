/** What happened in a project, the newest first: by person, kind and day. */

import { t } from "../../../core/text.js";
import { addressOf } from "../../shared/address.js";
import { fill, h } from "../../shared/dom.js";
import { clock, day } from "../../shared/format.js";
import { changeText, deedOf, whoOf } from "../../shared/history-words.js";
import { createPaging, moreButton } from "../../shared/paging.js";
import { avatar } from "../../shared/people.js";
import { createPeople } from "../../shared/project-people.js";
import { appearance } from "../../shared/theme.js";
import { effect } from "../../../core/signals.js";
import { dayAfter, midnight } from "./days.js";

/** @typedef {import("../../../net/history-api.js").HistoryEntry} HistoryEntry */
/** @typedef {import("../../../net/history-api.js").HistoryPage} HistoryPage */

const KINDS = Object.freeze({
  objects: t("Objects"),
  states: t("States"),
  reviews: t("Reviews"),
  assignments: t("Assignments"),
  comments: t("Comments"),
  images: t("Images"),
  labels: t("Labels"),
  project: t("Project"),
});
const FILTERS = /** @type {const} */ (["person", "kind", "from", "to"]);

/**
 * @param {object} parts
 * @param {import("../../../net/api.js").Api} parts.api
 * @param {import("../../../core/types.js").Project} parts.project
 * @param {import("../../../core/signals.js").Signal<import("../../shared/theme.js").Theme>} parts.theme
 */
export function createHistoryPage({ api, project, theme }) {
  document.getElementById("header")?.append(...appearance(theme));
  const main = /** @type {HTMLElement} */ (document.getElementById("main"));
  const people = createPeople({ api, projectId: project.id });
  const list = h("div", { class: "happened" });
  const wrong = h("div", { class: "notice", role: "alert", hidden: true });
  const none = h("p", { class: "empty", role: "status", hidden: true }, t("Nothing happened here."));
  const more = moreButton(() => void paging.next());
  const paging = createPaging({ more, wrong, ask, show });
  let lastDay = "";

  /** @param {"person"|"kind"} id @param {string} label @param {Record<string, string>} options */
  function choice(id, label, options) {
    const element = h("select", { class: "field boxed", id: `history-${id}`, onchange: changed });
    offer(element, options);
    return { element, field: h("div", { class: "history-filter" }, h("label", { for: element.id }, label), element) };
  }

  /** @param {HTMLSelectElement} element @param {Record<string, string>} options */
  function offer(element, options) {
    const before = element.value;
    const all = Object.entries(options).map(([value, title]) => h("option", { value }, title));
    fill(element, h("option", { value: "" }, t("All")), ...all);
    element.value = before;
    if (element.value !== before) element.value = "";
  }

  /** @param {"from"|"to"} id @param {string} label */
  function date(id, label) {
    const element = h("input", { type: "date", class: "field boxed", id: `history-${id}`, onchange: changed });
    return { element, field: h("div", { class: "history-filter" }, h("label", { for: element.id }, label), element) };
  }

  const fields = {
    person: choice("person", t("Person"), {}),
    kind: choice("kind", t("Kind"), KINDS),
    from: date("from", t("From")),
    to: date("to", t("To")),
  };
  fields.person.field.hidden = !people.isTeam;
  const asked = new URLSearchParams(location.search);
  for (const name of FILTERS) fields[name].element.value = asked.get(name) ?? "";
  let wanted = asked.get("person") ?? ""; // until people are known
  effect(() => {
    offer(fields.person.element, Object.fromEntries(people.members.value.map(({ id, name }) => [id, name])));
    if (wanted && people.members.value.length) {
      fields.person.element.value = wanted;
      wanted = "";
    }
  });

  const chosen = () =>
    Object.fromEntries(
      FILTERS.map((name) => [name, (name === "person" && wanted) || fields[name].element.value]).filter(([, value]) => value),
    );

  function changed() {
    wanted = "";
    const query = new URLSearchParams(chosen()).toString();
    history.replaceState(null, "", query ? `?${query}` : location.pathname);
    void paging.first();
  }

  /** @param {HistoryEntry} entry @param {HistoryPage} page */
  function row(entry, { people: names, images }) {
    const who = whoOf(entry, names);
    const image = entry.image && images[entry.image];
    const link = image && entry.image && h("a", { href: addressOf(entry.image, project.id) }, image);
    const changes = entry.changes?.map((each) => h("li", {}, changeText(each))) ?? [];
    return h(
      "li",
      { class: "happened-row", "data-what": entry.what },
      entry.by && who ? avatar({ account: entry.by, name: who }) : h("span", { class: "avatar none", "aria-hidden": "true" }),
      h(
        "div",
        { class: "happened-words" },
        h("p", {}, who && h("b", {}, who), who && " ", deedOf(entry, names), link ? " · " : null, link || null),
        changes.length > 0 && h("ul", { class: "happened-changes" }, ...changes),
      ),
      h("time", { datetime: entry.at }, clock(entry.at)),
    );
  }

  /** @param {HistoryPage} page @param {boolean} isFirst */
  function show(page, isFirst) {
    if (isFirst) {
      fill(list);
      lastDay = "";
    }
    for (const entry of page.entries) {
      const date = day(entry.at);
      if (date !== lastDay) list.append(h("section", {}, h("h2", {}, date), h("ol", {})));
      lastDay = date;
      list.lastElementChild?.lastElementChild?.append(row(entry, page));
    }
    none.hidden = list.children.length > 0;
    return page.next;
  }

  /** @param {number|null} from @param {AbortSignal} signal */
  function ask(from, signal) {
    const { from: first, to, ...others } = chosen();
    const days = { from: first && midnight(first), to: to && midnight(dayAfter(to)) };
    return api.projectHistory(project.id, { ...others, ...days, before: from ?? undefined }, signal);
  }

  const filters = h("form", { class: "history-filters", "aria-label": t("Filters"), onsubmit: (/** @type {Event} */ event) => event.preventDefault() });
  filters.append(fields.person.field, fields.kind.field, fields.from.field, fields.to.field);
  main.append(h("div", { class: "history" }, filters, wrong, list, none, more));
  void paging.first();
}
