import assert from 'node:assert/strict';
import test from 'node:test';
import { corrupt, drawsFor, poisson, SQUARE } from './noises.js';

const SIDE = 200;
const N = SIDE * SIDE;
const X = 0.6;

/** @param {string} kind @param {number} level @param {number} [x] @param {Uint8Array} [mask] */
function rubbed(kind, level, x = X, mask = new Uint8Array(N).fill(1)) {
  const noisy = new Float32Array(N);
  const item = new Float32Array(N).fill(x);
  corrupt({ kind, level, item, shape: [1, SIDE, SIDE], mask, draws: drawsFor(N, 3) }, noisy);
  return noisy;
}

/** @param {Float32Array} values */
function moments(values) {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  return { mean, variance: values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length };
}

/** @param {number} value @param {number} wanted @param {number} tolerance */
function near(value, wanted, tolerance) {
  assert(Math.abs(value - wanted) < tolerance, `${value} is not ${wanted} ± ${tolerance}`);
}

test('each corruption has the mean and the variance of its formula', () => {
  const [f, p] = [0.3, 20];
  // Five standard errors of 40,000 draws; of hidden squares there are (SIDE / SQUARE)^2.
  for (const [kind, level, mean, variance] of /** @type {[string, number, number, number][]} */ ([
    ['gaussian', 0.5, X, 0.25],
    ['speckle', 0.5, X, 0.25 * X * X],
    ['masking', f, (1 - f) * X, f * (1 - f) * X * X],
    ['salt_and_pepper', f, f / 2 + (1 - f) * X, f / 2 + (1 - f) * X * X - (f / 2 + (1 - f) * X) ** 2],
    ['poisson', p, X, X / p],
  ])) {
    const seen = moments(rubbed(kind, level));
    near(seen.mean, mean, 5 * Math.sqrt(variance / N));
    near(seen.variance, variance, 0.05 * variance);
  }
  const { mean } = moments(rubbed('blocks', f));
  near(mean, (1 - f) * X, 5 * X * Math.sqrt((f * (1 - f)) / (SIDE / SQUARE) ** 2));
});

test('black stays black under speckle and Poisson noise', () => {
  for (const [kind, level] of /** @type {[string, number][]} */ ([
    ['speckle', 2],
    ['poisson', 1],
  ])) {
    assert(rubbed(kind, level, 0).every((v) => v === 0));
  }
});

test('only what was rubbed changes, and a square is hidden as a whole', () => {
  const mask = new Uint8Array(N);
  mask[0] = 1;
  const changed = (/** @type {Float32Array} */ values) =>
    [...values.keys()].filter((i) => values[i] !== Math.fround(X));
  assert.deepEqual(changed(rubbed('gaussian', 0.5, X, mask)), [0]);
  const square = [];
  for (let y = 0; y < SQUARE; y++) for (let x = 0; x < SQUARE; x++) square.push(y * SIDE + x);
  assert.deepEqual(changed(rubbed('blocks', 1, X, mask)), square);
});

test('Poisson counts come from the distribution function', () => {
  // P(k <= 2) of rate 3 is e^-3 (1 + 3 + 4.5) = 0.4232.
  assert.equal(poisson(3, 0.4231), 2);
  assert.equal(poisson(3, 0.4233), 3);
  assert.equal(poisson(0, 0.9), 0);
});
