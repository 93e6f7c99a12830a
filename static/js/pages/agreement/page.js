/** Puts the page together: the report of a project, brought up to date when it is opened, and the images behind it. */

import { signal } from "../../core/signals.js";
import { counted, t } from "../../core/text.js";
import { createDoing } from "../shared/doing.js";
import { fill, h } from "../shared/dom.js";
import { icon } from "../shared/icons.js";
import { reading } from "../shared/popups/notice.js";
import { createToasts } from "../shared/popups/toasts.js";
import { createPeople } from "../shared/project-people.js";
import { appearance } from "../shared/theme.js";
import { createConsensus } from "./consensus.js";
import { isGoing, untilEnded } from "./going.js";
import { createImages } from "./images.js";
import { createTables, csvLink } from "./tables.js";

/** @typedef {import("../../core/api-types.js").AgreementReport} AgreementReport */

/**
 * @param {object} parts
 * @param {import("../../net/api.js").Api} parts.api
 * @param {import("../../core/types.js").Project} parts.project
 * @param {import("../../core/signals.js").Signal<import("../shared/theme.js").Theme>} parts.theme
 */
export function createAgreementPage({ api, project, theme }) {
  const header = /** @type {HTMLElement} */ (document.getElementById("header"));
  const main = /** @type {HTMLElement} */ (document.getElementById("main"));
  const toast = createToasts(document.body);
  const people = createPeople({ api, projectId: project.id });
  const labels = signal(/** @type {readonly import("../../core/types.js").LabelClass[]} */ ([]));
  const nameOf = (/** @type {string} */ id) => people.nameOf(id) || t("Someone who left");
  const labelOf = (/** @type {string} */ id) => labels.peek().find((each) => each.id === id);

  const perform = createDoing(toast, () => Promise.all([images.reload(), consensus.load()]));
  const consensus = createConsensus({ api, projectId: project.id, perform, toast, refresh: () => images.reload() });
  const images = createImages({ api, projectId: project.id, nameOf, start: (image) => void consensus.start(image) });
  const tables = createTables({ sheetUrl: (sheet) => api.sheetUrl(project.id, sheet), nameOf, labelOf });

  const wrong = h("p", { class: "notice", role: "alert", hidden: true });
  const busy = h("p", { class: "agreement-busy", role: "status", hidden: true });
  const empty = h(
    "div",
    { class: "empty", hidden: true },
    icon("people"),
    h("h2", {}, t("Nothing to compare yet")),
    h("p", {}, t("When two people are done with the same image, each on their own, their work is compared here. Set how many annotate each image in the project's settings.")),
  );
  const imagesHead = h(
    "div",
    { class: "agreement-head" },
    h("h2", {}, t("Images, least agreement first")),
    csvLink(api.sheetUrl(project.id, "images")),
    h("span", { class: "spring" }),
    consensus.all,
  );
  const leftOut = h("p", { class: "notice", hidden: true });
  const content = h(
    "div",
    { class: "agreement-content", hidden: true },
    tables.summary,
    tables.element,
    h("section", { class: "agreement-part" }, imagesHead, consensus.bar, images.element),
  );
  header.append(...appearance(theme));
  main.append(h("div", { class: "agreement" }, wrong, busy, leftOut, empty, content));

  /** @param {AgreementReport} report */
  function show(report) {
    const going = isGoing(report);
    busy.hidden = !going;
    if (going)
      fill(busy, report.total ? t("Comparing images: {done} of {total}", { done: report.done, total: report.total }) : t("Comparing images"));
    empty.hidden = going || report.images > 0;
    content.hidden = report.images === 0;
    leftOut.hidden = report.too_complex === 0;
    leftOut.textContent = counted(
      report.too_complex,
      "{count} image is left out: its masks are too many and too complex to compare.",
      "{count} images are left out: their masks are too many and too complex to compare.",
    );
    tables.show(report);
    images.offer(
      report.people.map(({ account }) => /** @type {const} */ ([account, nameOf(account)])).sort(([, a], [, b]) => a.localeCompare(b)),
      report.labels.map(({ label }) => [label, labelOf(label)?.name ?? t("Deleted label")]),
    );
  }

  const load = reading(wrong, async () => {
    const [first, list] = await Promise.all([api.agreement(project.id), api.labels(project.id), people.load()]);
    labels.value = list.labels;
    const stale = !first.current && first.state === "none";
    const report = stale ? await api.updateAgreement(project.id) : first;
    const known = report.images ? images.reload() : null; // while the rest is compared
    const last = await untilEnded(report, () => api.agreement(project.id), show);
    if (last.state === "failed") toast({ text: t("Not all images could be compared.") });
    await Promise.all([isGoing(report) ? images.reload() : known, consensus.load()]);
  });
  void load();
  window.addEventListener("pageshow", ({ persisted }) => {
    if (persisted) void load(); // objects may be others by then
  });
}
