/** A browser in the words people have for it, out of what it calls itself. */

import { t } from "../../core/text.js";

/** The first that is in it: later ones call themselves by earlier ones' names, too. @type {ReadonlyArray<readonly [string, string]>} */
const BROWSERS = [
  ["Edg/", "Edge"],
  ["OPR/", "Opera"],
  ["SamsungBrowser/", "Samsung Internet"],
  ["Firefox/", "Firefox"],
  ["FxiOS/", "Firefox"],
  ["CriOS/", "Chrome"],
  ["Chrome/", "Chrome"],
  ["Safari/", "Safari"],
];
/** @type {ReadonlyArray<readonly [string, string]>} */
const SYSTEMS = [
  ["Android", "Android"],
  ["iPhone", "iOS"],
  ["iPad", "iPadOS"],
  ["CrOS", "ChromeOS"],
  ["Windows", "Windows"],
  ["Mac OS X", "macOS"],
  ["Linux", "Linux"],
];
const SHOWN = 60; // characters of what is none of these

/** @param {string} agent  as the browser named itself; may be anything */
export function browserName(agent) {
  const browser = BROWSERS.find(([mark]) => agent.includes(mark))?.[1];
  const system = SYSTEMS.find(([mark]) => agent.includes(mark))?.[1];
  if (browser && system) return t("{browser} on {system}", { browser, system });
  return browser ?? (agent.slice(0, SHOWN) || t("Unknown browser"));
}
