/**
 * Key maps of other tools, for hands that know them: tables over action ids. What a tool has no key for keeps ours, unless the
 * tool's map needs that key for something else.
 */

/** @typedef {import("../../core/types.js").ProjectSettings['key_preset']} Preset */
/** @typedef {Readonly<Record<string, readonly string[]>>} KeyTable  action id -> its keys, the first is shown */

/** Digits also without Ctrl: browsers keep some of Ctrl+1 to Ctrl+9 for their tabs. @type {KeyTable} */
const CVAT_LABELS = Object.fromEntries(
  Array.from({ length: 9 }, (_, i) => [`label-${i + 1}`, [`Mod+${i + 1}`, `${i + 1}`]]),
);

/** After CVAT's own defaults; its keys pressed one after the other, as T then H, have no counterpart. @type {KeyTable} */
const CVAT = Object.freeze({
  "next-image": ["F"],
  "previous-image": ["D"],
  accept: ["N", "Enter"],
  "delete-object": ["Delete", "Shift+Delete", "Backspace"],
  "lock-object": ["L"],
  "bring-forward": ["+", "="],
  "send-backward": ["-", "_"],
  "split-object": ["Alt+M"],
  "tool-brush": ["Shift+1"],
  "tool-eraser": ["Shift+2"],
  "tool-polygon": ["Shift+3"],
  "tool-lasso": ["Shift+4"],
  "zoom-in": ["Mod++", "Mod+="],
  "zoom-out": ["Mod+-"],
  "rotate-view": ["Mod+R"],
  help: ["F1", "?"],
  ...CVAT_LABELS,
});

/** After LabelMe's default configuration. Its Ctrl+N for polygons never reaches a page: browsers open a window. @type {KeyTable} */
const LABELME = Object.freeze({
  "next-image": ["D", "Mod+Shift+D"],
  "previous-image": ["A", "Mod+Shift+A"],
  "tool-box": ["Mod+R", "B"],
  "tool-select": ["Mod+J", "V"],
  "delete-object": ["Delete"],
  "duplicate-objects": ["Mod+D", "C"],
  "rename-object": ["Mod+E", "F2"],
  "hide-all": ["T"],
  "zoom-in": ["Mod++", "Mod+="],
  "zoom-out": ["Mod+-"],
  "zoom-fit": ["Mod+F"],
  "zoom-100": ["Mod+0"],
});

/** @type {Readonly<Record<Preset, {title: string, table: KeyTable}>>} */
export const PRESETS = Object.freeze({
  samphire: { title: "Samphire", table: {} },
  cvat: { title: "CVAT", table: CVAT },
  labelme: { title: "LabelMe", table: LABELME },
});
