/** The question what becomes of an object that was changed here and elsewhere. Nothing else waits for the answer. */

import { effect } from "../../../core/signals.js";
import { t } from "../../../core/text.js";
import { combined } from "../../../document/sync/pending.js";
import { fill, h } from "../../shared/dom.js";
import { clock, isToday, moment } from "../../shared/format.js";
import { versionPicture, windowAround } from "./version-picture.js";

/** @typedef {import("../../../core/types.js").Annotation} Annotation */
/** @typedef {import("../../../document/sync/outbox.js").Conflict} Conflict */

/** @param {string} title @param {Annotation} version @param {Date} when @param {import("./version-picture.js").Window} window */
function shown(title, version, when, window) {
  const dot = h("span", { class: "dot", "aria-hidden": "true" });
  dot.style.setProperty("--color", version.color);
  const named = h("figcaption", {}, h("b", {}, title), h("span", { class: "version-label" }, dot, version.label), isToday(when) ? clock(when) : moment(when));
  return h("figure", { class: "version" }, versionPicture(version, window), named);
}

/** @param {string} title */
function deleted(title) {
  const empty = h("div", { class: "version-gone" }, t("Deleted"));
  return h("figure", { class: "version" }, empty, h("figcaption", {}, h("b", {}, title)));
}

/**
 * @param {import("../../../editor/actions/action.js").App} app
 * @param {HTMLElement} room  the stage: it has the keys once all is answered
 */
export function createConflict({ doc }, room) {
  const { outbox, objects } = doc;
  const card = h("section", { class: "conflict", role: "region", "aria-labelledby": "conflict-title", hidden: true });
  /** @type {Conflict|null} */
  let asked = null;

  /** @param {'mine'|'theirs'|'both'|'union'|'intersection'} choice @param {string} title @param {string} [look] */
  function button(choice, title, look = "quiet") {
    const answer = () => {
      if (asked) objects.answer(asked, choice);
    };
    return h("button", { type: "button", class: `button ${look}`, onclick: answer }, title);
  }

  const more = h("span", { class: "count" });

  /** @param {Conflict} conflict */
  function ask({ pending, theirs }) {
    const mine = pending.annotation;
    if (!mine) return;
    const label = mine.label;
    const isGone = pending.kind === "delete";
    const window = windowAround(theirs ? [mine, theirs] : [mine]);
    const told = !theirs
      ? t("{label} was changed here and deleted elsewhere.", { label })
      : isGone
        ? t("{label} was deleted here and changed elsewhere.", { label })
        : t("{label} was changed here and elsewhere.", { label });
    const insist = !theirs ? t("Restore") : isGone ? t("Delete anyway") : t("Keep mine");
    fill(
      card,
      h("h2", { id: "conflict-title" }, told, more),
      h(
        "div",
        { class: "versions" },
        isGone ? deleted(t("Yours")) : shown(t("Yours"), mine, new Date(pending.seq / 1000), window),
        theirs ? shown(t("Theirs"), theirs, new Date(theirs.updated_at), window) : deleted(t("Theirs")),
      ),
      h(
        "div",
        { class: "conflict-answers" },
        button("mine", insist, "primary"),
        button("theirs", theirs ? t("Use theirs") : t("Keep deleted")),
        theirs && !isGone ? button("both", t("Keep both")) : "",
        theirs && !isGone && combined(pending, theirs, "union") ? button("union", t("Union")) : "",
        theirs && !isGone && combined(pending, theirs, "intersection") ? button("intersection", t("Intersection")) : "",
      ),
    );
    doc.said.value = told;
  }

  effect(() => {
    const [first = null] = outbox.conflicts.value;
    const isNew = first?.pending !== asked?.pending;
    const hadFocus = card.contains(document.activeElement);
    asked = first;
    card.hidden = first === null;
    if (first && isNew) ask(first);
    if (!isNew || !hadFocus) return;
    if (first) card.querySelector("button")?.focus();
    else room.focus({ preventScroll: true });
  });
  effect(() => {
    const count = outbox.conflicts.value.length;
    more.textContent = count > 1 ? t("1 of {count}", { count }) : "";
  });
  return card;
}
