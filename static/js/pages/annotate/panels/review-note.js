/** What a reviewer said of the opened image, and who works on it unseen by others, above the labels. */

import { computed, effect, untracked } from "../../../core/signals.js";
import { reaches } from "../../../core/roles.js";
import { t } from "../../../core/text.js";
import { ACCOUNT } from "../../../net/account.js";
import { addressOf } from "../../shared/address.js";
import { fill, h } from "../../shared/dom.js";
import { doneOf, stateIcon } from "../../shared/image-states.js";

const NARROW = matchMedia("(width < 720px)");

/** @param {import("../../../editor/actions/action.js").App} app @param {import("../../shared/project-people.js").People} people */
export function createReviewNote({ queue, review }, people) {
  const element = h("section", { class: "review-note", "aria-label": t("Review"), hidden: true });
  effect(() => {
    const state = queue.state.value;
    const image = review.opened.value;
    element.hidden = state !== "returned" && state !== "accepted";
    if (element.hidden || !image) return;
    const name = people.nameOf(image.reviewed_by);
    const by = state === "returned" ? (name ? t("Returned by {name}", { name }) : t("Returned")) : name ? t("Accepted by {name}", { name }) : t("Accepted");
    const changed = state === "accepted" && image.changed_since_review;
    fill(
      element,
      h("p", {}, stateIcon(state), h("strong", {}, by)),
      changed ? h("p", { class: "review-changed" }, t("Changed since the review")) : null,
      image.review_note ? h("p", { class: "review-text" }, image.review_note) : null,
    );
  });
  const openedId = computed(() => review.opened.value?.id);
  effect(() => {
    void openedId.value;
    const { state, review_note: note } = untracked(() => review.opened.value) ?? {};
    // On a phone the panels are closed.
    if (NARROW.matches && state === "returned" && note) queue.notice.value = { text: `${t("Returned")}: ${note}`, retry: null };
  });
  return element;
}

/** Where annotators don't see each other's work: that, or to others how many of them are done. @param {import("../../../editor/actions/action.js").App} app */
export function createIndependentNote({ review, doc }) {
  const element = h("p", { class: "review-note", hidden: true });
  effect(() => {
    const project = doc.project.value;
    const opened = review.opened.value;
    const alone = ACCOUNT && project.role === "annotator" && project.settings.annotators_per_image > 1;
    const words = alone ? t("You don't see others' work on this image.") : doneOf(opened?.assigned ?? [], project);
    const compares = !alone && opened && reaches(project.role, "reviewer");
    const link = compares && h("a", { href: `${addressOf(opened.id, project.id)}/compare` }, t("Compare"));
    fill(element, words, ...(link ? [" ", link] : []));
    element.hidden = !words;
  });
  return element;
}
