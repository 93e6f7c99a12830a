/** Every action, in the order the help lists them. Where two share a key, the first that is enabled has it. */

import { addComment, nextComment } from "./comments.js";
import { clickCursor, enterClicks, excludeAtCursor, moveCursor } from "./cursor.js";
import { redo, undo } from "./history.js";
import { useLabels, usePreviousLabel } from "./labels.js";
import { deleteObject, editAttributes, nextObject, previousObject, renameObject } from "./objects.js";
import { changeLanguage, changeTheme, chooseSegmenter, copyView, guidelines, help, palette, share, showHistory } from "./page.js";
import { accept, cancel, nextCandidate, previousCandidate, toggleExclude } from "./prompt.js";
import {
  duplicateObjects,
  fillHolesOf,
  mergeObjects,
  orderObjects,
  removeSpecks,
  splitObject,
  subtractObjects,
  toggleNoOverlap,
  toggleSpecks,
} from "./regions.js";
import { refineObject } from "./refine.js";
import { doneAndNext, giveBack, markImage, nextImage, previousImage, skipAndNext } from "./queue.js";
import { acceptImage, returnImage, undoReview } from "./review.js";
import { finishShape, largerBrush, smallerBrush, takeBack, takeUpTools } from "./tools.js";
import { viewActions } from "./view.js";
import { hideAll, hideObject, lockObject, lockOthers, selectAll, soloObject } from "./visibility.js";

/** @type {readonly import("./action.js").Action[]} */
const ALL = [
  finishShape,
  takeBack,
  accept,
  cancel,
  nextCandidate,
  previousCandidate,
  toggleExclude,
  undo,
  redo,
  ...useLabels,
  usePreviousLabel,
  ...takeUpTools,
  smallerBrush,
  largerBrush,
  nextObject,
  previousObject,
  selectAll,
  renameObject,
  editAttributes,
  hideObject,
  hideAll,
  soloObject,
  lockObject,
  lockOthers,
  deleteObject,
  refineObject,
  mergeObjects,
  subtractObjects,
  splitObject,
  fillHolesOf,
  removeSpecks,
  duplicateObjects,
  ...orderObjects,
  toggleNoOverlap,
  toggleSpecks,
  nextImage,
  previousImage,
  doneAndNext,
  skipAndNext,
  giveBack,
  acceptImage,
  returnImage,
  undoReview,
  ...markImage,
  addComment,
  nextComment,
  ...viewActions,
  ...moveCursor,
  clickCursor,
  excludeAtCursor,
  enterClicks,
  chooseSegmenter,
  guidelines,
  showHistory,
  copyView,
  share,
  help,
  palette,
  changeTheme,
  ...changeLanguage,
];

/** What changes nothing but how one looks at it. @type {readonly import("./action.js").Action[]} */
const LOOKING = Object.freeze([
  ...takeUpTools.filter(({ id }) => id === "tool-select"),
  nextObject,
  previousObject,
  selectAll,
  hideObject,
  hideAll,
  soloObject,
  nextImage,
  previousImage,
  nextComment,
  ...viewActions,
  guidelines,
  showHistory,
  copyView,
  share,
  help,
  palette,
  changeTheme,
  ...changeLanguage,
]);

/** What is nothing where it is not saved. @type {readonly import("./action.js").Action[]} */
const SAVED = Object.freeze([doneAndNext, skipAndNext, giveBack, acceptImage, returnImage, undoReview, ...markImage, addComment]);

/** @param {import("./action.js").Action} each @returns {(app: import("./action.js").App) => boolean} */
function reachable(each) {
  if (LOOKING.includes(each)) return each.enabled;
  if (SAVED.includes(each)) return (app) => app.doc.saves && each.enabled(app);
  return (app) => !app.doc.readOnly && each.enabled(app);
}

/** Of who may only look, or save nothing, the others are out of reach. @type {readonly import("./action.js").Action[]} */
export const ACTIONS = Object.freeze(ALL.map((each) => ({ ...each, enabled: reachable(each) })));

/** @param {string} id @returns {import("./action.js").Action} */
export function action(id) {
  const found = ACTIONS.find((other) => other.id === id);
  if (!found) throw new Error(`No action ${id}; there are ${ACTIONS.map((other) => other.id).join(", ")}.`);
  return found;
}
