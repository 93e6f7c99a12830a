/** What one sees of imports: how far each is, what came of it, what is wrong with single files, and how to go on. */

import { effect } from "../../../core/signals.js";
import { counted, t } from "../../../core/text.js";
import { fill, h, keepRows, set } from "../dom.js";
import { megabytes } from "../format.js";
import { icon } from "../icons.js";
import { askForLabels } from "./label-matching.js";
import { progressLine } from "./upload-rows.js";

/** @typedef {import("./import-jobs.js").ImportRow} ImportRow */
/** @typedef {import("../../../net/projects-api.js").ImportInfo} ImportInfo */

const MOST_SHOWN = 200;
const LARGE = 1_000_000;

/** @param {ImportInfo} job */
function filesDone({ added, known, failed, skipped, checked, format, total }) {
  const wrong = format === null ? failed : 0; // in annotations it is elements of files that fail
  return Math.min(added + known + wrong + skipped + checked, total ?? Infinity);
}

/** Whether it waits to be told a format, as none was recognised. @param {ImportInfo|null} job */
const asksForFormat = (job) => job?.state === "failed" && job.format === "auto" && job.read_as === null;

/** Whether it waits to be told what its labels are. @param {ImportInfo|null} job */
const asksForLabels = (job) => job?.state === "failed" && !!job.file_labels?.length;

/** @param {ImportInfo} job */
function outcome(job) {
  const { added, known, objects, failed, noted, skipped, format } = job;
  const others = format === null ? skipped : 0; // files of an archive of images
  return [
    added && counted(added, "{count} image was added.", "{count} images were added."),
    objects && counted(objects, "{count} object was added.", "{count} objects were added."),
    known && counted(known, "{count} image was already in the project.", "{count} images were already in the project."),
    failed && counted(failed, "{count} item was not imported.", "{count} items were not imported."),
    noted && counted(noted, "{count} note.", "{count} notes."),
    others && counted(others, "{count} file isn't an image.", "{count} files aren't images."),
    others && t("To import annotations, use the Add menu of the project."),
    !(added || known || objects || failed) && t("Nothing new to import."),
  ]
    .filter(Boolean)
    .join(" ");
}

/** What it takes of the server's disk, where that is much. @param {ImportInfo} job */
const kept = ({ bytes }) =>
  bytes >= LARGE ? t("The uploaded file takes up {size} MB on the server.", { size: megabytes(bytes) }) : "";

/** Why it ended early, and what stands nevertheless. @param {ImportInfo} job */
function failure(job) {
  if (asksForLabels(job)) return t("Some labels in these files aren't in the project.");
  if (asksForFormat(job)) return t("No annotations were recognised. Choose a format, or import the images only.");
  const { error, added, known, objects } = job;
  return `${error ?? t("Import failed.")} ${added || known || objects ? outcome(job) : ""}`;
}

/** @param {ImportRow} row */
function standing({ sent, job, error }) {
  if (error) return error;
  if (sent !== null) return t("Uploading, {percent}%", { percent: Math.round(sent * 100) });
  if (!job) return "";
  if (job.state === "queued") return t("Queued");
  if (job.state === "running") {
    const done = filesDone(job);
    return job.total === null
      ? t("Reading the files")
      : t("{done} of {total} files", { done, total: job.total });
  }
  if (job.state === "stopped")
    return `${job.error ?? t("Interrupted.")} ${t("Imported items are kept.")} ${kept(job)}`;
  if (job.state === "failed") return `${failure(job)} ${kept(job)}`;
  return outcome(job);
}

/** What is worth an announcement: states, not each percent. @param {ImportRow} row */
function announced(row) {
  const { name, sent, job, error } = row;
  const underWay = error === null && (sent !== null || job?.state === "running");
  return underWay ? t("Importing {name}", { name }) : `${name}: ${standing(row)}`;
}

/** @param {ImportRow} row  0 to 1, null when there is nothing to wait for */
function fraction({ sent, job }) {
  if (sent !== null) return sent;
  if (job?.state === "queued") return 0;
  if (job?.state !== "running") return null;
  return job.total ? Math.min(1, filesDone(job) / job.total) : 0;
}

/** @param {HTMLElement} parent @param {ReturnType<typeof import("./import-jobs.js").createImportJobs>} jobs */
export function showImports(parent, jobs) {
  const list = h("div", { class: "upload-failures" });
  parent.append(list);
  const rows = new Map();

  /** @param {ImportRow} first */
  function create({ key, name }) {
    const words = h("span", { class: "upload-detail", "aria-hidden": "true" });
    const evidence = h("span", { class: "upload-evidence muted" });
    const live = h("span", { class: "sr-only", role: "status" });
    const resume = h(
      "button",
      { type: "button", class: "button", onclick: () => void jobs.resume(key, {}) },
      t("Resume"),
    );
    const keepGoing = h(
      "button",
      { type: "button", class: "button", onclick: () => void jobs.resume(key, { keep_going: true }) },
      t("Skip problems and import the rest"),
    );
    const match = h("button", { type: "button", class: "button primary", onclick: () => void matchLabels() }, t("Match labels"));
    async function matchLabels() {
      const found = jobs.rows.peek().find((each) => each.key === key)?.job?.file_labels ?? [];
      const labels = await jobs.labels().catch(() => []);
      askForLabels({ found, labels, answer: (map) => void jobs.resume(key, { label_map: map }) });
    }
    const format = h("select", { class: "field boxed", "aria-label": t("Format") });
    const retry = h(
      "button",
      {
        type: "button",
        class: "button",
        onclick: () => void jobs.resume(key, { format: format.value }),
      },
      t("Import"),
    );
    async function listFormats() {
      const known = (await jobs.formats().catch(() => [])).filter(({ reads }) => reads);
      fill(
        format,
        h("option", { value: "none" }, t("Images only")),
        ...known.map(({ id, title }) => h("option", { value: id }, title)),
      );
    }
    const cancel = h(
      "button",
      { type: "button", class: "button", onclick: () => void jobs.cancel(key) },
      t("Cancel"),
    );
    const discard = h(
      "button",
      {
        type: "button",
        class: "button",
        title: t("Delete the uploaded file. Imported items are kept."),
        onclick: () => void jobs.discard(key),
      },
      t("Discard"),
    );
    const away = h(
      "button",
      { type: "button", class: "icon-button small", onclick: () => jobs.putAway(key) },
      icon("close"),
    );
    const { line, show } = progressLine(t("Importing {name}", { name }));
    const summary = h("summary", {});
    const found = h("ul", { class: "problems" });
    const details = h("details", { class: "upload-problems", hidden: true }, summary, found);
    const element = h(
      "div",
      { class: "upload" },
      icon("archive"),
      h("span", { class: "upload-name" }, name),
      words,
      live,
      resume,
      keepGoing,
      match,
      format,
      retry,
      cancel,
      discard,
      away,
      evidence,
      details,
      line,
    );
    let shown = -1;

    /** @param {ImportRow} row */
    function update(row) {
      const { job, problems, error } = row;
      const done = fraction(row);
      words.textContent = standing(row);
      const news = announced(row);
      if (live.textContent !== news) live.textContent = news;
      set(away, {
        title: row.sent === null ? t("Dismiss") : t("Cancel"),
        "aria-label":
          row.sent === null
            ? t("Dismiss the message about {name}", { name })
            : t("Cancel uploading {name}", { name }),
      });
      line.hidden = done === null;
      show(done ?? 1);
      set(element, { "data-failed": error !== null || job?.state === "failed" || job?.state === "stopped" });
      resume.hidden = job?.state !== "stopped";
      match.hidden = !asksForLabels(job);
      keepGoing.hidden = !(
        job?.state === "failed" &&
        job.format !== null &&
        !asksForFormat(job) &&
        !asksForLabels(job) &&
        !job.keep_going &&
        problems.length
      );
      evidence.textContent = job?.evidence ?? "";
      format.hidden = retry.hidden = !asksForFormat(job);
      if (asksForFormat(job) && !format.options.length) void listFormats();
      cancel.hidden = job?.state !== "queued" && job?.state !== "running";
      discard.hidden = !(job?.bytes && (job.state === "stopped" || job.state === "failed"));
      details.hidden = !problems.length;
      if (problems.length === shown) return;
      shown = problems.length;
      const notes = problems.filter(({ status }) => status === "noted").length;
      summary.textContent = [
        shown > notes && counted(shown - notes, "{count} problem", "{count} problems"),
        notes && counted(notes, "{count} note", "{count} notes"),
      ]
        .filter(Boolean)
        .join(" · ");
      fill(found, ...problems.slice(0, MOST_SHOWN).map(problemItem));
      if (shown > MOST_SHOWN)
        found.append(h("li", { class: "muted" }, t("… and {count} more", { count: shown - MOST_SHOWN })));
    }
    return { element, update };
  }

  effect(() => keepRows(list, jobs.rows.value, ({ key }) => key, create, rows));
}

/** @param {import("../../../net/projects-api.js").ImportProblem} problem */
function problemItem({ name, status, message }) {
  const words = message ?? t("Couldn't read it.");
  const text = words.startsWith(name) ? words : `${name}: ${words}`;
  return h(
    "li",
    {},
    h("span", { class: "muted" }, status === "noted" ? t("Note") : t("Problem")),
    " ",
    text,
  );
}
