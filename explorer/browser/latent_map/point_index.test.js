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
