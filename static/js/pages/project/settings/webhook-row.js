/** A webhook in the list: where it sends, how that goes, what can be done with it, and its latest deliveries. */

import { t, told } from "../../../core/text.js";
import { fill, h, keepRows, set } from "../../shared/dom.js";
import { moment } from "../../shared/format.js";
import { createEventsChoice, eventsInWords } from "./webhook-events.js";

/** @typedef {import("../../../net/webhooks-api.js").Webhook} Webhook */
/** @typedef {import("../../../net/webhooks-api.js").Delivery} Delivery */
/** @typedef {{hook: Webhook, deliveries: readonly Delivery[]|null}} Shown  deliveries: null while they are hidden */
/**
 * @typedef {object} Doing
 * @property {(hook: Webhook) => void} test
 * @property {(hook: Webhook, delivery: Delivery) => void} resend
 * @property {(hook: Webhook, change: import("../../../core/api-types.js").WebhookChange) => Promise<boolean>} change  whether it was
 * @property {(hook: Webhook) => void} remove
 * @property {(hook: Webhook) => void} toggle  its deliveries
 */

/** @param {Webhook} hook */
function standing({ events, paused_at, paused_because, failures, next_at }) {
  const state = paused_at
    ? t("Paused. {reason}", { reason: told(paused_because ?? "") })
    : failures
      ? t("Failing; next attempt {time}", { time: next_at ? moment(next_at) : t("now") })
      : t("Active");
  return [eventsInWords(events), state].join(" · ");
}

/** @param {Delivery} delivery */
function outcome({ state, status, reason }) {
  if (state === "delivered") return t("Delivered ({status})", { status: status ?? "" });
  if (reason && status !== null) return t("It answered with {status}.", { status });
  return reason ? told(reason) : t("Pending");
}

/** @param {Delivery} delivery */
function contentOf({ first_seq: first, last_seq: last }) {
  if (first === null) return t("Test");
  return first === last ? t("Event {number}", { number: first }) : t("Events {first} to {last}", { first, last: last ?? "" });
}

/** @param {Shown} shown @param {Doing} doing */
export function createWebhookRow({ hook: first }, { test, resend, change, remove, toggle }) {
  let hook = first;
  const { id, url } = first;
  const state = h("span", { class: "muted" });

  /** @param {string} text @param {string} name @param {() => void} onclick @param {string} [controls] */
  const button = (text, name, onclick, controls) =>
    h("button", { type: "button", class: "button", "aria-label": name, "aria-controls": controls, "aria-expanded": controls && "false", onclick }, text);

  const deliveriesId = `webhook-${id}-deliveries`;
  const eventsId = `webhook-${id}-events`;
  const opener = button(t("Deliveries"), t("Deliveries to {url}", { url }), () => toggle(hook), deliveriesId);
  const pause = button("", "", () => void change(hook, { paused: !hook.paused_at }));
  const editor = button(t("Events"), t("Events for {url}", { url }), () => edit(form.hidden !== false), eventsId);

  const sent = h("ul", { class: "member-rows", "aria-label": t("Deliveries") });
  const none = h("p", { class: "muted" }, t("No deliveries yet."));
  const deliveriesPart = h("div", { id: deliveriesId, hidden: true }, sent, none);
  const form = h("form", { id: eventsId, class: "webhook-events", hidden: true });

  /** @param {boolean} isOpen */
  function edit(isOpen) {
    form.hidden = !isOpen;
    set(editor, { "aria-expanded": String(isOpen) });
    if (!isOpen) return;
    const choice = createEventsChoice(`webhook-${id}`, hook.events);
    const cancel = h("button", { type: "button", class: "button", onclick: leave }, t("Cancel"));
    fill(form, choice.element, h("div", { class: "part-actions" }, h("button", { class: "button primary" }, t("Save")), cancel));
    form.onsubmit = async (event) => {
      event.preventDefault();
      if (await change(hook, { events: choice.value() })) leave();
    };
    form.querySelector("input")?.focus();
  }
  function leave() {
    edit(false);
    editor.focus();
  }

  /** @param {Delivery} delivery */
  function deliveryRow(delivery) {
    const what = contentOf(delivery);
    const time = h("span", { class: "muted" });
    const how = h("span", { class: "muted" });
    const words = h("span", { class: "member-words" }, h("span", { class: "member-line" }, what, time), how);
    return {
      element: h("li", { class: "member-row" }, words, button(t("Resend"), t("Resend: {what}", { what }), () => resend(hook, delivery))),
      /** @param {Delivery} now */
      update(now) {
        time.textContent = moment(now.ended_at ?? now.created_at);
        how.textContent = outcome(now);
      },
    };
  }

  const rows = new Map();
  const buttons = h(
    "div",
    { class: "webhook-buttons" },
    button(t("Send test"), t("Send test to {url}", { url }), () => test(hook)),
    opener,
    editor,
    pause,
    button(t("Delete"), t("Delete {url}", { url }), () => remove(hook)),
  );
  return {
    element: h("li", { class: "webhook" }, h("div", { class: "member-words" }, h("span", { class: "webhook-url" }, url), state), buttons, form, deliveriesPart),
    /** @param {Shown} shown */
    update({ hook: now, deliveries }) {
      hook = now;
      state.textContent = standing(now);
      pause.textContent = now.paused_at ? t("Resume") : t("Pause");
      set(pause, { "aria-label": now.paused_at ? t("Resume {url}", { url }) : t("Pause {url}", { url }) });
      set(opener, { "aria-expanded": String(deliveries !== null) });
      deliveriesPart.hidden = deliveries === null;
      if (deliveries) keepRows(sent, deliveries, (each) => each.id, deliveryRow, rows);
      none.hidden = !!deliveries?.length;
    },
  };
}
