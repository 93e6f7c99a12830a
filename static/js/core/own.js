/** Records whose keys people choose: a label may be called `constructor`, which every object already knows. */

/**
 * @template T
 * @param {Readonly<Record<string, T>>} record @param {string} name
 * @returns {T|undefined} undefined unless the record itself holds it
 */
export function own(record, name) {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
