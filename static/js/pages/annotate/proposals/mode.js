/** Puts what is shown of proposals together, once it has been fetched: see `loading.js`. */

import { keyName } from "../../../editor/actions/key-events.js";
import { createAsking } from "./asking.js";
import { createBar } from "./bar.js";
import { tellDropped } from "./dropping.js";
import { createHandling } from "./handling.js";
import { matchOf } from "./matching.js";
import { createModel } from "./model.js";
import { createSheet } from "./sheet.js";

/**
 * @param {import("../../../editor/actions/action.js").App} app
 * @param {import("../../../editor/proposing.js").Proposing} proposing
 * @param {import("./loading.js").Parts} parts
 */
export function createMode({ doc, editor, tools }, proposing, parts) {
  const { room, pointing, reactive } = parts;
  const { computed, effect, signal, untracked } = reactive;
  const api = createAsking(parts.api);
  const model = createModel(doc, api, reactive);
  const { lit, go, handling } = createHandling(editor, pointing, model, reactive);
  const visible = proposing.inHand;
  const shading = signal(false);
  createSheet(room, editor, { shown: model.shown, lit, visible, shading }, reactive);
  createBar(room, model, { visible, shading, run: () => void model.propose() }, parts);
  tellDropped(doc, model.running, reactive);
  proposing.handling.value = handling;

  /** @type {import("../../../editor/proposing.js").Matching} */
  function match(flooded, place) {
    const found = matchOf(flooded, model.shown.peek(), place);
    if (!found) return null;
    const { proposal } = found;
    return { id: proposal.id, rle: proposal.rle, flooded: found.flooded, take: () => model.take([proposal]) };
  }
  effect(() => {
    proposing.matching.value = model.shown.value.length ? match : null;
  });

  const opened = computed(() => doc.image.value?.id);
  let wanted = proposing.inHand.peek(); // a run, where nothing is listed
  effect(() => {
    const id = opened.value;
    if (id === undefined) return;
    untracked(() => void model.open(id).then(settle));
  });
  effect(() => {
    if (!proposing.taken.value || !proposing.inHand.peek()) return;
    wanted = true;
    untracked(settle);
  });

  /** What is listed of the image is known: drafts are taken in hand; where one wants masks and nobody had any proposed, they are looked for. */
  function settle() {
    if (!model.listed.peek()) return;
    const busy = !doc.prompting.empty.peek() || pointing.painting.peek() !== null || pointing.draft.peek() !== null;
    if (model.ahead.peek() && doc.project.peek().settings.propose_ahead && !proposing.inHand.peek() && !busy && model.shown.peek().length) tools.select("propose");
    else if (wanted && model.neverProposed()) void model.propose();
    wanted = false;
  }

  document.addEventListener(
    "keydown",
    (event) => {
      const onStage = document.activeElement === room || document.activeElement === document.body;
      if (!proposing.inHand.peek() || !onStage || document.querySelector("dialog[open], :popover-open")) return;
      const name = keyName(event);
      const done =
        (name === "Tab" && go(1)) ||
        (name === "Shift+Tab" && go(-1)) ||
        (name === "Shift+Enter" && all(model.take)) ||
        (name === "Shift+Delete" && all(model.drop));
      if (!done) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    },
    { capture: true },
  );

  /** @param {(list: typeof model.shown.value) => void} perform */
  function all(perform) {
    const list = model.shown.peek();
    perform(list);
    return list.length > 0;
  }
}
