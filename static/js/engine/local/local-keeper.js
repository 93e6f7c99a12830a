/** Keeps one local decoder alive: starts it, watches it, starts another when it dies or has grown, swaps in a better. */

import { LocalDecoder } from "./local-decoder.js";

/** @typedef {import("./calibration.js").Choice} Choice */
/** @typedef {'loading'|'ready'|'failed'} KeeperState */

const HEARTBEAT_MS = 5_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 60_000;
const PAUSE_GROWS = 4;
const GROWTH_BYTES = 96 << 20; // wasm memory beyond what it had after its first masks: time for a fresh worker

export class LocalKeeper {
  /**
   * @param {object} options
   * @param {Choice} options.choice
   * @param {() => Promise<import("../protocol.js").Graphs>} options.graphs  called for every start
   * @param {() => void} options.onChange  state, decoder or choice changed
   */
  constructor({ choice, graphs, onChange }) {
    this.choice = choice;
    this.graphs = graphs;
    this.onChange = onChange;
    /** @type {KeeperState} */
    this.state = "loading";
    this.failure = "";
    /** @type {LocalDecoder|null} */
    this.decoder = null;
    this.pauseMs = FIRST_PAUSE_MS;
    this.closed = false;
    this.baseline = 0;
    /** The next start, while one is due. @type {ReturnType<typeof setTimeout>|undefined} */
    this.restart = undefined;
    this.heartbeat = setInterval(() => void this.#beat(), HEARTBEAT_MS);
    /** Settles when the latest start has succeeded or failed; never rejects. */
    this.started = this.#start();
  }

  async #start() {
    const { choice } = this;
    try {
      const decoder = await LocalDecoder.start(choice.where, choice.threads, this.graphs(), choice.ms);
      if (this.closed || this.choice !== choice) decoder.close();
      else this.adopt(decoder);
    } catch (error) {
      if (this.choice === choice) this.fail(error);
    }
  }

  /** Takes a started decoder in place of the present one. @param {LocalDecoder} decoder */
  adopt(decoder) {
    this.#forgetRestart();
    if (this.decoder !== decoder) this.decoder?.close();
    this.decoder = decoder;
    this.choice = { where: decoder.where, threads: decoder.threads };
    this.baseline = 0;
    this.state = "ready";
    this.onChange();
  }

  /** The worker was given another segmenter: what it grows by for that is no reason to replace it. */
  expectGrowth() {
    this.baseline = 0;
  }

  /** Something else is wanted from now on. @param {Choice} choice */
  change(choice) {
    if (this.choice.where === choice.where && this.choice.threads === choice.threads && this.state !== "failed") return;
    this.#forgetRestart();
    this.choice = choice;
    this.decoder?.close();
    this.decoder = null;
    this.state = "loading";
    this.onChange();
    this.started = this.#start();
  }

  /**
   * The decoder is of no more use, or none could be started: closes it, and starts another after a pause that grows.
   * @param {unknown} error
   */
  fail(error) {
    if (this.closed || this.restart !== undefined) return;
    this.decoder?.close();
    this.decoder = null;
    this.state = "failed";
    this.failure = (error instanceof Error ? error.message : String(error)).replace(/\.$/, "");
    this.restart = setTimeout(() => {
      this.restart = undefined;
      this.started = this.#start();
    }, this.pauseMs);
    this.pauseMs = Math.min(LONGEST_PAUSE_MS, this.pauseMs * PAUSE_GROWS);
    this.onChange();
  }

  #forgetRestart() {
    clearTimeout(this.restart);
    this.restart = undefined;
  }

  /** Finds a dead worker before a click does, and one that has grown. */
  async #beat() {
    const { decoder } = this;
    if (!decoder || decoder.client.busy || document.visibilityState !== "visible") return;
    try {
      const bytes = await decoder.wasmBytes();
      if (this.decoder !== decoder) return;
      this.pauseMs = FIRST_PAUSE_MS; // it has lived for a while
      this.baseline ||= bytes;
      if (bytes > this.baseline + GROWTH_BYTES) {
        this.baseline = bytes; // asked for once, even when the start below fails
        void this.#replace(decoder);
      }
    } catch (error) {
      if (this.decoder === decoder) this.fail(error);
    }
  }

  /** A fresh worker for a grown one; clicks go to the old one meanwhile. @param {LocalDecoder} old */
  async #replace(old) {
    let fresh;
    try {
      fresh = await LocalDecoder.start(old.where, old.threads, this.graphs());
    } catch {
      return; // the old one still serves
    }
    while (this.decoder === old && old.client.busy) await old.client.settled;
    if (this.decoder === old) this.adopt(fresh);
    else fresh.close();
  }

  close() {
    this.closed = true;
    clearInterval(this.heartbeat);
    this.#forgetRestart();
    this.decoder?.close();
    this.decoder = null;
  }
}
