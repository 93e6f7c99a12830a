/** The labels a person works with, in their order (1 to 9 are keys), remembered by this browser. */

import { batch, computed, signal } from "../core/signals.js";
import { annotations } from "../core/state.js";
import { freeColor } from "./palette.js";

/** @typedef {{name: string, color: string}} Label */
/** @typedef {ReturnType<typeof createLabels>} Labels */

const STORED_AS = "samphire.labels";

/** @returns {Label[]} */
function remembered() {
  try {
    const stored = JSON.parse(localStorage.getItem(STORED_AS) ?? "[]");
    const whole =
      Array.isArray(stored) && stored.every((label) => label.name && /^#[0-9a-f]{6}$/i.test(label.color));
    if (whole && stored.length) return stored;
  } catch {
    // Unreadable or forbidden storage: start afresh.
  }
  return [{ name: "object", color: freeColor([]) }];
}

export function createLabels() {
  const own = signal(remembered());
  const activeName = signal(own.peek()[0].name);
  /** Own labels, then those that other people's annotations bring. */
  const all = computed(() => {
    const known = new Map(own.value.map((label) => [label.name, label]));
    for (const { label, color } of annotations.value)
      if (!known.has(label)) known.set(label, { name: label, color });
    return [...known.values()];
  });
  const active = computed(() => all.value.find(({ name }) => name === activeName.value) ?? all.value[0]);

  /** @param {Label[]} next */
  function keep(next) {
    own.value = next;
    try {
      localStorage.setItem(STORED_AS, JSON.stringify(next));
    } catch {
      // Storage full or forbidden: the labels live as long as the page.
    }
  }

  /** @param {string} name */
  function select(name) {
    activeName.value = name;
  }

  /** @param {string} name @returns {Label} the new label, or the one of that name */
  function add(name) {
    const known = all.peek().find((label) => label.name === name);
    const label = known ?? { name, color: freeColor(all.peek().map(({ color }) => color)) };
    batch(() => {
      if (!known) keep([...all.peek(), label]);
      select(name);
    });
    return label;
  }

  /** @param {string} name @param {Partial<Label>} change a name taken by another label merges the two */
  function change(name, change) {
    const changed = all.peek().map((label) => (label.name === name ? { ...label, ...change } : label));
    const merged = changed.filter(
      (label, i) => changed.findIndex((other) => other.name === label.name) === i,
    );
    batch(() => {
      keep(merged);
      if (activeName.peek() === name && change.name) select(change.name);
    });
  }

  /** Forgets a label no annotation carries. @param {string} name */
  function forget(name) {
    const rest = all.peek().filter((label) => label.name !== name);
    if (rest.length) keep(rest);
    if (activeName.peek() === name) select(all.peek()[0].name);
  }

  return { all, active, select, add, change, forget };
}
