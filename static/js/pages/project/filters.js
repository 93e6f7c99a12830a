/** The bar over the grid: search, order, and the filters, each of which can be taken away again. */

import { computed, effect } from "../../core/signals.js";
import { t } from "../../core/text.js";
import { inGroups, nameInGroup } from "../../document/labels/label-groups.js";
import { fill, h, set } from "../shared/dom.js";
import { icon } from "../shared/icons.js";
import { REVIEWED, STATES, STATE_TITLES, stateIcon } from "../shared/image-states.js";
import { createPersonFilter, personFilter } from "./work/person-filter.js";

/** @typedef {import("../../net/projects-api.js").Selection} Selection */
/** @typedef {import("../../core/types.js").LabelClass} LabelClass */

const TYPING_MS = 250;
const SCORES = ["0.5", "0.7", "0.8", "0.9", "0.95"];
const SORTS = Object.freeze({
  name: t("Name"),
  added: t("Time added"),
  state: t("State"),
  objects: t("Objects"),
  certainty: t("Certainty of masks"),
});

/** What a selection without any filter says. @type {Selection} */
export const NOTHING = Object.freeze({ state: "", label: "", search: "", score: "", person: "", assigned: "" });

/** @param {string} state  of an address: not always one there is */
const stateTitle = (state) =>
  Object.hasOwn(STATE_TITLES, state) ? STATE_TITLES[/** @type {"new"} */ (state)] : state;

/**
 * @param {object} parts
 * @param {ReturnType<typeof import("./selection.js").createSelection>} parts.choosing
 * @param {{readonly value: import("../../core/types.js").StateCounts}} parts.counts
 * @param {{readonly value: readonly LabelClass[]}} parts.labels
 * @param {import("../shared/project-people.js").People} parts.people
 * @param {boolean} parts.review  whether the project has reviewers accept images
 * @param {HTMLElement} parts.masks  a switch
 */
export function createFilters({ choosing: { selection, change }, counts, labels, people, review, masks }) {
  let timer = 0;
  const search = h("input", {
    class: "field boxed",
    type: "search",
    id: "search",
    placeholder: t("Search names"),
    "aria-label": t("Search names"),
    autocomplete: "off",
    spellcheck: "false",
    maxlength: "200",
    "aria-keyshortcuts": "/",
  });
  let found = "";
  /** What was typed and not searched for yet does not count any more. @param {string} text */
  function write(text) {
    clearTimeout(timer);
    search.value = text;
  }
  search.addEventListener("input", () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => change({ search: search.value.trim() }, { typing: true }), TYPING_MS);
  });
  search.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && search.value === "") search.blur();
  });

  /** @param {string} name @param {string} label @param {Array<[string, string]>} options  value, title */
  function select(name, label, options) {
    const element = h(
      "select",
      { class: "field boxed", "aria-label": label },
      ...options.map(([value, title]) => h("option", { value }, title)),
    );
    element.addEventListener("change", () => change({ [name]: element.value }));
    return element;
  }
  const label = select("label", t("Label"), [["", t("Label")]]);
  const score = select("score", t("Score"), []);
  const person = createPersonFilter(selection, people, change);
  const sort = select("sort", t("Sort by"), Object.entries(SORTS));
  const direction = h("button", { type: "button", class: "icon-button" });
  direction.addEventListener("click", () =>
    change({ order: selection.peek().order === "desc" ? "asc" : "desc" }),
  );

  const all = stateButton(null);
  const states = [all, ...STATES.map(stateButton)];
  const stateRow = h(
    "div",
    { class: "state-filters", role: "group", "aria-label": t("State") },
    ...states.map((each) => each.element),
  );
  const chips = h("div", { class: "chips", role: "group", "aria-label": t("Filters") });
  const searchField = h("span", { class: "search-field" }, icon("search"), search, h("kbd", {}, "/"));
  const element = h(
    "div",
    { class: "filters" },
    h("div", { class: "filter-fields" }, searchField, label, score, person, sort, direction, masks),
    h("div", { class: "filter-line" }, stateRow, chips),
  );

  /** @param {import("../../core/types.js").ImageState|null} state  null: every one */
  function stateButton(state) {
    const number = h("span", { class: "count" });
    const button = h(
      "button",
      { type: "button", class: "state-filter" },
      state && stateIcon(state),
      h("span", {}, state ? STATE_TITLES[state] : t("All")),
      number,
    );
    button.addEventListener("click", () => {
      const chosen = selection.peek().state;
      change({ state: state && chosen !== state ? state : "" });
    });
    return { element: button, number, state };
  }

  /** @param {string} text @param {() => void} remove */
  function chip(text, remove) {
    const name = t("Remove filter “{filter}”", { filter: text });
    return h(
      "button",
      { type: "button", class: "chip", "aria-label": name, title: name, onclick: remove },
      text,
      icon("close"),
    );
  }

  effect(() => {
    const chosen = selection.value.label;
    const gone = chosen && !labels.value.some(({ name }) => name === chosen);
    const known = gone ? [...labels.value, { name: chosen, group: "" }] : labels.value;
    fill(
      label,
      h("option", { value: "" }, t("Label")),
      ...inGroups(known).flatMap(({ group, labels: some }) => {
        const options = some.map((each) => h("option", { value: each.name }, nameInGroup(each)));
        return group ? [h("optgroup", { label: group }, ...options)] : options;
      }),
    );
    label.value = chosen ?? "";
    label.disabled = known.length === 0;
  });
  effect(() => {
    const { state, search: text = "", score: below = "", sort: by = "name", order } = selection.value;
    if (text !== found && search.value.trim() !== text) write(text); // the browser's Back, say
    found = text;
    const scores = !below || SCORES.includes(below) ? SCORES : [...SCORES, below];
    fill(
      score,
      h("option", { value: "" }, t("Score")),
      ...scores.map((value) => h("option", { value }, t("Score below {value}", { value }))),
    );
    score.value = below;
    sort.value = by;
    const ascending = order !== "desc";
    const told = ascending ? t("Ascending (click to reverse)") : t("Descending (click to reverse)");
    set(direction, { "aria-label": told, title: told });
    fill(direction, icon(ascending ? "up" : "down"));
    for (const each of states) set(each.element, { "aria-pressed": String(each.state === (state ?? null)) });
  });
  effect(() => {
    const present = counts.value;
    for (const { element: button, state } of states) {
      button.hidden = state !== null && REVIEWED.includes(state) && !review && !present[state];
    }
    for (const { number, state } of states)
      number.textContent = String(
        state ? present[state] : STATES.reduce((sum, each) => sum + present[each], 0),
      );
  });
  effect(() => {
    const { state, label: name, search: text, score: below } = selection.value;
    const who = personFilter(selection.value, people);
    const shown = [
      state &&
        chip(t("State: {state}", { state: stateTitle(state) }), () => change({ state: "" })),
      name && chip(t("Label: {label}", { label: name }), () => change({ label: "" })),
      text && chip(t("Name: {text}", { text }), () => {
          write("");
          change({ search: "" });
        }),
      below && chip(t("Score below {value}", { value: below }), () => change({ score: "" })),
      who && chip(who, () => change({ person: "", assigned: "" })),
    ].filter((each) => each instanceof HTMLElement);
    const clear = h(
      "button",
      {
        type: "button",
        class: "button quiet",
        onclick() {
          write("");
          change(NOTHING);
        },
      },
      t("Clear all"),
    );
    const none = h("span", { class: "chips-none" }, t("No filters"));
    const left = [...chips.children].findIndex((each) => each === document.activeElement);
    fill(chips, ...shown, shown.length > 1 && clear, !shown.length && none);
    if (left < 0) return;
    const next = shown[Math.min(left, shown.length - 1)];
    (next ?? all.element).focus(); // what was taken away had the focus
  });

  return {
    element,
    focusSearch() {
      search.focus();
      search.select();
    },
    /** Whether anything is left out of the list. */
    filtered: computed(() => {
      const { state, label: name, search: text, score: below, person, assigned } = selection.value;
      return !!(state || name || text || below || person || assigned);
    }),
  };
}
