/** What can be done with the picked images: give them a state, or remove them; both can be undone. */

import { effect } from "../../core/signals.js";
import { counted, t } from "../../core/text.js";
import { h } from "../dom.js";
import { icon } from "../icons.js";
import { STATES, STATE_TITLES, stateIcon } from "../image-states.js";

/** @typedef {import("../../core/types.js").ImageState} ImageState */

/**
 * @param {object} parts
 * @param {import("../../net/api.js").Api} parts.api
 * @param {string} parts.projectId
 * @param {import("../../core/signals.js").Signal<import("../../net/projects-api.js").Selection>} parts.selection
 * @param {ReturnType<typeof import("./listing.js").createListing>} parts.listing
 * @param {ReturnType<typeof import("./picks.js").createPicks>} parts.picks
 * @param {(toast: import("../toasts.js").Toast) => void} parts.toast
 */
export function createBulkBar({ api, projectId, selection, listing, picks, toast }) {
  /**
   * Does it, says so, and offers to undo it; says why when it cannot be done.
   * @param {string} done @param {() => Promise<() => Promise<unknown>>} act  gives what undoes it
   */
  async function perform(done, act) {
    /** @param {unknown} error */
    const failed = (error) => {
      const { message, hint } = /** @type {import("../../core/errors.js").ApiError} */ (error);
      toast({ text: `${t("Nothing was changed.")} ${message} ${hint ?? ""}` });
    };
    const seen = () => listing.reload(true);
    try {
      const undo = await act();
      toast({
        text: done,
        action: { title: t("Undo"), perform: () => void undo().then(seen, failed) },
      });
    } catch (error) {
      failed(error);
    }
    await seen();
  }

  /** @param {ImageState} state */
  function setState(state) {
    const ids = [...picks.picked.peek()];
    /** @type {Map<ImageState, string[]>} */
    const before = new Map();
    for (const item of listing.items.peek())
      if (picks.picked.peek().has(item.id) && item.state !== state)
        before.set(item.state, [...(before.get(item.state) ?? []), item.id]);
    const values = { state: STATE_TITLES[state] };
    const done = counted(ids.length, "{count} image: {state}.", "{count} images: {state}.", values);
    return perform(done, async () => {
      listing.change(new Set(ids), { state });
      await api.setImageStates(projectId, ids, state);
      const { state: listed = state } = selection.peek();
      if (listed !== state) picks.clear(); // they are not in sight any more
      return () => Promise.all([...before].map(([old, some]) => api.setImageStates(projectId, some, old)));
    });
  }

  function remove() {
    const ids = [...picks.picked.peek()];
    const done = counted(
      ids.length,
      "{count} image was removed. For 30 days it can be had back.",
      "{count} images were removed. For 30 days they can be had back.",
    );
    return perform(done, async () => {
      const { restore } = await api.removeImages(projectId, ids);
      picks.clear();
      return () => api.undo(restore);
    });
  }

  const words = h("span", { class: "bulk-count", role: "status" });
  const states = STATES.map((state) =>
    h(
      "button",
      {
        type: "button",
        class: "button quiet",
        title: t("Set to: {state}", { state: STATE_TITLES[state] }),
        onclick: () => void setState(state),
      },
      stateIcon(state),
      h("span", {}, STATE_TITLES[state]),
    ),
  );
  const element = h(
    "div",
    { class: "bulk", role: "toolbar", "aria-label": t("Picked images"), hidden: true },
    words,
    h("span", { class: "bulk-states" }, ...states),
    h(
      "button",
      {
        type: "button",
        class: "button quiet bulk-remove",
        title: t("Remove from the project"),
        onclick: () => void remove(),
      },
      icon("trash"),
      h("span", {}, t("Remove")),
    ),
    h(
      "button",
      {
        type: "button",
        class: "icon-button",
        "aria-label": t("Pick none"),
        title: `${t("Pick none")} (Esc)`,
        onclick: picks.clear,
      },
      icon("close"),
    ),
  );
  effect(() => {
    const count = picks.picked.value.size;
    element.hidden = count === 0;
    words.textContent = t("{count} picked", { count });
  });
  return element;
}
