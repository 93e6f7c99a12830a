/** Makes a link: what is shared, what visitors can do, for how long. Below it, the project's links. */

import { counted, t } from "../../../core/text.js";
import { BASE } from "../../../net/base.js";
import { fill, h } from "../dom.js";
import { day } from "../format.js";
import { icon } from "../icons.js";
import { KIND_ABOUT, KIND_NAMES, LINK_KINDS } from "./kinds.js";
import { addressOfLink, shownOnce } from "../account/once.js";
import { onSubmit } from "../account/signing.js";
import { embedCode } from "./embedding.js";
import { createLinkList } from "./link-list.js";
import { qrCode } from "./qr-code.js";

/**
 * @typedef {object} Shared
 * @property {import("../../../core/types.js").Project} project
 * @property {{id: string, name: string}|null} image  the one on show
 */
/** @typedef {import("../../../net/accounts-api.js").MadeLink} MadeLink */
/** @typedef {ReturnType<typeof createShareDialog>} ShareDialog */

const DAYS = Object.freeze([1, 7, 30, 90, 365]);
const USUAL_DAYS = 30;
const [WHAT, KIND] = ["share-what", "share-kind"]; // groups of choices
const NAME_CHARACTERS = 100;
const PASSWORD_CHARACTERS = Object.freeze({ least: 6, most: 1000 });
const MOST_VISITS = 100_000;

/** @param {{api: import("../../../net/api.js").Api, copyView?: () => Promise<unknown>}} parts */
export function createShareDialog({ api, copyView }) {
  let shared = /** @type {Shared|null} */ (null);
  const list = createLinkList({ api, onRevoked: (id) => made.dataset.link === id && fill(made) });
  const made = h("div", { class: "share-made" });
  const answer = h("div", { role: "alert" });
  const what = h("fieldset", { class: "share-what" });
  const kinds = h("fieldset", { class: "share-kinds" }, h("legend", {}, t("Visitors can")), ...LINK_KINDS.map((kind) => choice(KIND, kind, KIND_NAMES[kind], KIND_ABOUT[kind])));
  const days = h("select", { class: "field boxed", id: "share-days" }, ...DAYS.map((count) => h("option", { value: count }, counted(count, "{count} day", "{count} days"))));
  const visits = h("input", { type: "number", class: "field boxed", id: "share-visits", min: 1, max: MOST_VISITS, step: 1, inputmode: "numeric", placeholder: t("No limit") });
  const password = h("input", {
    ...{ class: "field boxed", id: "share-password", autocomplete: "off", autocapitalize: "none", spellcheck: "false", placeholder: t("None") },
    ...{ minlength: PASSWORD_CHARACTERS.least, maxlength: PASSWORD_CHARACTERS.most },
  });
  const name = h("input", { class: "field boxed", id: "share-name", maxlength: NAME_CHARACTERS, autocomplete: "off", placeholder: t("Optional; visitors see it") });
  const form = h(
    "form",
    { class: "form", method: "post" },
    what,
    kinds,
    h("div", { class: "share-limits" }, field(t("Expires in"), days), field(t("Visit limit"), visits), field(t("Password"), password), field(t("Name"), name)),
    answer,
    h("div", { class: "dialog-actions" }, h("button", { class: "button primary" }, t("Create link"))),
  );
  const close = h("button", { type: "button", class: "icon-button", "aria-label": t("Close"), onclick: () => element.close() }, icon("close"));
  const view = copyView && h("p", { class: "share-view" }, t("Project members can use the page's own address."), h("button", { type: "button", class: "button", onclick: () => void copyOwn() }, t("Copy link to this view")));
  const element = h("dialog", { class: "dialog share", "aria-labelledby": "share-title" });
  element.append(h("header", {}, h("h2", { id: "share-title" }, t("Share")), close), made, form, view || "", list.element);
  element.addEventListener("close", () => fill(made));
  document.body.append(element);

  /** @param {string} group @param {string} value @param {string} title @param {string} detail */
  function choice(group, value, title, detail) {
    const id = `${group}-${value}`;
    const box = h("input", { type: "radio", name: group, value, id, "aria-labelledby": `${id}-title`, "aria-describedby": `${id}-about` });
    return h("label", { class: "share-choice", for: id }, box, h("b", { id: `${id}-title` }, title), h("span", { id: `${id}-about`, class: "muted", dir: "auto" }, detail));
  }

  /** @param {string} label @param {HTMLElement} element */
  function field(label, element) {
    return h("div", {}, h("label", { for: element.id }, label), element);
  }

  /** @param {string} group */
  const chosen = (group) => /** @type {HTMLInputElement|null} */ (form.querySelector(`[name="${group}"]:checked`))?.value ?? "";
  /** @param {string} group @param {string} value */
  const check = (group, value) => (/** @type {HTMLInputElement} */ (form.querySelector(`#${group}-${value}`)).checked = true);

  async function copyOwn() {
    element.close(); // what is copied without a clipboard must be out of dialogs
    await copyView?.();
  }

  /** Visitors try in a sandbox, and nothing else. */
  function keepToSandbox() {
    const isSandbox = chosen(WHAT) === "sandbox";
    if (isSandbox) check(KIND, "try");
    kinds.disabled = isSandbox;
  }
  what.addEventListener("change", keepToSandbox);

  onSubmit(form, answer, async () => {
    if (!shared) return;
    const { project, image } = shared;
    const link = await api.makeLink(project.id, {
      sandbox: chosen(WHAT) === "sandbox",
      kind: /** @type {import("./kinds.js").LinkKind} */ (chosen(KIND)),
      days: Number(days.value),
      name: name.value,
      image: chosen(WHAT) === "image" && image ? image.id : null,
      max_uses: visits.value === "" ? null : Number(visits.value),
      password: password.value || null,
    });
    await showMade(link);
    void list.load(project.id);
  });

  /** @param {MadeLink} link */
  async function showMade(link) {
    const address = addressOfLink(link, BASE);
    const about = [t("Expires {day}.", { day: day(link.expires_at) }), t("Copy it now; it won't be shown again.")].join(" ");
    const label = t("Link to {name}", { name: link.image_name ?? shared?.project.name ?? "" });
    const embed = embedCode(link, address);
    const once = shownOnce({ label, value: address, about }, embed);
    made.dataset.link = link.id;
    fill(made, once);
    element.scrollTop = 0;
    const code = await qrCode(address).catch(() => null); // copying works without it
    if (code && made.contains(once)) once.insertBefore(code, embed);
  }

  return {
    /** @param {Shared} next */
    open(next) {
      const other = next.project.id !== shared?.project.id || next.image?.id !== shared?.image?.id;
      shared = next;
      const { project, image } = next;
      const choices = [
        image && choice(WHAT, "image", t("This image"), image.name),
        choice(WHAT, "project", t("Project"), project.name),
        choice(WHAT, "sandbox", t("Sandbox"), t("Visitors segment their own images, which only they see.")),
      ];
      fill(what, h("legend", {}, t("What to share")), ...choices);
      check(WHAT, image ? "image" : "project");
      keepToSandbox();
      if (other || !chosen(KIND)) {
        form.querySelectorAll("input:not([type=radio])").forEach((input) => (/** @type {HTMLInputElement} */ (input).value = ""));
        check(KIND, "view");
        days.value = String(USUAL_DAYS);
      }
      fill(answer);
      element.showModal();
      element.scrollTop = 0;
      /** @type {HTMLElement|null} */ (kinds.querySelector(":checked"))?.focus();
      void list.load(project.id);
    },
  };
}
