import assert from 'node:assert/strict';
import test from 'node:test';
import { findLabels } from './search.js';

const LABELS = Array.from({ length: 13 }, (_, i) => `z${i}`);

test('an exact name comes before those that begin so', () => {
  assert.deepEqual(findLabels(LABELS, 'z1'), [1, 10, 11, 12]);
  assert.deepEqual(findLabels(['z10', 'z1'], '1'), [1, 0]);
});

test('several words, bare numbers and capitals', () => {
  assert.deepEqual(findLabels(LABELS, ' Z7, 3;z12'), [3, 7, 12]);
  assert.deepEqual(findLabels(['Size', 'z1'], 'siz'), [0]);
});

test('no words ask for nothing, unknown ones find nothing', () => {
  assert.equal(findLabels(LABELS, ' , '), null);
  assert.deepEqual(findLabels(LABELS, 'tilt'), []);
});
