/** Attributes of objects: which their labels ask for, what is still missing. Pure. */

import { own } from "../../core/own.js";

/** @typedef {import("../../core/types.js").Annotation} Annotation */
/** @typedef {import("../../core/types.js").LabelAttribute} LabelAttribute */
/** @typedef {import("../../core/types.js").LabelClass} LabelClass */

/**
 * Names of required attributes an object has no value for. A flag always has one: unset it is off.
 * @param {Pick<Annotation, 'attributes'>} annotation
 * @param {Pick<LabelClass, 'attributes'>|undefined} label
 */
export function missingOf({ attributes }, label) {
  const asked = label?.attributes.filter(({ required, type }) => required && type !== "flag") ?? [];
  return asked.map(({ name }) => name).filter((name) => (own(attributes, name) ?? "") === "");
}

/**
 * The objects that lack something that is required, in their order, and what that is.
 * @template {Pick<Annotation, "label"|"attributes">} A
 * @param {readonly A[]} annotations @param {readonly LabelClass[]} labels
 */
export function incomplete(annotations, labels) {
  const asking = new Map(
    labels.filter(({ attributes }) => attributes.some(({ required }) => required)).map((label) => [label.name, label]),
  );
  if (!asking.size) return [];
  return annotations
    .map((annotation) => ({ annotation, missing: missingOf(annotation, asking.get(annotation.label)) }))
    .filter(({ missing }) => missing.length);
}

/**
 * What a person wrote, as an attribute's value; null: none, so that it goes away.
 * @param {LabelAttribute} attribute @param {string|boolean} written
 * @returns {string|number|boolean|null}
 */
export function valueOf({ type, choices = [] }, written) {
  if (type === "flag") return written === true;
  const text = String(written).trim();
  if (!text) return null;
  if (type === "number") return Number.isFinite(Number(text)) ? Number(text) : null;
  return type === "choice" && !choices.includes(text) ? null : text;
}

/**
 * An object with one attribute changed.
 * @param {Annotation} annotation @param {string} name @param {string|number|boolean|null} value
 * @returns {Annotation}
 */
export function withAttribute(annotation, name, value) {
  const { [name]: _, ...rest } = annotation.attributes;
  return { ...annotation, attributes: value === null ? rest : { ...rest, [name]: value } };
}
