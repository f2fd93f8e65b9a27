import assert from 'node:assert/strict';
import test from 'node:test';
import {
  between,
  codeOf,
  divergence,
  divergenceOf,
  logDensity,
  normalQuantile,
  normalShare,
  surprise,
} from './gaussian.js';

/** @param {number} actual @param {number} expected @param {number} within */
const near = (actual, expected, within) => assert(Math.abs(actual - expected) < within, `${actual}, not ${expected}`);

test('the divergence is known where it is known in closed form', () => {
  near(divergence(0, 1), 0, 1e-15);
  near(divergence(2, 1), 2, 1e-15);
  near(divergence(0, Math.E), (Math.E ** 2 - 3) / 2, 1e-12);
  near(divergenceOf({ mu: [2, 3], sigma: [1, 1] }), 6.5, 1e-12);
});

test('the area between the two curves, over equally likely draws, is the divergence', () => {
  const [mu, sigma, n] = [-0.7, 0.31, 20000];
  let area = 0;
  for (let i = 0; i < n; i++) {
    const z = mu + sigma * normalQuantile((i + 0.5) / n, 6);
    area += (logDensity(z, mu, sigma) - logDensity(z, 0, 1)) / n;
  }
  near(area, divergence(mu, sigma), 1e-3);
});

test('shares of the normal are those of the tables', () => {
  for (const [value, share] of [[0, 0.5], [1, 0.8413447], [-1.959964, 0.025], [3, 0.9986501]]) {
    near(normalShare(value), share, 2e-7);
    near(normalQuantile(share), value, 1e-4); // 2e-7 over the density at 3, 0.0044, and half as much again
  } // biome-ignore format: as it is read
});

test('a draw is the mean and so many deviations, and the way between two is straight', () => {
  assert.deepEqual(codeOf({ mu: [1, -1], sigma: [0.5, 2] }, [2, -1]), [2, -3]);
  assert.deepEqual(between({ mu: [0, 2], sigma: [1, 1] }, { mu: [4, 0], sigma: [3, 1] }, 0.25), {
    mu: [1, 1.5],
    sigma: [1.5, 1],
  });
});

test('the surprise is the cross-entropy, and finite where a probability is 0', () => {
  near(surprise([1, 0, 0.5], [0.5, 0.5, 0.5]), 3 * Math.log(2), 1e-12);
  near(surprise([1, 0], [0.25, 0.25]), Math.log(4) - Math.log(0.75), 1e-12);
  assert(Number.isFinite(surprise([1], [0])));
});
