import assert from 'node:assert/strict';
import test from 'node:test';
import { CrossFilter, countsAmong } from './cross_filter.js';

const N = 500;
let seed = 1;
const random = () => {
  seed = (seed * 16807) % 2147483647;
  return seed / 2147483647;
};
const columns = [3, 7, 24].map((count) => ({
  count,
  bars: Uint16Array.from({ length: N }, () => Math.floor(random() * count)),
}));

/** @param {CrossFilter} filter by the definition: for each item, every column. */
function slowly(filter) {
  /**
   * @param {number} i
   * @param {number} besides a column that does not count.
   */
  const passes = (i, besides) =>
    filter.columns.every(({ bars }, c) => c === besides || !filter.brushed[c].size || filter.brushed[c].has(bars[i]));
  const items = Array.from({ length: N }, (_, i) => i);
  return {
    passing: items.filter((i) => passes(i, -1)),
    counts: filter.columns.map(({ bars, count }, c) =>
      Array.from({ length: count }, (_, bar) => items.filter((i) => bars[i] === bar && passes(i, c)).length),
    ),
  };
}

test('items pass what is brushed on all columns, and bars count what the others let through', () => {
  const filter = new CrossFilter(N, columns);
  for (const brushed of [
    [[], [], []],
    [[1], [], []],
    [[0, 2], [3], []],
    [[1], [0, 1, 2], [5, 6, 7, 8, 9, 10]],
    [[2], [6], [23]],
  ]) {
    filter.brushed = brushed.map((bars) => new Set(bars));
    const expected = slowly(filter);
    assert.deepEqual(Array.from(filter.passing()), filter.isActive ? expected.passing : []);
    assert.deepEqual(
      filter.counts().map((counts) => Array.from(counts)),
      expected.counts,
    );
  }
});

test('items chosen elsewhere are counted in each bar', () => {
  assert.deepEqual(Array.from(countsAmong({ bars: Uint16Array.of(0, 2, 2, 1), count: 3 }, [1, 2, 3, 9])), [0, 1, 2]);
});
