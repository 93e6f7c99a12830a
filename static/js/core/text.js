/**
 * The interface's words in the page's language. The code speaks English; the server puts what it says in another language
 * into the page, from the one file of messages.
 */

/** @typedef {{messages?: Readonly<Record<string, string>>, languages?: readonly string[]}} Words  of the page's data */

const COOKIE = "samphire_language";
const YEAR_SECONDS = 365 * 24 * 3600;

/** @returns {Words} */
function readWords() {
  return JSON.parse(globalThis.document?.getElementById("boot")?.textContent || "{}");
}

const { messages: MESSAGES = {}, languages: LANGUAGES = ["en"] } = readWords();

/** What the page can speak: the language's code and its own name for itself. @type {Readonly<Record<string, string>>} */
export const languages = Object.fromEntries(
  LANGUAGES.map((code) => [code, new Intl.DisplayNames([code], { type: "language" }).of(code) ?? code]),
);

/** Of the page, as in `<html lang>`. */
export const language = globalThis.document?.documentElement.lang || "en";

/** The page in another language, from now on. @param {string} code */
export function speak(code) {
  document.cookie = `${COOKIE}=${code}; path=/; max-age=${YEAR_SECONDS}; SameSite=Lax`;
  location.reload();
}

/**
 * English, whose translations are in the one file of messages; or with them beside it, as a tool has its own.
 * @typedef {string|Readonly<{en: string} & Record<string, string>>} Text  literals, so that every text can be found
 */

/**
 * A text in the page's language, with `{name}` replaced by the value of that name.
 * @param {Text} text
 * @param {Readonly<Record<string, string|number>>} [values]
 */
export function t(text, values = {}) {
  const found = typeof text === "string" ? (MESSAGES[text] ?? text) : (text[language] ?? text.en);
  return found.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/** A sentence that came from the server, in the page's language where it is known. @param {string} message */
export function told(message) {
  return MESSAGES[message] ?? message;
}

/**
 * A text that tells one from many; `{count}` is the number. Other languages than English translate that of many.
 * @param {number} count @param {string} one @param {Text} many
 * @param {Readonly<Record<string, string|number>>} [values]
 */
export function counted(count, one, many, values = {}) {
  return t(count === 1 && language === "en" ? one : many, { count, ...values });
}
