/** Copying: browsers have a clipboard on https and on this machine alone; elsewhere a field's own text is copied. */

import { h } from "../dom.js";

/** @param {HTMLInputElement} field @returns {Promise<boolean>} whether it was copied */
export async function copyField(field) {
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    return document.execCommand("copy");
  }
}

/** Not while a dialog is open. @param {string} text @returns {Promise<boolean>} whether it was copied */
export async function copyText(text) {
  const before = document.activeElement;
  const field = h("input", { class: "sr-only", readonly: true, "aria-hidden": "true", value: text });
  document.body.append(field);
  const copied = await copyField(field);
  field.remove();
  if (before instanceof HTMLElement) before.focus({ preventScroll: true });
  return copied;
}
