/** What can be done with a whole project, in its header: add, export, go on working. */

import { sentenceOf } from "../../core/errors.js";
import { reaches } from "../../core/roles.js";
import { effect } from "../../core/signals.js";
import { counted, t } from "../../core/text.js";
import { selectionQuery } from "../../document/queue/image-selection.js";
import { addressOf } from "../shared/address.js";
import { h, set } from "../shared/dom.js";
import { icon } from "../shared/icons.js";
import { openCount } from "../shared/image-states.js";
import { menuOf } from "../shared/popups/menu.js";
import { mayShare } from "../shared/sharing/opening.js";
import { firstOpen, firstOwn } from "./continuing.js";

/**
 * @param {object} parts
 * @param {import("../../net/api.js").Api} parts.api
 * @param {import("../../core/types.js").Project} parts.project
 * @param {import("../shared/project-people.js").People} parts.people
 * @param {import("../../core/signals.js").Signal<import("../../net/projects-api.js").Selection>} parts.selection
 * @param {{readonly value: import("../../core/types.js").StateCounts}} parts.counts
 * @param {(toast: import("../shared/popups/toasts.js").Toast) => void} parts.toast
 * @param {import("../shared/popups/menu.js").MenuItem[]} parts.additions  what can be added
 * @param {() => void} parts.openExport
 * @param {() => void} parts.openShares  who has which images
 * @param {() => void} parts.openSharing  links for strangers
 * @returns {HTMLElement[]}
 */
export function headerActions({ api, project, people, selection, counts, toast, additions, openExport, openShares, openSharing }) {
  /** Only the icon where there is little room. @param {string} symbol @param {string} name @param {string} title */
  function button(symbol, name, title) {
    const element = h(
      "button",
      { type: "button", class: "button" },
      icon(symbol),
      h("span", { class: "wide-only" }, name),
    );
    set(element, { "aria-label": title, title });
    return element;
  }
  const add = button("plus", t("Add"), t("Add images"));
  const out = button("download", t("Export"), t("Export annotations"));
  out.addEventListener("click", openExport);
  const who = button("assign", t("Work"), t("Who works on which images"));
  who.addEventListener("click", openShares);
  who.hidden = !people.isTeam;
  const share = button("share", t("Share"), t("Share"));
  share.addEventListener("click", openSharing);
  share.classList.add("share-button"); // where there is little room, below
  share.hidden = !mayShare(project);
  const onward = h(
    "button",
    { type: "button", class: "button primary", onclick: () => void goOn() },
    icon("onward"),
    h("span", {}, t("Continue")),
  );
  onward.hidden = !reaches(project.role, "annotator");
  effect(() => {
    const left = openCount(counts.value);
    onward.disabled = left === 0;
    onward.title = left
      ? counted(left, "{count} image left", "{count} images left")
      : t("All images are done");
  });

  const review = h(
    "button",
    { type: "button", class: "button", onclick: () => void goReview() },
    icon("state-accepted"),
    h("span", { class: "wide-only" }),
  );
  effect(() => {
    const waiting = counts.value.done;
    review.hidden = !project.settings.review || !reaches(project.role, "reviewer") || !waiting;
    const title = counted(waiting, "Review {count} image", "Review {count} images");
    set(review, { title, "aria-label": title });
    /** @type {Element} */ (review.lastElementChild).textContent = title;
  });

  async function goReview() {
    try {
      const chosen = { ...selection.peek(), state: "done" };
      const { images } = await api.projectImages(project.id, { ...chosen, limit: 1 });
      if (images.length) location.href = addressOf(images[0].id, project.id) + selectionQuery(chosen);
      else toast({ text: t("No images match") });
    } catch (error) {
      toast({ text: sentenceOf(error) });
    }
  }

  async function goOn() {
    try {
      const own = await firstOwn({ api, project, people, selection: selection.peek() });
      const chosen = own ? { assigned: people.self } : selection.peek();
      const id = own ?? (await firstOpen({ api, projectId: project.id, selection: chosen }));
      if (id === null) toast({ text: t("All images in this list are done or skipped.") });
      else location.href = addressOf(id, project.id) + selectionQuery({ ...chosen, state: "" });
    } catch (error) {
      toast({ text: sentenceOf(error) });
    }
  }
  const adding = menuOf(add, additions);
  out.hidden = !reaches(project.role, "manager");
  adding.hidden = !additions.length;
  return [adding, out, share, who, review, onward];
}
