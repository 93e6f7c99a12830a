/**
 * Which prompt is decoded next: one at a time, clicks in order and never dropped, of hovers only the latest of each owner.
 * Several documents share it; what one of them asks or gives up is no other's.
 */

import { Superseded } from "../core/errors.js";

/** @typedef {'hover'|'click'} Priority */

/**
 * @template Q, A
 * @typedef {{request: Q, priority: Priority, owner: unknown, resolve: (answer: A) => void, reject: (error: unknown) => void}} Entry
 */

/** @template Q, A */
export class RequestQueue {
  /** @param {(request: Q, priority: Priority) => Promise<A>} run */
  constructor(run) {
    this.run = run;
    this.running = false;
    /** In the order asked. @type {Entry<Q, A>[]} */
    this.waiting = [];
  }

  /**
   * @param {Q} request @param {Priority} priority @param {unknown} owner  who asks @returns {Promise<A>}
   * Rejects with Superseded when a newer request of the same owner came before a hover had its turn.
   */
  submit(request, priority, owner) {
    return new Promise((resolve, reject) => {
      this.#giveUp((entry) => entry.owner === owner && entry.priority === "hover");
      this.waiting.push({ request, priority, owner, resolve, reject });
      void this.#drain();
    });
  }

  /** Everything an owner waits for is given up, as when another image is opened. @param {unknown} owner */
  clear(owner) {
    this.#giveUp((entry) => entry.owner === owner);
  }

  /** @param {(entry: Entry<Q, A>) => boolean} which */
  #giveUp(which) {
    const gone = this.waiting.filter(which);
    if (!gone.length) return;
    this.waiting = this.waiting.filter((entry) => !gone.includes(entry));
    for (const { reject } of gone) reject(new Superseded());
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
    const at = this.waiting.findIndex(({ priority }) => priority === "click");
    return this.waiting.splice(Math.max(0, at), 1).at(0);
  }
}
