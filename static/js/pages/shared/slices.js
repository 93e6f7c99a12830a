/** Changes of more images than one request may name: sent in slices, undone the same way. */

/** @typedef {import("../../net/projects-api.js").Undo} Undo */

const MOST = 20_000; // images of one request, as the server takes them

/**
 * @param {readonly string[]} ids
 * @param {(ids: string[]) => Promise<{restore?: Undo}>} send
 * @returns {Promise<{changed: number, undos: Undo[], error: unknown}>} changed: how many ids went out before the error;
 *   undos: to be sent in this order
 */
export async function inSlices(ids, send) {
  /** @type {Undo[]} */
  const undos = [];
  for (let from = 0; from < ids.length; from += MOST) {
    try {
      const { restore } = await send(ids.slice(from, from + MOST));
      if (restore) undos.unshift(restore);
    } catch (error) {
      if (from === 0) throw error;
      return { changed: from, undos, error };
    }
  }
  return { changed: ids.length, undos, error: null };
}
