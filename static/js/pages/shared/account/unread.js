/** How much of one's inbox was not read: as the page began, and as it is told of changes. */

import { signal } from "../../../core/signals.js";
import { ACCOUNT } from "../../../net/account.js";

/** 100 stands for any more. */
export const unread = signal(begun());

/** Counts what the server has told of the inbox. */
export const news = signal(0);

function begun() {
  const { unread: count } = JSON.parse(globalThis.document?.getElementById("boot")?.textContent || "{}");
  return typeof count === "number" ? count : 0;
}

/** @param {Pick<import("../../../net/api.js").Api, "unread">} api */
export async function countUnread(api) {
  if (!ACCOUNT) return;
  try {
    unread.value = await api.unread();
  } catch {
    // Out of reach, which is said elsewhere: it stays as it was.
  }
}
