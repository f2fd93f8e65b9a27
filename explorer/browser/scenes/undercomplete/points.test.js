import assert from 'node:assert/strict';
import test from 'node:test';
import { assertClose } from '../../testing.js';
import { firstComponent } from './pca.js';
import { COUNT, pointsAlong, pointsOf, read, written } from './points.js';

test('points of a ring are as far from the middle as its radius, but for the noise', () => {
  const { x, y } = pointsOf('ring');
  let sum = 0;
  for (let i = 0; i < COUNT; i++) {
    const distance = Math.hypot(x[i], y[i]);
    assert(Math.abs(distance - 0.85) < 5 * 0.035);
    sum += distance / COUNT;
  }
  assertClose(sum, 0.85, 0.01);
});

test('points along a line are spread evenly over its length', () => {
  // Two sides of a right angle, the second three times as long: a quarter of the points lies on the first.
  const { x, y } = pointsAlong([
    [-1, -0.5],
    [-1, 0],
    [0.5, 0],
  ]);
  let first = 0;
  for (let i = 0; i < COUNT; i++) {
    const toFirst = Math.abs(x[i] + 1);
    const toSecond = Math.abs(y[i]);
    assert(Math.min(toFirst, toSecond) < 5 * 0.035);
    if (y[i] < -0.1) first += 1;
  }
  assertClose(first / COUNT, 0.25 * 0.8, 0.02);
});

test('one place alone is a cloud around it', () => {
  const { x, y } = pointsAlong([[0.3, -0.2]]);
  for (let i = 0; i < COUNT; i++) assert(Math.hypot(x[i] - 0.3, y[i] + 0.2) < 5 * 0.035);
});

test('a line comes back from its text, within a step of the grid', () => {
  /** @type {[number, number][]} */
  const line = Array.from({ length: 31 }, (_, i) => [i / 15 - 1, Math.sin(i)]);
  const again = read(written(line));
  assert.equal(again.length, 16);
  again.forEach(([x, y], i) => {
    assert(Math.abs(x - line[2 * i][0]) <= 1.001 / 99);
    assert(Math.abs(y - line[2 * i][1]) <= 1.001 / 99);
  });
  for (const text of ['', '12', 'abcd', '123']) assert.deepEqual(read(text), []);
});

test('the first component loses less than any other line through the mean', () => {
  for (const points of [
    pointsOf('spiral'),
    pointsOf('moons'),
    { x: new Float32Array([0, 2, 4]), y: new Float32Array([0, 1, 2]) },
  ]) {
    const { meanX, meanY, angle, error } = firstComponent(points);
    /** @param {number} at angle of a line. */
    const lost = (at) => {
      let sum = 0;
      for (let i = 0; i < points.x.length; i++) {
        sum += ((points.x[i] - meanX) * Math.sin(at) - (points.y[i] - meanY) * Math.cos(at)) ** 2 / points.x.length;
      }
      return sum;
    };
    assertClose(lost(angle), error, 1e-6);
    for (let i = 0; i < 180; i++) assert(lost((i * Math.PI) / 180) >= error - 1e-9);
  }
});
