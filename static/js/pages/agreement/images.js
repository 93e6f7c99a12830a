/** The images that were compared, those with the least agreement first, each with a picture of where two people differ. */

import { effect, signal } from "../../core/signals.js";
import { counted, t } from "../../core/text.js";
import { under } from "../../net/base.js";
import { addressOf } from "../shared/address.js";
import { fill, h } from "../shared/dom.js";
import { middleEllipsis } from "../shared/middle-ellipsis.js";
import { reading } from "../shared/popups/notice.js";
import { FIGURES, figure } from "./figures.js";

/** @typedef {import("../../core/api-types.js").ImageAgreement} ImageAgreement */
/** @typedef {import("../../core/types.js").ProjectImage} ProjectImage */

const PAGE = 24;
const TRUTH = "common";

/**
 * @param {object} parts
 * @param {import("../../net/api.js").Api} parts.api
 * @param {string} parts.projectId
 * @param {(person: string) => string} parts.nameOf
 * @param {(image: ProjectImage) => void} parts.start  from a consensus
 */
export function createImages({ api, projectId, nameOf, start }) {
  const items = signal(/** @type {readonly ImageAgreement[]} */ ([]));
  const total = signal(0);
  const who = h("select", { class: "field boxed", "aria-label": t("Person"), onchange: () => void first() });
  const what = h("select", { class: "field boxed", "aria-label": t("Label"), onchange: () => void first() });
  const count = h("span", { class: "muted", role: "status" });
  const list = h("ul", { class: "agreement-images", "aria-label": t("Images") });
  const more = h("button", { type: "button", class: "button", hidden: true, onclick: () => void next() }, t("Show more"));
  const wrong = h("p", { class: "notice", role: "alert", hidden: true });
  const filters = h("div", { class: "agreement-filters" }, who, what, count);
  let asked = 0; // what was chosen last is shown, whichever answer comes last

  const nameOr = (/** @type {string} */ person) => (person === TRUTH ? t("Gold") : nameOf(person));

  /** @param {ImageAgreement} item */
  function card({ image, first: one, second: other, figures }) {
    const address = addressOf(image.id, projectId);
    const names = t("{first} and {second}", { first: nameOr(one), second: nameOr(other) });
    const differences = h("img", {
      class: "agreement-differences",
      src: api.differencesUrl(projectId, image.id, one, other),
      alt: t("Where {names} differ", { names }),
      loading: "lazy",
      decoding: "async",
    });
    const shown = FIGURES.map(({ name, title, about }) => h("div", { title: about }, h("dt", {}, title), h("dd", {}, figure(figures[name]))));
    return h(
      "li",
      { class: "agreement-image" },
      h(
        "a",
        { class: "agreement-open", href: address, title: image.name },
        h("span", { class: "agreement-picture" }, h("img", { src: under(image.thumbnail_url), alt: "", loading: "lazy", decoding: "async" }), differences),
        h("span", { class: "agreement-name ends" }, ...middleEllipsis(image.name)),
      ),
      h("p", { class: "agreement-two" }, h("span", { class: "agreement-key", "data-key": "first" }), h("span", {}, nameOr(one)), h("span", { class: "agreement-key", "data-key": "second" }), h("span", {}, nameOr(other))),
      h("dl", { class: "agreement-figures" }, ...shown),
      h("button", { type: "button", class: "button", "aria-label": t("Start {name} from consensus", { name: image.name }), onclick: () => start(image) }, t("Start from consensus")),
    );
  }

  effect(() => {
    fill(list, ...items.value.map(card));
    count.textContent = counted(total.value, "{count} image", "{count} images");
    more.hidden = items.value.length >= total.value;
  });

  /** @param {number} offset @param {number} limit */
  async function read(offset, limit) {
    const mine = ++asked;
    const page = await api.agreementImages(projectId, { person: who.value || undefined, label: what.value || undefined, offset, limit });
    if (mine !== asked) return;
    total.value = page.total;
    items.value = offset ? [...items.peek(), ...page.images] : page.images;
  }

  const first = reading(wrong, () => read(0, PAGE));
  const next = reading(wrong, () => read(items.peek().length, PAGE));

  /** @param {HTMLSelectElement} select @param {string} every @param {readonly (readonly [string, string])[]} choices */
  function offer(select, every, choices) {
    const chosen = select.value;
    fill(select, h("option", { value: "" }, every), ...choices.map(([id, name]) => h("option", { value: id }, name)));
    select.value = choices.some(([id]) => id === chosen) ? chosen : "";
  }

  return {
    element: h("div", {}, wrong, filters, legend(), list, more),
    /** As many as are shown, at least a page. */
    reload: reading(wrong, () => read(0, Math.max(PAGE, items.peek().length))),
    /** What can be chosen. @param {readonly (readonly [string, string])[]} people @param {readonly (readonly [string, string])[]} labels */
    offer(people, labels) {
      offer(who, t("All people"), people);
      offer(what, t("All labels"), labels);
    },
  };
}

/** What the colours of a picture of differences mean. */
function legend() {
  const keys = [
    ["first", t("Only the first")],
    ["second", t("Only the second")],
    ["both", t("Both")],
    ["label", t("Both, with another label")],
  ];
  return h(
    "ul",
    { class: "agreement-legend", "aria-label": t("Colours") },
    ...keys.map(([key, text]) => h("li", {}, h("span", { class: "agreement-key", "data-key": key }), text)),
  );
}
