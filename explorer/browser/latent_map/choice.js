// Which items are chosen, and which lie inside what was drawn around them.

import { boundsOf } from './point_index.js';

/** @import { Bounds, PointIndex } from './point_index.js' */
/** @import { Place } from './view.js' */

/** @typedef {'new' | 'add' | 'remove'} Mode what positions do to those chosen so far. */

const ASCII = new TextDecoder();
const BANDS = 512; // into which a polygon's height is cut, so that a point is tested against few of its edges

/**
 * Positions of the points inside a polygon; where it crosses itself, by the even-odd rule. Of the index' cells only those
 * that an edge may cross are looked at point by point.
 *
 * @param {PointIndex} index of the points.
 * @param {Place[]} corners of the polygon; the last is joined to the first.
 * @param {((position: number) => boolean) | null} allowed null: all are.
 * @returns {Uint32Array} rising.
 */
export function pointsInside(index, corners, allowed = null) {
  const bounds = boundsOf(corners.flat());
  if (corners.length < 3 || !(bounds.top > bounds.bottom)) return new Uint32Array(0);
  const isInside = insideTest(corners, bounds);
  const { points, items, starts, side } = index;
  const crossed = cellsOnEdges(index, corners);
  const [first, last] = [index.column(bounds.left), index.column(bounds.right)];
  const flags = new Uint8Array(items.length);
  let n = 0;
  for (let row = index.row(bounds.bottom); row <= index.row(bounds.top); row++) {
    const y = index.bottom + (row + 0.5) * index.cellHeight;
    for (let column = first; column <= last; column++) {
      const cell = row * side + column;
      const [from, to] = [starts[cell], starts[cell + 1]];
      if (from === to) continue;
      const isCrossed = crossed[cell] === 1;
      if (!isCrossed && !isInside(index.left + (column + 0.5) * index.cellWidth, y)) continue;
      if (!isCrossed && !allowed) {
        for (let at = from; at < to; at++) flags[items[at]] = 1;
        n += to - from;
        continue;
      }
      for (let at = from; at < to; at++) {
        const i = items[at];
        if (isCrossed && !isInside(points[2 * i], points[2 * i + 1])) continue;
        if (allowed && !allowed(i)) continue;
        flags[i] = 1;
        n++;
      }
    }
  }
  const inside = new Uint32Array(n);
  for (let i = 0, at = 0; at < n; i++) if (flags[i]) inside[at++] = i;
  return inside;
}

/**
 * @param {Place[]} corners
 * @param {Bounds} bounds of them.
 * @returns {(x: number, y: number) => boolean} whether a place is inside.
 */
function insideTest(corners, { left, right, bottom, top }) {
  /** @param {number} y */
  const bandOf = (y) => Math.min(BANDS - 1, Math.floor(((y - bottom) / (top - bottom)) * BANDS));
  /** @type {{x1: number, y1: number, y2: number, slope: number}[][]} */
  const bands = Array.from({ length: BANDS }, () => []);
  corners.forEach(([x1, y1], i) => {
    const [x2, y2] = corners[(i + 1) % corners.length];
    if (y1 === y2) return;
    const end = bandOf(Math.max(y1, y2));
    for (let band = bandOf(Math.min(y1, y2)); band <= end; band++)
      bands[band].push({ x1, y1, y2, slope: (x2 - x1) / (y2 - y1) });
  });
  return (x, y) => {
    if (x < left || x > right || y < bottom || y > top) return false;
    // How many edges lie to the right of the place, at its height.
    let odd = false;
    for (const { x1, y1, y2, slope } of bands[bandOf(y)]) {
      if (y1 > y !== y2 > y && x < x1 + (y - y1) * slope) odd = !odd;
    }
    return odd;
  };
}

/**
 * Cells that an edge may cross, with one more on each side for the sake of rounding.
 *
 * @param {PointIndex} index
 * @param {Place[]} corners
 */
function cellsOnEdges(index, corners) {
  const { side } = index;
  const crossed = new Uint8Array(side * side);
  corners.forEach(([x1, y1], i) => {
    const [x2, y2] = corners[(i + 1) % corners.length];
    const [low, high] = [Math.min(y1, y2), Math.max(y1, y2)];
    /** @param {number} y */
    const xAt = (y) => (y1 === y2 ? x1 : x1 + ((Math.min(high, Math.max(low, y)) - y1) / (y2 - y1)) * (x2 - x1));
    const end = Math.min(side - 1, index.row(high) + 1);
    for (let row = Math.max(0, index.row(low) - 1); row <= end; row++) {
      const floor = index.bottom + row * index.cellHeight;
      const ends = y1 === y2 ? [x1, x2] : [xAt(floor), xAt(floor + index.cellHeight)];
      const from = Math.max(0, index.column(Math.min(...ends)) - 1);
      crossed.fill(1, row * side + from, row * side + Math.min(side - 1, index.column(Math.max(...ends)) + 1) + 1);
    }
  });
  return crossed;
}

/** A set of positions among n items. */
export class Choice {
  /** @param {number} n */
  constructor(n) {
    this.flags = new Uint8Array(n);
    this.count = 0;
  }

  /**
   * @param {ArrayLike<number>} positions
   * @param {Mode} mode
   */
  change(positions, mode) {
    if (mode === 'new') {
      this.flags.fill(0);
      this.count = 0;
    }
    const flag = mode === 'remove' ? 0 : 1;
    for (let k = 0; k < positions.length; k++) {
      const i = positions[k];
      if (i >= this.flags.length) continue;
      this.count += flag - this.flags[i];
      this.flags[i] = flag;
    }
  }

  /** Rising. */
  positions() {
    const chosen = new Uint32Array(this.count);
    for (let i = 0, at = 0; at < this.count; i++) if (this.flags[i]) chosen[at++] = i;
    return chosen;
  }

  /** One bit an item, as hexadecimal bytes: item i in byte i / 8, from the lowest bit. */
  bits() {
    const letters = new Uint8Array(2 * Math.ceil(this.flags.length / 8));
    for (let i = 0; i < this.flags.length; i += 4) {
      let half = 0;
      for (let k = i; k < Math.min(i + 4, this.flags.length); k++) half |= this.flags[k] << (k - i);
      // The low half of a byte is its second digit.
      letters[(i >> 2) ^ 1] = half < 10 ? 48 + half : 87 + half;
    }
    if (letters.length && this.flags.length % 8 && this.flags.length % 8 <= 4) letters[letters.length - 2] = 48;
    return ASCII.decode(letters);
  }
}
