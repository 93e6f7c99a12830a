/** Turns pointer, wheel and touch events on the stage into zoom, pan, and the active tool's methods. */

import { batch, effect, untracked } from "../../core/signals.js";
import { createPinch } from "./pinch.js";
import { createPanning } from "./panning.js";
import { DRAG_FROM, distance } from "./tool.js";

/** @typedef {import("./tool.js").Press} Press */
/** @typedef {import("./tool.js").Place} Place */

const LONG_PRESS_MS = 450;
const WHEEL_SPEED = 0.0018;
const LINE_PIXELS = 16; // a wheel that counts lines, not pixels
const STROKE_MS = 200; // a finger that has drawn for longer meant it: a second one ends the stroke and does not undo it
const ERASER = 5; // the button of a pen's other end
const ERASER_HELD = 32;

/**
 * @param {HTMLElement} room
 * @param {{editor: import("./tool.js").Editor, tools: import("./index.js").Tools, pointing: import("./tool.js").Pointing}} parts
 */
export function attachGestures(room, { editor, tools, pointing }) {
  const { doc, viewport } = editor;
  const pinch = createPinch(viewport);
  const panning = createPanning(viewport, pointing);
  /**
   * The pointer that draws, if one is down.
   * @type {{id: number, at: Place, exclude: boolean, pans: boolean, down: PointerEvent, last: PointerEvent, moved: boolean}|null}
   */
  let held = null;
  /** @type {PointerEvent|null} */
  let hovering = null;
  let longPress = 0;

  /** @param {MouseEvent} event @returns {Place} */
  function screenOf(event) {
    const { left, top } = room.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  }

  /** @param {PointerEvent} event @param {boolean} [alt] @returns {Press} */
  function pressOf(event, alt = event.altKey) {
    const screen = screenOf(event);
    const touch = event.pointerType === "touch";
    const alternate = alt || event.button === 2 || (event.buttons & 2) !== 0;
    return {
      screen,
      place: viewport.toImage(screen),
      exclude: alternate || editor.excluding.peek(),
      touch,
      alternate,
      shift: event.shiftKey,
      pressure: event.pointerType === "pen" && event.buttons ? event.pressure : undefined,
      eraser: event.button === ERASER || (event.buttons & ERASER_HELD) !== 0,
      free: event.ctrlKey || event.metaKey,
    };
  }

  /** Other fingers draw: they neither pan nor tell a long press. @param {PointerEvent} event */
  function isPointingFinger(event) {
    return event.pointerType === "touch" && tools.active.peek().fingerPans;
  }

  function forgetHeld() {
    clearTimeout(longPress);
    held = null;
  }

  /** @param {PointerEvent} event */
  function startLongPress(event) {
    const press = pressOf(event);
    longPress = window.setTimeout(() => {
      if (!held || held.pans) return;
      forgetHeld();
      navigator.vibrate?.(10);
      tools.active.peek().release({ ...press, exclude: true });
    }, LONG_PRESS_MS);
  }

  /** The places between two frames are told too, where the tool wants them. @param {PointerEvent} event */
  function dragTo(event) {
    const tool = tools.active.peek();
    const passed = tool.freehand ? event.getCoalescedEvents() : [];
    batch(() => {
      for (const each of passed.length ? passed : [event]) tool.drag(pressOf(each));
    });
  }

  /** A second finger is down: what the first one drew is kept if it was more than the beginning of a pinch. @param {number} now */
  function interrupt(now) {
    if (!held) return;
    const { exclude, moved, down, last } = held;
    const tool = tools.active.peek();
    forgetHeld();
    if (tool.freehand && moved && now - down.timeStamp >= STROKE_MS) tool.release({ ...pressOf(last), exclude });
    else tool.cancel();
  }

  room.addEventListener("pointerdown", (event) => {
    if (event.target instanceof Element && event.target.closest("button, input, a")) return;
    editor.cursor.value = null;
    room.setPointerCapture(event.pointerId);
    if (event.pointerType === "touch" && pinch.down(event.pointerId, screenOf(event))) {
      interrupt(event.timeStamp);
      return;
    }
    if (event.button === 1 || panning.ready) {
      event.preventDefault();
      panning.begin(screenOf(event));
      return;
    }
    if (![0, 2, ERASER].includes(event.button)) return;
    const { screen: at, exclude } = pressOf(event);
    held = { id: event.pointerId, at, exclude, pans: false, down: event, last: event, moved: false };
    tools.active.peek().press(pressOf(event));
    if (isPointingFinger(event)) startLongPress(event);
  });

  room.addEventListener("pointermove", (event) => {
    const at = screenOf(event);
    if (pinch.move(event.pointerId, at)) return;
    if (panning.busy) {
      panning.move(at);
      return;
    }
    if (!held) {
      hovering = event;
      if (event.pointerType !== "touch") tools.active.peek().hover(pressOf(event));
      return;
    }
    if (event.pointerId !== held.id) return;
    const finger = isPointingFinger(event);
    if (finger && (held.pans || distance(at, held.at) >= DRAG_FROM * 2)) {
      // One finger with the point tool moves the picture: a box by finger has its own tool.
      clearTimeout(longPress);
      if (!held.pans) tools.active.peek().cancel();
      viewport.pan(at.x - held.at.x, at.y - held.at.y);
      held = { ...held, at, pans: true };
    } else if (!finger) {
      const far = distance(at, held.at);
      if (far >= DRAG_FROM) clearTimeout(longPress);
      held = { ...held, last: event, moved: held.moved || far >= DRAG_FROM * 2 };
      dragTo(event);
    }
  });

  room.addEventListener("pointerup", (event) => {
    pinch.up(event.pointerId);
    if (panning.busy) panning.end();
    else if (held?.id === event.pointerId) {
      const { exclude, pans } = held;
      forgetHeld();
      if (!pans) tools.active.peek().release({ ...pressOf(event), exclude });
      if (event.pointerType !== "touch") tools.active.peek().hover(pressOf(event));
    }
  });

  room.addEventListener("pointercancel", (event) => {
    pinch.up(event.pointerId);
    panning.end();
    if (held?.id !== event.pointerId) return; // not of what is being drawn
    forgetHeld();
    tools.active.peek().cancel();
  });

  room.addEventListener("pointerleave", () => {
    hovering = null;
    if (!held) tools.active.peek().leave();
  });

  room.addEventListener("contextmenu", (event) => event.preventDefault());

  room.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      const turned = event.deltaY || event.deltaX; // with Shift browsers turn it sideways
      const pixels = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? turned * LINE_PIXELS : turned;
      const { wheel } = tools.active.peek();
      if (wheel && (event.altKey || event.shiftKey)) {
        wheel(pixels);
        return;
      }
      const speed = event.ctrlKey ? WHEEL_SPEED * 4 : WHEEL_SPEED; // a pinch on a touchpad arrives as Ctrl and small steps
      viewport.zoomAt(screenOf(event), Math.exp(-Math.max(-300, Math.min(300, pixels)) * speed));
    },
    { passive: false },
  );

  /** Alt changes what a click would do while the pointer stands still. @param {KeyboardEvent} event */
  function onAlt(event) {
    if (event.key !== "Alt" || !hovering || held) return;
    event.preventDefault(); // or the browser's menu takes the focus
    tools.active.peek().hover(pressOf(hovering, event.type === "keydown"));
  }

  // Another image under a resting pointer: what a click would do is shown without a move.
  effect(() => {
    void doc.zoom.value; // the same place in finer detail
    if (doc.work.value.phase !== "ready" || !hovering || held) return;
    const event = hovering;
    untracked(() => tools.active.peek().hover(pressOf(event)));
  });

  window.addEventListener("keydown", onAlt);
  window.addEventListener("keyup", onAlt);
  window.addEventListener("blur", () => panning.release());

  return { panning };
}
