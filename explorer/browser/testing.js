// What unit tests share.

import assert from 'node:assert/strict';

/**
 * @param {number} actual
 * @param {number} expected
 * @param {number} tolerance
 */
export function assertClose(actual, expected, tolerance = 1e-9) {
  assert(Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected)), `${actual} is not ${expected}`);
}

/**
 * Numbers in [0, 1) that are the same in every run.
 *
 * @param {number} seed
 */
export function randomNumbers(seed) {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

/**
 * @template A
 * @param {A} values
 * @param {number[]} shape
 * @param {string} digest
 */
export function sectionOf(values, shape, digest = 'digest') {
  return { digest, shape, read: () => values };
}
