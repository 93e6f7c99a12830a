/** Which prompt is decoded next: one at a time, clicks in order and never dropped, of hovers only the latest. */

import { Superseded } from "../core/errors.js";

/** @typedef {'hover'|'click'} Priority */

/** @template Q, A */
export class RequestQueue {
  /** @param {(request: Q, priority: Priority) => Promise<A>} run */
  constructor(run) {
    this.run = run;
    this.running = false;
    /**
     * @typedef {{request: Q, priority: Priority, resolve: (answer: A) => void, reject: (error: unknown) => void}} Entry
     */
    /** @type {Entry[]} */
    this.clicks = [];
    /** @type {Entry|null} */
    this.hover = null;
  }

  /**
   * @param {Q} request @param {Priority} priority @returns {Promise<A>}
   * Rejects with Superseded when a newer request came before a hover had its turn.
   */
  submit(request, priority) {
    return new Promise((resolve, reject) => {
      this.hover?.reject(new Superseded());
      this.hover = null;
      const entry = { request, priority, resolve, reject };
      if (priority === "click") this.clicks.push(entry);
      else this.hover = entry;
      void this.#drain();
    });
  }

  /** Everything that waits is given up, as when another image is opened. */
  clear() {
    for (const entry of [...this.clicks, this.hover]) entry?.reject(new Superseded());
    this.clicks = [];
    this.hover = null;
  }

  async #drain() {
    if (this.running) return;
    this.running = true;
    for (let entry = this.#next(); entry; entry = this.#next()) {
      try {
        entry.resolve(await this.run(entry.request, entry.priority));
      } catch (error) {
        entry.reject(error);
      }
    }
    this.running = false;
  }

  #next() {
    const entry = this.clicks.shift() ?? this.hover;
    if (entry === this.hover) this.hover = null;
    return entry;
  }
}
