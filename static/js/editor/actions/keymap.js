/**
 * The keys in force: Samphire's own, over them the preset's, over them the person's, kept by this browser. What is above takes
 * its keys away from what is below. A label of the project takes its letter from a tool only where the person has agreed.
 */

import { computed, signal } from "../../core/signals.js";
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
export const wantedLabelKeys = signal(/** @type {ReadonlyMap<string, string>} */ (new Map()));
/** Its id: what the person agreed to in one project holds there. */
export const keysOfProject = signal("");

const remembered = read();
/** What the person chose instead of the project's, null for the project's. */
export const ownPreset = signal(remembered.preset);
/** Keys the person gave actions. */
export const ownKeys = signal(remembered.keys);

/** Letters the person was asked about, by project and letter, and whether they are a label's. */
const given = signal(remembered.given);
const placeOf = (/** @type {string} */ key) => `${keysOfProject.value} ${key}`;

export const preset = computed(() => ownPreset.value ?? projectPreset.value);
const tables = computed(() => [ownKeys.value, PRESETS[preset.value].table]);
const withoutLabels = computed(() => resolved(ACTIONS, tables.value));
/** Actions that a letter means where labels have none. @param {string} key */
const actionsOf = (key) => ACTIONS.filter(({ id }) => withoutLabels.value.get(id)?.includes(key));
/** Letters that choose a label. */
export const labelKeys = computed(
  () => new Map([...wantedLabelKeys.value].filter(([key]) => given.value[placeOf(key)] || !actionsOf(key).length)),
);
/** Letters that the project gave labels and that are actions' nevertheless. */
export const contested = computed(() =>
  [...wantedLabelKeys.value]
    .filter(([key]) => !labelKeys.value.has(key))
    .map(([key, label]) => ({ key, label, actions: actionsOf(key), asked: Object.hasOwn(given.value, placeOf(key)) })),
);
const inForce = computed(() => resolved(ACTIONS, tables.value, new Set(labelKeys.value.keys())));

/** @returns {{preset: Preset|null, keys: KeyTable, given: Readonly<Record<string, boolean>>}} */
function read() {
  try {
    const { preset: chosen, keys, given: letters } = JSON.parse(localStorage.getItem(STORED_AS) ?? "{}");
    const known = Object.entries(keys ?? {}).filter(([, list]) => Array.isArray(list));
    return { preset: chosen in PRESETS ? chosen : null, keys: Object.fromEntries(known), given: { ...letters } };
  } catch {
    return { preset: null, keys: {}, given: {} }; // unreadable or forbidden storage
  }
}

function keep() {
  try {
    const all = { preset: ownPreset.peek(), keys: ownKeys.peek(), given: given.peek() };
    localStorage.setItem(STORED_AS, JSON.stringify(all));
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

/** What the person said of letters that are a label's and an action's. @param {readonly string[]} keys @param {boolean} toLabels */
export function decide(keys, toLabels) {
  given.value = { ...given.peek(), ...Object.fromEntries(keys.map((key) => [placeOf(key), toLabels])) };
  keep();
}

/** Back to the preset's keys: of one action, or of all, which the person is asked about again. @param {string} [id] */
export function reset(id) {
  if (!id) given.value = {};
  ownKeys.value = id ? Object.fromEntries(Object.entries(ownKeys.peek()).filter(([own]) => own !== id)) : {};
  keep();
}
