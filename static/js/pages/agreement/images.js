/** The images that were compared, those with the least agreement first, each with a picture of where two people differ. */

import { counted, t } from "../../core/text.js";
import { under } from "../../net/base.js";
import { addressOf } from "../shared/address.js";
import { fill, h, keepRows, set } from "../shared/dom.js";
import { middleEllipsis } from "../shared/middle-ellipsis.js";
import { createPaging, moreButton } from "../shared/paging.js";
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
  let items = /** @type {readonly ImageAgreement[]} */ ([]);
  const rows = new Map();
  const who = h("select", { class: "field boxed", "aria-label": t("Person"), onchange: () => void first() });
  const what = h("select", { class: "field boxed", "aria-label": t("Label"), onchange: () => void first() });
  const count = h("span", { class: "muted", role: "status" });
  const list = h("ul", { class: "agreement-images", "aria-label": t("Images") });
  const more = moreButton(() => void paging.next());
  const wrong = h("p", { class: "notice", role: "alert", hidden: true });
  const filters = h("div", { class: "agreement-filters" }, who, what, count);
  let wanted = PAGE; // how many at first
  const paging = createPaging({ more, wrong, ask, show });

  const nameOr = (/** @type {string} */ person) => (person === TRUTH ? t("Gold") : nameOf(person));

  /** @param {ImageAgreement} first */
  function card(first) {
    let { image } = first;
    const differences = h("img", { class: "agreement-differences", loading: "lazy", decoding: "async" });
    const two = h("p", { class: "agreement-two" });
    const figures = h("dl", { class: "agreement-figures" });
    const open = h(
      "a",
      { class: "agreement-open", href: addressOf(image.id, projectId), title: image.name },
      h("span", { class: "agreement-picture" }, h("img", { src: under(image.thumbnail_url), alt: "", loading: "lazy", decoding: "async" }), differences),
      h("span", { class: "ends" }, ...middleEllipsis(image.name)),
    );
    const from = h("button", { type: "button", class: "button", "aria-label": t("Start {name} from consensus", { name: image.name }), onclick: () => start(image) }, t("Start from consensus"));

    /** @param {ImageAgreement} item */
    function update({ image: latest, first: one, second: other, figures: values }) {
      image = latest;
      const [left, right] = [nameOr(one), nameOr(other)];
      set(differences, {
        src: api.differencesUrl(projectId, image.id, one, other),
        alt: t("Where {names} differ", { names: t("{first} and {second}", { first: left, second: right }) }),
      });
      fill(two, key("first"), h("span", {}, left), key("second"), h("span", {}, right));
      fill(figures, ...FIGURES.map(({ name, title, about }) => h("div", { title: about }, h("dt", {}, title), h("dd", {}, figure(values[name])))));
    }
    return { element: h("li", { class: "agreement-image" }, open, two, figures, from), update };
  }

  /** @param {number|null} from @param {AbortSignal} signal */
  function ask(from, signal) {
    const limit = from === null ? wanted : PAGE;
    return api.agreementImages(projectId, { person: who.value || undefined, label: what.value || undefined, offset: from ?? 0, limit }, signal);
  }

  /** @param {import("../../core/api-types.js").ImageAgreementPage} page @param {boolean} isFirst */
  function show({ images, total }, isFirst) {
    items = isFirst ? images : [...items, ...images];
    keepRows(list, items, ({ image }) => image.id, card, rows);
    count.textContent = counted(total, "{count} image", "{count} images");
    return items.length < total ? items.length : null;
  }

  function first() {
    wanted = PAGE;
    return paging.first();
  }

  /** @param {HTMLSelectElement} select @param {string} every @param {readonly (readonly [string, string])[]} choices */
  function offer(select, every, choices) {
    const chosen = select.value;
    fill(select, h("option", { value: "" }, every), ...choices.map(([id, name]) => h("option", { value: id }, name)));
    select.value = choices.some(([id]) => id === chosen) ? chosen : "";
  }

  return {
    element: h("div", {}, wrong, filters, legend(), list, more),
    /** As many as are shown, at least a page. */
    reload() {
      wanted = Math.max(PAGE, items.length);
      return paging.first();
    },
    /** What can be chosen. @param {readonly (readonly [string, string])[]} people @param {readonly (readonly [string, string])[]} labels */
    offer(people, labels) {
      offer(who, t("All people"), people);
      offer(what, t("All labels"), labels);
    },
  };
}

/** @param {string} name */
const key = (name) => h("span", { class: "agreement-key", "data-key": name });

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
    ...keys.map(([name, text]) => h("li", {}, key(name), text)),
  );
}
