/** Whose work is on each side, and how the sides are shown: beside each other, or one after the other in one place. */

import { effect, signal } from "../../core/signals.js";
import { counted, t } from "../../core/text.js";
import { reaches } from "../../core/roles.js";
import { fill, h, set } from "../shared/dom.js";
import { icon } from "../shared/icons.js";
import { createPeople } from "../shared/project-people.js";
import { appearance } from "../shared/theme.js";
import { link } from "./side.js";

/** @typedef {import("./side.js").Side} Side */

const BLINK_MS = 900;
const calm = matchMedia("(prefers-reduced-motion: reduce)");

/**
 * @param {object} parts
 * @param {Side} parts.left @param {Side} parts.right
 * @param {import("../../net/api.js").Api} parts.api
 * @param {import("../../core/types.js").Project} parts.project
 * @param {ReturnType<typeof import("../shared/theme.js").createTheme>} parts.theme
 */
export function createComparePage({ left, right, api, project, theme }) {
  const asked = new URLSearchParams(location.search);
  const mode = signal(/** @type {'beside'|'blink'} */ (asked.get("mode") === "blink" ? "blink" : "beside"));
  const front = signal(left);
  /** Whether the sides take turns by themselves. */
  const going = signal(!calm.matches);
  const sides = [left, right];
  const people = createPeople({ api, projectId: project.id });

  /** The stages become wider or narrower; what is in their middle stays there. @param {'beside'|'blink'} next */
  function arrange(next) {
    const { viewport } = left.editor;
    const [place, fitted] = [viewport.middle(), viewport.fitted.peek()];
    mode.value = next;
    if (!fitted) requestAnimationFrame(() => requestAnimationFrame(() => viewport.look(place))); // once they are measured
  }

  function flip() {
    front.value = front.peek() === left ? right : left;
  }

  /** @param {'beside'|'blink'} id @param {string} symbol @param {string} title @param {string} key */
  function modeButton(id, symbol, title, key) {
    const hint = `${title} (${key})`;
    const button = h("button", { type: "button", class: "icon-button", title: hint, "aria-label": title, onclick: () => arrange(id) }, icon(symbol));
    effect(() => set(button, { "aria-pressed": String(mode.value === id) }));
    return button;
  }

  const turns = h("button", { type: "button", class: "icon-button", onclick: () => (going.value = !going.peek()) });
  effect(() => {
    const title = going.value ? t("Pause") : t("Take turns");
    fill(turns, icon(going.value ? "pause" : "play"));
    set(turns, { hidden: mode.value === "beside", title: `${title} (P)`, "aria-label": title });
  });
  const title = t("Show the other");
  const other = h("button", { type: "button", class: "icon-button", title: `${title} (${t("Space")})`, "aria-label": title, onclick: byHand }, icon("sync"));
  effect(() => set(other, { hidden: mode.value === "beside" }));

  function byHand() {
    going.value = false;
    flip();
  }

  const header = /** @type {HTMLElement} */ (document.getElementById("header"));
  header.append(
    h("span", { class: "spring" }),
    h(
      "div",
      { class: "compare-modes" },
      ...[other, turns, modeButton("beside", "columns", t("Side by side"), "S"), modeButton("blink", "layers", t("Blink"), "B")],
    ),
    ...appearance(theme),
  );

  for (const side of sides) createHead(side, people);
  link(left, right);

  const main = /** @type {HTMLElement} */ (document.getElementById("sides"));
  set(main, { "aria-busy": null });
  effect(() => {
    set(main, { "data-mode": mode.value });
    for (const side of sides) set(side.element, { "data-behind": mode.value === "blink" && front.value !== side });
  });
  effect(() => {
    if (mode.value !== "blink" || !going.value) return undefined;
    const timer = setInterval(flip, BLINK_MS);
    return () => clearInterval(timer);
  });
  effect(() => {
    const said = new URLSearchParams({ mode: mode.value });
    for (const { element, layer } of sides) if (layer.value) said.set(element.id, layer.value);
    history.replaceState(null, "", `?${said}`);
  });

  /** @type {Record<string, () => void>} */
  const keys = {
    s: () => arrange("beside"),
    b: () => arrange("blink"),
    p: () => (going.value = !going.peek()),
    f: () => left.editor.viewport.fit(),
    " ": () => mode.peek() === "blink" && byHand(),
    "+": () => left.editor.viewport.zoom(1.25),
    "-": () => left.editor.viewport.zoom(0.8),
  };
  document.addEventListener("keydown", (event) => {
    const perform = keys[event.key.toLowerCase()];
    const isTyping = event.target instanceof Element && event.target.closest("select, input, textarea, button, a, dialog, [popover]");
    if (!perform || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    perform();
  });
}

/** Whose it is, to be chosen, and how much there is. @param {Side} side @param {ReturnType<typeof createPeople>} people */
function createHead({ head, doc, layer, element }, people) {
  const choice = h("select", { class: "field boxed", "aria-label": t("Whose objects"), onchange: () => (layer.value = choice.value || undefined) });
  const count = h("span", { class: "muted" });
  const failed = h("p", { class: "side-failed", role: "alert", hidden: true });
  effect(() => {
    const workers = people.members.value.filter(({ role }) => reaches(role, "annotator"));
    fill(
      choice,
      h("option", { value: "" }, t("The project's objects")),
      ...workers.map(({ id, name }) => h("option", { value: id }, name)),
    );
    choice.value = layer.value ?? "";
  });
  effect(() => fill(count, doc.objects.loaded.value ? counted(doc.objects.all.value.length, "{count} object", "{count} objects") : ""));
  effect(() => {
    const failure = doc.loadFailure.value;
    failed.hidden = failure === null;
    if (failure) fill(failed, `${t("Couldn't load objects.")} ${failure.message} `, h("button", { type: "button", class: "button", onclick: failure.retry }, t("Try again")));
  });
  head.append(choice, count);
  element.append(failed);
}
