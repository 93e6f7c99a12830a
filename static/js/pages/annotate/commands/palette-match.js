/** Which words a few typed letters may mean, best first. Pure. */

const AT_START = 24; // of a word
const NEXT_TO = 30; // the letter matched before
const APART = -1; // each letter between
const FARTHEST = -8;

/** Whether a word starts there. @param {string} text @param {number} i */
const starts = (text, i) => i === 0 || /[\s(:,\-–/]/.test(text[i - 1]);

/**
 * How well letters stand for a text: all of them in order, best at the starts of words or together.
 * @param {string} typed @param {string} text
 * @returns {{score: number, at: number[]}|null} at: indices in the text; null: they do not
 */
export function matched(typed, text) {
  const letters = [...typed.toLowerCase()].filter((letter) => letter.trim());
  const lower = text.toLowerCase();
  if (!letters.length) return { score: 0, at: [] };
  /** Best way to match the letters so far with the last at each index. @type {Map<number, {score: number, at: number[]}>} */
  let ways = new Map();
  letters.forEach((letter, n) => {
    /** @type {typeof ways} */
    const next = new Map();
    for (let i = lower.indexOf(letter); i >= 0; i = lower.indexOf(letter, i + 1)) {
      const own = starts(lower, i) ? AT_START : 0;
      if (n === 0) {
        next.set(i, { score: own + Math.max(FARTHEST, -i), at: [i] });
        continue;
      }
      for (const [last, way] of ways) {
        if (last >= i) continue;
        const step = i === last + 1 ? NEXT_TO : Math.max(FARTHEST, APART * (i - last));
        const score = way.score + own + step;
        if (score > (next.get(i)?.score ?? -Infinity)) next.set(i, { score, at: [...way.at, i] });
      }
    }
    ways = next;
  });
  const best = [...ways.values()].sort((a, b) => b.score - a.score)[0] ?? null;
  return best && best.score >= letters.length * 4 ? best : null;
}

/**
 * @template {{title: string, words: string}} T
 * @param {string} typed @param {readonly T[]} entries  words: more it can be found by
 * @returns {Array<{entry: T, at: number[]}>} best first, equals in their order; at: matched letters of the title
 */
export function found(typed, entries) {
  if (!typed.trim()) return entries.map((entry) => ({ entry, at: [] }));
  return entries
    .flatMap((entry) => {
      const byTitle = matched(typed, entry.title);
      const byWords = matched(typed, entry.words);
      if (byTitle && byTitle.score >= (byWords?.score ?? 0) - AT_START) return [{ entry, ...byTitle }];
      return byWords ? [{ entry, score: byWords.score - AT_START, at: [] }] : [];
    })
    .sort((a, b) => b.score - a.score)
    .map(({ entry, at }) => ({ entry, at }));
}
