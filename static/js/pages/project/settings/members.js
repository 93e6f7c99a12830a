/** Who works on a project: their roles, adding and inviting others, leaving. What each may do is the server's to say. */

import { sentenceOf } from "../../../core/errors.js";
import { ROLES, reaches } from "../../../core/roles.js";
import { t } from "../../../core/text.js";
import { ACCOUNT } from "../../../net/account.js";
import { BASE, under } from "../../../net/base.js";
import { addressOfLink, shownOnce } from "../../shared/account/once.js";
import { createOpenLinks } from "../../shared/account/open-links.js";
import { ROLE_ABOUT, ROLE_NAMES } from "../../shared/account/roles.js";
import { onSubmit } from "../../shared/account/signing.js";
import { fill, h } from "../../shared/dom.js";
import { day } from "../../shared/format.js";
import { settingsPart } from "../../shared/part.js";
import { confirming } from "../../shared/popups/confirming.js";
import { reading } from "../../shared/popups/notice.js";

/** @typedef {import("../../../core/roles.js").Role} Role */
/** @typedef {import("../../../net/accounts-api.js").Member} Member */

const USUAL = "annotator";

/** @param {string} id @param {Role} own  nobody gives a higher one @param {Role} chosen */
function roleSelect(id, own, chosen) {
  const select = h(
    "select",
    { id, class: "field boxed" },
    ...ROLES.filter((role) => reaches(own, role)).map((role) => h("option", { value: role }, ROLE_NAMES[role])),
  );
  select.value = chosen;
  return { select, role: () => /** @type {Role} */ (select.value) };
}

/**
 * @param {object} parts
 * @param {import("../../../net/api.js").Api} parts.api
 * @param {import("../../../core/types.js").Project} parts.project
 * @param {(toast: import("../../shared/popups/toasts.js").Toast) => void} parts.toast
 */
export function createMembers({ api, project, toast }) {
  const own = project.role;
  const manages = reaches(own, "manager");
  const list = h("ul", { class: "member-rows", "aria-label": t("Members") });
  const wrong = h("p", { class: "notice", role: "alert", hidden: true });
  const made = h("div", {});
  const links = createOpenLinks({
    list: () => api.openLinks(project.id),
    revoke: (id) => api.revokeLink(id, project.id),
    toast,
    onRevoked: () => fill(made),
  });

  /** @param {() => Promise<unknown>} act */
  async function perform(act) {
    try {
      await act();
    } catch (error) {
      toast({ text: sentenceOf(error) });
    }
    await refresh();
  }

  /** @param {Member} member @param {Role} role */
  async function change({ id, name }, role) {
    const less = id === ACCOUNT?.id && !ACCOUNT.isAdmin && !reaches(role, own);
    const sure =
      !less ||
      (await confirming({
        title: t("Give up the role {role}?", { role: ROLE_NAMES[own] }),
        text: t("Only someone else with this role can give it back to you."),
        action: t("Change role"),
      }));
    if (!sure) return refresh();
    await perform(async () => {
      await api.changeMember(project.id, id, role);
      if (less) location.reload();
      else toast({ text: t("{name}: {role}.", { name, role: ROLE_NAMES[role] }) });
    });
  }

  /** @param {Member} member */
  async function remove({ id, name }) {
    const sure = await confirming({
      title: t("Remove {name} from this project?", { name }),
      text: t("They can't open it any more. Their work stays."),
      action: t("Remove"),
    });
    if (sure) await perform(() => api.removeMember(project.id, id));
  }

  /** @param {Member} member */
  async function leave({ id }) {
    const sure = await confirming({
      title: t("Leave {project}?", { project: project.name }),
      text: t("Only a manager or an owner can bring you back. Your work stays."),
      action: t("Leave"),
    });
    if (!sure) return;
    await perform(async () => {
      await api.removeMember(project.id, id);
      location.assign(under("/"));
    });
  }

  /** @param {Member} member */
  function row(member) {
    const { id, name, role, added_at } = member;
    const mine = id === ACCOUNT?.id;
    const given = roleSelect(`role-${id}`, own, role);
    given.select.addEventListener("change", () => void change(member, given.role()));
    given.select.setAttribute("aria-label", t("Role of {name}", { name }));
    const out = h(
      "button",
      {
        type: "button",
        class: "button",
        "aria-label": mine ? t("Leave this project") : t("Remove {name}", { name }),
        onclick: () => void (mine ? leave(member) : remove(member)),
      },
      mine ? t("Leave") : t("Remove"),
    );
    const free = manages && reaches(own, role);
    return h(
      "li",
      { class: "member-row" },
      h(
        "span",
        { class: "member-words" },
        h("span", { class: "member-line" }, h("span", { class: "member-name" }, name), mine && h("span", { class: "member-tag" }, t("You"))),
        h("span", { class: "muted" }, t("since {day}", { day: day(added_at) })),
      ),
      free ? given.select : h("span", {}, ROLE_NAMES[role]),
      (free || mine) && out,
    );
  }

  const refresh = reading(wrong, async () => {
    fill(list, ...(await api.members(project.id)).members.map(row));
    if (manages) await links.refresh();
  });

  function adding() {
    const name = h("input", { id: "member-name", class: "field boxed", autocomplete: "off", autocapitalize: "none", spellcheck: "false", required: true });
    const given = roleSelect("member-role", own, USUAL);
    const answer = h("div", { class: "door-answer", role: "alert" });
    const invite = h("button", { type: "button", class: "button", onclick: () => void inviting(given.role()) }, t("Link with this role"));
    const form = h(
      "form",
      { class: "form member-form" },
      h("div", {}, h("label", { for: name.id }, t("Name of their account")), name),
      h("div", {}, h("label", { for: "member-role" }, t("Role")), given.select),
      h("button", { class: "button primary" }, t("Add")),
      invite,
      answer,
    );
    onSubmit(form, answer, async () => {
      await api.addMember(project.id, name.value, given.role());
      name.value = "";
      await refresh();
      name.focus();
    });
    return form;
  }

  /** @param {Role} role */
  const inviting = (role) =>
    perform(async () => {
      const link = await api.inviteToProject(project.id, role);
      fill(
        made,
        shownOnce({
          label: t("Link for a new member: {role}", { role: ROLE_NAMES[role] }),
          value: addressOfLink(link, BASE),
          about: t("Send it to one person, with or without an account. It works once, until {day}, and isn't shown again.", { day: day(link.expires_at) }),
        }),
      );
    });

  void refresh();
  const roles = h(
    "details",
    { class: "roles" },
    h("summary", {}, t("What each role can do")),
    h("dl", {}, ...ROLES.flatMap((role) => [h("dt", {}, ROLE_NAMES[role]), h("dd", {}, ROLE_ABOUT[role])])),
  );
  const title = t("Members");
  return { element: settingsPart("members", title, wrong, list, made, manages && adding(), links.element, roles), title };
}
