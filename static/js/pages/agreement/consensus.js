/** Common objects made of several people's, as a start for whoever reviews: on one image, or on all that are ready. */

import { sentenceOf } from "../../core/errors.js";
import { counted, t } from "../../core/text.js";
import { fill, h } from "../shared/dom.js";
import { isGoing, untilEnded } from "./going.js";

/** @typedef {"majority"|"staple"} Method */
/** @typedef {import("../../core/api-types.js").ConsensusStanding} ConsensusStanding */
/** @typedef {import("../../core/types.js").ProjectImage} ProjectImage */

/**
 * @param {object} parts
 * @param {import("../../net/api.js").Api} parts.api
 * @param {string} parts.projectId
 * @param {(deed: import("../shared/doing.js").Deed) => Promise<void>} parts.perform
 * @param {(toast: import("../shared/popups/toasts.js").Toast) => void} parts.toast
 * @param {() => Promise<unknown>} parts.refresh
 */
export function createConsensus({ api, projectId, perform, toast, refresh }) {
  const title = h("h2", { id: "consensus-title" });
  const about = h("p", { id: "consensus-about" });
  const method = h(
    "select",
    { class: "field boxed", id: "consensus-method" },
    h("option", { value: "majority" }, t("Majority: what more than half marked")),
    h("option", { value: "staple" }, t("STAPLE: careful people count more")),
  );
  const keep = h("input", { type: "checkbox" });
  const keeping = h("label", { class: "check" }, keep, t("Keep the common objects that are there"));
  const form = h(
    "form",
    { class: "form", method: "dialog" },
    title,
    about,
    h("label", { for: method.id }, t("Method")),
    method,
    keeping,
    h(
      "div",
      { class: "dialog-actions" },
      h("button", { type: "button", class: "button", onclick: () => dialog.close("") }, t("Cancel")),
      h("button", { value: "make", class: "button primary" }, t("Start")),
    ),
  );
  const dialog = h("dialog", { class: "dialog", "aria-labelledby": title.id, "aria-describedby": about.id }, form);
  document.body.append(dialog);
  const all = h("button", { type: "button", class: "button", hidden: true, onclick: () => void askAll() });
  const bar = h("p", { class: "agreement-busy", role: "status", hidden: true });
  let ready = 0;

  /** @param {string} heading @param {string} text @param {boolean} mayKeep @returns {Promise<boolean>} */
  function asked(heading, text, mayKeep) {
    title.textContent = heading;
    about.textContent = text;
    keeping.hidden = !mayKeep;
    keep.checked = false;
    dialog.returnValue = "";
    dialog.showModal();
    return new Promise((resolve) => dialog.addEventListener("close", () => resolve(dialog.returnValue === "make"), { once: true }));
  }

  /** @param {ConsensusStanding} standing */
  function show(standing) {
    const busy = isGoing(standing);
    ready = standing.ready;
    all.hidden = ready === 0 || busy;
    all.textContent = counted(ready, "Start {count} image from consensus", "Start {count} images from consensus");
    bar.hidden = !busy;
    if (busy) fill(bar, t("Making common objects: {done} of {total} images", { done: standing.done, total: standing.total }));
  }

  /** @param {ConsensusStanding} standing */
  const ended = (standing) => untilEnded(standing, () => api.consensus(projectId), show);

  async function askAll() {
    const text = t("The images that everybody is done with, and that have no common objects, get some to review.");
    if (!(await asked(counted(ready, "Start {count} image from consensus", "Start {count} images from consensus"), text, false))) return;
    const before = (await api.consensus(projectId).catch(() => null))?.last?.id;
    await perform({
      done: t("Common objects were made."),
      failed: t("Nothing was changed."),
      async act() {
        const { last, state } = await ended(await api.makeAllConsensus(projectId, /** @type {Method} */ (method.value)));
        const made = last && last.id !== before ? last : null;
        const instead =
          state === "failed"
            ? t("Common objects could not be made on all images.")
            : made
              ? counted(made.images, "Common objects were made on {count} image.", "Common objects were made on {count} images.")
              : t("No object was marked by more than half of the people.");
        return { instead, undo: made && (async () => ended(/** @type {ConsensusStanding} */ (await api.undo(made.restore)))) };
      },
    });
  }

  return {
    all,
    bar,
    async load() {
      try {
        const standing = await api.consensus(projectId);
        await ended(standing);
        if (isGoing(standing)) await refresh();
      } catch (error) {
        toast({ text: sentenceOf(error) });
      }
    },
    /** @param {ProjectImage} image */
    async start({ id, name, annotation_count: count }) {
      const text = count
        ? counted(count, "{count} common object is there. It is replaced unless you keep it.", "{count} common objects are there. They are replaced unless you keep them.")
        : t("Objects that more than half of the people marked become common objects, for you to review.");
      if (!(await asked(t("Start {name} from consensus", { name }), text, count > 0))) return;
      await perform({
        done: t("Common objects were made."),
        failed: t("Nothing was changed."),
        async act() {
          const chosen = /** @type {Method} */ (method.value);
          const old = count && !keep.checked ? await api.projectAnnotations(projectId, id) : [];
          const wanted = count ? { method: chosen, replace: old.map((each) => each.id) } : { method: chosen };
          const { made, restore } = await api.makeConsensus(projectId, id, wanted);
          const instead = made
            ? counted(made, "{count} common object was made.", "{count} common objects were made.")
            : t("No object was marked by more than half of the people.");
          return { instead, undo: restore ? () => api.undo(restore) : null };
        },
      });
    },
  };
}
