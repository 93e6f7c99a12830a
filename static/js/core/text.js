/**
 * The interface's words in the page's language. The code speaks English; the server puts what it says in another language
 * into the page, from the one file of messages.
 */

/** @returns {Readonly<Record<string, string>>} */
function readMessages() {
  const boot = globalThis.document?.getElementById("boot")?.textContent;
  return boot ? (JSON.parse(boot).messages ?? {}) : {};
}

const MESSAGES = readMessages();

/** Of the page, as in `<html lang>`. */
export const language = globalThis.document?.documentElement.lang || "en";

/**
 * A text in the page's language, with `{name}` replaced by the value of that name.
 * @param {string} english  a literal, so that every text can be found and translated
 * @param {Readonly<Record<string, string|number>>} [values]
 */
export function t(english, values = {}) {
  const text = MESSAGES[english] ?? english;
  return text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/**
 * A text that tells one from many; `{count}` is the number. Other languages than English translate that of many.
 * @param {number} count @param {string} one @param {string} many
 * @param {Readonly<Record<string, string|number>>} [values]
 */
export function counted(count, one, many, values = {}) {
  return t(count === 1 && language === "en" ? one : many, { count, ...values });
}
