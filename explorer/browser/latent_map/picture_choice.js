// Which points stand apart so far that their pictures fit in place of them, how large these are, and of which size.

/** @import { PointIndex } from './point_index.js' */
/** @import { Sight } from './view.js' */

const LEAST_SIDE = 18; // CSS pixels: what is smaller cannot be told from a point
const MOST_SIDE = 72;
const COVERED = 0.5; // share of the view that pictures may take
const REACH = 1.8; // sides of a picture for each distance to the nearest point (their median): a little overlap leaves most legible
const FEW = 12; // so many are drawn though they cover one another: no view shows them farther apart
const SHARP = 0.75; // pixels of a picture for each on screen that still look as sharp

/**
 * Most pictures in a view.
 *
 * @param {number} width of it, in CSS pixels.
 * @param {number} height
 */
export const mostIn = (width, height) => Math.floor((COVERED * width * height) / LEAST_SIDE ** 2);

/**
 * Positions of the points in a rectangle.
 *
 * @param {PointIndex} index of all points.
 * @param {Sight} sight
 * @param {number} most
 * @param {(position: number) => boolean} isShown
 * @returns {Uint32Array | null} in the order of the index' cells; null where there are more than so many.
 */
export function inSight(index, [left, bottom, right, top], most, isShown) {
  const { points, items } = index;
  const found = new Uint32Array(most);
  const ranges = index.ranges(left, right, bottom, top);
  let n = 0;
  for (let range = 0; range < ranges.length; range += 2) {
    for (let at = ranges[range]; at < ranges[range + 1]; at++) {
      const item = items[at];
      const [x, y] = [points[2 * item], points[2 * item + 1]];
      if (x < left || x > right || y < bottom || y > top || !isShown(item)) continue;
      if (n === most) return null;
      found[n++] = item;
    }
  }
  return found.slice(0, n);
}

/**
 * How large pictures of these points can be.
 *
 * @param {Uint32Array} positions of all points in sight.
 * @param {Float32Array} points x, y pairs of all.
 * @param {number} unit map units for each CSS pixel.
 * @returns {number} the longer side in CSS pixels; 0 where they would cover one another.
 */
export function sideOf(positions, points, unit) {
  const n = positions.length;
  if (n < 2) return MOST_SIDE;
  const distances = new Float64Array(n).fill(Infinity);
  for (let a = 0; a < n; a++) {
    for (let b = a + 1; b < n; b++) {
      const dx = points[2 * positions[a]] - points[2 * positions[b]];
      const dy = points[2 * positions[a] + 1] - points[2 * positions[b] + 1];
      const square = dx * dx + dy * dy;
      if (square < distances[a]) distances[a] = square;
      if (square < distances[b]) distances[b] = square;
    }
  }
  const middle = Math.sqrt(distances.sort()[n >> 1]) / unit;
  const side = Math.min(MOST_SIDE, Math.floor(REACH * middle));
  if (side >= LEAST_SIDE) return side;
  return n <= FEW ? LEAST_SIDE : 0;
}

/**
 * The smallest size of pictures that looks sharp.
 *
 * @param {number[]} sides of the sizes that there are, in pixels, falling.
 * @param {number} drawn pixels on screen.
 * @returns {number} its place among them; the finest where none is sharp, -1 where there are none.
 */
export function levelFor(sides, drawn) {
  for (let level = sides.length - 1; level > 0; level--) if (sides[level] >= SHARP * drawn) return level;
  return sides.length ? 0 : -1;
}
