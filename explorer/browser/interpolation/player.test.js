import assert from 'node:assert/strict';
import test from 'node:test';
import { assertClose } from '../testing.js';
import { codeReader } from './codes.js';
import { measureRange, valueAt } from './path_charts.js';
import { stripLayout } from './path_strips.js';
import { nextStep, placeInWords } from './player.js';

test('a play turns, begins again or ends at the last item', () => {
  assert.deepEqual(nextStep(0.5, 1, 0.25, 'once'), { at: 0.75, direction: 1, isOver: false });
  assert.deepEqual(nextStep(0.9, 1, 0.25, 'bounce'), { at: 1, direction: -1, isOver: false });
  assert.deepEqual(nextStep(0.1, -1, 0.25, 'bounce'), { at: 0, direction: 1, isOver: false });
  assert.deepEqual(nextStep(0.9, 1, 0.25, 'once'), { at: 1, direction: 1, isOver: true });
  assertClose(nextStep(0.9, 1, 0.25, 'loop').at, 0.15);
});

test('a place in words', () => {
  const words = [0, 0.25, 0.5, 0.625, 1].map((share) => placeInWords([0, 0.5, 1], ['a', 'b'], share));
  assert.deepEqual(words, [
    'at a',
    '50 % of the path from a to b',
    'at b',
    '25 % of the path from b to item 3',
    'at item 3',
  ]);
});

test('codes lie straight between two frames', () => {
  const read = codeReader([Float32Array.of(0, 0, 2, 4, 2, 0)], 2);
  const codes = [0, 0.25, 0.5, 1].map((share) => Array.from(read(0, share)));
  assert.deepEqual(codes, [
    [0, 0],
    [1, 2],
    [2, 4],
    [2, 0],
  ]);
});

test('curves are read between their samples, and their axis holds them', () => {
  assertClose(valueAt(Float32Array.of(1, 3, 2), 0.75), 2.5);
  const [low, high] = measureRange([Float32Array.of(1, 3)], [0, 2]);
  assert(low < 0 && high > 3);
});

test('small pictures of a strip take whole device pixels', () => {
  for (const [width, ratio] of [
    [900, 1],
    [390, 3],
    [320, 1.5],
  ]) {
    const { pixel, pitch, count, sharp } = stripLayout(width, 28, ratio);
    assertClose(pixel * ratio, Math.round(pixel * ratio));
    assert(count >= 5 && count <= 15 && pitch * count - pixel <= width + 1 && sharp === pixel * ratio >= 2);
  }
});
