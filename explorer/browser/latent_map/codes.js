// The code of any place on a map.

/** @import { PointIndex } from './point_index.js' */

const MEAN_OF = 4; // nearest codes, where a place has no code of its own

/**
 * The mean of the nearest items' codes, the nearer the heavier; on an item itself, its own.
 *
 * @param {{values: Float32Array, size: number}} codes of all items, one after the other.
 * @param {PointIndex} index
 * @param {[x: number, y: number]} place
 * @param {(item: number) => boolean} isVisible
 */
export function codeNear({ values, size }, index, [x, y], isVisible) {
  const near = index.nearestFew(x, y, MEAN_OF, isVisible);
  const weights = near[0].distance ? near.map(({ distance }) => 1 / distance) : [1];
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const mean = new Float32Array(size);
  weights.forEach((weight, k) => {
    const from = near[k].index * size;
    for (let d = 0; d < size; d++) mean[d] += (weight / total) * values[from + d];
  });
  return mean;
}

/**
 * Which codes a mean is of, in words.
 *
 * @param {number} n items on the map.
 */
export function meanInWords(n) {
  const few = Math.min(MEAN_OF, n);
  return few > 1 ? `Decoded from the mean of the ${few} nearest codes` : 'Decoded from the nearest code';
}

/**
 * A coordinate with the decimals that a pixel can tell apart.
 *
 * @param {number} value
 * @param {number} unit map units for each pixel.
 */
export function coordinate(value, unit) {
  const decimals = Math.min(6, Math.max(0, Math.ceil(-Math.log10(unit))));
  const text = value.toFixed(decimals);
  return Number(text) ? text.replace('-', '−') : text.replace('-', '');
}
