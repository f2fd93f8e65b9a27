import assert from 'node:assert/strict';
import test from 'node:test';
import { layOut } from './layout.js';

const SIZES = [784, 512, 64, 2, 64, 512, 784];

test('nothing runs off the drawing, however many layers there are and however narrow it is', () => {
  for (const width of [330, 700, 1200]) {
    for (const repeats of [1, 4]) {
      const tensors = Array.from({ length: repeats }, () => SIZES)
        .flat()
        .map((size, column) => ({ shape: [size], column, row: 0 }));
      const { places, bar } = layOut(tensors, width, 190);
      for (const { x, y, high } of places) {
        assert.equal(x - bar / 2 >= 0 && x + bar / 2 <= width, true);
        assert.equal(y - high / 2 >= 0 && y + high / 2 <= 190, true);
      }
    }
  }
});

test('heights grow with the logarithm of the size', () => {
  const tensors = [10, 100, 1000].map((size, column) => ({ shape: [size], column, row: 0 }));
  const [a, b, c] = layOut(tensors, 600, 200).places.map(({ high }) => high);
  assert.equal(Math.abs(b - a - (c - b)) < 1e-9 && b > a, true);
});
