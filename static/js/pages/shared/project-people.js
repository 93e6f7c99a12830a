/** The people of a project, by the ids of their accounts; nobody where the server has no accounts. */

import { computed, signal } from "../../core/signals.js";
import { ACCOUNT, SELF } from "../../net/account.js";

/** @typedef {import("../../core/api-types.js").Member} Member */
/** @typedef {ReturnType<typeof createPeople>} People */

/** @param {{api: Pick<import("../../net/api.js").Api, "members">, projectId: string}} parts */
export function createPeople({ api, projectId }) {
  const known = signal(/** @type {import("../../core/api-types.js").MemberList} */ ({ members: [], names: {} }));
  let asked = /** @type {Promise<void>|null} */ (null);

  /** Again, too: people come and go. */
  function load() {
    if (!ACCOUNT) return Promise.resolve();
    asked = api.members(projectId).then(
      (list) => void (known.value = list),
      () => {}, // names stay empty; what else the page shows does not depend on them
    );
    return asked;
  }
  void load();

  return {
    /** Whether people have accounts here. */
    isTeam: ACCOUNT !== null,
    /** Of whoever looks at the page; empty where there are none. */
    self: SELF,
    members: computed(() => known.value.members),
    /** Of who left, too, if something is theirs; empty until it is known. @param {string|null|undefined} id */
    nameOf: (id) => (id ? (known.value.names[id] ?? (id === ACCOUNT?.id ? ACCOUNT.name : "")) : ""),
    load,
  };
}
