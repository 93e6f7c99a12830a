/** Where work goes on: the first image of a list, in its order, that is neither done nor skipped. */

import { ApiError } from "../../core/errors.js";
import { reaches } from "../../core/roles.js";
import { selectionQuery } from "../../document/queue/image-selection.js";
import { OPEN_STATES } from "../../core/image-states.js";

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

/**
 * Where whoever has an account goes on when nothing else is listed: at the first open image of their own, or at the next
 * out of the common queue, which becomes theirs.
 * @param {object} parts
 * @param {Pick<import("../../net/api.js").Api, "projectImages"|"queue"|"takeImage">} parts.api
 * @param {Pick<import("../../core/types.js").Project, "id"|"role">} parts.project
 * @param {Pick<import("../shared/project-people.js").People, "isTeam"|"self">} parts.people
 * @param {import("../../net/projects-api.js").Selection} parts.selection
 * @returns {Promise<string|null>} its id; null: they have none, and get none
 */
export async function firstOwn({ api, project, people, selection }) {
  const filters = { ...selection, sort: "", order: "", assigned: selection.assigned === people.self ? "" : selection.assigned };
  if (!people.isTeam || !reaches(project.role, "annotator") || selectionQuery(filters)) return null;
  const own = await firstOpen({ api, projectId: project.id, selection: { assigned: people.self } });
  if (own) return own;
  try {
    return (await api.takeImage(project.id)).image?.id ?? null;
  } catch (error) {
    if (error instanceof ApiError && error.status === 409) return null; // no member, or enough already
    throw error;
  }
}
