/** What a person hands over: files, folders with all that is below them, archives; told apart by name. */

/** @typedef {{file: File, path: string}} Incoming  path: its name, with the folders it came in */

export const PICTURE_TYPES = "image/*,.tif,.tiff,.bmp";
export const ARCHIVE_TYPES = ".zip,.tar,.tgz,.tar.gz,.tar.bz2,.tar.xz";

const ARCHIVE = /\.(zip|tar|tgz|tar\.(gz|bz2|xz))$/i;
const ANNOTATIONS = /\.(json|jsonl|xml)$/i;
const PICTURE = /\.(jpe?g|jfif|png|webp|bmp|dib|tiff?|gif|avif|jp2|j2k|hei[cf])$/i;

/** What a file picker gave, one for files as well as one for folders. @param {Iterable<File>} files @returns {Incoming[]} */
export function ofFiles(files) {
  return [...files].map((file) => ({ file, path: file.webkitRelativePath || file.name }));
}

/**
 * What was dropped or pasted; folders are read to their ends. To be called while the event is handled: afterwards
 * browsers have forgotten what it carried.
 * @param {DataTransfer} data @returns {Promise<Incoming[]>}
 */
export function ofTransfer(data) {
  const entries = [...data.items].map((item) => (item.kind === "file" ? item.webkitGetAsEntry?.() : null));
  if (!entries.some((entry) => entry?.isDirectory)) return Promise.resolve(ofFiles(data.files));
  return Promise.all(entries.map((entry) => (entry ? below(entry) : []))).then((found) => found.flat());
}

/** @param {FileSystemEntry} entry @returns {Promise<Incoming[]>} */
async function below(entry) {
  const path = entry.fullPath.replace(/^\//, "");
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) =>
      /** @type {FileSystemFileEntry} */ (entry).file(resolve, reject),
    );
    return [{ file, path }];
  }
  const reader = /** @type {FileSystemDirectoryEntry} */ (entry).createReader();
  /** @type {Incoming[]} */
  const found = [];
  for (;;) {
    /** @type {FileSystemEntry[]} a hundred at most */
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!some.length) return found;
    for (const each of some) found.push(...(await below(each)));
  }
}

/**
 * Pictures, archives, single files of annotations, and how many files of folders are none of these. Other single files are
 * taken for pictures, whatever they are called: the server says what is wrong with one.
 * @param {readonly Incoming[]} incoming
 */
export function sorted(incoming) {
  /** @type {Incoming[]} */
  const pictures = [];
  /** @type {File[]} */
  const archives = [];
  /** @type {File[]} */
  const annotations = [];
  let others = 0;
  for (const each of incoming) {
    if (ARCHIVE.test(each.file.name)) archives.push(each.file);
    else if (ANNOTATIONS.test(each.path) && !each.path.includes("/")) annotations.push(each.file);
    else if (!each.path.includes("/") || each.file.type.startsWith("image/") || PICTURE.test(each.path))
      pictures.push(each);
    else others += 1;
  }
  return { pictures, archives, annotations, others };
}
