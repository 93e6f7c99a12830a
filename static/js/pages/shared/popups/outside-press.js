/** A press beside something that is open closes it and does nothing else: no click falls through to what lies there. */

/** @typedef {{element: Element, close: () => void, beside: Element|null}} Layer */

/** Open now, the latest last. @type {Layer[]} */
let layers = [];
let swallowing = false; // the rest of a press that closed something

/**
 * From now on a press outside the element closes it.
 * @param {Element} element with the button that opened it, if pressing that closes it as well
 * @param {() => void} close
 * @param {Element|null} [beside] only presses in there count
 * @returns {() => void} for when it is closed
 */
export function closeOnPressOutside(element, close, beside = null) {
  const layer = { element, close, beside };
  layers.push(layer);
  return () => {
    layers = layers.filter((each) => each !== layer);
  };
}

/** Whether a press there leaves it open. @param {Layer} layer @param {EventTarget|null} target */
function holds({ element, beside }, target) {
  if (!(target instanceof Element)) return false;
  if (beside && !beside.contains(target)) return true;
  const opener = element.id && target.closest(`[popovertarget="${CSS.escape(element.id)}"]`);
  return element.contains(target) || !!opener;
}

/** @param {PointerEvent} event */
function onPress(event) {
  swallowing = false;
  for (const layer of [...layers].reverse()) {
    if (holds(layer, event.target)) break;
    layer.close();
    swallowing = true;
  }
  if (swallowing) stop(event);
}

/** @param {Event} event */
function stop(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
}

/** What follows a press, in the order browsers tell of it. */
const REST = ["mousedown", "pointerup", "mouseup", "click", "auxclick", "dblclick", "contextmenu"];

/** Watches the page: what is registered, and every popover that browsers would close by themselves but click through. */
export function watchPresses() {
  /** @type {WeakMap<Element, () => void>} */
  const closed = new WeakMap();
  /** @param {EventTarget|null} target @returns {target is HTMLElement} */
  const closesItself = (target) => target instanceof HTMLElement && target.popover === "auto";
  // "beforetoggle" is told at once: nobody is quick enough to press before it is known that something opens.
  document.addEventListener("beforetoggle", ({ target, newState }) => {
    if (newState !== "open" || !closesItself(target)) return;
    closed.get(target)?.();
    closed.set(target, closeOnPressOutside(target, () => target.hidePopover()));
  }, true);
  // "toggle" is told after the press that closed it, so that the press is known for what it is.
  document.addEventListener("toggle", ({ target }) => {
    if (!closesItself(target) || target.matches(":popover-open")) return;
    closed.get(target)?.();
    closed.delete(target);
  }, true);
  window.addEventListener("pointerdown", onPress, true);
  window.addEventListener("keydown", () => (swallowing = false), true); // a click made by a key belongs to no press
  for (const type of REST) {
    window.addEventListener(type, (event) => void (swallowing && event.isTrusted && stop(event)), true);
  }
}
