/** Imports of archives and annotation files: sent, watched while the server works through them, taken up again. */

import { sentenceOf } from "../../../core/errors.js";
import { signal } from "../../../core/signals.js";

/** @typedef {import("../../../net/projects-api.js").ImportInfo} ImportInfo */
/** @typedef {import("../../../net/projects-api.js").ImportProblem} ImportProblem */
/** @typedef {"addArchive"|"labels"|"importAnnotations"|"formats"|"imports"|"importJob"|"resumeImport"|"cancelImport"|"discardImport"} ImportMethods */
/**
 * @typedef {object} ImportRow
 * @property {string} key
 * @property {string} name  of the file
 * @property {number|null} sent  share of it that is sent, 0 to 1; null once it is
 * @property {ImportInfo|null} job
 * @property {readonly ImportProblem[]} problems
 * @property {string|null} error  why it could not be sent or asked for
 */

const ASK_AGAIN_MS = 700;
const AFTER_FAILURE_MS = 2000;
const RECENT_MS = 3_600_000; // what failed within the last hour is shown again, and what the server still keeps
const MOST_PROBLEMS = 2000;
const GOING = new Set(["queued", "running"]);

/**
 * @param {object} parts
 * @param {Pick<import("../../../net/api.js").Api, ImportMethods>} parts.api
 * @param {string} parts.projectId
 * @param {() => void} parts.onChanged  the project has more images or objects than before
 */
export function createImportJobs({ api, projectId, onChanged }) {
  const rows = signal(/** @type {readonly ImportRow[]} */ ([]));
  /** @type {Map<string, AbortController>} */
  const sending = new Map();
  let last = Promise.resolve();
  let number = 0;

  /** @param {string} key @param {Partial<ImportRow>} changes */
  const change = (key, changes) =>
    (rows.value = rows.peek().map((row) => (row.key === key ? { ...row, ...changes } : row)));
  /** @param {string} key */
  const row = (key) => rows.peek().find((each) => each.key === key);

  /** Asks until it has come to an end. @param {string} key @param {string} jobId */
  async function watch(key, jobId) {
    for (;;) {
      let pause = ASK_AGAIN_MS;
      const before = row(key);
      if (!before) return; // dismissed
      try {
        const job = await api.importJob(projectId, jobId, before.problems.at(-1)?.position);
        const problems = [...before.problems, ...(job.problems ?? [])].slice(0, MOST_PROBLEMS);
        change(key, { job, problems, error: null });
        if (before.job?.added !== job.added || before.job?.objects !== job.objects || !GOING.has(job.state))
          onChanged();
        const more = job.problems?.length && problems.length < MOST_PROBLEMS;
        if (!GOING.has(job.state) && !more) return;
        if (more) continue;
      } catch (error) {
        change(key, { error: sentenceOf(error) });
        const { status = 0 } = /** @type {{status?: number}} */ (error);
        if (status > 0 && status < 500 && status !== 429) return; // the others pass
        pause = AFTER_FAILURE_MS;
      }
      await new Promise((done) => setTimeout(done, pause));
    }
  }

  /**
   * After those that are being sent.
   * @param {File} file @param {(options: import("../../../net/transfers.js").TransferOptions) => Promise<ImportInfo>} post
   */
  function send(file, post) {
    const key = `sent-${++number}`;
    const abort = new AbortController();
    sending.set(key, abort);
    rows.value = [{ key, name: file.name, sent: 0, job: null, problems: [], error: null }, ...rows.peek()];
    last = last.then(() => sendNow(key, abort, post));
    return last;
  }

  /**
   * @param {string} key @param {AbortController} abort
   * @param {(options: import("../../../net/transfers.js").TransferOptions) => Promise<ImportInfo>} post
   */
  async function sendNow(key, abort, post) {
    try {
      const job = await post({
        signal: abort.signal,
        onProgress: (loaded, total) => change(key, { sent: total ? loaded / total : 0 }),
      });
      change(key, { sent: null, job: { ...job, problems: [] } });
      void watch(key, job.id);
    } catch (error) {
      if (!abort.signal.aborted) change(key, { sent: null, error: sentenceOf(error) });
    } finally {
      sending.delete(key);
    }
  }

  return {
    rows,
    /** A zip or tar archive of pictures. @param {File} file */
    addArchive: (file) => send(file, (options) => api.addArchive(projectId, file, options)),
    /** @param {File} file @param {import("../../../net/projects-api.js").ImportHow} how */
    importAnnotations: (file, how) =>
      send(file, (options) => api.importAnnotations(projectId, file, { ...how, ...options })),
    /** What annotations may be in, for who is asked. */
    formats: () => api.formats(),
    /** What the project's labels are. */
    labels: async () => (await api.labels(projectId)).labels,
    /** @param {string} key @param {{keep_going?: boolean, format?: string, label_map?: Record<string, string|null>}} changes  to how it is imported */
    async resume(key, changes) {
      const id = row(key)?.job?.id;
      if (!id) return;
      try {
        change(key, { job: await api.resumeImport(projectId, id, changes), problems: [], error: null });
        void watch(key, id);
      } catch (error) {
        change(key, { error: sentenceOf(error) });
      }
    },
    /** Stops what waits or runs; what was imported stays. @param {string} key */
    async cancel(key) {
      const id = row(key)?.job?.id;
      if (!id) return;
      try {
        await api.cancelImport(projectId, id);
      } catch (error) {
        change(key, { error: sentenceOf(error) });
      }
    },
    /** Out of sight for good, with the file that was sent; what was imported stays. @param {string} key */
    async discard(key) {
      const id = row(key)?.job?.id;
      if (!id) return;
      try {
        await api.discardImport(projectId, id);
        rows.value = rows.peek().filter((each) => each.key !== key);
      } catch (error) {
        change(key, { error: sentenceOf(error) });
      }
    },
    /** Out of sight; what is being sent is cancelled, what the server works on goes on. @param {string} key */
    putAway(key) {
      sending.get(key)?.abort();
      rows.value = rows.peek().filter((each) => each.key !== key);
    },
    /** Those under way, stopped, or that failed lately or keep bytes, perhaps started elsewhere. */
    async find() {
      const since = Date.now() - RECENT_MS;
      for (const job of (await api.imports(projectId)).reverse()) {
        const failed = job.state === "failed" && (job.bytes > 0 || Date.parse(job.updated_at) > since);
        if (!GOING.has(job.state) && job.state !== "stopped" && !failed) continue;
        const found = { key: job.id, name: job.source, sent: null, job, problems: [], error: null };
        rows.value = [found, ...rows.peek()];
        void watch(job.id, job.id);
      }
    },
    busy: () => sending.size > 0,
  };
}
