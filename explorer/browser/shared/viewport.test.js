import assert from 'node:assert/strict';
import test from 'node:test';
import { assertClose, randomNumbers } from '../testing.js';
import { Viewport } from './viewport.js';

/** @import { Point } from './viewport.js' */

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

test('the picture points under two fingers stay under them, whichever of the two moves', () => {
  const random = randomNumbers(3);
  const view = fitted([4000, 4000], 400);
  view.zoomTo(1, [200, 200]);
  /** @type {Point[]} */
  const fingers = [
    [120, 150],
    [260, 210],
  ];
  const held = fingers.map((at) => view.pixelAt(at));
  for (let i = 0; i < 40; i++) {
    const which = i % 2;
    /** @type {Point} */
    const to = [fingers[which][0] + 4 * (random() - 0.5), fingers[which][1] + 4 * (random() - 0.5)];
    view.pinch(fingers[which], to, fingers[1 - which]);
    fingers[which] = to;
  }
  // Without a turn of the hand, what is between the fingers stays exactly, and the scale follows their distance.
  const middleNow = view.pixelAt([(fingers[0][0] + fingers[1][0]) / 2, (fingers[0][1] + fingers[1][1]) / 2]);
  assertClose(middleNow[0], (held[0][0] + held[1][0]) / 2, 1e-9);
  assertClose(middleNow[1], (held[0][1] + held[1][1]) / 2, 1e-9);
  const apart = (/** @type {Point[]} */ [a, b]) => Math.hypot(a[0] - b[0], a[1] - b[1]);
  assertClose(view.scale, apart(fingers) / apart(held), 1e-9);
});

test('a finger on the spot of the other one does not make the picture grow without end', () => {
  const view = fitted([4000, 4000], 400);
  view.pinch([10, 10], [10, 30], [10, 10]);
  assertClose(view.scale, 20 * view.fitScale);
});
