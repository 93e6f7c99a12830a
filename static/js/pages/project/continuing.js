/** Where work goes on: the first image of a list, in its order, that is neither done nor skipped. */

import { OPEN_STATES } from "../shared/image-states.js";

/**
 * @param {object} parts
 * @param {Pick<import("../../net/api.js").Api, "projectImages"|"queue">} parts.api
 * @param {string} parts.projectId
 * @param {import("../../net/projects-api.js").Selection} parts.selection  its state does not count
 * @returns {Promise<string|null>} its id
 */
export async function firstOpen({ api, projectId, selection }) {
  const places = await Promise.all(
    OPEN_STATES.map(async (state) => {
      const { images } = await api.projectImages(projectId, { ...selection, state, limit: 1 });
      if (!images.length) return null;
      const [{ id }] = images;
      const { position } = await api.queue(projectId, { ...selection, state: undefined, after: id });
      return { id, position };
    }),
  );
  const found = places.filter((place) => place !== null).sort((a, b) => a.position - b.position);
  return found[0]?.id ?? null;
}
