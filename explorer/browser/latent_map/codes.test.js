import assert from 'node:assert/strict';
import test from 'node:test';
import { assertClose } from '../testing.js';
import { codeNear, coordinate, meanInWords } from './codes.js';
import { PointIndex } from './point_index.js';

const INDEX = new PointIndex(Float32Array.of(0, 0, 1, 0, 10, 10));
const CODES = { values: Float32Array.of(1, 2, 3, 4, 5, 6), size: 2 };

test('on an item it is its own code', () => {
  assert.deepEqual(
    codeNear(CODES, INDEX, [1, 0], () => true),
    Float32Array.of(3, 4),
  );
});

test('between items the nearer ones weigh more, by one over the distance', () => {
  const code = codeNear(CODES, INDEX, [0.25, 0], (i) => i < 2);
  assertClose(code[0], (1 / 0.25 + 3 / 0.75) / (1 / 0.25 + 1 / 0.75), 1e-6);
});

test('words for the mean and for a coordinate', () => {
  assert.equal(meanInWords(1), 'Decoded from the nearest code');
  assert.equal(meanInWords(9), 'Decoded from the mean of the 4 nearest codes');
  assert.equal(coordinate(-1.23456, 0.01), '−1.23');
  assert.equal(coordinate(-0.001, 0.1), '0.0');
});
