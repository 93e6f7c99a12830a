/** What pointer and keys do while proposals are in hand: one is lit, taken, dropped; a drag is about all inside. */

import { DRAG_FROM, distance } from "../../../editor/tools/tool.js";
import { ordered } from "../../../editor/hit.js";
import { inside, under } from "./choosing.js";

/** @typedef {import("../../../core/api-types.js").Proposal} Proposal */
/** @typedef {import("../../../editor/proposing.js").Press} Press */

const NOTCH = 40; // pixels of a wheel

/**
 * @param {import("../../../editor/editor.js").Editor} editor
 * @param {import("../../../editor/render/pointing.js").Pointing} pointing
 * @param {import("./model.js").Model} model
 * @param {import("./loading.js").Reactive} reactive
 */
export function createHandling({ viewport }, pointing, model, { computed, signal }) {
  const { shown } = model;
  /** What lies under the pointer, the smallest first, and which of that is meant: from part to whole. */
  const pile = signal(/** @type {readonly string[]} */ ([]));
  const level = signal(0);
  /** Chosen by key, where the pointer is not on any. */
  const keyed = signal(/** @type {string|null} */ (null));
  let last = /** @type {Press|null} */ (null);
  let from = /** @type {Press|null} */ (null);
  let turned = 0;

  const byId = computed(() => new Map(shown.value.map((each) => [each.id, each])));
  /** What a click, or a key, is about. */
  const lit = computed(() => {
    const there = pile.value.filter((id) => byId.value.has(id));
    const id = there.length ? there[Math.min(level.value, there.length - 1)] : keyed.value;
    return (id && byId.value.get(id)) || null;
  });

  /** @param {Press} press */
  const drops = (press) => press.alternate ?? press.exclude;

  /** @param {Press} press */
  function look(press) {
    last = press;
    const ids = under(shown.peek(), press.place).map(({ id }) => id);
    if (ids[0] !== pile.peek()[0]) level.value = 0;
    if (ids.join() !== pile.peek().join()) pile.value = ids;
    if (ids.length) keyed.value = null;
    pointing.shape.value = !ids.length ? "default" : drops(press) ? "exclude" : "pick";
  }

  /** @param {Proposal|null} proposal @param {boolean} unwanted */
  function settle(proposal, unwanted) {
    if (!proposal) return;
    const next = pile.peek().length ? null : after(proposal);
    if (unwanted) model.drop([proposal]);
    else model.take([proposal]);
    if (pile.peek().length && last) look(last);
    else choose(next);
  }

  /** The most certain first. */
  const inTurn = () => [...shown.peek()].sort((a, b) => b.predicted_iou - a.predicted_iou || (a.id < b.id ? -1 : 1));

  /** @param {Proposal} proposal @returns {Proposal|null} */
  function after(proposal) {
    const row = inTurn();
    return row[row.findIndex(({ id }) => id === proposal.id) + 1] ?? null;
  }

  /** By key; brought into sight. @param {Proposal|null} proposal */
  function choose(proposal) {
    keyed.value = proposal?.id ?? null;
    if (!proposal) return;
    const [x, y, width, height] = proposal.bbox;
    viewport.reveal({ x: x + width / 2, y: y + height / 2 });
  }

  function leave() {
    last = null;
    pile.value = [];
    level.value = 0;
  }

  /** @param {Press} press */
  function click(press) {
    look(press);
    settle(lit.peek(), drops(press));
  }

  const able = computed(() => lit.value !== null);

  return {
    lit,
    /** From part to whole under the pointer, or to the next one where it is on none. @param {1|-1} step @returns {boolean} whether there is any */
    go(step) {
      const there = pile.peek().filter((id) => byId.peek().has(id));
      if (there.length) {
        level.value = (Math.min(level.peek(), there.length - 1) + step + there.length) % there.length;
        return true;
      }
      const row = inTurn();
      const at = row.findIndex(({ id }) => id === keyed.peek());
      const next = at < 0 ? row.at(step > 0 ? 0 : -1) : row[at + step];
      choose(next ?? null);
      return next !== undefined;
    },
    /** @type {import("../../../editor/proposing.js").Handling} */
    handling: {
      hover: look,
      leave,
      press(press) {
        from = press;
        look(press);
      },
      drag(press) {
        if (!from || (!pointing.draft.peek() && distance(press.screen, from.screen) < DRAG_FROM)) return;
        const [a, b] = [from.place, press.place].map(viewport.clip);
        pointing.draft.value = ordered(a, b);
      },
      release(press) {
        const box = pointing.draft.peek();
        const begun = from;
        from = null;
        pointing.draft.value = null;
        if (!begun) return;
        if (!box) return click(press);
        const chosen = inside(shown.peek(), box);
        if (drops(press) || drops(begun)) model.drop(chosen);
        else model.take(chosen);
      },
      click,
      wheel(pixels) {
        turned += pixels;
        if (Math.abs(turned) < NOTCH) return;
        const { length } = pile.peek();
        level.value = Math.min(Math.max(0, length - 1), Math.max(0, level.peek() - Math.sign(turned)));
        turned = 0;
      },
      cancel() {
        const busy = from !== null;
        from = null;
        pointing.draft.value = null;
        if (busy || model.stop()) return true;
        const was = keyed.peek() !== null;
        keyed.value = null;
        return was;
      },
      finishing: { able, perform: () => settle(lit.peek(), false) },
      takingBack: { able, perform: () => settle(lit.peek(), true) },
    },
  };
}
