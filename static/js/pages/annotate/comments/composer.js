/** Where a comment is written: members are offered after an @, and what is not sent stays as a draft. */

import { sentenceOf } from "../../../core/errors.js";
import { t } from "../../../core/text.js";
import { stored, suggested } from "../../../document/comments/mentions.js";
import { MAC } from "../../../editor/actions/key-events.js";
import { fill, h, set } from "../../shared/dom.js";
import { avatar } from "../../shared/people.js";

/** @typedef {import("../../../document/comments/mentions.js").Member} Member */

const MOST_CHARACTERS = 2000;
let made = 0;

/**
 * @param {object} parts
 * @param {string} parts.label
 * @param {string} parts.action  what its button is called
 * @param {string} parts.text  to begin with
 * @param {() => readonly Member[]} parts.members  who can be mentioned
 * @param {(text: string) => void} [parts.draft]  told what is typed
 * @param {(text: string) => Promise<void>|void} parts.send  may fail
 * @param {() => void} parts.cancel
 */
export function createComposer({ label, action, text, members, draft = () => {}, send, cancel }) {
  const id = `composer-${++made}`;
  const area = h("textarea", {
    ...{ id, class: "field boxed", rows: "2", maxlength: MOST_CHARACTERS, placeholder: label, "aria-label": label },
    ...{ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": `${id}-people` },
  });
  const list = h("ul", { id: `${id}-people`, class: "comment-people", role: "listbox", "aria-label": t("Members"), hidden: true });
  const wrong = h("p", { class: "comment-wrong", role: "alert", hidden: true });
  const submit = h("button", { class: "button primary", disabled: true }, action);
  const back = h("button", { type: "button", class: "button quiet", onclick: cancel }, t("Cancel"));
  const form = h("form", { class: "composer" }, area, list, wrong, h("div", { class: "composer-foot" }, h("span", { class: "muted by-mouse" }, t("{key} to send", { key: MAC ? "⌘Enter" : "Ctrl+Enter" })), back, submit));
  area.value = text;
  let offered = /** @type {ReturnType<typeof suggested>} */ (null);
  let at = 0;

  /** @param {string} sentence */
  function say(sentence) {
    wrong.textContent = sentence;
    wrong.hidden = !sentence;
  }

  function close() {
    offered = null;
    list.hidden = true;
    set(area, { "aria-expanded": "false", "aria-activedescendant": null });
  }

  function offer() {
    const before = offered;
    offered = area.selectionStart === area.selectionEnd ? suggested(area.value, area.selectionStart, members()) : null;
    if (!offered) return close();
    if (before?.from !== offered.from || at >= offered.members.length) at = 0;
    fill(list, ...offered.members.map(option));
    list.hidden = false;
    set(area, { "aria-expanded": "true", "aria-activedescendant": `${id}-${at}` });
  }

  /** @param {Member} member @param {number} i */
  function option(member, i) {
    const choose = (/** @type {Event} */ event) => {
      event.preventDefault(); // the focus stays where it is
      pick(member);
    };
    const person = { account: member.id, name: member.name };
    return h("li", { id: `${id}-${i}`, role: "option", "aria-selected": String(i === at), onpointerdown: choose }, avatar(person), h("span", {}, member.name));
  }

  /** @param {Member} member */
  function pick({ name }) {
    if (!offered) return;
    area.setRangeText(`@${name} `, offered.from, area.selectionStart, "end");
    close();
    changed();
  }

  function changed() {
    submit.disabled = !area.value.trim();
    draft(area.value);
    say("");
  }

  area.addEventListener("input", () => {
    changed();
    offer();
  });
  area.addEventListener("click", offer);
  area.addEventListener("blur", close);
  area.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (offered && step) {
      at = (at + step + offered.members.length) % offered.members.length;
      offer();
    } else if (offered && (event.key === "Enter" || event.key === "Tab") && !event.ctrlKey && !event.metaKey) pick(offered.members[at]);
    else if (offered && event.key === "Escape") close();
    else if (event.key === "Escape") cancel();
    else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const whole = stored(area.value.trim(), members());
    if (!whole || form.inert) return;
    if (whole.length > MOST_CHARACTERS) return say(t("A comment must have at most {count} characters.", { count: MOST_CHARACTERS }));
    form.inert = true;
    try {
      await send(whole);
      area.value = "";
      changed();
    } catch (error) {
      say(sentenceOf(error));
    } finally {
      form.inert = false;
    }
  });
  submit.disabled = !text.trim();

  return {
    element: form,
    /** With the caret behind what is written. */
    focus() {
      area.focus({ preventScroll: true });
      area.setSelectionRange(area.value.length, area.value.length);
    },
  };
}
