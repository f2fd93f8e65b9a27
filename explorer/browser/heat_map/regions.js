// Regions of a map above a threshold: pixels that touch at a side or a corner, as `novelty/regions.py` has them.

/** @typedef {{top: number, left: number, height: number, width: number, area: number, peak: number}} Region in pixels. */

/**
 * The regions above a threshold, the one with the highest value first.
 *
 * @param {Float32Array} map row by row.
 * @param {number} width of the map.
 * @param {number} threshold
 * @returns {Region[]}
 */
export function regionsAbove(map, width, threshold) {
  const height = map.length / width;
  const seen = new Uint8Array(map.length);
  const regions = [];
  /** @type {number[]} */
  const waiting = [];
  for (let start = 0; start < map.length; start++) {
    if (seen[start] || !(map[start] > threshold)) continue;
    let [top, left, bottom, right, area, peak] = [height, width, 0, 0, 0, -Infinity];
    seen[start] = 1;
    waiting.push(start);
    for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
      const column = place % width;
      const row = (place - column) / width;
      area += 1;
      peak = Math.max(peak, map[place]);
      [top, bottom] = [Math.min(top, row), Math.max(bottom, row)];
      [left, right] = [Math.min(left, column), Math.max(right, column)];
      for (let y = Math.max(0, row - 1); y <= Math.min(height - 1, row + 1); y++) {
        for (let x = Math.max(0, column - 1); x <= Math.min(width - 1, column + 1); x++) {
          const next = y * width + x;
          if (seen[next] || !(map[next] > threshold)) continue;
          seen[next] = 1;
          waiting.push(next);
        }
      }
    }
    regions.push({ top, left, height: bottom - top + 1, width: right - left + 1, area, peak });
  }
  return regions.sort((one, other) => other.peak - one.peak);
}
