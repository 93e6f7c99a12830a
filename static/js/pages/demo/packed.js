/** Files that came with the page: inside it, compressed and as text, or beside it. */

import { under } from "../../net/base.js";

const TYPES = /** @type {Record<string, string>} */ ({ js: "text/javascript", mjs: "text/javascript", wasm: "application/wasm" });

/** @param {Element} element @returns {Promise<Blob>} */
function unpacked(element) {
  const path = element.getAttribute("data-carried") ?? "";
  const bytes = Uint8Array.from(atob(element.textContent ?? ""), (sign) => sign.charCodeAt(0));
  element.remove(); // megabytes of text
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream, { headers: { "Content-Type": TYPES[path.split(".").at(-1) ?? ""] ?? "application/octet-stream" } }).blob();
}

/** Takes out what the page carries in itself; nothing where its files lie beside it. */
export async function unpack() {
  const { samphireCarried: carried } = /** @type {{samphireCarried?: import("../../core/address.js").Carried}} */ (globalThis);
  if (!carried) return;
  const all = [...document.querySelectorAll("script[data-carried]")];
  await Promise.all(all.map(async (element) => {
    const path = element.getAttribute("data-carried") ?? "";
    carried[path] = await unpacked(element);
  }));
}

/** One of the files of the images, or of the decoder. @param {string} name @returns {Promise<ArrayBuffer>} */
export async function readFile(name) {
  const { samphireCarried: carried } = /** @type {{samphireCarried?: import("../../core/address.js").Carried}} */ (globalThis);
  if (carried) return carried[name].arrayBuffer();
  const answer = await fetch(name.startsWith("/") ? under(name) : name);
  if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
  return answer.arrayBuffer();
}
