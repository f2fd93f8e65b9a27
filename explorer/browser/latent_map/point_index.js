// Finds the point of a map that is nearest to a place.

/** @typedef {{left: number, right: number, bottom: number, top: number}} Bounds */

/** @typedef {{index: number, distance: number}} Nearest index -1 for none. */

/** Finds the point nearest to a place: points sorted into the cells of a grid, searched outwards in rings. */
export class PointIndex {
  /** @param {Float32Array} points x, y pairs. */
  constructor(points) {
    const count = points.length / 2;
    this.points = points;
    const bounds = boundsOf(points);
    this.left = bounds.left;
    this.bottom = bounds.bottom;
    this.side = Math.max(1, Math.min(512, Math.ceil(Math.sqrt(count / 2))));
    this.cellWidth = (bounds.right - bounds.left) / this.side || 1;
    this.cellHeight = (bounds.top - bounds.bottom) / this.side || 1;
    const cells = new Uint32Array(count);
    this.starts = new Uint32Array(this.side * this.side + 1);
    for (let i = 0; i < count; i++) {
      cells[i] = this.row(points[2 * i + 1]) * this.side + this.column(points[2 * i]);
      this.starts[cells[i] + 1]++;
    }
    for (let c = 0; c < this.side * this.side; c++) this.starts[c + 1] += this.starts[c];
    const next = this.starts.slice();
    this.items = new Uint32Array(count);
    for (let i = 0; i < count; i++) this.items[next[cells[i]]++] = i;
  }

  /** @param {number} x */
  column(x) {
    return Math.max(0, Math.min(this.side - 1, Math.floor((x - this.left) / this.cellWidth)));
  }

  /** @param {number} y */
  row(y) {
    return Math.max(0, Math.min(this.side - 1, Math.floor((y - this.bottom) / this.cellHeight)));
  }

  /**
   * Where in `items` the points of a rectangle lie, with others of the cells at its edge.
   *
   * @param {number} left
   * @param {number} right
   * @param {number} bottom
   * @param {number} top
   * @returns {Uint32Array} first and last + 1 of each range.
   */
  ranges(left, right, bottom, top) {
    const [first, last] = [this.column(left), this.column(right)];
    const [low, high] = [this.row(bottom), this.row(top)];
    const ranges = new Uint32Array(2 * (high - low + 1));
    let n = 0;
    for (let row = low; row <= high; row++) {
      const [from, to] = [this.starts[row * this.side + first], this.starts[row * this.side + last + 1]];
      if (from === to) continue;
      if (n && ranges[n - 1] === from) ranges[n - 1] = to;
      else {
        ranges[n++] = from;
        ranges[n++] = to;
      }
    }
    return ranges.slice(0, n);
  }

  /**
   * @param {number} x
   * @param {number} y
   * @param {(index: number) => boolean} allowed
   * @returns {Nearest}
   */
  nearest(x, y, allowed) {
    return this.nearestFew(x, y, 1, allowed)[0] ?? { index: -1, distance: Infinity };
  }

  /**
   * @param {number} x
   * @param {number} y
   * @param {number} count
   * @param {(index: number) => boolean} allowed
   * @returns {Nearest[]} nearest first; fewer where fewer are allowed.
   */
  nearestFew(x, y, count, allowed) {
    const column = this.column(x);
    const row = this.row(y);
    const step = Math.min(this.cellWidth, this.cellHeight);
    /** @type {{index: number, square: number}[]} */
    const best = [];
    let worst = Infinity; // squared distance that a further one must stay below
    for (let ring = 0; ring < this.side; ring++) {
      // Whatever lies in this ring is at least so far away (outside the grid even farther).
      if (((ring - 1) * step) ** 2 > worst) break;
      for (let r = row - ring; r <= row + ring; r++) {
        if (r < 0 || r >= this.side) continue;
        const edge = r === row - ring || r === row + ring;
        for (let c = column - ring; c <= column + ring; c += edge || ring === 0 ? 1 : 2 * ring) {
          if (c < 0 || c >= this.side) continue;
          const cell = r * this.side + c;
          for (let at = this.starts[cell]; at < this.starts[cell + 1]; at++) {
            const index = this.items[at];
            const square = (this.points[2 * index] - x) ** 2 + (this.points[2 * index + 1] - y) ** 2;
            if (square >= worst || !allowed(index)) continue;
            if (best.length === count) best.pop();
            let place = best.length;
            while (place && best[place - 1].square > square) place--;
            best.splice(place, 0, { index, square });
            if (best.length === count) worst = best[count - 1].square;
          }
        }
      }
    }
    return best.map(({ index, square }) => ({ index, distance: Math.sqrt(square) }));
  }
}

/**
 * @param {ArrayLike<number>} points x, y pairs.
 * @returns {Bounds} of a square around zero where there are none.
 */
export function boundsOf(points) {
  let [left, right, bottom, top] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < points.length; i += 2) {
    left = Math.min(left, points[i]);
    right = Math.max(right, points[i]);
    bottom = Math.min(bottom, points[i + 1]);
    top = Math.max(top, points[i + 1]);
  }
  return left <= right ? { left, right, bottom, top } : { left: -1, right: 1, bottom: -1, top: 1 };
}
