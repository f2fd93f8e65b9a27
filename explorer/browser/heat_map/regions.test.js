import assert from 'node:assert/strict';
import test from 'node:test';
import { regionsAbove } from './regions.js';

/** @param {string[]} rows of digits. */
function mapOf(rows) {
  return new Float32Array(rows.join('').split('').map(Number));
}

test('boxes, areas and peaks are those of pixels that touch, at corners too', () => {
  const map = mapOf(['00000000', '00220003', '00220000', '00005000', '10000000']);
  assert.deepEqual(regionsAbove(map, 8, 1), [
    { top: 1, left: 2, height: 3, width: 3, area: 5, peak: 5 },
    { top: 1, left: 7, height: 1, width: 1, area: 1, peak: 3 },
  ]);
  assert.deepEqual(regionsAbove(map, 8, 5), []);
  assert.deepEqual(regionsAbove(map, 8, -1), [{ top: 0, left: 0, height: 5, width: 8, area: 40, peak: 5 }]);
});

test('rows do not touch across the edge', () => {
  assert.equal(regionsAbove(mapOf(['0009', '9000']), 4, 1).length, 2);
});
