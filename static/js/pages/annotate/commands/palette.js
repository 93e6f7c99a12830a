/** The command palette: everything that can be done now, by a few letters of its name, with the keyboard alone. */

import { effect, untracked } from "../../../core/signals.js";
import { t } from "../../../core/text.js";
import { run } from "../../../editor/actions/action.js";
import { ACTIONS } from "../../../editor/actions/index.js";
import { contested, keysOf } from "../../../editor/actions/keymap.js";
import { useLabelNamed } from "../../../editor/actions/labels.js";
import { h, set } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { keyCapsOf } from "./keys-shown.js";
import { openWhile } from "../../shared/popups/open-while.js";
import { found } from "./palette-match.js";

/** @typedef {import("../../../editor/actions/action.js").App} App */
/** @typedef {{id: string, title: string, words: string, group: string, key: string, perform: () => void}} Entry */

const MOST_SHOWN = 60;
const LATEST = 5; // done through it, offered first

/** Is for keys alone: a place the pointer is moved to, or the palette itself. */
const LEFT_OUT = /^(cursor-|label-\d$|palette$)/;

/** What can be done now. @param {App} app @returns {Entry[]} */
function entriesOf(app) {
  const labels = app.doc.labels.all.peek();
  const images = app.queue.standing.peek()?.images ?? [];
  const opened = app.queue.standing.peek()?.at;
  const lost = new Set(contested.peek().map(({ label }) => label)); // their letter means something else
  return [
    ...ACTIONS.filter(({ id, enabled }) => !LEFT_OUT.test(id) && enabled(app)).map((action) => ({
      id: action.id,
      title: action.title,
      words: action.id.replaceAll("-", " "),
      group: action.group,
      key: keysOf(action.id)[0] ?? "",
      perform: () => run(action, app),
    })),
    ...labels.map(({ name, key }) => ({
      id: `label:${name}`,
      title: useLabelNamed(name).title,
      words: `label ${name}`,
      group: t("Labels"),
      key: lost.has(name) ? "" : (key?.toUpperCase() ?? ""),
      perform: () => run(useLabelNamed(name), app),
    })),
    ...images.flatMap((image, i) => ({
      id: `image:${image.id}`,
      title: t("Image: {name}", { name: image.name }),
      words: `image ${image.name}`,
      group: t("Images"),
      key: "",
      perform: () => void (i !== opened && app.queue.go(image)),
    })),
  ];
}

/** @param {string} title @param {readonly number[]} at matched letters */
function marked(title, at) {
  const hit = new Set(at);
  return [...title].map((letter, i) => (hit.has(i) ? h("mark", {}, letter) : letter));
}

/** @param {App} app */
export function createPalette(app) {
  /** @type {Entry[]} */
  let all = [];
  /** @type {Entry[]} */
  let shown = [];
  let active = 0;
  /** @type {string[]} */
  let latest = [];

  const input = h("input", {
    class: "field palette-input",
    type: "text",
    role: "combobox",
    autocomplete: "off",
    spellcheck: "false",
    placeholder: t("What do you want to do?"),
    "aria-label": t("Find an action, a label or an image"),
    "aria-expanded": "true",
    "aria-controls": "palette-list",
    "aria-autocomplete": "list",
    oninput: refresh,
    onkeydown: press,
  });
  const list = h("ul", { id: "palette-list", role: "listbox", "aria-label": t("Actions") });
  const none = h("p", { class: "empty", role: "status" });
  const dialog = h(
    "dialog",
    { class: "dialog palette", "aria-label": t("Command palette") },
    h("div", { class: "palette-search" }, icon("search"), input),
    list,
    none,
  );

  function refresh() {
    const typed = input.value;
    const ordered = typed.trim()
      ? all
      : [...latest.flatMap((id) => all.find((entry) => entry.id === id) ?? []), ...all.filter(({ id }) => !latest.includes(id))];
    const hits = found(typed, ordered).slice(0, MOST_SHOWN);
    shown = hits.map(({ entry }) => entry);
    active = 0;
    list.replaceChildren(
      ...hits.map(({ entry, at }, i) =>
        h(
          "li",
          { id: `palette-${i}`, role: "option", onclick: () => choose(i), onpointermove: () => i !== active && point(i) },
          h("span", { class: "palette-title" }, ...marked(entry.title, at)),
          h("span", { class: "palette-group" }, entry.group),
          entry.key ? keyCapsOf(entry.key) : null,
        ),
      ),
    );
    none.textContent = hits.length ? "" : t("No matching command");
    point(0);
  }

  /** @param {number} i */
  function point(i) {
    active = i;
    [...list.children].forEach((option, n) => set(option, { "aria-selected": String(n === i) }));
    set(input, { "aria-activedescendant": shown.length ? `palette-${i}` : null });
    list.children[i]?.scrollIntoView({ block: "nearest" });
  }

  /** @param {KeyboardEvent} event */
  function press(event) {
    const last = shown.length - 1;
    if (event.isComposing || last < 0) return;
    const to = { ArrowDown: active === last ? 0 : active + 1, ArrowUp: active === 0 ? last : active - 1 }[event.key];
    const page = { PageDown: Math.min(last, active + 8), PageUp: Math.max(0, active - 8) }[event.key];
    if (event.key === "Enter") choose(active);
    else if (to !== undefined || page !== undefined) point(to ?? page ?? 0);
    else return;
    event.preventDefault();
  }

  /** Once closed, the dialog has given the focus back: what is done finds the page as it was. @param {number} i */
  function choose(i) {
    const { id, perform } = shown[i];
    latest = [id, ...latest.filter((other) => other !== id)].slice(0, LATEST);
    dialog.close();
    app.paletteOpen.value = false;
    perform();
  }

  openWhile(dialog, app.paletteOpen);
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  effect(() => {
    if (!app.paletteOpen.value || dialog.open) return;
    queueMicrotask(() => {
      all = entriesOf(app);
      input.value = "";
      dialog.showModal();
      refresh();
      void app.queue.refresh(); // an image may be gone meanwhile
    });
  });
  effect(() => {
    void app.queue.standing.value;
    if (!dialog.open) return;
    const { id } = shown[active] ?? {};
    all = untracked(() => entriesOf(app));
    refresh();
    point(Math.max(0, shown.findIndex((entry) => entry.id === id)));
  });
  return dialog;
}
