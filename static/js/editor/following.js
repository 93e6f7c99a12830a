/** Looking at what somebody else looks at, from image to image, until one moves oneself; and showing others one's own view. */

import { computed, effect, signal, untracked } from "../core/signals.js";

/** @typedef {ReturnType<typeof createFollowing>} Following */

/**
 * @param {Pick<import("../document/document.js").Document, 'presence'|'image'>} doc
 * @param {import("./viewport.js").Viewport} viewport
 * @param {(imageId: string) => Promise<unknown>} open  another image in this page
 */
export function createFollowing({ presence, image }, viewport, open) {
  /** Number of the person. */
  const followed = signal(/** @type {number|null} */ (null));
  /** Who it is; null once they have left. */
  const person = computed(() => (followed.value === null ? null : presence.people.value.get(followed.value) ?? null));
  let at = /** @type {string|null} */ (null); // the image where they were followed to
  let giving = false; // theirs is being shown

  /** Ends it, or begins it. @param {number|null} n */
  function follow(n) {
    if (followed.peek() === n) return;
    at = null;
    followed.value = n;
    presence.follow(n);
  }

  /** @param {number} n @param {number[]} view */
  function show(n, [x, y, span]) {
    if (n !== followed.peek() || person.peek()?.image !== image.peek()?.id) return;
    const { width, height } = viewport.size.peek();
    giving = true;
    viewport.look({ x, y }, Math.min(width, height) / Math.max(1, span));
    giving = false;
  }

  const imageId = computed(() => image.value?.id);
  let last = { view: viewport.view.peek(), size: viewport.size.peek(), picture: viewport.picture.peek() };
  const stops = [
    presence.onView(show),
    effect(() => {
      const now = { view: viewport.view.value, size: viewport.size.value, picture: viewport.picture.value };
      const own = now.view !== last.view && now.size === last.size && now.picture === last.picture && !giving;
      last = now;
      if (own) untracked(() => follow(null));
    }),
    effect(() => {
      const there = person.value?.image ?? null;
      const here = imageId.value;
      if (followed.value === null) return;
      if (there === null) {
        if (presence.people.peek().size) untracked(() => follow(null)); // they left; without anybody it is the connection that did
      } else if (there === here) at = there;
      else if (there === at) untracked(() => follow(null)); // it is this person who went elsewhere
      else {
        at = there;
        void untracked(() => open(there)).catch(() => follow(null));
      }
    }),
    effect(() => {
      const { width, height } = viewport.size.value;
      const { scale } = viewport.view.value;
      if (!presence.followers.value) return;
      const { x, y } = untracked(viewport.middle);
      presence.view([x, y, Math.min(width, height) / scale]);
    }),
  ];

  return {
    person,
    follow,
    close: () => stops.forEach((stop) => stop()),
  };
}
