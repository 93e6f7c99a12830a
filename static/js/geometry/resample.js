/** Pictures at another size, to the number as the server has them: bilinear, each new pixel the mean of all it covers, as in Pillow. */

/** @typedef {{data: Uint8ClampedArray, width: number, height: number}} Picture  red, green, blue and alpha of each pixel */

/**
 * Which old pixels a new one is made of: their weights, from `first` on.
 * @param {number} from @param {number} to  pixels of the side @returns {{first: number, weights: Float64Array}[]}
 */
function sourcesOf(from, to) {
  const scale = from / to;
  const reach = Math.max(1, scale);
  return Array.from({ length: to }, (_, at) => {
    const centre = (at + 0.5) * scale;
    const first = Math.max(0, Math.floor(centre - reach + 0.5));
    const last = Math.min(from, Math.floor(centre + reach + 0.5));
    const weights = Float64Array.from({ length: last - first }, (_, i) => Math.max(0, 1 - Math.abs((first + i - centre + 0.5) / reach)));
    const sum = weights.reduce((total, weight) => total + weight, 0);
    return { first, weights: weights.map((weight) => weight / sum) };
  });
}

/** @param {Picture} picture @param {number} width  the new one @returns {Picture} */
function across({ data, width: before, height }, width) {
  const sources = sourcesOf(before, width);
  const made = new Uint8ClampedArray(4 * width * height); // rounds what is assigned
  for (let y = 0, to = 0; y < height; y++) {
    for (const { first, weights } of sources) {
      let [red, green, blue, alpha] = [0, 0, 0, 0];
      for (let i = 0, at = 4 * (y * before + first); i < weights.length; i++, at += 4) {
        const weight = weights[i];
        red += weight * data[at];
        green += weight * data[at + 1];
        blue += weight * data[at + 2];
        alpha += weight * data[at + 3];
      }
      made[to++] = red;
      made[to++] = green;
      made[to++] = blue;
      made[to++] = alpha;
    }
  }
  return { data: made, width, height };
}

/** @param {Picture} picture @param {number} height  the new one @returns {Picture} */
function down({ data, width, height: before }, height) {
  const row = 4 * width;
  const sums = new Float64Array(row);
  const made = new Uint8ClampedArray(row * height);
  sourcesOf(before, height).forEach(({ first, weights }, y) => {
    sums.fill(0);
    weights.forEach((weight, i) => {
      for (let x = 0, at = (first + i) * row; x < row; x++, at++) sums[x] += weight * data[at];
    });
    made.set(sums, y * row);
  });
  return { data: made, width, height };
}

/** @param {Picture} picture @param {number} width @param {number} height @returns {Picture} */
export const resampled = (picture, width, height) => down(across(picture, width), height);
