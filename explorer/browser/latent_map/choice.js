// Which items are chosen, and which lie inside what was drawn around them.

import { boundsOf } from './point_index.js';

/** @import { Place } from './view.js' */

/** @typedef {'new' | 'add' | 'remove'} Mode what positions do to those chosen so far. */

const BANDS = 512; // into which a polygon's height is cut, so that a point is tested against few of its edges

/**
 * Positions of the points inside a polygon; where it crosses itself, by the even-odd rule.
 *
 * @param {Float32Array} points x, y pairs.
 * @param {Place[]} corners of the polygon; the last is joined to the first.
 * @returns {Uint32Array} rising.
 */
export function pointsInside(points, corners) {
  const bounds = boundsOf(corners.flat());
  const height = bounds.top - bounds.bottom;
  if (corners.length < 3 || !(height > 0)) return new Uint32Array(0);
  /** @param {number} y */
  const bandOf = (y) => Math.min(BANDS - 1, Math.floor(((y - bounds.bottom) / height) * BANDS));
  /** @type {{x1: number, y1: number, y2: number, slope: number}[][]} */
  const bands = Array.from({ length: BANDS }, () => []);
  corners.forEach(([x1, y1], i) => {
    const [x2, y2] = corners[(i + 1) % corners.length];
    if (y1 === y2) return;
    const last = bandOf(Math.max(y1, y2));
    for (let band = bandOf(Math.min(y1, y2)); band <= last; band++)
      bands[band].push({ x1, y1, y2, slope: (x2 - x1) / (y2 - y1) });
  });
  const inside = new Uint32Array(points.length / 2);
  let n = 0;
  for (let i = 0; i < inside.length; i++) {
    const [x, y] = [points[2 * i], points[2 * i + 1]];
    if (x < bounds.left || x > bounds.right || y < bounds.bottom || y > bounds.top) continue;
    // How many edges lie to the right of the point, at its height.
    let odd = false;
    for (const { x1, y1, y2, slope } of bands[bandOf(y)]) {
      if (y1 > y !== y2 > y && x < x1 + (y - y1) * slope) odd = !odd;
    }
    if (odd) inside[n++] = i;
  }
  return inside.slice(0, n);
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
    const bytes = new Uint8Array(Math.ceil(this.flags.length / 8));
    for (let i = 0; i < this.flags.length; i++) bytes[i >> 3] |= this.flags[i] << (i & 7);
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  }
}
