import assert from 'node:assert/strict';
import test from 'node:test';
import { mostUnusual, unusual, written } from './row_values.js';

const of = (/** @type {any} */ about) => ({ names: [], shares: [], kind: 'number', middle: 0, spread: 1, ...about });
const height = of({ name: 'height', values: Float64Array.of(180, 140, NaN), middle: 175, spread: 10 });
const weight = of({ name: 'weight', values: Float64Array.of(100, 71, 70), middle: 70, spread: 10 });
const sort = of({ name: '<b>', values: Float64Array.of(0, 1, 1), names: ['common', 'rare'], shares: [0.99, 0.01] });
const day = of({ name: 'day', values: Float64Array.of(0, 86_400, 90_061), kind: 'date' });

test('values far from the middle come first, rare categories among them, missing ones last', () => {
  const names = (/** @type {number} */ item) =>
    mostUnusual([height, weight, sort, day], item, 3).map(({ name }) => name);
  assert.deepEqual(names(0), ['weight', 'height', '<b>']);
  assert.deepEqual(names(1), ['height', '<b>', 'weight']); // 3.5, sqrt(2 ln 100) = 3.03 and 0.1
  assert.deepEqual(
    mostUnusual([height, weight], 2).map(({ name }) => name),
    ['weight', 'height'],
  );
  assert(Math.abs(unusual(sort, 1) - 3.0349) < 1e-3);
});

test('values are written as numbers, names and days', () => {
  assert.deepEqual([written(height, 1), written(height, 2), written(sort, 1)], ['140', '–', 'rare']);
  assert.deepEqual([written(day, 1), written(day, 2)], ['1970-01-02', '1970-01-02 01:01:01']);
});
