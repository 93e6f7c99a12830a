/** Programs elsewhere that are told what happens in a project: added, tried, paused, and what arrived there. */

import { sentenceOf } from "../../../core/errors.js";
import { t, told } from "../../../core/text.js";
import { shownOnce } from "../../shared/account/once.js";
import { onSubmit } from "../../shared/account/signing.js";
import { fill, h } from "../../shared/dom.js";
import { moment } from "../../shared/format.js";
import { settingsPart } from "../../shared/part.js";
import { confirming } from "../../shared/popups/confirming.js";
import { reading } from "../../shared/popups/notice.js";

/** @typedef {import("../../../net/webhooks-api.js").Webhook} Webhook */
/** @typedef {import("../../../net/webhooks-api.js").Delivery} Delivery */

const ARRIVES_MS = 1500; // what is sent at once has usually arrived by then

/** @param {Webhook} hook */
function standing({ paused_at, paused_because, failures, next_at }) {
  if (paused_at) return t("Paused. {reason}", { reason: told(paused_because ?? "") });
  if (failures) return t("Not arriving; next attempt {time}", { time: next_at ? moment(next_at) : t("now") });
  return t("On");
}

/** @param {Delivery} delivery */
function outcome({ state, status, reason }) {
  if (state === "delivered") return t("Delivered ({status})", { status: status ?? "" });
  if (reason) return told(reason);
  return t("On its way");
}

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
  /** @type {string|null} */
  let shown = null; // the webhook whose deliveries are

  /** @param {() => Promise<unknown>} act */
  async function perform(act) {
    try {
      await act();
    } catch (error) {
      toast({ text: sentenceOf(error) });
    }
    await refresh();
  }

  /** What is asked for shows a moment later whether it arrived. @param {string} id @param {() => Promise<unknown>} ask */
  const sending = (id, ask) =>
    perform(async () => {
      await ask();
      shown = id;
      setTimeout(() => void refresh(), ARRIVES_MS);
    });

  /** @param {Webhook} hook */
  async function remove({ id, url }) {
    const sure = await confirming({
      title: t("Delete this webhook?"),
      text: t("{url} isn't told anything any more.", { url }),
      action: t("Delete"),
    });
    if (!sure) return;
    await perform(async () => {
      await api.deleteWebhook(project.id, id);
      fill(made);
    });
  }

  /** @param {string} text @param {string} about @param {() => unknown} act */
  const button = (text, about, act) => h("button", { type: "button", class: "button", "aria-label": about, onclick: () => void act() }, text);

  /** @param {Webhook} hook @param {Delivery} delivery */
  function sent(hook, delivery) {
    const what = delivery.first_seq === null ? t("Test") : t("Events {first} to {last}", { first: delivery.first_seq, last: delivery.last_seq ?? "" });
    const again = () => sending(hook.id, () => api.redeliver(project.id, hook.id, delivery.id));
    return h(
      "li",
      { class: "member-row" },
      h(
        "span",
        { class: "member-words" },
        h("span", { class: "member-line" }, what, h("span", { class: "muted" }, moment(delivery.ended_at ?? delivery.created_at))),
        h("span", { class: "muted" }, outcome(delivery)),
      ),
      button(t("Send again"), t("Send again: {what}", { what }), again),
    );
  }

  /** @param {Webhook} hook @param {Delivery[]|null} deliveries */
  function row(hook, deliveries) {
    const { id, url, paused_at } = hook;
    const open = deliveries !== null;
    return h(
      "li",
      { class: "webhook" },
      h(
        "div",
        { class: "member-row" },
        h("span", { class: "member-words" }, h("span", { class: "webhook-url" }, url), h("span", { class: "muted" }, standing(hook))),
      ),
      h(
        "div",
        { class: "webhook-buttons" },
        button(t("Send a test"), t("Send a test to {url}", { url }), () => sending(id, () => api.pingWebhook(project.id, id))),
        h(
          "button",
          { type: "button", class: "button", "aria-expanded": open, onclick: () => void toggle(id) },
          open ? t("Hide deliveries") : t("Show deliveries"),
        ),
        button(paused_at ? t("Resume") : t("Pause"), paused_at ? t("Resume {url}", { url }) : t("Pause {url}", { url }), () =>
          perform(() => api.pauseWebhook(project.id, id, !paused_at)),
        ),
        button(t("Delete"), t("Delete {url}", { url }), () => remove(hook)),
      ),
      open && (deliveries.length ? h("ul", { class: "member-rows", "aria-label": t("Deliveries") }, ...deliveries.map((each) => sent(hook, each))) : h("p", { class: "muted" }, t("Nothing has been sent yet."))),
    );
  }

  /** @param {string} id */
  function toggle(id) {
    shown = shown === id ? null : id;
    return refresh();
  }

  const refresh = reading(wrong, async () => {
    const hooks = await api.webhooks(project.id);
    const known = hooks.some(({ id }) => id === shown) ? shown : null;
    const deliveries = known === null ? null : await api.deliveries(project.id, known);
    fill(list, ...hooks.map((hook) => row(hook, hook.id === known ? deliveries : null)));
  });

  const url = h("input", { id: "webhook-url", type: "url", class: "field boxed", autocomplete: "off", spellcheck: "false", maxlength: "2000", required: true });
  const answer = h("div", { class: "door-answer", role: "alert" });
  const form = h(
    "form",
    { class: "form member-form" },
    h("div", {}, h("label", { for: url.id }, t("Address of the program")), url),
    h("button", { class: "button primary" }, t("Add")),
    answer,
  );
  onSubmit(form, answer, async () => {
    const hook = await api.addWebhook(project.id, url.value);
    form.reset();
    fill(
      made,
      shownOnce({
        label: t("Secret for {url}", { url: hook.url }),
        value: hook.secret,
        about: t("Copy it now: it isn't shown again. The program checks with it that messages come from here."),
      }),
    );
    await refresh();
  });

  void refresh();
  const title = t("Webhooks");
  const about = h("p", { class: "muted" }, t("Tell another program what happens in this project."));
  return { element: settingsPart("webhooks", title, about, wrong, list, made, form), title };
}
