/** The links of a project: what each is for, how often it was used, until when it works, and revoking it. */

import { sentenceOf } from "../../../core/errors.js";
import { counted, t } from "../../../core/text.js";
import { fill, h } from "../dom.js";
import { day, moment } from "../format.js";
import { accessRow, revokeButton } from "../account/access-row.js";
import { KIND_NAMES } from "./kinds.js";
import { reading } from "../popups/notice.js";

/** @typedef {import("../../../core/api-types.js").Link} Link */

const STATES = Object.freeze({
  works: "",
  used_up: t("Visit limit reached"),
  expired: t("Expired"),
  revoked: t("Revoked"),
  ended: t("Ended"),
});

/** @param {{api: import("../../../net/api.js").Api, onRevoked: (id: string) => void}} parts */
export function createLinkList({ api, onRevoked }) {
  let projectId = "";
  const rows = h("ul", { class: "member-rows", "aria-labelledby": "share-links" });
  const wrong = h("p", { class: "notice", role: "alert", hidden: true });
  const element = h("section", { class: "share-links", hidden: true }, h("h3", { id: "share-links" }, t("Share links")), wrong, rows);

  const refresh = reading(wrong, async () => {
    const of = projectId;
    const { links } = await api.links(of);
    if (of !== projectId) return;
    const held = rows.contains(document.activeElement);
    fill(rows, ...links.map(row));
    element.hidden = !links.length;
    if (held) /** @type {HTMLElement|null} */ (rows.querySelector("button") ?? element.closest("dialog"))?.focus();
  });

  /** @param {Link} link */
  function facts({ uses, max_uses: most, used_at: last, expires_at: end, made_by: maker, has_password: locked, state, revoked_at: revoked }) {
    const visits = most === null ? counted(uses, "{count} visit", "{count} visits") : t("{count} of {most} visits", { count: uses, most });
    return [
      STATES[state],
      visits,
      last && t("last used {time}", { time: moment(last) }),
      revoked ? t("revoked {time}", { time: moment(revoked) }) : t("expires {day}", { day: day(end) }),
      locked && t("password-protected"),
      maker && t("by {name}", { name: maker }),
    ];
  }

  /** @param {Link} link */
  function row(link) {
    const what = [KIND_NAMES[link.kind], link.sandbox ? t("Sandbox") : (link.image_name ?? t("Project"))].join(" · ");
    const title = link.name || what;
    const isOver = link.state === "expired" || link.state === "revoked" || link.state === "ended";
    const wrongHere = h("span", { class: "form-error", role: "alert", hidden: true });
    const end = async () => {
      try {
        await api.endLink(projectId, link.id);
        onRevoked(link.id);
        await refresh();
      } catch (error) {
        wrongHere.hidden = false;
        wrongHere.textContent = sentenceOf(error);
      }
    };
    const shown = { name: title, of: link.name ? what : null, facts: facts(link), isOver };
    return accessRow(shown, !isOver && revokeButton(title, () => void end()), wrongHere);
  }

  return {
    element,
    /** @param {string} id  of the project */
    load(id) {
      projectId = id;
      return refresh();
    },
  };
}
