/**
 * A few images whose objects stay in the page: what `samphire bundle` writes, as one file or as a folder of a static host; and
 * the image of a link in a frame of somebody's page.
 */

import { signal } from "../core/signals.js";
import { online, status } from "../core/state.js";
import { t } from "../core/text.js";
import { createDocument } from "../document/document.js";
import { createPreference } from "../document/prompt/preference.js";
import { createEditor } from "../editor/editor.js";
import { createStage } from "../editor/render/stage.js";
import { createStageTools } from "../editor/tools/index.js";
import { createEngine } from "../engine/engine.js";
import { createAlone } from "../net/alone.js";
import { createOwnImages } from "./demo/own-images.js";
import { createDemoPage } from "./demo/page.js";
import { readFile, unpack } from "./demo/packed.js";
import { tellParent } from "./demo/parent.js";
import { readProjectBoot } from "./shared/boot.js";
import { createTheme } from "./shared/theme.js";

/** @typedef {import("../core/types.js").ImageInfo} ImageInfo */
/** @typedef {import("../core/types.js").LabelClass} LabelClass */
/** @typedef {import("../core/types.js").Annotation} Annotation */
/** @typedef {import("../engine/local/encoding.js").Encoder} Encoder */
/** @typedef {{images: ImageInfo[], labels: LabelClass[], annotations: Annotation[], encoder: Encoder|null}} Demo  encoder: for images of whose page it is */

await unpack();
const { boot, project } = readProjectBoot();
const { images: came, labels, annotations, encoder } = /** @type {Demo} */ (/** @type {any} */ (boot).demo);
online.value = true; // nothing is missing
const images = signal(came);
const own = encoder && createOwnImages({ encoder, read: readFile, add });
/** @type {typeof readFile} */
const read = async (name, options) => own?.embeddings.get(name) ?? readFile(name, options);
const { api, socket, objects } = createAlone({ images, labels, annotations, read });
const engine = createEngine({ api, socket, boot, status, search: "?decoder=wasm" });
const doc = createDocument({ api, socket, engine, project, preference: createPreference(project.id) });
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
  doc.open(images.peek()[index]).catch(() => {}); // the progress line says why
}

/** What is being segmented stays on show. @param {ImageInfo} image */
function add(image) {
  images.value = [...images.peek(), image];
  if (doc.prompting.empty.peek()) open(images.peek().length - 1);
  else doc.said.value = t("Added {name}.", { name: image.name });
}

createDemoPage({ doc, editor, stage, tools, pointing, room, theme: createTheme(), images, shown, open, objects, own });
open(0);
tellParent(doc);
Object.assign(window, { samphire: { doc, status, stage } });
