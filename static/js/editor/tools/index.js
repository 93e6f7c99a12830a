/** The tools there are, in the order of the rail. A new tool is one file and one line here. */

import { computed, effect, signal, untracked } from "../../core/signals.js";
import { createPointing } from "../render/pointing.js";
import { boxTool } from "./box.js";
import { brushTool, eraserTool } from "./brush.js";
import { pointTool } from "./point.js";
import { polygonTool } from "./polygon.js";
import { attachGestures } from "./gestures.js";
import { lassoTool } from "./lasso.js";
import { proposeTool } from "./propose.js";
import { scribbleTool } from "./scribble.js";
import { selectTool } from "./select.js";
import { wandTool } from "./wand.js";

/** @type {readonly import("./tool.js").ToolKind[]} */
export const TOOLS = Object.freeze([
  selectTool,
  pointTool,
  boxTool,
  scribbleTool,
  lassoTool,
  brushTool,
  eraserTool,
  wandTool,
  polygonTool,
  proposeTool,
]);
const FIRST = "point";
const LOOKING = "select"; // all that there is for who may only look

/** @typedef {ReturnType<typeof createTools>} Tools */

/** @param {import("./tool.js").Editor} editor @param {import("./tool.js").Pointing} pointing */
function createTools(editor, pointing) {
  const { doc } = editor;
  const kinds = TOOLS.filter((kind) => (doc.readOnly ? kind.id === LOOKING : kind !== proposeTool || editor.proposing));
  const list = kinds.map((kind) => ({ ...kind, ...kind.create(editor, pointing) }));

  /** @param {string} id */
  function named(id) {
    const tool = list.find((other) => other.id === id);
    if (!tool) throw new Error(`No tool ${id}; there are ${list.map((other) => other.id).join(", ")}.`);
    return tool;
  }

  const active = signal(named(doc.readOnly ? LOOKING : FIRST));
  active.peek().enable();

  // What is half done belongs to the picture it was begun on.
  const imageId = computed(() => doc.image.value?.id);
  effect(() => {
    void imageId.value;
    untracked(() => active.peek().cancel());
  });

  return {
    list,
    active,
    /** @param {string} id */
    select(id) {
      active.peek().disable();
      active.value = named(id);
      active.peek().enable();
    },
  };
}

/**
 * The tools with what they show, ready to be attached to the stage's element.
 * @param {import("./tool.js").Editor} editor
 */
export function createStageTools(editor) {
  const pointing = createPointing();
  const tools = createTools(editor, pointing);
  /** @param {HTMLElement} room */
  const attach = (room) => attachGestures(room, { editor, tools, pointing }).panning;
  return { pointing, tools, attach };
}
