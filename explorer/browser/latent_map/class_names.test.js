import assert from 'node:assert/strict';
import test from 'node:test';
import { densestPlaces, placeNames } from './class_names.js';

/** @typedef {import('./class_names.js').Box} Box */

/**
 * @param {Box} a
 * @param {Box} b
 */
const overlap = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

test('a class of two islands is named on the larger one, not in the gap between them', () => {
  const points = Float32Array.from([...Array(30).fill([0, 0]), ...Array(20).fill([10, 10]), [5, 0]].flat());
  const groups = Uint16Array.from([...Array(50).fill(0), 1]);
  assert.deepEqual(densestPlaces(points, groups, 2), [
    { x: 0, y: 0, size: 50 },
    { x: 5, y: 0, size: 1 },
  ]);
  assert.equal(densestPlaces(points, groups, 1).length, 1);
});

test('no name lies over another, over a tool or outside, and large classes come first', () => {
  let state = 7;
  const random = () => {
    state = (state * 16807) % 2147483647;
    return state / 2147483647;
  };
  const names = Array.from({ length: 60 }, (_, i) => ({
    text: String(i),
    width: 20 + 80 * random(),
    x: 300 * random(),
    y: 200 * random(),
    size: i,
  }));
  const tool = { left: 200, top: 0, right: 300, bottom: 40 };
  const placed = placeNames(names, { width: 300, height: 200 }, [tool]);
  assert(placed.length > 8 && placed.length < 60);
  for (const [i, { box }] of placed.entries()) {
    assert(box.left >= 0 && box.top >= 0 && box.right <= 300 && box.bottom <= 200);
    assert(![tool, ...placed.slice(0, i).map((one) => one.box)].some((other) => overlap(box, other)));
  }
  const sizes = placed.map(({ text }) => Number(text));
  assert.deepEqual(
    sizes,
    sizes.toSorted((a, b) => b - a),
  );
});

test('of two names at one place both are written where there is room, and the larger class keeps it', () => {
  const at = { width: 40, x: 100, y: 100 };
  const both = [
    { ...at, text: 'few', size: 2 },
    { ...at, text: 'many', size: 9 },
  ];
  const [first, second] = placeNames(both, { width: 200, height: 200 }, []);
  assert.deepEqual([first.text, first.y, second.text], ['many', 100, 'few']);
  assert(!overlap(first.box, second.box));
});
