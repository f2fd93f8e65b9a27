import assert from 'node:assert/strict';
import test from 'node:test';
import { SpriteCache } from './sprite_cache.js';

/** @param {number} side of a square sheet. */
function sheetOf(side) {
  const bitmap = /** @type {any} */ ({ width: side, height: side, closed: false, close: () => (bitmap.closed = true) });
  return { bitmap, columns: 2, width: side / 2, height: side / 2 };
}

test('a picture is found at its level, else finer, else coarser', () => {
  const cache = new SpriteCache(1e6);
  const [fine, coarse] = [sheetOf(20), sheetOf(10)];
  cache.add(0, [7, 8], fine);
  cache.add(2, [8, 9], coarse);
  assert.equal(cache.find(8, 2)?.sheet, coarse);
  assert.deepEqual(cache.find(8, 1), { sheet: fine, slot: 1 });
  assert.deepEqual(cache.find(9, 0), { sheet: coarse, slot: 1 });
  assert.equal(cache.find(5, 0), null);
  assert(cache.has(7, 1) && !cache.has(9, 0));
});

test('sheets that were not drawn for longest go, and their pixels are freed', () => {
  const cache = new SpriteCache(250);
  const sheets = [sheetOf(10), sheetOf(10), sheetOf(10)];
  cache.add(0, [1], sheets[0]);
  cache.add(0, [2], sheets[1]);
  cache.tick();
  cache.find(1, 0);
  cache.add(0, [3], sheets[2]);
  assert.deepEqual(
    sheets.map(({ bitmap }) => /** @type {any} */ (bitmap).closed),
    [false, true, false],
  );
  assert.equal(cache.pixels, 200);
  assert.equal(cache.find(2, 0), null);
  cache.clear();
  assert.deepEqual([cache.pixels, cache.find(1, 0)], [0, null]);
});
