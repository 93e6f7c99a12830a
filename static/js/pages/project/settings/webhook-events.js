/** Which events a webhook receives: all of them, or some that are ticked. */

import { effect, signal } from "../../../core/signals.js";
import { counted, t } from "../../../core/text.js";
import { h } from "../../shared/dom.js";

/** @typedef {import("../../../net/webhooks-api.js").Webhook["events"]} Events  null: all */
/** @typedef {NonNullable<Events>[number]} Kind */

/** @type {readonly {title: string, kinds: Readonly<Partial<Record<Kind, string>>>}[]} */
const GROUPS = Object.freeze([
  {
    title: t("Images"),
    kinds: {
      "images:added": t("Images added"),
      "image:changed": t("Image status or appearance changed"),
      "images:changed": t("Status of several images changed"),
      "images:removed": t("Images moved to the trash"),
      "images:restored": t("Images restored"),
      "images:deleted": t("Images deleted permanently"),
      "assignments:changed": t("Images assigned"),
    },
  },
  {
    title: t("Objects"),
    kinds: {
      "annotation:changed": t("Object added or changed"),
      "annotation:deleted": t("Object deleted"),
      "annotations:imported": t("Objects imported"),
      "annotations:agreed": t("Consensus created or undone"),
      "annotations:segmented": t("Masks made by a job, or undone"),
    },
  },
  {
    title: t("Comments"),
    kinds: { "comment:changed": t("Comment added or changed"), "comment:deleted": t("Comment deleted") },
  },
  {
    title: t("Project"),
    kinds: {
      "labels:changed": t("Labels changed"),
      "links:changed": t("Share link created or revoked"),
      "project:changed": t("Settings changed"),
      "project:deleted": t("Project deleted"),
      "project:restored": t("Project restored"),
    },
  },
]);

/** @param {Events} events */
export const eventsInWords = (events) => (events ? counted(events.length, "{count} kind of event", "{count} kinds of events") : t("All events"));

/**
 * @param {string} id  of the fields, which begin with it
 * @param {Events} [events]  chosen at first
 */
export function createEventsChoice(id, events = null) {
  const some = signal(events !== null);
  /** @type {Map<Kind, HTMLInputElement>} */
  const boxes = new Map();

  /** @param {Kind} kind @param {string} title */
  function box(kind, title) {
    const input = h("input", { type: "checkbox", checked: events?.includes(kind), onchange: check });
    boxes.set(kind, input);
    return h("label", { class: "check" }, input, h("span", {}, title, " ", h("code", { class: "muted" }, kind)));
  }

  /** @param {string} title @param {boolean} means */
  function radio(title, means) {
    const input = h("input", { type: "radio", name: `${id}-which`, checked: means === some.peek(), onchange: () => void (some.value = means) });
    return h("label", { class: "check" }, input, h("span", {}, title));
  }

  const kinds = GROUPS.map((group) =>
    h("fieldset", {}, h("legend", {}, group.title), ...Object.entries(group.kinds).map(([kind, title]) => box(/** @type {Kind} */ (kind), title))),
  );
  const groups = h("div", { class: "event-groups" }, ...kinds);
  const element = h("fieldset", { class: "event-choice" }, h("legend", {}, t("Events")), radio(t("All events"), false), radio(t("Only these"), true), groups);

  const chosen = () => [...boxes].filter(([, { checked }]) => checked).map(([kind]) => kind);

  /** A form with nothing ticked is not sent. */
  function check() {
    const [first] = boxes.values();
    first.setCustomValidity(some.peek() && !chosen().length ? t("Select at least one event.") : "");
  }
  effect(() => {
    groups.hidden = !some.value;
    check();
  });

  return { element, value: () => (some.peek() ? chosen() : null), reset: () => void (some.value = false) };
}
