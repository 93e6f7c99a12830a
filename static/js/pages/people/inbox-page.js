/** The inbox: what is new first, each item a way to what it is about, all of it read at once if one likes. */

import { effect, signal, untracked } from "../../core/signals.js";
import { sentenceOf } from "../../core/errors.js";
import { t } from "../../core/text.js";
import { SELF } from "../../net/account.js";
import { countUnread, news, unread } from "../shared/account/unread.js";
import { addressOf } from "../shared/address.js";
import { timeOf, wordsOf } from "../shared/comment-words.js";
import { fill, h, keepRows, set } from "../shared/dom.js";
import { icon } from "../shared/icons.js";
import { createPaging, moreButton } from "../shared/paging.js";
import { avatar } from "../shared/people.js";
import { createToasts } from "../shared/popups/toasts.js";
import { appearance } from "../shared/theme.js";

/** @typedef {import("../../core/api-types.js").InboxItem} InboxItem */
/** @typedef {import("../../net/api.js").Api} Api */

const GO_MS = 800; // an item is opened even where it cannot be marked as read

/** @param {InboxItem} item */
function sentenceFor({ kind, by_name: by }) {
  const name = by ?? t("Someone");
  if (kind === "mention") return t("{name} mentioned you", { name });
  if (kind === "reply") return t("{name} replied", { name });
  if (kind === "image") return t("{name} commented on your image", { name });
  return t("{name} returned your image", { name });
}

/** @param {InboxItem} item */
const linkOf = ({ image_id: image, project_id: project, thread }) => addressOf(image, project) + (thread ? `#comment=${thread}` : "");

/** @param {{api: Api, theme: import("../../core/signals.js").Signal<import("../shared/theme.js").Theme>}} parts */
export function createInboxPage({ api, theme }) {
  document.getElementById("header")?.append(...appearance(theme));
  const toast = createToasts(document.body);
  const items = signal(/** @type {readonly InboxItem[]} */ ([]));
  const names = signal(/** @type {Readonly<Record<string, string>>} */ ({}));
  const loaded = signal(false);
  const wrong = h("div", { class: "notice", role: "alert", hidden: true });
  const list = h("ol", { class: "inbox-list" });
  const empty = h("p", { class: "inbox-empty muted", hidden: true }, t("Nothing here yet. Mentions, replies, comments on your images and returned images appear here."));
  const all = h("button", { type: "button", class: "button", onclick: () => void readAll() }, icon("check"), t("Mark all as read"));
  const more = moreButton(() => void paging.next());
  document.getElementById("main")?.append(h("div", { class: "inbox" }, h("div", { class: "inbox-actions" }, all), wrong, list, empty, more));

  let following = /** @type {number|null} */ (null);
  const paging = createPaging({
    ...{ more, wrong },
    ask: (before, signal) => api.inbox(before, signal),
    /** Below the newest stays what was shown. @param {import("../../core/api-types.js").InboxPage} page @param {boolean} isFirst */
    show(page, isFirst) {
      const oldest = page.items.at(-1)?.id ?? 0;
      const below = isFirst && page.next !== null ? items.peek().filter(({ id }) => id < oldest) : [];
      items.value = isFirst ? [...page.items, ...below] : [...items.peek(), ...page.items];
      names.value = { ...names.peek(), ...page.names };
      unread.value = page.unread;
      loaded.value = true;
      if (!below.length) following = page.next;
      return following;
    },
  });

  async function readAll() {
    const [newest] = items.peek();
    if (!newest) return;
    try {
      unread.value = await api.markRead({ up_to: newest.id });
      items.value = items.peek().map((each) => ({ ...each, read: true }));
    } catch (error) {
      toast({ text: sentenceOf(error), action: { title: t("Try again"), perform: () => void readAll() } });
    }
  }

  /** @param {InboxItem} item */
  async function mark(item) {
    if (item.read) return;
    items.value = items.peek().map((each) => (each.id === item.id ? { ...each, read: true } : each));
    await api.markRead({ ids: [item.id] }).then((left) => (unread.value = left), () => countUnread(api));
  }

  /** @param {InboxItem} first */
  function row(first) {
    const link = h("a", { class: "inbox-item" });
    let now = first;
    link.addEventListener("click", async (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return void mark(now); // in another tab
      event.preventDefault();
      await Promise.race([mark(now), new Promise((resolve) => setTimeout(resolve, GO_MS))]);
      location.assign(link.href);
    });
    return {
      element: h("li", {}, link),
      /** @param {InboxItem} item */
      update(item) {
        now = item;
        const title = sentenceFor(item);
        link.href = linkOf(item);
        set(link, { "data-unread": !item.read });
        fill(
          link,
          item.by ? avatar({ account: item.by, name: item.by_name ?? "?" }) : h("span", { class: "avatar", "aria-hidden": "true" }, icon("person")),
          h(
            "span",
            { class: "inbox-words" },
            h("span", { class: "inbox-head" }, h("b", {}, title), item.read ? null : h("span", { class: "sr-only" }, t("Unread")), h("span", { class: "spring" }), timeOf(item.at)),
            item.text && h("span", { class: "inbox-text", dir: "auto" }, ...wordsOf(item.text, (id) => names.value[id] ?? "", SELF)),
            h("span", { class: "muted inbox-where" }, `${item.image} · ${item.project}`),
          ),
        );
      },
    };
  }

  const rows = new Map();
  effect(() => {
    keepRows(list, items.value, ({ id }) => String(id), row, rows);
    empty.hidden = !loaded.value || items.value.length > 0;
    all.disabled = !items.value.some(({ read }) => !read) && !unread.value;
  });
  effect(() => {
    void news.value;
    if (loaded.peek()) untracked(() => void paging.first());
  });
  void paging.first();
}
