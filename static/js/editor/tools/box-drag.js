/** Drawing a box and moving its handles, shared by the tools that do. */

import { dragHandle, handleAt, ordered } from "../hit.js";
import { reach } from "./tool.js";

/** @typedef {import("./tool.js").Press} Press */
/** @typedef {import("./tool.js").Place} Place */
/** @typedef {import("../../core/types.js").Box} Box */

const SMALLEST = 2; // image pixels: anything narrower was a slip

/** @param {import("./tool.js").Editor} editor @param {import("./tool.js").Pointing} pointing */
export function createBoxDrag(editor, pointing) {
  const { doc } = editor;
  /** @type {Place|null} */
  let corner = null;
  /** @type {import("../hit.js").Handle|null} */
  let handle = null;

  const clip = editor.viewport.clip;

  /** @param {Press} press @returns {import("../hit.js").Handle|null} */
  function handleUnder(press) {
    return handleAt(doc.prompting.prompt.peek().box, press.place, reach(editor, press));
  }

  return {
    handleUnder,
    /** @param {Press} press @returns {boolean} whether a handle was taken hold of */
    grab(press) {
      handle = handleUnder(press);
      return handle !== null;
    },
    /** @param {Place} place the first corner */
    begin(place) {
      corner = clip(place);
    },
    /** @param {Press} press */
    move({ place }) {
      const box = doc.prompting.prompt.peek().box;
      if (handle && box) pointing.draft.value = dragHandle(box, handle, clip(place));
      else if (corner) pointing.draft.value = ordered(corner, clip(place));
    },
    /** Takes the drawn box as the prompt's, if it is one. */
    finish() {
      const box = pointing.draft.peek();
      const moved = box && box[2] - box[0] >= SMALLEST && box[3] - box[1] >= SMALLEST;
      this.cancel();
      if (moved) doc.prompting.box(box);
    },
    /** @returns {boolean} whether a box was being drawn */
    cancel() {
      const busy = corner !== null || handle !== null;
      corner = null;
      handle = null;
      pointing.draft.value = null;
      return busy;
    },
    /** Whether a box or a handle is being dragged. */
    get busy() {
      return corner !== null || handle !== null;
    },
  };
}
