/** How a document is looked at and worked on: the view of it, the keyboard's pointer, what a plain click means. */

import { computed, effect, signal, untracked } from "../core/signals.js";
import { createBrush } from "./brush.js";
import { createViewport } from "./viewport.js";

/** @typedef {ReturnType<typeof createEditor>} Editor */

/** @param {import("../document/document.js").Document} doc @param {import("./proposing.js").Proposing|null} [proposing]  null: nothing can be proposed */
export function createEditor(doc, proposing = null) {
  const viewport = createViewport();
  /** Place of the keyboard's pointer in the image frame, null while the mouse or a finger is used. */
  const cursor = signal(/** @type {{x: number, y: number}|null} */ (null));
  /** Whether a plain click excludes: for fingers, which have neither Alt nor a right button. */
  const excluding = signal(false);
  /** Why the picture cannot be shown. */
  const pictureFailure = signal(/** @type {{message: string, retry: () => void}|null} */ (null));

  effect(() => {
    if (doc.prompting.empty.value) excluding.value = false; // the next object begins with what belongs to it
  });
  const opened = computed(() => doc.image.value?.id); // the rest of it may change while it is shown
  effect(() => {
    void opened.value;
    const picture = doc.image.peek();
    if (!picture) return;
    untracked(() => viewport.setPicture(picture));
    cursor.value = null;
  });

  return { doc, viewport, cursor, excluding, pictureFailure, proposing, brush: createBrush() };
}
