/** The tools there are, in the order of the rail. A new tool is one file and one line here. */

import { computed, effect, signal, untracked } from "../../core/signals.js";
import { createPointing } from "../render/pointing.js";
import { createBoxTool } from "./box.js";
import { createBrushTool, createEraserTool } from "./brush.js";
import { createPointTool } from "./point.js";
import { createPolygonTool } from "./polygon.js";
import { attachGestures } from "./gestures.js";
import { createLassoTool } from "./lasso.js";
import { createScribbleTool } from "./scribble.js";
import { createSelectTool } from "./select.js";
import { createWandTool } from "./wand.js";

const TOOLS = [
  createSelectTool,
  createPointTool,
  createBoxTool,
  createScribbleTool,
  createLassoTool,
  createBrushTool,
  createEraserTool,
  createWandTool,
  createPolygonTool,
];
const FIRST = "point";

/** @typedef {ReturnType<typeof createTools>} Tools */

/** @param {import("./tool.js").Editor} editor @param {import("./tool.js").Pointing} pointing */
function createTools(editor, pointing) {
  const { doc } = editor;
  const list = TOOLS.map((create) => create(editor, pointing));

  /** @param {string} id */
  function named(id) {
    const tool = list.find((other) => other.id === id);
    if (!tool) throw new Error(`No tool ${id}; there are ${list.map((other) => other.id).join(", ")}.`);
    return tool;
  }

  const active = signal(named(FIRST));
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
