import assert from 'node:assert/strict';
import test from 'node:test';
import { pointsOf } from '../undercomplete/points.js';
import { bestOf } from './best.js';

test('the best denoiser moves by sigma^2 times the gradient of the log density', () => {
  const points = pointsOf('ring');
  const [sigma, step] = [0.3, 1e-4];
  const density = (/** @type {number} */ x, /** @type {number} */ y) => Math.log(bestOf(points, sigma, x, y)[2]);
  for (const [x, y] of [
    [0.3, 0.2],
    [1.2, -0.5],
    [-0.9, 0.9],
  ]) {
    const [toX, toY] = bestOf(points, sigma, x, y);
    const gradient = [
      (density(x + step, y) - density(x - step, y)) / (2 * step),
      (density(x, y + step) - density(x, y - step)) / (2 * step),
    ];
    assert(Math.abs(toX - x - sigma ** 2 * gradient[0]) < 1e-5);
    assert(Math.abs(toY - y - sigma ** 2 * gradient[1]) < 1e-5);
  }
});

test('of two points, the one between is pulled to the middle, and one beside an end to that end', () => {
  const two = { x: new Float32Array([-1, 1]), y: new Float32Array(2) };
  assert(Math.abs(bestOf(two, 0.5, 0, 0)[0]) < 1e-12);
  // The weights' ratio at 0.5 is exp(2 · 0.5 · 1 / 0.25): the mean is tanh(0.5 / 0.25).
  assert(Math.abs(bestOf(two, 0.5, 0.5, 0)[0] - Math.tanh(2)) < 1e-12);
});
