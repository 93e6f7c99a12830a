/** The digits that take labels: given to new ones, and kept in order where they number the labels. */

const DIGITS = "123456789";

/** @param {readonly {key: string|null}[]} labels @returns {string|null} the first digit no label has */
export function freeKey(labels) {
  return [...DIGITS].find((digit) => !labels.some(({ key }) => key === digit)) ?? null;
}

/** Whether the first nine have the digits in their order, and no other one. @param {readonly {key: string|null}[]} labels */
function inOrder(labels) {
  return labels.every(({ key }, i) => (i < DIGITS.length ? key === DIGITS[i] : !DIGITS.includes(key ?? " ")));
}

/**
 * After some are gone: where the digits numbered the labels they go on doing so; keys that somebody chose stay.
 * @template {{key: string|null}} L
 * @param {readonly {key: string|null}[]} before @param {readonly L[]} after  in the same order @returns {readonly L[]}
 */
export function renumbered(before, after) {
  if (after.length >= before.length || !inOrder(before)) return after;
  const isChosen = (/** @type {string|null} */ key) => key !== null && !DIGITS.includes(key);
  return after.map((label, i) => (isChosen(label.key) ? label : { ...label, key: DIGITS[i] ?? null }));
}

/** @template L @param {Iterable<L>} labels @param {ReadonlyMap<string, L>} taken @returns {Array<[string, L]>} by the digits that are left */
export function byFreeDigits(labels, taken) {
  const free = [...DIGITS].filter((digit) => !taken.has(digit));
  return [...labels].slice(0, free.length).map((label, i) => [free[i], label]);
}
