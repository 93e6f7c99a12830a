/** Spans of time: of days, and in hours. */

import { t } from "../../../core/text.js";

const DAY_MS = 24 * 3600 * 1000;

/** The first and the last of so many days that end with today, of UTC. @param {number} count @param {Date} now */
export function daysBack(count, now) {
  const first = new Date(now.getTime() - (count - 1) * DAY_MS);
  return [first, now].map((date) => date.toISOString().slice(0, 10));
}

/** All days from one to another, both included. @param {string} first @param {string} last */
export function daysBetween(first, last) {
  const days = [];
  for (let at = Date.parse(first); at <= Date.parse(last); at += DAY_MS) days.push(new Date(at).toISOString().slice(0, 10));
  return days;
}

/** As "1 h 05 min". @param {number} seconds */
export function hours(seconds) {
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return t("{minutes} min", { minutes });
  return t("{hours} h {minutes} min", { hours: Math.floor(minutes / 60), minutes: String(minutes % 60).padStart(2, "0") });
}
