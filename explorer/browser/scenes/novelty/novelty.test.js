import assert from 'node:assert/strict';
import test from 'node:test';
import { pValue, thresholdFor } from './p_value.js';
import { stroke } from './strokes.js';

test('the p-value counts errors that are at least as large, ties among them', () => {
  const errors = new Float64Array([1, 2, 2, 3]);
  const wanted = /** @type {[number, number][]} */ ([
    [0, 1],
    [1, 1],
    [2, 4 / 5],
    [2.5, 2 / 5],
    [3, 2 / 5],
    [4, 1 / 5],
  ]);
  for (const [error, p] of wanted) assert.equal(pValue(errors, error), p);
});

test('the threshold is the order statistic that keeps the rate', () => {
  const errors = Float64Array.from({ length: 99 }, (_, i) => i + 1);
  // Of 99 errors the 95th: a new one is above it with probability 5 in 100.
  assert.equal(thresholdFor(errors, 0.05), 95);
  assert.equal(thresholdFor(errors, 0.001), 99);
});

test('ink fills what the brush covers, an eraser empties it, and noise replaces it', () => {
  const noise = new Float32Array(9).fill(0.3);
  const at = { from: /** @type {[number, number]} */ ([1.5, 1.5]), to: /** @type {[number, number]} */ ([1.5, 1.5]) };
  const values = new Float32Array(9);
  stroke(values, [1, 3, 3], { ...at, radius: 1, tool: 'ink', noise });
  assert.deepEqual([...values.subarray(3, 6)], [0.5, 1, 0.5]);
  assert.equal(values[0], Math.fround(1.5 - Math.SQRT2));
  stroke(values, [1, 3, 3], { ...at, radius: 0.5, tool: 'eraser', noise });
  assert.deepEqual([...values.subarray(3, 6)], [0.5, 0, 0.5]);
  stroke(values, [1, 3, 3], { ...at, radius: 0.5, tool: 'noise', noise });
  assert.equal(values[4], Math.fround(0.3));
});
