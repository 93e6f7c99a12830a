/** Where others point, each with a name; the places that somebody wants looked at; and whose view is followed. */

import { computed, effect } from "../../../core/signals.js";
import { t } from "../../../core/text.js";
import { viewOptions } from "../../../editor/view-options.js";
import { fill, h, keepRows, set } from "../../shared/dom.js";
import { dress } from "../../shared/people.js";

/** @typedef {import("../../../core/api-types.js").Person} Person */
/** @typedef {import("../../../document/sync/presence.js").Cursor} Cursor */

const IDLE_MS = 30_000;
const LOOK_MS = 2000;

/** @param {HTMLElement} element @param {{x: number, y: number}} at  CSS pixels of the stage */
function put(element, { x, y }) {
  element.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`;
}

/** @param {HTMLElement} room @param {import("../../../editor/actions/action.js").App} app */
export function createCursors(room, { doc, editor, following }) {
  const { presence } = doc;
  const { viewport } = editor;
  const cursors = h("div", { class: "others", "aria-hidden": "true" });
  const frame = h("div", { class: "followed", hidden: true });
  const places = h("div", { class: "others", "aria-hidden": "true" });
  room.append(cursors, places, frame);
  const shown = new Map();
  const rings = new Map();

  /** @param {{person: Person, cursor: Cursor}} first */
  function pointer({ person }) {
    const element = h("div", { class: "other" }, h("span", { class: "other-arrow" }), h("span", { class: "other-name" }, person.name));
    dress(element, person);
    return {
      element,
      /** @param {{person: Person, cursor: Cursor}} now */
      update({ cursor }) {
        put(element, viewport.toScreen(cursor));
        set(element, { "data-idle": performance.now() - cursor.at > IDLE_MS });
      },
    };
  }

  /** @param {import("../../../document/sync/presence.js").Looking} looking */
  function ring({ person, x, y }) {
    const element = h("div", { class: "look" }, h("span", { class: "look-ring" }), person && h("span", { class: "other-name" }, person.name));
    if (person) dress(element, person);
    return { element, update: () => put(element, viewport.toScreen({ x, y })) };
  }

  function draw() {
    void [viewport.view.value, viewport.size.value, viewport.picture.value];
    const seen = viewOptions.cursors.value ? [...presence.cursors.value] : [];
    const others = seen.flatMap(([n, cursor]) => {
      const person = presence.people.value.get(n);
      return person ? [{ person, cursor }] : [];
    });
    keepRows(cursors, others, ({ person }) => `${person.n} ${person.name}`, pointer, shown);
    keepRows(places, presence.lookings.value, ({ key }) => `look ${key}`, ring, rings);
  }
  effect(draw);
  const some = computed(() => presence.cursors.value.size > 0);
  let fading = /** @type {ReturnType<typeof setInterval>|undefined} */ (undefined);
  effect(() => {
    clearInterval(fading);
    if (some.value) fading = setInterval(draw, IDLE_MS / 10); // who does not move fades
  });

  let told = 0;
  effect(() => {
    const latest = presence.lookings.value.at(-1);
    if (!latest?.person || latest.key === told) return;
    told = latest.key;
    const { width, height } = viewport.size.peek();
    const { x, y } = viewport.toScreen(latest);
    const outside = x < 0 || y < 0 || x > width || y > height;
    doc.said.value = t("{name} points at something.", { name: latest.person.name });
    if (!outside) return;
    const hint = h("div", { class: "look-away" }, t("{name} points at something outside your view.", { name: latest.person.name }));
    dress(hint, latest.person);
    room.append(hint);
    setTimeout(() => hint.remove(), LOOK_MS);
  });
  effect(() => {
    const person = following.person.value;
    frame.hidden = !person;
    if (!person) return;
    dress(frame, person);
    fill(frame, h("span", {}, t("Following {name}. Move the view to stop.", { name: person.name })));
  });
}
