import assert from 'node:assert/strict';
import test from 'node:test';
import { randomNumbers } from '../testing.js';
import { Choice, pointsInside } from './choice.js';
import { PointIndex } from './point_index.js';

/** @import { Place } from './view.js' */

test('points inside a circle of many corners are those near its middle', () => {
  const random = randomNumbers(2);
  const points = Float32Array.from({ length: 4000 }, () => 4 * random() - 2);
  const corners = Array.from(
    { length: 720 },
    (_, i) => /** @type {Place} */ ([Math.cos((i * Math.PI) / 360), Math.sin((i * Math.PI) / 360)]),
  );
  const inside = new Set(pointsInside(new PointIndex(points), corners));
  for (let i = 0; i < points.length / 2; i++) {
    const radius = Math.hypot(points[2 * i], points[2 * i + 1]);
    if (Math.abs(radius - 1) > 1e-4) assert.equal(inside.has(i), radius < 1);
  }
});

test('cells that are taken whole give what a test of each point gives', () => {
  const random = randomNumbers(3);
  const points = Float32Array.from({ length: 20_000 }, () => random() + random());
  let total = 0;
  for (const n of [3, 4, 9, 40]) {
    /** @type {Place[]} */
    const corners = Array.from({ length: n }, () => [2.4 * random() - 0.2, 2.4 * random() - 0.2]);
    if (n === 4) corners[1][1] = corners[0][1]; // a level edge
    const expected = [];
    for (let i = 0; i < points.length / 2; i++) {
      const [x, y] = [points[2 * i], points[2 * i + 1]];
      let odd = false;
      corners.forEach(([x1, y1], k) => {
        const [x2, y2] = corners[(k + 1) % n];
        if (y1 > y !== y2 > y && x < x1 + ((y - y1) * (x2 - x1)) / (y2 - y1)) odd = !odd;
      });
      if (odd && i % 3) expected.push(i);
    }
    total += expected.length;
    assert.deepEqual([...pointsInside(new PointIndex(points), corners, (i) => i % 3 > 0)], expected);
  }
  assert(total > 1000);
});

test('where a line crosses itself, the even-odd rule counts', () => {
  /** @type {Place[]} */
  const star = Array.from({ length: 5 }, (_, i) => [Math.sin((i * 4 * Math.PI) / 5), Math.cos((i * 4 * Math.PI) / 5)]);
  assert.deepEqual(pointsInside(new PointIndex(Float32Array.of(0, 0, 0, 0.7)), star), Uint32Array.of(1));
});

test('a line is no region', () => {
  assert.equal(
    pointsInside(new PointIndex(Float32Array.of(0, 0)), [
      [0, 0],
      [1, 0],
    ]).length,
    0,
  );
});

test('a choice grows, shrinks and begins anew', () => {
  const choice = new Choice(10);
  choice.change([1, 3, 99], 'new');
  choice.change([3, 8], 'add');
  assert.deepEqual(choice.positions(), Uint32Array.of(1, 3, 8));
  choice.change([1, 2], 'remove');
  assert.deepEqual(choice.positions(), Uint32Array.of(3, 8));
  assert.equal(choice.bits(), '0801'); // 2 ** 3 in the first byte, 2 ** 0 in the second
  choice.change([0], 'new');
  assert.deepEqual(choice.positions(), Uint32Array.of(0));
});

test('bits are those of each byte in two digits, for any number of items', () => {
  for (let n = 0; n < 20; n++) {
    const choice = new Choice(n);
    choice.change(
      Array.from({ length: n }, (_, i) => i).filter((i) => (i * 7) % 3 !== 1),
      'new',
    );
    const bytes = new Uint8Array(Math.ceil(n / 8));
    for (const i of choice.positions()) bytes[i >> 3] |= 1 << (i & 7);
    assert.equal(choice.bits(), [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(''));
  }
});
