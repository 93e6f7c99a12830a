/** Webhooks of a project: added, tested, paused, deleted, and what was delivered. */

import { sentenceOf } from "../../../core/errors.js";
import { t } from "../../../core/text.js";
import { shownOnce } from "../../shared/account/once.js";
import { onSubmit } from "../../shared/account/signing.js";
import { fill, h, keepRows } from "../../shared/dom.js";
import { settingsPart } from "../../shared/part.js";
import { confirming } from "../../shared/popups/confirming.js";
import { reading } from "../../shared/popups/notice.js";
import { createEventsChoice } from "./webhook-events.js";
import { createWebhookRow } from "./webhook-row.js";

/** @typedef {import("../../../net/webhooks-api.js").Webhook} Webhook */

const ARRIVES_MS = 1500; // what is sent at once has usually arrived by then

/**
 * @param {object} parts
 * @param {import("../../../net/api.js").Api} parts.api
 * @param {import("../../../core/types.js").Project} parts.project
 * @param {(toast: import("../../shared/popups/toasts.js").Toast) => void} parts.toast
 */
export function createWebhooks({ api, project, toast }) {
  const list = h("ul", { class: "member-rows", "aria-label": t("Webhooks") });
  const wrong = h("p", { class: "notice", role: "alert", hidden: true });
  const made = h("div", {});
  const rows = new Map();
  /** Those that are being deleted: nothing is asked about them any more. @type {Set<string>} */
  const gone = new Set();
  let shown = /** @type {string|null} */ (null); // the webhook whose deliveries are

  const refresh = reading(wrong, async (signal) => {
    const hooks = (await api.webhooks(project.id, signal)).filter(({ id }) => !gone.has(id));
    const known = hooks.find(({ id }) => id === shown);
    const deliveries = known ? await api.deliveries(project.id, known.id, signal) : null;
    const all = hooks.map((hook) => ({ hook, deliveries: hook === known ? deliveries : null }));
    keepRows(list, all, ({ hook }) => hook.id, (first) => createWebhookRow(first, doing), rows);
  });

  /** @param {() => Promise<unknown>} act @returns {Promise<boolean>} whether it was done */
  async function perform(act) {
    try {
      await act();
      return true;
    } catch (error) {
      toast({ text: sentenceOf(error) });
      return false;
    } finally {
      await refresh();
    }
  }

  /** A moment later it shows whether what is asked for arrived. @param {Webhook} hook @param {() => Promise<unknown>} ask */
  async function send({ id }, ask) {
    shown = id;
    if (await perform(ask)) setTimeout(() => void refresh(), ARRIVES_MS);
  }

  /** @type {import("./webhook-row.js").Doing} */
  const doing = {
    test: (hook) => void send(hook, () => api.pingWebhook(project.id, hook.id)),
    resend: (hook, delivery) => void send(hook, () => api.redeliver(project.id, hook.id, delivery.id)),
    change: (hook, change) => perform(() => api.changeWebhook(project.id, hook.id, change)),
    toggle({ id }) {
      shown = shown === id ? null : id;
      void refresh();
    },
    async remove({ id, url: to }) {
      const sure = await confirming({
        title: t("Delete this webhook?"),
        text: t("{url} will no longer receive events.", { url: to }),
        action: t("Delete"),
      });
      if (!sure) return;
      gone.add(id);
      refresh.stop();
      const isDeleted = await perform(() => api.deleteWebhook(project.id, id).catch((error) => {
        gone.delete(id);
        throw error;
      }));
      if (!isDeleted) return;
      if (made.dataset.webhook === id) fill(made);
      url.focus();
    },
  };

  const url = h("input", { id: "webhook-url", type: "url", class: "field boxed", autocomplete: "off", spellcheck: "false", maxlength: "2000", required: true });
  const events = createEventsChoice("webhook-new");
  const answer = h("div", { class: "door-answer", role: "alert" });
  const form = h(
    "form",
    { class: "form webhook-form" },
    h("label", { for: url.id }, t("Endpoint URL")),
    url,
    events.element,
    answer,
    h("div", { class: "part-actions" }, h("button", { class: "button primary" }, t("Add webhook"))),
  );
  onSubmit(form, answer, async () => {
    const hook = await api.addWebhook(project.id, { url: url.value, events: events.value() });
    form.reset();
    events.reset();
    made.dataset.webhook = hook.id;
    fill(
      made,
      shownOnce({
        label: t("Signing secret for {url}", { url: hook.url }),
        value: hook.secret,
        about: t("Copy it now; it won't be shown again. Use it to verify that deliveries come from this server."),
      }),
    );
    await refresh();
  });

  void refresh();
  const title = t("Webhooks");
  const about = h("p", { class: "muted" }, t("Notify other services when something happens in this project."));
  return { element: settingsPart("webhooks", title, about, wrong, list, made, form), title };
}
