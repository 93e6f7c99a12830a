/** What somebody wrote and the server does not have yet, kept by this browser for whose it is: drafts, and what waits. */

import { OWN } from "../../net/account.js";

/** @typedef {import("../../core/api-types.js").NewComment} NewComment */
/** @typedef {{id: string, project: string, image: string, created_at: string, comment: NewComment & {id: string}}} Waiting  written, and to be sent */
/** @typedef {{drafts: Readonly<Record<string, string>>, waiting: readonly Waiting[]}} Kept */

const STORED_AS = `samphire.comments${OWN}`;
const MOST_DRAFTS = 50; // the oldest are forgotten
const NOTHING = Object.freeze({ drafts: {}, waiting: [] });

/** Whether something of a project waits to be sent. @param {string} project  id */
export const isWaiting = (project) => readKept().waiting.some((each) => each.project === project);

/** @returns {Kept} */
export function readKept() {
  try {
    const { drafts, waiting } = JSON.parse(localStorage.getItem(STORED_AS) ?? "{}");
    return { drafts: { ...drafts }, waiting: Array.isArray(waiting) ? waiting : [] };
  } catch {
    return NOTHING; // unreadable or forbidden storage
  }
}

/** Other pages of the browser keep theirs: it is read anew before it is written. @param {(kept: Kept) => Kept} change */
export function keep(change) {
  try {
    localStorage.setItem(STORED_AS, JSON.stringify(change(readKept())));
  } catch {
    // Storage full or forbidden: it lives as long as the page.
  }
}

/** An empty one is forgotten. @param {string} key @param {string} text */
export function keepDraft(key, text) {
  keep(({ drafts, waiting }) => {
    const others = Object.entries(drafts).filter(([each]) => each !== key);
    return { waiting, drafts: Object.fromEntries(text ? [...others.slice(-MOST_DRAFTS), [key, text]] : others) };
  });
}
