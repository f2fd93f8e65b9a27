import assert from 'node:assert/strict';
import test from 'node:test';
import { boundsOf, joined, placesAt } from './epochs.js';

/** @param {number} epoch @param {number[]} placed @param {number[]} places */
const frame = (epoch, placed, places) => ({
  epoch,
  placed: Uint16Array.from(placed),
  places: Float32Array.from(places),
  made: new Uint8Array(0),
});

test('a frame of the same epoch takes the place of the former, one within an epoch goes with the next', () => {
  const first = joined([], [frame(1, [0], [0, 0]), frame(1.5, [0], [1, 1])]);
  assert.deepEqual(
    first.map((one) => one.epoch),
    [1, 1.5],
  );
  const next = joined(first, [frame(2, [0], [2, 2]), frame(1, [0], [5, 5])]);
  assert.deepEqual(
    next.map((one) => [one.epoch, one.places[0]]),
    [
      [1, 5],
      [2, 2],
    ],
  );
});

test('between two frames an item is a share of the way, and one that was not placed stands where it will be', () => {
  const frames = [frame(1, [0, 2], [0, 0, 4, 4]), frame(2, [0, 1, 2], [2, 4, 7, 7, 8, 0])];
  assert.deepEqual([...placesAt(frames, 0.25).places], [0.5, 1, 7, 7, 5, 3]);
  assert.deepEqual([...placesAt(frames, 1).places], [2, 4, 7, 7, 8, 0]);
});

test('all frames fit, with one scale', () => {
  const [left, bottom, right, top] = boundsOf([frame(1, [0], [0, 0]), frame(2, [0], [10, 2])], 2);
  assert.equal(left < 0 && bottom < 0 && right > 10 && top > 2, true);
  assert.equal(Math.abs((right - left) / (top - bottom) - 2) < 1e-9, true);
});
