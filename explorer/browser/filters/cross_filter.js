// Which items pass what is brushed on several columns at once.

/**
 * A column: the number of the bar that each item falls into, and how many bars there are.
 *
 * @typedef {{bars: Uint16Array, count: number}} Column
 */

export class CrossFilter {
  /**
   * @param {number} n items.
   * @param {Column[]} columns
   */
  constructor(n, columns) {
    this.n = n;
    this.columns = columns;
    /** @type {Set<number>[]} the brushed bars of each column; none: all pass. */
    this.brushed = columns.map(() => new Set());
  }

  get isActive() {
    return this.brushed.some((bars) => bars.size > 0);
  }

  /** Of each item, how many columns it fails, and the last of those. */
  failures() {
    const failed = new Uint8Array(this.n);
    const at = new Uint8Array(this.n);
    this.columns.forEach(({ bars }, column) => {
      const brushed = this.brushed[column];
      if (!brushed.size) return;
      for (let i = 0; i < this.n; i++) {
        if (brushed.has(bars[i])) continue;
        failed[i] += 1;
        at[i] = column;
      }
    });
    return { failed, at };
  }

  /** Positions of the items that pass all columns, rising; none where nothing is brushed. */
  passing() {
    if (!this.isActive) return new Uint32Array(0);
    const { failed } = this.failures();
    return Uint32Array.from(failed.keys()).filter((i) => !failed[i]);
  }

  /**
   * How many items each bar of each column holds among those that pass all the other columns, so that a bar says what
   * brushing it, too, would add.
   */
  counts() {
    const { failed, at } = this.failures();
    return this.columns.map(({ bars, count }, column) => {
      const counts = new Uint32Array(count);
      for (let i = 0; i < this.n; i++) {
        if (!failed[i] || (failed[i] === 1 && at[i] === column)) counts[bars[i]] += 1;
      }
      return counts;
    });
  }
}

/**
 * How many of some items each bar holds.
 *
 * @param {Column} column
 * @param {ArrayLike<number>} positions
 */
export function countsAmong({ bars, count }, positions) {
  const counts = new Uint32Array(count);
  for (let k = 0; k < positions.length; k++) if (positions[k] < bars.length) counts[bars[positions[k]]] += 1;
  return counts;
}
