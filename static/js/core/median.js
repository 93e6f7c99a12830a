/** The median of the latest few numbers: what "usual" means for times. */

export class RecentMedian {
  /** @param {number} [kept] */
  constructor(kept = 9) {
    this.kept = kept;
    /** @type {number[]} */
    this.values = [];
  }

  /** @param {number} value */
  add(value) {
    this.values.push(value);
    if (this.values.length > this.kept) this.values.shift();
  }

  /** @returns {number|null} null before the first */
  get value() {
    if (this.values.length === 0) return null;
    const sorted = [...this.values].sort((a, b) => a - b);
    const middle = sorted.length >> 1;
    return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  clear() {
    this.values = [];
  }
}
