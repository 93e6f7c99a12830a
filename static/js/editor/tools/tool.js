/** What every tool is: enabled and disabled, told about the pointer in image-frame places, and cancelled explicitly. */

/** @typedef {{x: number, y: number}} Place */
/** @typedef {import("../editor.js").Editor} Editor */
/** @typedef {import("../../document/document.js").Document} Document */
/** @typedef {import("../render/pointing.js").Pointing} Pointing */
/** @typedef {import("../../core/types.js").Box} Box */
/**
 * @typedef {object} Press
 * @property {Place} place  image frame, not clipped to the picture
 * @property {Place} screen  CSS pixels of the stage
 * @property {boolean} exclude  right button, Alt, a long press, or the toggle
 * @property {boolean} touch
 * @property {boolean} [alternate]  right button or Alt, whatever the toggle says
 * @property {boolean} [shift]
 * @property {number} [pressure]  of a pen, 0 to 1
 * @property {boolean} [eraser]  the pen is turned round
 * @property {boolean} [free]  Ctrl or Command: it is not drawn to what is near
 */
/**
 * What is to be known of a tool without a document: all of it in one file, and one line in index.js.
 * @typedef {object} ToolKind
 * @property {string} id
 * @property {string} title  with its translations beside it, as the hint
 * @property {readonly string[]} keys  as an action's
 * @property {string} icon  what is inside an SVG of 24 x 24, drawn in outlines
 * @property {string} hint  one line on how to use it
 * @property {boolean} [prompts]  it says something to the decoder
 * @property {boolean} [fingerPans]  one finger moves the picture, held on it excludes; other tools draw with a finger
 * @property {(editor: Editor, pointing: Pointing) => Handling} create
 */
/** @typedef {ToolKind & Handling} Tool */
/**
 * @typedef {object} Handling  what it does on one document
 * @property {() => void} enable
 * @property {() => void} disable
 * @property {(press: Press) => void} hover  the pointer moves with no button down
 * @property {() => void} leave  the pointer is gone
 * @property {(press: Press) => void} press
 * @property {(press: Press) => void} drag
 * @property {(press: Press) => void} release
 * @property {(press: Press) => void} click  by the keyboard's pointer
 * @property {() => boolean} cancel  drops what is half done; false if nothing was
 * @property {readonly ToolOption[]} [options]  shown in a bar over the picture while the tool is in hand
 * @property {boolean} [freehand]  drags are told of every place the pointer passed, not of one a frame
 * @property {(steps: number) => void} [resize]  larger, or smaller below 0
 * @property {(pixels: number) => void} [wheel]  the wheel is turned with Shift or Alt held
 * @property {Doing} [finishing]  what Enter does while something is half drawn
 * @property {Doing} [takingBack]  what Backspace and Delete do then
 */
/** @typedef {{able: {readonly value: boolean}, perform: () => void}} Doing  able: a computed signal */
/**
 * One thing in the bar of a tool's options. `log`: small values have more of the slider than large ones.
 * @typedef {{kind: 'slider', id: string, label: string, min: number, max: number, step: number, log?: boolean,
 *     value: import("../../core/signals.js").Signal<number>, format?: (value: number) => string, title?: string,
 *     settled?: () => void, idle?: {readonly value: boolean}}
 *   | {kind: 'choice', id: string, label: string, value: import("../../core/signals.js").Signal<string>,
 *     choices: ReadonlyArray<{value: string, label: string, icon?: string, title?: string}>}
 *   | {kind: 'button', action: string, icon?: string}
 *   | {kind: 'note', text: {readonly value: string}, forMouse?: boolean}} ToolOption
 *   action: id of one of the registry; text: a sentence, a computed signal; forMouse: of no use to a finger; settled: the slider is let go;
 *   idle: there is nothing it is about now. Notes, whose length changes, come last: what is before them stays where it is.
 */

const POINT_REACH = 10; // CSS pixels around a point or handle that count as on it
const TOUCH_REACH = 18;
export const DRAG_FROM = 5; // CSS pixels a press moves before it is a drag

/** @param {Place} a @param {Place} b */
export function distance(a, b) {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

/**
 * Image pixels that look like the reach of a pointer on screen.
 * @param {Editor} editor
 * @param {Press} press
 */
export function reach(editor, press) {
  return (press.touch ? TOUCH_REACH : POINT_REACH) / editor.viewport.view.peek().scale;
}
