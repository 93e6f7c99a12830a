/**
 * Where the browser's own files lie, with the version in the address; a page that is one file carries them in itself. Alone
 * in asking for its own address, and in starting workers.
 */

/** What such a page carries, by path under static/; null: the page itself has it, as its icons. A worker is given it. @typedef {Record<string, Blob|null>} Carried */

/** Of carried files: a blob has one address for each that asks. @type {Map<string, string>} */
const addresses = new Map();

/** @returns {Carried|undefined} undefined: the files lie beside the page */
export const carried = () => /** @type {{samphireCarried?: Carried}} */ (globalThis).samphireCarried;

/** Whether the server runs on the machine of this browser. */
export const onThisMachine = () => /^(localhost|127(\.\d+){3}|\[::1\])$/.test(globalThis.location?.hostname ?? "");

/** @param {string} path  under static/ @returns {string} empty: the page itself */
export function staticUrl(path) {
  const files = carried();
  if (files) return addressOf(path, files);
  // A bundle puts this line into any of its files; they all lie one folder below js/, as this file does.
  return new URL(path, new URL("../..", import.meta.url)).href;
}

/** @param {string} path @param {Carried} files */
function addressOf(path, files) {
  if (!Object.hasOwn(files, path)) throw new Error(`This page carries no ${path}.`);
  const file = files[path];
  if (!file) return "";
  const address = addresses.get(path) ?? URL.createObjectURL(file);
  addresses.set(path, address);
  return address;
}

/**
 * A carried one is no module: from a file, browsers start none that a page made. It begins with what it is sent first.
 * @param {string} path  of its script, under static/
 */
export function startWorker(path) {
  const files = carried();
  const worker = new Worker(staticUrl(path), { type: files ? "classic" : "module" });
  if (files) worker.postMessage({ carried: files });
  return worker;
}

/** In a worker: takes what the page carries, unless there is nothing to take. @param {unknown} message @returns {boolean} whether that was it */
export function takesCarried(message) {
  const { carried: files } = /** @type {{carried?: Carried}} */ (message);
  if (files) Object.assign(globalThis, { samphireCarried: files });
  return files !== undefined;
}
