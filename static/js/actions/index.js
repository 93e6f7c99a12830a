/** Every action, in the order the help lists them. Where two share a key, the first that is enabled has it. */

import { clickCursor, enterClicks, excludeAtCursor, moveCursor } from "./cursor.js";
import { redo, undo } from "./history.js";
import { useLabels } from "./labels.js";
import { deleteObject, hideObject, nextObject, previousObject } from "./objects.js";
import { changeTheme, chooseSegmenter, help } from "./page.js";
import { accept, cancel, nextCandidate, previousCandidate, toggleExclude } from "./prompt.js";
import { doneAndNext, markImage, nextImage, previousImage, skipAndNext } from "./queue.js";
import { useBox, usePoint, useSelect } from "./tools.js";
import { zoomFit, zoomIn, zoomOut, zoomWhole } from "./view.js";

/** @type {readonly import("./action.js").Action[]} */
export const ACTIONS = Object.freeze([
  accept,
  cancel,
  nextCandidate,
  previousCandidate,
  toggleExclude,
  undo,
  redo,
  ...useLabels,
  useSelect,
  usePoint,
  useBox,
  nextObject,
  previousObject,
  hideObject,
  deleteObject,
  nextImage,
  previousImage,
  doneAndNext,
  skipAndNext,
  ...markImage,
  zoomIn,
  zoomOut,
  zoomFit,
  zoomWhole,
  ...moveCursor,
  clickCursor,
  excludeAtCursor,
  enterClicks,
  chooseSegmenter,
  help,
  changeTheme,
]);

/** @param {string} id @returns {import("./action.js").Action} */
export function action(id) {
  const found = ACTIONS.find((other) => other.id === id);
  if (!found) throw new Error(`No action ${id}; there are ${ACTIONS.map((other) => other.id).join(", ")}.`);
  return found;
}
