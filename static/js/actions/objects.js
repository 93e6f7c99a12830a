/** Actions on accepted objects. */

import { annotations } from "../core/state.js";

/** @typedef {import("./action.js").Action} Action */

/** @type {Action} */
export const deleteObject = {
  id: "delete-object",
  title: "Delete the selected object",
  group: "Objects",
  keys: ["Delete", "Backspace"],
  enabled: ({ session }) => session.annotations.selected.value !== null,
  perform({ session }) {
    const id = session.annotations.selectedId.peek();
    if (id) session.remove(id);
  },
};

/** @param {import("./action.js").App} app @param {number} step */
function selectNeighbour({ session }, step) {
  const list = annotations.peek();
  const at = list.findIndex(({ id }) => id === session.annotations.selectedId.peek());
  const next = list[at < 0 ? (step > 0 ? 0 : list.length - 1) : (at + step + list.length) % list.length];
  session.annotations.select(next.id);
  session.said.value = `${next.label}, object ${list.indexOf(next) + 1} of ${list.length}.`;
}

/** @type {Action} */
export const nextObject = {
  id: "next-object",
  title: "Select the next object",
  group: "Objects",
  keys: ["]"],
  enabled: () => annotations.value.length > 0,
  perform: (app) => selectNeighbour(app, 1),
};

/** @type {Action} */
export const previousObject = {
  ...nextObject,
  id: "previous-object",
  title: "Select the previous object",
  keys: ["["],
  perform: (app) => selectNeighbour(app, -1),
};

/** @type {Action} */
export const hideObject = {
  id: "hide-object",
  title: "Hide or show the selected object",
  group: "Objects",
  keys: ["H"],
  enabled: ({ session }) => session.annotations.selected.value !== null,
  perform({ session }) {
    const id = session.annotations.selectedId.peek();
    if (id) session.annotations.toggle(id);
  },
};
