import assert from 'node:assert/strict';
import test from 'node:test';
import { assertClose } from '../testing.js';
import { Viewport } from './viewport.js';

/** @param {[number, number]} size @param {number} width @param {number} ratio */
function fitted(size, width, ratio = 1) {
  const view = new Viewport();
  view.size = size;
  view.fit(width, ratio);
  return view;
}

test('a small picture is shown with whole screen pixels, a large one as it fits', () => {
  assert.equal(fitted([28, 28], 300).scale, 10);
  assert.equal(fitted([28, 28], 300, 2).scale, 10.5);
  assert.equal(fitted([2000, 1000], 500).scale, 0.25);
  assert.equal(fitted([400, 300], 2000).scale, 1);
});

test('what is under the pointer stays there while it zooms', () => {
  const view = fitted([1000, 500], 500);
  /** @type {[number, number]} */
  const at = [120, 200];
  for (const scale of [1, 3, 20]) {
    const before = view.pixelAt(at);
    view.zoomTo(scale, at);
    assert.equal(view.scale, scale);
    before.forEach((value, i) => assertClose(view.pixelAt(at)[i], value));
  }
});

test('no edge of the picture comes into the frame, and the zoom has ends', () => {
  const view = fitted([1000, 500], 500);
  view.zoomTo(2);
  view.moveBy(1e6, -1e6);
  assert.deepEqual(view.pixelAt([0, 250]), [0, 500]);
  view.zoomTo(1e6);
  assert.equal(view.scale, 32);
  view.zoomTo(0);
  assert.equal(view.scale, view.fitScale);
  assert.deepEqual(view.offset.map(Math.abs), [0, 0]);
});
