import assert from 'node:assert/strict';
import test from 'node:test';
import { assertClose, randomNumbers } from '../testing.js';
import { boundsOf, PointIndex } from './point_index.js';

test('the nearest few are those of a search through all points', () => {
  const random = randomNumbers(9);
  const points = Float32Array.from({ length: 600 }, () => random() ** 3);
  const index = new PointIndex(points);
  /** @param {number} i */
  const isAllowed = (i) => i % 3 > 0;
  for (let k = 0; k < 200; k++) {
    const [x, y] = [1.4 * random() - 0.2, 1.4 * random() - 0.2];
    const expected = Array.from({ length: 300 }, (_, i) => ({
      i,
      d: Math.hypot(points[2 * i] - x, points[2 * i + 1] - y),
    }))
      .filter(({ i }) => isAllowed(i))
      .sort((a, b) => a.d - b.d);
    index.nearestFew(x, y, 5, isAllowed).forEach(({ distance }, j) => assertClose(distance, expected[j].d, 1e-6));
    assert.equal(index.nearest(x, y, isAllowed).index, expected[0].i);
  }
});

test('nothing allowed, nothing found', () => {
  assert.equal(new PointIndex(Float32Array.of(0, 0)).nearest(0, 0, () => false).index, -1);
  assert.equal(new PointIndex(new Float32Array(0)).nearest(0, 0, () => true).index, -1);
});

test('bounds hold all points', () => {
  assert.deepEqual(boundsOf([1, -2, -3, 5, 0, 0]), { left: -3, right: 1, bottom: -2, top: 5 });
});

test('ranges hold every point of a rectangle', () => {
  const random = randomNumbers(5);
  const points = Float32Array.from({ length: 2000 }, () => random());
  const index = new PointIndex(points);
  for (const [left, right, bottom, top] of [
    [0.2, 0.5, 0.1, 0.9],
    [-5, 5, -5, 5],
    [0.7, 0.71, 0.3, 0.31],
  ]) {
    const ranges = index.ranges(left, right, bottom, top);
    const held = new Set();
    for (let k = 0; k < ranges.length; k += 2) {
      for (let at = ranges[k]; at < ranges[k + 1]; at++) held.add(index.items[at]);
    }
    for (let i = 0; i < 1000; i++) {
      const [x, y] = [points[2 * i], points[2 * i + 1]];
      if (x >= left && x <= right && y >= bottom && y <= top) assert(held.has(i));
    }
    if (right - left < 1) assert(held.size < 800);
  }
});
