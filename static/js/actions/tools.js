/** Taking up a tool. */

import { always } from "./action.js";

/**
 * @param {string} id
 * @param {string} title
 * @param {readonly string[]} keys
 * @returns {import("./action.js").Action}
 */
function takeUp(id, title, keys) {
  return {
    id: `tool-${id}`,
    title,
    group: "Tools",
    keys,
    enabled: always,
    perform({ session, tools }) {
      tools.select(id);
      session.said.value = `${tools.active.peek().title}. ${tools.active.peek().hint}`;
    },
  };
}

export const useSelect = takeUp("select", "Select and move", ["V"]);
export const usePoint = takeUp("point", "Point", ["P"]);
export const useBox = takeUp("box", "Box", ["B"]);
