/** Who else works in the project: on this image as a row of initials, all of them in a list; a press follows their view. */

import { computed, effect } from "../../../core/signals.js";
import { counted, t } from "../../../core/text.js";
import { fill, h, set } from "../../shared/dom.js";
import { avatar } from "../../shared/people.js";

/** @typedef {import("../../../core/api-types.js").Person} Person */

const MOST_SHOWN = 4;

/** @param {import("../../../editor/actions/action.js").App} app @returns {HTMLElement[]} the button and its popover */
export function createPeople({ doc, tools, following }) {
  const { presence } = doc;
  const button = h("button", { type: "button", class: "people", popovertarget: "people" });
  const list = h("ul", { class: "people-list" });
  const popover = h("div", { id: "people", class: "popover people-panel", popover: "auto", role: "dialog", "aria-label": t("People") }, h("h2", {}, t("People")), list);
  const all = computed(() => {
    const here = new Set(presence.here.value);
    const byName = (/** @type {Person} */ a, /** @type {Person} */ b) => a.name.localeCompare(b.name) || a.n - b.n;
    const others = [...presence.people.value.values()].filter((person) => !here.has(person));
    return [[...here].sort(byName), others.sort(byName)];
  });

  /** @param {Person} person */
  function whatOf({ image, object, tool }) {
    if (image !== doc.image.value?.id) return t("On another image");
    const label = doc.objects.all.value.find(({ id }) => id === object)?.label;
    const inHand = tools.list.find(({ id }) => id === tool)?.title;
    return [t("On this image"), inHand, label].filter(Boolean).join(" · ");
  }

  /** @param {Person} person */
  function row(person) {
    const isFollowed = following.person.value?.n === person.n;
    const press = () => following.follow(isFollowed ? null : person.n);
    const title = isFollowed ? t("Stop following {name}", { name: person.name }) : t("Follow {name}", { name: person.name });
    const words = h("span", { class: "person-words" }, h("b", {}, person.name), h("span", {}, whatOf(person)));
    return h("li", {}, h("button", { type: "button", class: "person", title, "aria-label": `${title}. ${whatOf(person)}`, "aria-pressed": String(isFollowed), onclick: press }, avatar(person), words));
  }

  effect(() => {
    const [here, others] = all.value;
    const count = here.length + others.length;
    const text = counted(count, "{count} other person in this project", "{count} other people in this project");
    button.hidden = !count;
    if (!count && popover.matches(":popover-open")) popover.hidePopover();
    set(button, { "aria-label": text, title: text });
    const shown = here.slice(0, MOST_SHOWN);
    const rest = count - shown.length;
    fill(button, ...shown.map(avatar), rest > 0 && h("span", { class: "avatar rest", "aria-hidden": "true" }, `+${rest}`));
  });
  effect(() => {
    const focused = [...list.children].findIndex((item) => item.contains(document.activeElement));
    fill(list, ...all.value.flat().map(row));
    if (focused >= 0) list.children[focused]?.querySelector("button")?.focus();
  });
  return [button, popover];
}
