/** Files that came with the page: inside it, compressed and as text, or beside it. */

import { carried } from "../../core/address.js";
import { createApi } from "../../net/api.js";

/** @typedef {import("../../net/transfers.js").TransferOptions} TransferOptions */

const TYPES = /** @type {Record<string, string>} */ ({ js: "text/javascript", mjs: "text/javascript", wasm: "application/wasm" });

/** @param {string} text  base64 @returns {Uint8Array<ArrayBuffer>} */
function decoded(text) {
  const { fromBase64 } = /** @type {{fromBase64?: (text: string) => Uint8Array<ArrayBuffer>}} */ (/** @type {unknown} */ (Uint8Array));
  if (fromBase64) return fromBase64.call(Uint8Array, text);
  const letters = atob(text);
  const bytes = new Uint8Array(letters.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = letters.charCodeAt(i); // half the time of `Uint8Array.from`
  return bytes;
}

/** @param {string} path @returns {Element|null} that holds what is not taken out yet */
const holderOf = (path) => document.querySelector(`script[data-carried="${CSS.escape(path)}"]`);

/** @param {string} path @param {Element} element  that holds it @returns {Promise<Blob>} */
function unpacked(path, element) {
  const bytes = decoded(element.textContent ?? "");
  element.remove(); // megabytes of text
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream, { headers: { "Content-Type": TYPES[path.split(".").at(-1) ?? ""] ?? "application/octet-stream" } }).blob();
}

/** Takes out the program's own files, whose addresses are asked for; nothing where they lie beside the page. */
export async function unpack() {
  const files = carried();
  if (!files) return;
  const packed = [...document.querySelectorAll('script:is([data-carried^="js/"], [data-carried^="vendor/"])')];
  await Promise.all(
    packed.map(async (element) => {
      const path = element.getAttribute("data-carried") ?? "";
      files[path] = await unpacked(path, element);
    }),
  );
}

const { download } = createApi();
/** Taken out: their text is gone. @type {Map<string, Promise<Blob>>} */
const taken = new Map();

/** One of the files of the images, or of the networks. Rejects with ApiError. @param {string} name @param {TransferOptions} [options] @returns {Promise<ArrayBuffer>} */
export async function readFile(name, options) {
  const holder = holderOf(name);
  if (holder) taken.set(name, unpacked(name, holder));
  const file = await taken.get(name);
  return file ? file.arrayBuffer() : download(name, options);
}
