/** What tests of tools need: a picture with objects, the parts of a session that tools use, and presses on it. */

import { signal } from "../../../../static/js/core/signals.js";
import { annotations as shown, image, prompt } from "../../../../static/js/core/state.js";
import { createEditing, withMask } from "../../../../static/js/document/objects/editing.js";
import { createViewport } from "../../../../static/js/document/viewport.js";
import { createStageTools } from "../../../../static/js/editor/tools/index.js";
import { desk, nothingSaid } from "../../document/prompt/desk.js";
import { clean, page, server } from "../../document/server.js";

/** @typedef {import("../../../../static/js/editor/tools/tool.js").Press} Press */
/** @typedef {import("../../../../static/js/core/types.js").ImageInfo} ImageInfo */

export const SIZE = { width: 200, height: 100 };
/** @param {string} id */
const picture = (id) => /** @type {ImageInfo} */ (/** @type {unknown} */ ({ ...SIZE, id, file_url: id }));

/** One screen pixel is an image pixel. @param {number} x @param {number} y @param {Partial<Press>} [more] @returns {Press} */
export const at = (x, y, more = {}) => ({ place: { x, y }, screen: { x, y }, exclude: false, touch: false, free: true, ...more });

/** The tools on a picture called "first". */
export function bench() {
  clean();
  nothingSaid();
  image.value = picture("first");
  const { objects } = page(server());
  const said = signal("");
  const refuse = (/** @type {string} */ text) => void (said.value = text);
  const labels = { active: signal({ name: "car", color: "#e69f00" }) };
  const editing = createEditing({
    objects,
    labels: /** @type {any} */ (labels),
    prompting: () => prompting,
    projectId: () => "default",
    say: (text) => void (said.value = text),
    refuse,
  });
  const { prompting } = desk({ record: editing.recordPrompt });
  const viewport = createViewport();
  viewport.picture.value = SIZE;
  const session = { ...editing, objects, labels, prompting, viewport, said, refuse, prompt, withMask, excluding: signal(false) };
  const { pointing, tools } = createStageTools(/** @type {any} */ (session));

  /** As the session opens another. @param {string} id */
  function open(id) {
    editing.drafts.value = null;
    editing.history.forget();
    objects.empty();
    image.value = picture(id);
  }
  return { session, objects, history: editing.history, pointing, tools, open, shown };
}
