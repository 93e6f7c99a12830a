/** Links that were sent and nobody has followed yet: what each is for, who made it, and taking it back. */

import { sentenceOf } from "../../../core/errors.js";
import { t } from "../../../core/text.js";
import { fill, h } from "../dom.js";
import { day } from "../format.js";
import { accessRow, revokeButton } from "./access-row.js";
import { ROLE_NAMES } from "./roles.js";

/** @typedef {import("../../../net/accounts-api.js").OpenLink} OpenLink */

/** @param {OpenLink} link */
function meaning({ purpose, name, is_admin, project, role }) {
  if (purpose === "password") return t("New password of {name}", { name: name ?? "" });
  if (project !== null && role !== null) return t("{role} in {project}", { role: ROLE_NAMES[role], project });
  return is_admin ? t("New administrator") : t("New account");
}

/**
 * Hidden while there are none.
 * @param {object} parts
 * @param {() => Promise<OpenLink[]>} parts.list
 * @param {(id: string) => Promise<unknown>} parts.revoke
 * @param {(toast: import("../popups/toasts.js").Toast) => void} parts.toast
 * @param {() => void} parts.onRevoked  one that is shown may be it
 */
export function createOpenLinks({ list, revoke, toast, onRevoked }) {
  const rows = h("ul", { class: "member-rows", "aria-label": t("Open links") });
  const element = h("section", { class: "open-links", hidden: true }, h("h3", {}, t("Open links")), rows);

  /** @param {string} id */
  async function end(id) {
    try {
      await revoke(id);
      onRevoked();
    } catch (error) {
      toast({ text: sentenceOf(error) });
    }
    await refresh();
  }

  /** @param {OpenLink} link */
  function row(link) {
    const name = meaning(link);
    const facts = [link.invited_by && t("by {name}", { name: link.invited_by }), t("expires {day}", { day: day(link.expires_at) })];
    return accessRow({ name, facts }, revokeButton(name, () => void end(link.id)));
  }

  async function refresh() {
    const links = await list().catch(() => []); // the list beside this one says what is wrong
    fill(rows, ...links.map(row));
    element.hidden = !links.length;
  }
  return { element, refresh };
}
