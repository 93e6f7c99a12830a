/** What takes space on the server's disk and can be freed, and how. */

import { t } from "../../core/text.js";
import { h } from "../shared/dom.js";
import { size } from "../shared/format.js";

/** By the names the server has for them. @type {Readonly<Record<string, string>>} */
const WHAT = Object.freeze({
  exports: t("Exported files, recreated when needed"),
  imports: t("Files from failed or stopped imports"),
  downloads: t("Unfinished model downloads"),
  embeddings: t("Image features (embeddings), recreated when needed"),
  deleted: t("Deleted images"),
  quarantine: t("Files that are not in the database"),
});

const WORTH_TELLING = 100_000; // bytes

/** @param {import("../../net/trash-api.js").Storage} storage @returns {HTMLElement[]} */
export function storageReport({ free_bytes, total_bytes, can_go }) {
  const rows = can_go.filter(({ bytes }) => bytes >= WORTH_TELLING);
  const command = rows.map(({ what }) => what).join(" ");
  const values = { free: size(free_bytes), total: size(total_bytes) };
  return [
    h("h2", { id: "storage-title" }, t("Storage")),
    h("p", {}, t("{free} of {total} free on the server's disk.", values)),
    ...(rows.length
      ? [
          h("p", {}, t("Space you can free:")),
          h(
            "table",
            {},
            ...rows.map(({ what, bytes }) =>
              h("tr", {}, h("th", { scope: "row" }, WHAT[what] ?? what), h("td", {}, size(bytes))),
            ),
          ),
          h(
            "p",
            { class: "muted" },
            `${t("To free it, stop the server and run:")} `,
            h("code", {}, `samphire doctor --free ${command}`),
          ),
        ]
      : []),
  ];
}
