/** The code that puts a link's image into another site's page. */

import { t } from "../../../core/text.js";
import { copyLine } from "../account/once.js";
import { h } from "../dom.js";

/** @typedef {import("../../../net/accounts-api.js").MadeLink} MadeLink */

const SIZE = 'width="800" height="560"';

/** @param {MadeLink} link */
const isOfKind = ({ kind }) => kind === "view" || kind === "try";

/** As the server decides. @param {MadeLink} link */
const canEmbed = ({ image_name: image, has_password: locked, max_uses: most }) => image !== null && !locked && most === null;

/** @param {string} text  in an attribute */
const escaped = (text) => text.replace(/[&"<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** @param {string} address  of the link @param {string} title */
export const frameOf = (address, title) => `<iframe src="${escaped(address)}/embed" title="${escaped(title)}" ${SIZE}></iframe>`;

/** Null for links that let visitors do more than a frame offers. @param {MadeLink} link @param {string} address */
export function embedCode(link, address) {
  if (!isOfKind(link)) return null;
  const title = t("Embed code");
  return h(
    "details",
    { class: "share-embed" },
    h("summary", {}, title),
    ...(canEmbed(link)
      ? [h("p", { class: "muted" }, t("Shows the image in another site's page.")), copyLine(title, frameOf(address, link.image_name ?? "")).element]
      : [h("p", { class: "muted" }, t("Only links to one image, without a password or visit limit, can be embedded."))]),
  );
}
