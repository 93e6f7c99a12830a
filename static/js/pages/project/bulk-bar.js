/** What can be done with the picked images: give them a state, or remove them; both can be undone, but in a sandbox. */

import { ApiError, sentenceOf } from "../../core/errors.js";
import { reaches } from "../../core/roles.js";
import { VISIT } from "../../net/account.js";
import { effect } from "../../core/signals.js";
import { counted, t } from "../../core/text.js";
import { addressOf } from "../shared/address.js";
import { confirming, isLarge } from "../shared/popups/confirming.js";
import { createDoing } from "../shared/doing.js";
import { h } from "../shared/dom.js";
import { icon } from "../shared/icons.js";
import { SETTABLE, STATE_TITLES, stateIcon } from "../shared/image-states.js";
import { inSlices } from "../shared/slices.js";

/** @typedef {import("../../core/types.js").ImageState} ImageState */

/**
 * @param {object} parts
 * @param {import("../../net/api.js").Api} parts.api
 * @param {import("../../core/types.js").Project} parts.project
 * @param {import("../../core/signals.js").Signal<import("../../net/projects-api.js").Selection>} parts.selection
 * @param {ReturnType<typeof import("./listing.js").createListing>} parts.listing
 * @param {ReturnType<typeof import("../shared/picks.js").createPicks>} parts.picks
 * @param {import("../shared/project-people.js").People} parts.people
 * @param {() => void} parts.assign  asks who gets the picked images
 * @param {(toast: import("../shared/popups/toasts.js").Toast) => (() => void)} parts.toast
 * @param {() => void} parts.leave  has the focus go where the bar's went
 */
export function createBulkBar({ api, project, selection, listing, picks, people, assign, toast, leave }) {
  const perform = createDoing(toast, () => listing.reload(true));

  /**
   * For each slice of the picked images; what was changed before a failure can be undone, too.
   * @param {string} done @param {readonly string[]} ids
   * @param {(ids: string[]) => Promise<{restore?: import("../../net/projects-api.js").Undo}>} send
   * @param {() => void} after
   */
  const forAll = (done, ids, send, after) =>
    perform({
      done,
      failed: t("Nothing was changed."),
      refused,
      async act() {
        const { changed, undos, error } = await inSlices(ids, send);
        const figures = { count: changed, total: ids.length };
        const part = t("Only {count} of {total} images were changed.", figures);
        after();
        return {
          instead: error ? `${part} ${sentenceOf(error)}` : done,
          async undo() {
            for (const undo of undos) await api.undo(undo);
          },
        };
      },
    });

  /** Which image lacks what, and the way there. @param {unknown} error */
  function refused(error) {
    if (!(error instanceof ApiError) || error.code !== "attributes_missing") return null;
    const [{ image, image_id, label, attribute }] = /** @type {Array<Record<string, string>>} */ (error.detail.missing);
    const count = Number(error.detail.images);
    const many = counted(count, "{count} image is missing required attributes.", "{count} images are missing required attributes.");
    const first = t("{image}: {label} is missing “{attribute}”.", { image, label, attribute });
    const open = () => (location.href = addressOf(image_id, project.id));
    return { text: `${t("Nothing was changed.")} ${many} ${first}`, action: { title: t("Open image"), perform: open } };
  }

  /** @param {import("../shared/image-states.js").Settable} state */
  function setState(state) {
    const ids = [...picks.picked.peek()];
    const values = { state: STATE_TITLES[state] };
    const done = counted(ids.length, "{count} image: {state}.", "{count} images: {state}.", values);
    listing.change(new Set(ids), { state });
    const send = (/** @type {string[]} */ some) => api.setImageStates(project.id, some, state);
    return forAll(done, ids, send, () => {
      const { state: listed = state } = selection.peek();
      if (listed !== state) picks.clear(); // they are not in sight any more
    });
  }

  async function remove() {
    const ids = [...picks.picked.peek()];
    if (isLarge(ids.length) && !(await sureOf(ids.length))) return;
    const done = counted(
      ids.length,
      "{count} image was removed. You can restore it for 30 days.",
      "{count} images were removed. You can restore them for 30 days.",
    );
    await forAll(done, ids, (some) => api.removeImages(project.id, some), picks.clear);
  }

  /** What a visitor brought. */
  async function removeForGood() {
    const ids = [...picks.picked.peek()];
    const title = counted(ids.length, "Remove {count} image?", "Remove {count} images?");
    if (!(await confirming({ title, text: t("This can't be undone."), action: t("Remove") }))) return;
    await perform({
      done: counted(ids.length, "{count} image was removed.", "{count} images were removed."),
      failed: t("Not everything was removed."),
      async act() {
        for (const id of ids) await api.removeImage(project.id, id);
        return { undo: null };
      },
    });
    picks.clear();
  }

  /** Of the picked images, those of whoever looks at the page. */
  const ownIds = () => {
    const picked = picks.picked.value;
    const own = (/** @type {import("./listing.js").ListedImage} */ { assigned }) => people.isTeam && assigned.some(({ account }) => account === people.self);
    return listing.items.value.filter((item) => picked.has(item.id) && own(item)).map(({ id }) => id);
  };

  /** Whether the picked images are gold already, as far as they are known. */
  const areGold = () => {
    const picked = picks.picked.value;
    const known = listing.items.value.filter(({ id }) => picked.has(id));
    return known.length > 0 && known.every(({ gold }) => gold);
  };

  async function markGold() {
    const ids = [...picks.picked.peek()];
    const marks = !areGold();
    const done = marks
      ? counted(ids.length, "{count} image is gold now.", "{count} images are gold now.")
      : counted(ids.length, "{count} image isn't gold any more.", "{count} images aren't gold any more.");
    listing.change(new Set(ids), { gold: marks });
    await forAll(done, ids, (some) => api.markGold(project.id, some, marks), () => {});
  }

  async function giveBack() {
    try {
      const { changed } = await api.giveBack(project.id, ownIds());
      toast({ text: counted(changed, "{count} image was given back.", "{count} images were given back.") });
    } catch (error) {
      toast({ text: `${t("Nothing was changed.")} ${sentenceOf(error)}` });
    }
    picks.clear();
    await listing.reload(true);
  }

  /** @param {number} count */
  const sureOf = (count) =>
    confirming({
      title: counted(count, "Remove {count} image?", "Remove {count} images?"),
      text: t("You can restore removed images, with their objects, for 30 days."),
      action: t("Remove"),
      name: project.name,
    });

  const words = h("span", { class: "bulk-count", role: "status" });
  const states = SETTABLE.map((state) =>
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
  /** @param {string} name @param {string} title @param {() => void} perform */
  const work = (name, title, perform, symbol = "assign") =>
    h("button", { type: "button", class: "button quiet", title, onclick: perform }, icon(symbol), h("span", {}, name));
  const back = work(t("Give back"), t("Give your images back to the queue"), () => void giveBack());
  effect(() => {
    back.hidden = ownIds().length === 0;
  });
  const manages = people.isTeam && reaches(project.role, "manager");
  const gold = work(t("Gold"), "", () => void markGold(), "gold");
  effect(() => {
    gold.title = areGold() ? t("Don't use as gold images any more") : t("Use as gold images: annotators are compared with their objects");
  });
  const element = h(
    "div",
    { class: "bulk", role: "group", "aria-label": t("Selected images"), hidden: true },
    words,
    !VISIT && reaches(project.role, "annotator") && h("span", { class: "bulk-states" }, ...states),
    manages && work(t("Assign"), t("Choose who works on these images"), assign),
    manages && gold,
    back,
    (VISIT?.sandbox || reaches(project.role, "manager")) && h(
      "button",
      {
        type: "button",
        class: "button quiet bulk-remove",
        title: t("Remove from project"),
        onclick: () => void (VISIT ? removeForGood() : remove()),
      },
      icon("trash"),
      h("span", {}, t("Remove")),
    ),
    h(
      "button",
      {
        type: "button",
        class: "icon-button",
        "aria-label": t("Clear selection"),
        title: `${t("Clear selection")} (Esc)`,
        onclick: picks.clear,
      },
      icon("close"),
    ),
  );
  effect(() => {
    const count = picks.picked.value.size;
    if (count === 0 && element.contains(document.activeElement)) leave();
    element.hidden = count === 0;
    words.textContent = t("{count} selected", { count });
  });
  return element;
}
