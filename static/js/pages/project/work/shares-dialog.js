/** Who has which share of a project's images; managers give images to people here, evenly where they choose several. */

import { sentenceOf } from "../../../core/errors.js";
import { counted, t } from "../../../core/text.js";
import { reaches } from "../../../core/roles.js";
import { fill, h } from "../../shared/dom.js";
import { OPEN_STATES } from "../../../core/image-states.js";
import { STATES } from "../../shared/image-states.js";

/** @typedef {import("../../../core/api-types.js").Share} Share */
/** @typedef {import("../../shared/project-people.js").People} People */

/** @param {Share|undefined} share */
const openOf = (share) => OPEN_STATES.reduce((sum, state) => sum + (share?.images[state] ?? 0), 0);
/** @param {Share|undefined} share */
const allOf = (share) => STATES.reduce((sum, state) => sum + (share?.images[state] ?? 0), 0);

/**
 * @param {object} parts
 * @param {import("../../../net/api.js").Api} parts.api
 * @param {import("../../../core/types.js").Project} parts.project
 * @param {People} parts.people
 * @param {ReturnType<typeof import("../../shared/picks.js").createPicks>} parts.picks
 * @param {(changes: import("../../../net/projects-api.js").Selection) => void} parts.choose  what is listed
 * @param {(deed: import("../../shared/doing.js").Deed) => Promise<void>} parts.perform
 */
export function createSharesDialog({ api, project, people, picks, choose, perform }) {
  const isManager = reaches(project.role, "manager");
  const body = h("tbody");
  const heading = h("th", { scope: "col" }, t("Name"));
  const columns = [heading, h("th", { scope: "col" }, t("To do")), h("th", { scope: "col" }, t("Done"))];
  const table = h("table", { class: "shares" }, h("thead", {}, h("tr", {}, ...columns)), body);
  const failure = h("p", { class: "form-error", role: "alert", hidden: true });
  const about = h("p", { class: "muted", role: "status" });
  const what = h("select", { class: "field boxed", id: "shares-what", onchange: () => tell() });
  const give = h("button", { type: "submit", class: "button primary" }, t("Assign"));
  const close = h("button", { type: "button", class: "button", onclick: () => element.close() }, t("Close"));
  const giving = h("div", { class: "shares-giving", hidden: !isManager }, h("label", { for: what.id }, t("Images")), what, about);
  const form = h(
    "form",
    { class: "form", onsubmit: submit },
    h("h2", { id: "shares-title" }, isManager ? t("Assign images") : t("Who has what")),
    giving,
    failure,
    h("div", { class: "shares-scroll" }, table),
    h("div", { class: "dialog-actions" }, close, isManager && give),
  );
  const element = h("dialog", { class: "dialog", "aria-labelledby": "shares-title" }, form);
  let free = 0; // images that are nobody's and not done
  /** As they were when the dialog was opened. */
  let ids = /** @type {string[]} */ ([]);

  const boxes = () => [.../** @type {NodeListOf<HTMLInputElement>} */ (body.querySelectorAll("input"))];
  /** Accounts that are ticked. */
  const ticked = () => boxes().flatMap(({ checked, value }) => (checked ? [value] : []));

  function tell() {
    const to = ticked().length;
    const count = what.value === "picked" ? ids.length : free;
    const each = to > 1 ? counted(Math.ceil(count / to), "About {count} image each.", "About {count} images each.") : "";
    about.textContent = to ? each : what.value === "picked" ? t("With nobody chosen, they become unassigned.") : t("Choose who gets them.");
    give.textContent = to || what.value !== "picked" ? t("Assign") : t("Unassign");
    give.disabled = !count || (!to && what.value !== "picked");
  }

  /** @param {string} name @param {Share|undefined} share @param {string|null} account  null: nobody */
  function row(name, share, account) {
    const list = () => {
      choose({ assigned: account ?? "nobody", person: "" });
      element.close();
    };
    const tick = account && h("input", { type: "checkbox", value: account, onchange: tell, "aria-label": t("Assign to {name}", { name }) });
    const link = h("button", { type: "button", class: "who", title: t("Show these images"), onclick: list }, name);
    const open = openOf(share);
    const cells = [open, allOf(share) - open].map((count) => h("td", {}, String(count)));
    return h("tr", {}, h("th", { scope: "row" }, isManager && account !== null && tick, link), ...cells);
  }

  /** @param {readonly Share[]} shares */
  function show(shares) {
    const of = new Map(shares.map((share) => [share.account, share]));
    free = openOf(of.get(null));
    const workers = people.members.peek().filter(({ id, role }) => reaches(role, "annotator") || of.has(id));
    const before = new Set(ticked());
    fill(body, ...workers.map(({ id, name }) => row(name, of.get(id), id)), row(t("Unassigned"), of.get(null), null));
    const offers = [
      ids.length > 0 && h("option", { value: "picked" }, t("Selected ({count})", { count: ids.length })),
      h("option", { value: "free" }, t("All unassigned ({count})", { count: free })),
    ];
    fill(what, ...offers);
    for (const box of boxes()) box.checked = before.has(box.value);
    tell();
  }

  /** @param {Event} event */
  function submit(event) {
    event.preventDefault();
    const to = ticked();
    const wanted = what.value === "picked" ? { ids, to } : { all: /** @type {true} */ (true), to };
    element.close();
    void perform({
      done: to.length ? t("Images were assigned.") : t("Images were unassigned."),
      failed: t("Nothing was changed."),
      async act() {
        const { changed, restore } = await api.assign(project.id, wanted);
        picks.clear();
        const none = t("These images were assigned so already.");
        return { instead: changed ? undefined : none, undo: restore ? () => api.undo(restore) : null };
      },
    });
  }

  return {
    element,
    async open() {
      ids = [...picks.picked.peek()];
      for (const box of boxes()) box.checked = false;
      failure.hidden = true;
      show([]);
      element.showModal();
      try {
        const [shares] = await Promise.all([api.shares(project.id), people.load()]);
        show(shares);
      } catch (error) {
        failure.hidden = false;
        failure.textContent = sentenceOf(error);
      }
    },
  };
}
