/**
 * Adding images to a project: whatever is chosen, dropped anywhere on the page or pasted, shown while it is on its way.
 * Both the first page and a project's have one.
 */

import { counted, t } from "../../../core/text.js";
import { h } from "../dom.js";
import { megabytes } from "../format.js";
import { listenForFiles } from "./incoming.js";
import { ARCHIVE_TYPES, PICTURE_TYPES, ofFiles, ofTransfer, sorted } from "./collecting.js";
import { createImportJobs } from "./import-jobs.js";
import { showImports } from "./import-rows.js";
import { createUploadQueue } from "./upload-queue.js";
import { showUploads } from "./upload-rows.js";

/** @typedef {import("./collecting.js").Incoming} Incoming */

/**
 * @param {HTMLElement} parent  where progress and failures are shown
 * @param {object} parts
 * @param {import("../../../net/api.js").Api} parts.api
 * @param {string} parts.projectId
 * @param {boolean} [parts.closed]  whose page it is may add nothing: what is dropped or pasted is left alone
 * @param {import("../../../core/types.js").Limits} parts.limits
 * @param {(toast: import("../popups/toasts.js").Toast) => void} parts.toast
 * @param {() => void} parts.onAdded  the project has more than before
 * @param {(image: import("../../../net/projects-api.js").ProjectImage) => void} [parts.onSingle]  one picture alone was added
 * @param {(files: File[]) => void} [parts.onAnnotations]  files of them were among what was handed over
 * @param {(over: boolean) => void} [parts.onOver]  files are held over the page, or no longer
 */
export function createAdding(parent, parts) {
  const { api, projectId, closed = false, limits, toast, onAdded, onSingle, onAnnotations, onOver } = parts;
  const queue = createUploadQueue(async ({ file, path }, options) => {
    if (file.size > limits.max_upload_bytes) {
      const sizes = { size: megabytes(file.size), limit: megabytes(limits.max_upload_bytes) };
      throw new Error(t("File is {size} MB; the limit is {limit} MB (`--max-upload-mb`).", sizes));
    }
    return api.addImage(projectId, file, path, options);
  });
  const jobs = createImportJobs({ api, projectId, onChanged: onAdded });
  showUploads(parent, queue, (ids) => void take(() => queue.retry(ids), ids.length));
  showImports(parent, jobs);

  /** @param {() => Promise<import("../../../net/projects-api.js").ProjectImage[]>} start @param {number} count */
  async function take(start, count) {
    const settled = queue.state.subscribe(noticeProgress());
    const added = await start();
    settled();
    if (!added.length) return;
    onAdded();
    const alone = count === 1 && !queue.busy() && !jobs.busy() && !queue.state.peek().failures.length;
    if (alone && onSingle) return onSingle(added[0]);
    const known = added.filter(({ existing }) => existing).length;
    const more = added.length - known;
    const words = [more ? counted(more, "{count} image was added.", "{count} images were added.") : ""];
    if (known) words.push(counted(known, "{count} was already in the project.", "{count} were already in the project."));
    toast({ text: words.filter(Boolean).join(" ") });
  }

  /** Tells now and then that there is more to see, while many files are on their way. */
  function noticeProgress() {
    let told = performance.now();
    return () => {
      if (performance.now() - told < 2000) return;
      told = performance.now();
      onAdded();
    };
  }

  /** @param {Incoming[]} incoming */
  function add(incoming) {
    const { pictures, archives, annotations, others } = sorted(incoming);
    if (annotations.length && onAnnotations) onAnnotations(annotations);
    else pictures.push(...annotations.map((file) => ({ file, path: file.name })));
    if (others)
      toast({
        text: counted(
          others,
          "Skipped {count} file that isn't an image.",
          "Skipped {count} files that aren't images.",
        ),
      });
    for (const archive of archives) void jobs.addArchive(archive);
    if (pictures.length) void take(() => queue.add(pictures), archives.length ? 0 : pictures.length);
  }

  /** @param {string} id @param {Record<string, string|boolean>} attributes */
  function picker(id, attributes) {
    const input = h("input", { type: "file", multiple: true, hidden: true, id, ...attributes });
    input.addEventListener("change", () => {
      add(ofFiles(input.files ?? []));
      input.value = "";
    });
    return input;
  }
  const files = picker("file-picker", { accept: `${PICTURE_TYPES},${ARCHIVE_TYPES}` });
  const folder = picker("folder-picker", { webkitdirectory: true });
  parent.after(files, folder);

  if (!closed) listenForFiles((_, data) => {
    if (document.querySelector("dialog[open]")) return; // that has a place of its own for files
    ofTransfer(data).then(add, () =>
      toast({ text: t("Couldn't read the whole folder, so nothing was added.") }),
    );
  }, onOver);
  window.addEventListener("beforeunload", (event) => {
    if (queue.busy() || jobs.busy()) event.preventDefault();
  });
  window.addEventListener("online", () => queue.state.peek().paused !== null && queue.goOn());

  return {
    jobs,
    /** Opens the browser's dialogs. */
    chooseFiles: () => files.click(),
    chooseFolder: () => folder.click(),
  };
}
