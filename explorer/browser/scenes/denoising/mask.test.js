import assert from 'node:assert/strict';
import test from 'node:test';
import { read, rub, written } from './mask.js';

test('a stroke marks the pixels whose middles are within its radius', () => {
  const mask = new Uint8Array(25);
  rub(mask, 5, [1.5, 2.5], [3.5, 2.5], 1);
  const rows = Array.from({ length: 5 }, (_, y) => [...mask.subarray(5 * y, 5 * y + 5)].join(''));
  assert.deepEqual(rows, ['00000', '01110', '11111', '01110', '00000']);
});

test('a mask is read back from its text, and another text is none', () => {
  const mask = Uint8Array.from({ length: 784 }, (_, i) => Number(i % 7 < 3));
  assert.deepEqual(read(written(mask), 784), mask);
  for (const text of ['', 'AAAA', `${written(mask).slice(1)}*`]) assert.equal(read(text, 784), null);
});
