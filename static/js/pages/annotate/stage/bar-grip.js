/** The handle by which a person moves the candidate bar, by pointer or keys; this browser remembers the place. */

import { effect, signal } from "../../../core/signals.js";
import { t } from "../../../core/text.js";
import { h } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { shareOf } from "./placing.js";

/** @typedef {import("./placing.js").Share} Share */
/** @typedef {import("./placing.js").Rect} Rect */

const STORED_AS = "samphire.candidates-place";
const STEP = 16; // CSS pixels for a press of an arrow key

/** @returns {Share|null} */
function stored() {
  try {
    const { x, y } = JSON.parse(localStorage.getItem(STORED_AS) ?? "{}") ?? {};
    return [x, y].every((share) => typeof share === "number" && share >= 0 && share <= 1) ? { x, y } : null;
  } catch {
    return null; // unreadable or forbidden storage
  }
}

/** @param {Share|null} wish */
function store(wish) {
  try {
    if (wish) localStorage.setItem(STORED_AS, JSON.stringify(wish));
    else localStorage.removeItem(STORED_AS);
  } catch {
    // Forbidden storage: the place lasts as long as the page.
  }
}

/**
 * @param {object} parts
 * @param {() => Rect} parts.rect  where the bar is, CSS pixels of the stage
 * @param {() => import("./placing.js").Size} parts.room
 * @param {() => void} parts.moved  the person chose a place, or gave it back
 * @param {{value: string}} parts.said  to people who do not see it
 */
export function createGrip({ rect, room, moved, said }) {
  const wish = signal(stored());
  const hint = t("Drag to move, or use the arrow keys");
  const handle = h(
    "button",
    { type: "button", class: "grip", "aria-label": t("Move the candidate bar"), "aria-description": hint, title: hint },
    icon("grip"),
  );
  const automatic = h(
    "button",
    { type: "button", class: "icon-button small", "aria-label": t("Place automatically"), title: t("Place automatically"), onclick: giveBack },
    icon("unpin"),
  );
  /** From the bar's corner to the pointer while it is dragged. @type {{x: number, y: number}|null} */
  let held = null;

  /** @param {{x: number, y: number}} corner */
  function moveTo(corner) {
    wish.value = shareOf(corner, rect(), room());
    store(wish.peek());
    moved();
  }

  function giveBack() {
    wish.value = null;
    store(null);
    said.value = t("The candidate bar is placed automatically again.");
    moved();
  }

  handle.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    const { x, y } = rect();
    held = { x: event.clientX - x, y: event.clientY - y };
    handle.setPointerCapture(event.pointerId);
  });
  handle.addEventListener("pointermove", (event) => {
    if (held) moveTo({ x: event.clientX - held.x, y: event.clientY - held.y });
  });
  for (const end of ["pointerup", "pointercancel"]) handle.addEventListener(end, () => (held = null));
  handle.addEventListener("keydown", (event) => {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!way || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation(); // the arrows are not the picture's here
    const { x, y } = rect();
    moveTo({ x: x + way[0] * STEP, y: y + way[1] * STEP });
  });
  effect(() => {
    automatic.hidden = wish.value === null;
  });
  return { handle, automatic, wish };
}
