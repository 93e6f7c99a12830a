/**
 * What can be done to objects as a whole: joined, cut by each other, split, tidied, copied, ordered. Pure: each answers with
 * the changes for `doc.edit`, none when nothing would change.
 */

import { subtractedRuns, unitedRuns } from "../../geometry/combining.js";
import { fillHoles, measured, parts, withoutSpecks } from "../../geometry/parts.js";
import { areaOfRegion, regionOf, rleOf } from "../../geometry/region.js";
import { areaOf, expandCounts, maskRle } from "../../geometry/rle.js";
import { boxesMeet } from "./overlap.js";
import { changeable } from "../sync/changes.js";

/** @typedef {import("../../core/types.js").Annotation} Annotation */
/** @typedef {import("../../core/types.js").MaskRle} MaskRle */
/** @typedef {import("../../core/types.js").Rle} Rle */
/** @typedef {import("../sync/changes.js").Change} Change */
/** @typedef {import("../../geometry/region.js").Region} Region */
/**
 * How objects are made: a document's.
 * @typedef {object} Making
 * @property {(annotation: Annotation, mask: MaskRle) => Annotation} withMask
 * @property {(mask: MaskRle, fields?: Partial<Annotation>) => Annotation} newAnnotation
 */

/**
 * Pieces smaller than this are specks: less than four pixels nobody sees; of a large object a stray piece of a two
 * thousandth of it was not meant either.
 * @param {number} area  pixels of the object
 */
export const leastPart = (area) => Math.max(4, Math.round(area * 0.0005));

/** @param {Region} region @param {Rle} rle @returns {MaskRle} of the same image */
const maskOf = (region, { size: [height, width] }) => rleOf(region, width, height);

/** @param {Making} making @param {Annotation} before @param {Region} region @returns {Change} */
function reshaped(making, before, region) {
  return { before, after: making.withMask(before, maskOf(region, before.rle)) };
}

/** @param {Making} making @param {Annotation} before @param {Uint32Array} counts @returns {Change} */
function recounted(making, before, counts) {
  const [height, width] = before.rle.size;
  return { before, after: making.withMask(before, maskRle(counts, width, height)) };
}

/** Runs of the pixels of any; two and two, so that long runs are not gone through for each. @param {readonly Annotation[]} objects */
function united(objects) {
  let layer = objects.map(({ rle }) => expandCounts(rle.counts));
  while (layer.length > 1) {
    layer = Array.from({ length: Math.ceil(layer.length / 2) }, (_, i) =>
      2 * i + 1 < layer.length ? unitedRuns(layer[2 * i], layer[2 * i + 1]) : layer[2 * i],
    );
  }
  return layer[0];
}

/**
 * One object of several: the first, as it is called and coloured, with the pixels of all.
 * @param {Making} making @param {readonly Annotation[]} objects @returns {Change[]}
 */
export function merged(making, objects) {
  const [first, ...others] = objects;
  if (!others.length) return [];
  return [recounted(making, first, united(objects)), ...others.map((before) => ({ before, after: null }))];
}

/**
 * The object without the pixels of others, which stay as they are; "emptied" when none would be left.
 * @param {Making} making @param {Annotation} object @param {readonly Annotation[]} others
 * @returns {Change[]|"emptied"}
 */
export function subtracted(making, object, others) {
  const cutters = others.filter((other) => boxesMeet(object, other));
  if (!cutters.length) return [];
  const rest = subtractedRuns(expandCounts(object.rle.counts), united(cutters));
  const area = areaOf(rest);
  if (area === object.area) return [];
  return area ? [recounted(making, object, rest)] : "emptied";
}

/**
 * An object for each piece; the largest stays the object that it was.
 * @param {Making} making @param {Annotation} object @returns {Change[]}
 */
export function split(making, object) {
  const [largest, ...others] = parts(regionOf(object.rle));
  if (!others.length) return [];
  const { label_id, label, color, attributes, z } = object;
  const added = others.map((part) => ({
    before: null,
    after: making.newAnnotation(maskOf(part, object.rle), { label_id, label, color, attributes, z }),
  }));
  return [reshaped(making, object, largest), ...added];
}

/** Without holes. @param {Making} making @param {readonly Annotation[]} objects @returns {Change[]} */
export function filled(making, objects) {
  return objects.filter(({ rle }) => shapeOf(rle).holes > 0).map((each) => reshaped(making, each, fillHoles(regionOf(each.rle))));
}

/** Without specks. @param {Making} making @param {readonly Annotation[]} objects @returns {Change[]} */
export function tidied(making, objects) {
  return objects
    .filter(({ rle }) => shapeOf(rle).specks > 0)
    .map((each) => {
      const region = regionOf(each.rle);
      return reshaped(making, each, withoutSpecks(region, leastPart(areaOfRegion(region))));
    });
}

/** The same again, on top. @param {Making} making @param {readonly Annotation[]} objects @returns {Change[]} */
export function copied(making, objects) {
  return objects.map((object) => {
    const { z: _, ...same } = changeable(object);
    const { rle, area, bbox } = object;
    return { before: null, after: making.newAnnotation({ rle, area, bbox }, same) };
  });
}

/**
 * The object past the next one, up or down, that it meets; past its neighbour if it meets none.
 * @param {readonly Annotation[]} all  from below to above @param {Annotation} object @param {1|-1} step
 * @param {ReadonlySet<string>} locked  these keep their heights
 * @returns {Change[]}
 */
export function stepped(all, object, step, locked) {
  const from = all.findIndex(({ id }) => id === object.id);
  let to = from + step;
  while (all[to] && !boxesMeet(all[to], object)) to += step;
  return moved(all, from, all[to] ? to : from + step, locked);
}

/**
 * To the very top or bottom.
 * @param {readonly Annotation[]} all @param {Annotation} object @param {1|-1} step @param {ReadonlySet<string>} locked
 */
export function brought(all, object, step, locked) {
  const from = all.findIndex(({ id }) => id === object.id);
  return moved(all, from, step > 0 ? all.length - 1 : 0, locked);
}

/**
 * The object at another place of the order, or at the next one beyond if locked ones leave no height there; others move
 * only where there is no height between them, and as few of them as can be.
 * @param {readonly Annotation[]} all @param {number} from @param {number} to @param {ReadonlySet<string>} locked
 * @returns {Change[]}
 */
function moved(all, from, to, locked) {
  if (from < 0 || from === to) return [];
  for (; to >= 0 && to < all.length; to += Math.sign(to - from)) {
    const order = all.toSpliced(from, 1).toSpliced(to, 0, all[from]);
    const ways = [squeezed(order, to, 1), squeezed(order, to, -1)];
    const free = ways.filter((way) => way.every(({ before }) => !locked.has(before.id)));
    if (free.length) return free.reduce((best, way) => (way.length < best.length ? way : best));
  }
  return [];
}

/**
 * Heights that put the object at `at` between its neighbours: it comes close to one, and where it meets the other that
 * one gives way, and so on.
 * @param {readonly Annotation[]} order  from below to above, as it is to be @param {number} at
 * @param {1|-1} side  which way others give way
 */
function squeezed(order, at, side) {
  const [close, far] = [order[at - side], order[at + side]];
  const changes = [];
  let z = close ? close.z + side : far.z - side;
  for (let i = at; order[i] && (i === at || (order[i].z - z) * side < 0); i += side) {
    if (order[i].z !== z) changes.push({ before: order[i], after: { ...order[i], z } });
    z += side;
  }
  return changes;
}

/** @typedef {{parts: number, holes: number, specks: number}} Shape  pieces, pixels of holes, pieces that are specks */

/** @type {WeakMap<Rle, Shape>} */
const shapes = new WeakMap();

/** What there is to split, fill and tidy. @param {Rle} rle @returns {Shape} */
export function shapeOf(rle) {
  const known = shapes.get(rle);
  if (known) return known;
  const { areas, holes } = measured(rle);
  const least = leastPart(areas.reduce((sum, area) => sum + area, 0));
  const largest = areas.reduce((most, area) => Math.max(most, area), 0);
  const specks = areas.filter((area) => area < Math.min(least, largest)).length;
  const shape = { parts: areas.length, holes, specks };
  shapes.set(rle, shape);
  return shape;
}
