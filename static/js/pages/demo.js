/**
 * A few images whose objects stay in the page: what `samphire bundle` writes, as one file or as a folder of a static host; and
 * the image of a link in a frame of somebody's page.
 */

import { signal } from "../core/signals.js";
import { online, status } from "../core/state.js";
import { createDocument } from "../document/document.js";
import { createPreference } from "../document/prompt/preference.js";
import { createEditor } from "../editor/editor.js";
import { createStage } from "../editor/render/stage.js";
import { createStageTools } from "../editor/tools/index.js";
import { createEngine } from "../engine/engine.js";
import { createAlone } from "../net/alone.js";
import { createDemoPage } from "./demo/page.js";
import { readFile, unpack } from "./demo/packed.js";
import { tellParent } from "./demo/parent.js";
import { readProjectBoot } from "./shared/boot.js";
import { createTheme } from "./shared/theme.js";

/** @typedef {import("../core/types.js").ImageInfo} ImageInfo */
/** @typedef {{images: ImageInfo[], labels: import("../core/types.js").LabelClass[], annotations: import("../core/types.js").Annotation[]}} Demo */

await unpack();
const { boot, project } = readProjectBoot();
const { images, labels, annotations } = /** @type {Demo} */ (/** @type {any} */ (boot).demo);
online.value = true; // nothing is missing
const { api, socket, store, objects } = createAlone({ images, labels, annotations, read: readFile });
const engine = createEngine({ api, socket, boot, status, search: "?decoder=wasm" });
const doc = createDocument({ api, socket, engine, project, store, preference: createPreference(project.id) });
const editor = createEditor(doc);
const room = /** @type {HTMLElement} */ (document.getElementById("stage"));
const [canvas, overlay] = room.querySelectorAll("canvas");
const { pointing, tools, attach } = createStageTools(editor);
const stage = createStage({ room, canvas, overlay, editor, pointing, force: null });
attach(room);

const shown = signal(0);
/** @param {number} index */
function open(index) {
  shown.value = index;
  doc.open(images[index]).catch(() => {}); // the progress line says why
}

createDemoPage({ doc, editor, stage, tools, pointing, room, theme: createTheme(), images, shown, open, objects });
open(0);
tellParent(doc);
Object.assign(window, { samphire: { doc, status, stage } });
