/** The status chip: where masks are computed and how fast; opened, why, what was measured, and the choice. */

import { effect } from "../../../core/signals.js";
import { online, status } from "../../../core/state.js";
import { t } from "../../../core/text.js";
import { fill, h, set } from "../../shared/dom.js";
import { milliseconds, whereName } from "../../shared/format.js";
import { icon } from "../../shared/icons.js";

/** @typedef {import("../../../core/types.js").Status} Status */
/** @typedef {import("../../../core/types.js").Where} Where */

const CHOICES = Object.freeze(
  /** @type {Array<{where: Where|null, title: string, detail: string}>} */ ([
    { where: null, title: t("Automatic"), detail: t("in this browser, or on the server where that is clearly faster") },
    { where: "webgpu", title: "WebGPU", detail: t("this device's graphics card") },
    { where: "wasm", title: "wasm", detail: t("this device's processor") },
    { where: "server", title: t("Server"), detail: t("each click goes over the network") },
  ]),
);

/** @param {Status} now */
function place(now) {
  if (now.phase === "failed") return t("no decoder");
  if (now.where) return whereName(now.where, now.threads);
  return now.phase === "calibrating" ? t("measuring…") : t("starting…");
}

/** @param {Status} now */
function speed(now) {
  return now.where && now.ms !== null && now.phase !== "failed" ? milliseconds(now.ms) : "";
}

/** WebGPU is compared with wasm before it is trusted. @param {Status['calibration'][number]} row */
function correctness({ where, parity, ms }) {
  if (ms === null) return t("doesn't run here");
  if (parity !== null) return parity ? t("yes") : t("no");
  return where === "wasm" ? t("reference") : "";
}

/** @param {Status} now */
function measured({ calibration, rttMs }) {
  const rows = calibration.flatMap((row) => [
    h(
      "tr",
      {},
      h("th", { scope: "row" }, whereName(row.where, row.threads)),
      h("td", {}, milliseconds(row.ms)),
      h("td", {}, correctness(row)),
    ),
    row.note ? h("tr", { class: "note" }, h("td", { colspan: "3" }, row.note)) : "",
  ]);
  const head = h(
    "tr",
    {},
    ...[t("Where"), t("Time per mask"), t("Correct")].map((title) => h("th", { scope: "col" }, title)),
  );
  const trip =
    rttMs === null || !online.value
      ? null
      : h("p", { class: "muted" }, t("A message to the server and back takes {time}, without a mask.", { time: milliseconds(rttMs) }));
  const table = rows.length
    ? h("table", {}, h("thead", {}, head), h("tbody", {}, ...rows))
    : h("p", { class: "muted" }, t("Nothing measured yet."));
  return [table, trip];
}

/**
 * @param {import("../../../engine/engine.js").Engine} engine
 * @returns {HTMLElement[]} the chip and its popover
 */
export function createChip(engine) {
  const where = h("span", { class: "chip-where" });
  const ms = h("span", { class: "chip-ms" });
  const chip = h(
    "button",
    { type: "button", class: "chip", popovertarget: "where-masks" },
    h("span", { class: "dot", "aria-hidden": "true" }),
    where,
    ms,
  );
  const reason = h("p", { class: "reason" });
  const table = h("div", { class: "measured" });
  const radios = CHOICES.map(({ where: choice, title, detail }) => {
    const input = h("input", {
      type: "radio",
      name: "where",
      value: choice ?? "auto",
      onchange: () => engine.force(choice),
    });
    return {
      choice,
      input,
      row: h("label", { class: "choice" }, input, h("span", {}, title), h("small", {}, detail)),
    };
  });
  const popover = h(
    "div",
    {
      id: "where-masks",
      class: "popover where",
      popover: "auto",
      role: "dialog",
      "aria-label": t("Where masks are computed"),
    },
    h("h2", {}, icon("chip"), t("Where masks are computed")),
    reason,
    h(
      "fieldset",
      {},
      h("legend", { class: "sr-only" }, t("Compute masks with")),
      ...radios.map(({ row }) => row),
    ),
    h("h3", {}, t("Measured earlier")),
    table,
  );
  effect(() => {
    const now = status.value;
    const state = !online.value && now.where === "server" ? "failed" : now.phase;
    where.textContent = place(now);
    ms.textContent = speed(now);
    set(chip, {
      "data-state": state,
      "aria-label": t("Masks: {where} {speed}. Details", { where: place(now), speed: speed(now) }),
      title: now.reason,
    });
    const latest = speed(now) && t("Your latest masks took {time}.", { time: speed(now) });
    reason.textContent = [now.reason, latest].filter(Boolean).join(" ");
    fill(table, ...measured(now));
    for (const { choice, input } of radios) input.checked = choice === now.forced;
  });
  return [chip, popover];
}
