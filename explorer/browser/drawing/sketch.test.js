import assert from 'node:assert/strict';
import test from 'node:test';
import { assertClose } from '../testing.js';
import { createSketch } from './sketch.js';

test('a stroke covers the area of its disc, and equal pieces twice change nothing', () => {
  const sketch = createSketch([1, 40, 40], 0);
  sketch.begin();
  sketch.segment([20, 20], [20, 20], 8, [255]);
  const once = sketch.pixels.slice();
  sketch.segment([20, 20], [20, 20], 8, [255]);
  assert.deepEqual(sketch.pixels, once);
  const area = once.reduce((sum, value) => sum + value / 255, 0);
  assertClose(area, Math.PI * 64, 0.02);
});

test('undo takes back one stroke, reset leaves nothing to undo', () => {
  const sketch = createSketch([3, 8, 8], 255);
  assert(sketch.isEmpty && !sketch.undo());
  sketch.begin();
  sketch.segment([1, 1], [6, 6], 1, [255, 0, 0]);
  const first = sketch.pixels.slice();
  sketch.clear();
  assert(sketch.isEmpty && sketch.canUndo);
  assert(sketch.undo());
  assert.deepEqual(sketch.pixels, first);
  sketch.reset(null);
  assert(sketch.isEmpty && !sketch.canUndo);
});
