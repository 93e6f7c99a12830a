/**
 * The keys in force: Samphire's own, over them the preset's, over them the person's, kept by this browser. What is above takes
 * its keys away from what is below; labels of the project take theirs from everything.
 */

import { computed, signal } from "../core/signals.js";
import { ACTIONS } from "./index.js";
import { PRESETS } from "./presets.js";

/** @typedef {import("./action.js").Action} Action */
/** @typedef {import("./presets.js").Preset} Preset */
/** @typedef {import("./presets.js").KeyTable} KeyTable */

const STORED_AS = "samphire.keys";
/** They move the picture, the focus and the keyboard's pointer, and end things, whatever the map. */
const FIXED = /^(Shift\+)?(Space|Tab|Arrow\w+)$|^Escape$/;

/** What the project says. */
export const projectPreset = signal(/** @type {Preset} */ ("samphire"));
/** Letters that the project gave its labels: the name of the label under each. */
export const labelKeys = signal(/** @type {ReadonlyMap<string, string>} */ (new Map()));

const remembered = read();
/** What the person chose instead of the project's, null for the project's. */
export const ownPreset = signal(remembered.preset);
/** Keys the person gave actions. */
export const ownKeys = signal(remembered.keys);

export const preset = computed(() => ownPreset.value ?? projectPreset.value);
const inForce = computed(() =>
  resolved(ACTIONS, [ownKeys.value, PRESETS[preset.value].table], new Set(labelKeys.value.keys())),
);

/** @returns {{preset: Preset|null, keys: KeyTable}} */
function read() {
  try {
    const { preset: chosen, keys } = JSON.parse(localStorage.getItem(STORED_AS) ?? "{}");
    const known = Object.entries(keys ?? {}).filter(([, list]) => Array.isArray(list));
    return { preset: chosen in PRESETS ? chosen : null, keys: Object.fromEntries(known) };
  } catch {
    return { preset: null, keys: {} }; // unreadable or forbidden storage
  }
}

function keep() {
  try {
    localStorage.setItem(STORED_AS, JSON.stringify({ preset: ownPreset.peek(), keys: ownKeys.peek() }));
  } catch {
    // Storage full or forbidden: the keys live as long as the page.
  }
}

/** Whether two actions have a key in common from the start: which of them it means is told by what is going on. */
const shareByDesign = (/** @type {Action} */ a, /** @type {Action} */ b, /** @type {string} */ key) =>
  a.keys.includes(key) && b.keys.includes(key);

/**
 * @param {readonly Action[]} actions
 * @param {readonly KeyTable[]} tables  the first counts most
 * @param {ReadonlySet<string>} [taken]  keys that mean no action
 * @returns {Map<string, readonly string[]>} keys by action id
 */
export function resolved(actions, tables, taken = new Set()) {
  const claims = actions.map((action) => {
    const at = tables.findIndex((table) => table[action.id]);
    return { action, rank: at < 0 ? tables.length : at, keys: at < 0 ? action.keys : tables[at][action.id] };
  });
  return new Map(
    claims.map(({ action, rank, keys }) => [
      action.id,
      keys.filter(
        (key) =>
          !taken.has(key) &&
          !claims.some(
            (other) =>
              other.rank < rank && other.keys.includes(key) && !shareByDesign(other.action, action, key),
          ),
      ),
    ]),
  );
}

/** @param {string} id of an action @returns {readonly string[]} its keys now; read in an effect, it follows the map */
export function keysOf(id) {
  return inForce.value.get(id) ?? [];
}

/** @param {Preset|null} chosen null: as the project says */
export function choosePreset(chosen) {
  ownPreset.value = chosen;
  keep();
}

/**
 * What stands against a key for an action: what cannot be changed, labels, other actions.
 * @param {string} id @param {string} key
 * @returns {{fixed: boolean, label: string|null, actions: Action[]}}
 */
export function against(id, key) {
  const action = ACTIONS.find((each) => each.id === id);
  const actions = ACTIONS.filter(
    (other) => other.id !== id && keysOf(other.id).includes(key) && !(action && shareByDesign(action, other, key)),
  );
  return { fixed: FIXED.test(key), label: labelKeys.value.get(key) ?? null, actions };
}

/** Gives an action one key of its own; other actions lose it. @param {string} id @param {string} key */
export function assign(id, key) {
  const losers = against(id, key).actions.map((other) => other.id);
  const rest = Object.entries(ownKeys.peek()).map(([other, keys]) => [
    other,
    losers.includes(other) ? keys.filter((each) => each !== key) : keys,
  ]);
  ownKeys.value = { ...Object.fromEntries(rest), [id]: [key] };
  keep();
}

/** Back to the preset's keys: of one action, or of all. @param {string} [id] */
export function reset(id) {
  ownKeys.value = id ? Object.fromEntries(Object.entries(ownKeys.peek()).filter(([own]) => own !== id)) : {};
  keep();
}
