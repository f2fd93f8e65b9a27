import assert from 'node:assert/strict';
import test from 'node:test';
import { assertClose } from '../testing.js';
import { MapView } from './view.js';

function shown() {
  const view = new MapView();
  [view.width, view.height] = [600, 400];
  view.bounds = { left: -1, right: 3, bottom: 0, top: 5 };
  view.showAll();
  return view;
}

test('a place goes to the screen and back', () => {
  const view = shown();
  const [px, py] = view.toScreen(2.5, 1);
  view.toData(px, py).forEach((value, i) => assertClose(value, [2.5, 1][i]));
});

test('all points are in sight at first, and zooming keeps what is under the pointer', () => {
  const view = shown();
  for (const [x, y] of [
    [-1, 0],
    [3, 5],
  ])
    assert(view.sees(x, y));
  const before = view.toData(50, 300);
  view.zoomAt(50, 300, 0.1);
  view.toData(50, 300).forEach((value, i) => assertClose(value, before[i]));
  assert(view.moved && !view.sees(3, 5));
});

test('the last drawing, moved as it says, lies where the view has it', () => {
  const before = shown();
  const view = before.copy();
  view.zoomAt(100, 100, 0.7);
  view.pan(13, -8);
  const [left, top, scale] = view.shiftFrom(before);
  const [x, y] = before.toScreen(0.3, 2);
  const [wantedX, wantedY] = view.toScreen(0.3, 2);
  assertClose(left + scale * x, wantedX);
  assertClose(top + scale * y, wantedY);
});
