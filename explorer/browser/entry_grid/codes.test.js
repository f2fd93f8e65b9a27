import assert from 'node:assert/strict';
import test from 'node:test';
import { fillCode, inkOn, placeAfter } from './codes.js';

test('a code has the first number of every entry first', () => {
  const code = new Float32Array(4);
  fillCode([2, 0], Float32Array.of(1, 2, 3, 4, 5, 6), 2, code);
  assert.deepEqual(Array.from(code), [5, 1, 6, 2]);
});

test('what stands on a colour has a contrast of 4.5 and more', () => {
  /** @param {string} hex */
  const luminance = (hex) => {
    const [r, g, b] = [1, 3, 5].map((i) => {
      const c = Number.parseInt(hex.slice(i, i + 2), 16) / 255;
      return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  for (const colour of ['#440154', '#46327e', '#365c8d', '#277f8e', '#1fa187', '#4ac16d', '#a0da39', '#fde725']) {
    const [low, high] = [luminance(colour), luminance(inkOn(colour))].sort((a, b) => a - b);
    assert((high + 0.05) / (low + 0.05) >= 4.5, colour);
  }
});

test('arrow keys stay in the grid', () => {
  const keys = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End', 'a'];
  assert.deepEqual(
    keys.map((key) => placeAfter(key, 3, 3, 6)),
    [-1, 4, 0, -1, 3, 5, -1],
  );
});
