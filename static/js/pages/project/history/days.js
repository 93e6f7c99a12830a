/** Days as date fields have them, "2026-01-31", of the person's own time. */

/** When a day begins, as the server takes times. @param {string} day */
export function midnight(day) {
  return new Date(`${day}T00:00`).toISOString();
}

/** @param {string} day */
export function dayAfter(day) {
  const next = new Date(`${day}T00:00Z`);
  next.setUTCDate(next.getUTCDate() + 1);
  return next.toISOString().slice(0, 10);
}
