import assert from 'node:assert/strict';
import test from 'node:test';
import { inSight, levelFor, mostIn, sideOf } from './picture_choice.js';
import { PointIndex } from './point_index.js';

/** Points of a grid with a distance of 1, row by row. @param {number} side */
const grid = (side) =>
  Float32Array.from({ length: 2 * side * side }, (_, i) => (i % 2 ? Math.floor(i / 2 / side) : (i >> 1) % side));
const all = () => true;

test('what is in sight is what a look at every point finds, and more than asked for is none', () => {
  const points = grid(40);
  const index = new PointIndex(points);
  const found = inSight(index, [2.5, 7, 9, 11.2], 100, (i) => i % 3 !== 0);
  const wanted = [];
  for (let i = 0; i < 1600; i++) {
    const [x, y] = [points[2 * i], points[2 * i + 1]];
    if (i % 3 && x >= 2.5 && x <= 9 && y >= 7 && y <= 11.2) wanted.push(i);
  }
  assert.deepEqual(
    Array.from(found ?? []).sort((a, b) => a - b),
    wanted,
  );
  assert.equal(
    inSight(index, [2.5, 7, 9, 11.2], wanted.length - 1, (i) => i % 3 !== 0),
    null,
  );
  assert.deepEqual(Array.from(inSight(index, [-9, -9, -5, -5], 5, all) ?? [1]), []);
});

test('pictures grow with the distance of points on screen, and there are none where they would cover one another', () => {
  const points = grid(10);
  const positions = Uint32Array.from({ length: 100 }, (_, i) => i);
  assert.equal(sideOf(positions, points, 1 / 30), 54); // points 30 pixels apart
  assert.equal(sideOf(positions, points, 1 / 9), 0);
  assert.equal(sideOf(positions, points, 1 / 500), 72);
  assert.equal(sideOf(positions.subarray(0, 1), points, 1), 72);
  assert(sideOf(positions.subarray(0, 5), points, 1) > 0, 'a few are drawn however near they lie');
});

test('a view holds at most as many pictures as half of it has room for', () => {
  assert.equal(mostIn(900, 620), Math.floor((0.5 * 900 * 620) / 324));
});

test('the smallest size that is sharp is taken, the finest where none is', () => {
  assert.deepEqual(
    [20, 60, 100, 300].map((drawn) => levelFor([128, 64, 32], drawn)),
    [2, 1, 0, 0],
  );
  assert.equal(levelFor([], 50), -1);
});
