/** What stands in the list's place while there is nothing in it, and what is said above it. */

import { sentenceOf } from "../../core/errors.js";
import { t } from "../../core/text.js";
import { h } from "../shared/dom.js";
import { icon } from "../shared/icons.js";

/** @param {string} title @param {() => void} perform @param {string} [symbol] @param {string} [kind] */
function button(title, perform, symbol, kind = "") {
  return h(
    "button",
    { type: "button", class: `button ${kind}`, onclick: perform },
    symbol ? icon(symbol) : null,
    title,
  );
}

/** How to get pictures in. @param {{chooseFiles: () => void, chooseFolder: () => void}} adding */
export function firstSteps({ chooseFiles, chooseFolder }) {
  return [
    h("h2", {}, t("Drop images here")),
    h("p", {}, t("Images, folders, zip or tar archives.")),
    h("p", {}, t("Duplicates are skipped.")),
    h(
      "p",
      { class: "empty-actions" },
      button(t("Choose files"), chooseFiles, "picture", "primary"),
      button(t("Choose a folder"), chooseFolder, "folder"),
    ),
  ];
}

/** How a visitor gets images of their own in. @param {{chooseFiles: () => void}} adding */
export function ownImages({ chooseFiles }) {
  return [
    h("h2", {}, t("Drop your images here")),
    h("p", {}, t("Only you see them, and they are deleted after your visit.")),
    h("p", { class: "empty-actions" }, button(t("Choose files"), chooseFiles, "picture", "primary")),
  ];
}

/** Nothing is there yet, and others are to add it. */
export function noImages() {
  return [h("p", {}, t("No images yet"))];
}

/** No image matches the filters. @param {() => void} showAll */
export function noneFound(showAll) {
  return [h("p", {}, t("No images match")), button(t("Show all images"), showAll)];
}

/**
 * Says that the project is off the list of the first page, and has it back on it.
 * @param {() => Promise<unknown>} unarchive @param {(toast: import("../shared/popups/toasts.js").Toast) => void} toast
 */
export function archivedNotice(unarchive, toast) {
  const notice = h(
    "p",
    { class: "archived-notice" },
    icon("archive"),
    t("This project is archived. You can still edit it."),
    button(t("Unarchive"), () =>
      unarchive().then(
        () => notice.remove(),
        (error) => toast({ text: sentenceOf(error) }),
      ),
    ),
  );
  return notice;
}
