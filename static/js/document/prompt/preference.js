/**
 * Which of the three masks of a lone point a person usually wants of a label: the whole thing, a part, or a part of that.
 * Learned from what was accepted last; kept by this browser for each project.
 */

import { own } from "../../core/own.js";
import { signal } from "../../core/signals.js";
import { BASE } from "../../net/base.js";

/** @typedef {import("../../core/types.js").Candidate} Candidate */
/** @typedef {'whole'|'part'|'subpart'} Extent */
/** @typedef {Record<string, readonly Extent[]>} Accepted  by label, the latest last */
/** @typedef {ReturnType<typeof createPreference>} Preference */

const EXTENTS = Object.freeze(/** @type {const} */ (["subpart", "part", "whole"])); // by area
const REMEMBERED = 6;
const LEAST = 3; // acceptances before anything is concluded
const MAJORITY = 2 / 3;

/** @param {readonly Extent[]} accepted @returns {Extent|null} what most of them were */
export function usual(accepted) {
  const counts = EXTENTS.map((extent) => accepted.filter((each) => each === extent).length);
  const most = Math.max(...counts);
  return most >= LEAST && most >= MAJORITY * accepted.length ? EXTENTS[counts.indexOf(most)] : null;
}

/** Indices of three candidates from the smallest to the largest. @param {readonly Candidate[]} candidates */
function byArea(candidates) {
  return candidates.map((_, i) => i).sort((a, b) => candidates[a].areaFraction - candidates[b].areaFraction || a - b);
}

/** @param {readonly Candidate[]} candidates @param {number} index @returns {Extent|null} null unless there are three */
export function extentOf(candidates, index) {
  return candidates.length === EXTENTS.length ? EXTENTS[byArea(candidates).indexOf(index)] : null;
}

/** @param {string} project  id */
export function createPreference(project) {
  const storedAs = `samphire.extents${BASE}.${project}`;
  const accepted = signal(read(storedAs));

  /** @param {Accepted} next */
  function keep(next) {
    accepted.value = next;
    try {
      localStorage.setItem(storedAs, JSON.stringify(next));
    } catch {
      // Storage full or forbidden: learned as long as the page lives.
    }
  }

  return {
    accepted,
    /** What is shown first of a label. @param {string} label @returns {Extent|null} null: what the decoder rates best */
    of: (label) => usual(own(accepted.value, label) ?? []),
    /** @param {string} label @param {readonly Candidate[]} candidates @param {number} index  of the accepted one */
    note(label, candidates, index) {
      const extent = extentOf(candidates, index);
      if (!extent) return;
      keep({ ...accepted.peek(), [label]: [...(own(accepted.peek(), label) ?? []), extent].slice(-REMEMBERED) });
    },
    /** @param {string} label @param {readonly Candidate[]} candidates @param {number} best  the decoder's choice */
    first(label, candidates, best) {
      const wanted = usual(own(accepted.peek(), label) ?? []);
      return wanted && candidates.length === EXTENTS.length ? byArea(candidates)[EXTENTS.indexOf(wanted)] : best;
    },
    /** Forgets what was learned of a label. @param {string} label */
    reset(label) {
      const { [label]: _, ...rest } = accepted.peek();
      keep(rest);
    },
  };
}

/** @param {string} storedAs @returns {Accepted} */
function read(storedAs) {
  try {
    const stored = JSON.parse(localStorage.getItem(storedAs) ?? "{}");
    const sound = Object.entries(stored).filter(
      ([, list]) => Array.isArray(list) && list.every((extent) => EXTENTS.includes(extent)),
    );
    return Object.fromEntries(sound);
  } catch {
    return {}; // unreadable, or forbidden
  }
}
