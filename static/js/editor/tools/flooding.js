/** Asks the flood worker: one question at a time; clicks are all answered, of previews that wait only the newest. */

import { startWorker } from "../../core/address.js";
import { t } from "../../core/text.js";
import { under } from "../../net/base.js";

/** @typedef {import("../../workers/flood.js").Question} Question */
/** @typedef {import("../../workers/flood.js").Reply} Reply */
/** @typedef {{question: Omit<Question, 'id'>, settle: (reply: Reply|null) => void}} Asked */
/** @typedef {{region: import("../../geometry/region.js").Region, step: number}} Flooded  step: pixels to a side of the region's */

/** What went wrong, as a sentence. @param {import("../../workers/flood.js").Trouble} trouble @param {string} detail */
function sentence(trouble, detail) {
  if (trouble === "unread") return t({ en: "Couldn't read the image ({reason}).", zh: "无法读取图像（{reason}）。" }, { reason: detail });
  if (trouble === "memory") return t({ en: "Not enough memory for this image.", zh: "内存不足，无法处理此图像。" });
  if (detail) return t({ en: "The magic wand failed: {reason}", zh: "魔棒出错：{reason}" }, { reason: detail });
  return t({ en: "Couldn't load the magic wand.", zh: "魔棒未能加载。" });
}

export function createFlooding() {
  /** @type {Worker|null} */
  let worker = null;
  let lastId = 0;
  /** @type {{id: number, settle: (reply: Reply|null) => void}|null} */
  let asked = null;
  /** Clicks that wait. @type {Asked[]} */
  let clicks = [];
  /** The preview that waits. @type {Asked|null} */
  let preview = null;

  function send() {
    const next = asked ? null : (clicks.shift() ?? preview);
    if (!next) return;
    if (next === preview) preview = null;
    worker ??= started();
    const { question, settle } = next;
    asked = { id: ++lastId, settle };
    worker.postMessage({ id: lastId, ...question, url: under(question.url) });
  }

  function started() {
    const made = startWorker("js/workers/flood.js");
    made.addEventListener("message", ({ data }) => answered(data));
    made.addEventListener("error", (event) => {
      event.preventDefault();
      made.terminate(); // what failed to load never answers; the next question makes another
      if (worker !== made) return;
      worker = null;
      if (asked) answered({ id: asked.id, error: "failed", detail: event.message ?? "" });
    });
    return made;
  }

  /** @param {Reply} reply */
  function answered(reply) {
    if (reply.id !== asked?.id) return;
    const { settle } = asked;
    asked = null;
    settle(reply);
    send();
  }

  return {
    /**
     * @param {Omit<Question, 'id'>} question @param {boolean} [clicked]  it is answered whatever is asked later
     * @returns {Promise<Flooded|null>} null when it is no longer wanted; throws what went wrong
     */
    async ask(question, clicked = question.exact) {
      const reply = await new Promise((/** @type {(reply: Reply|null) => void} */ settle) => {
        if (clicked) clicks.push({ question, settle });
        else {
          preview?.settle(null);
          preview = { question, settle };
        }
        send();
      });
      if (reply && "error" in reply) throw new Error(sentence(reply.error, reply.detail));
      return reply;
    },
    /** The picture's pixels are given back. */
    close() {
      worker?.terminate();
      worker = null;
      for (const each of [asked, preview, ...clicks]) each?.settle(null);
      asked = preview = null;
      clicks = [];
    },
  };
}
