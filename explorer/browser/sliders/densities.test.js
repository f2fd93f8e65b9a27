import assert from 'node:assert/strict';
import test from 'node:test';
import { assertClose, sectionOf } from '../testing.js';
import { logDensityOf, nearestCode, shareBelow } from './densities.js';

const LOG_2_PI = Math.log(2 * Math.PI);

test('a full Gaussian has its density in closed form', () => {
  // Covariance [[4, 2], [2, 3]]: determinant 8, inverse [[3, -2], [-2, 4]] / 8; U with U U^T = inverse is upper triangular.
  const mean = [1, -2];
  const d = Math.sqrt(0.5);
  const [a, b] = [-0.25 / d, 0];
  const first = Math.sqrt(3 / 8 - a * a);
  // Columns of the upper triangle one after the other: (first, 0), (a, d).
  const factors = new Float32Array([first, b, a, d]);
  const constant = Math.log(first * d) - LOG_2_PI;
  const logDensity = logDensityOf({
    constants: sectionOf(Float64Array.of(constant), [1]),
    means: sectionOf(Float32Array.from(mean), [1, 2]),
    factors: sectionOf(factors, [1, 2, 2]),
    densities: sectionOf(new Float32Array(0), [0]),
  });
  for (const z of [mean, [0, 0], [3.5, 1]]) {
    const [x, y] = [z[0] - mean[0], z[1] - mean[1]];
    const expected = -LOG_2_PI - Math.log(8) / 2 - (3 * x * x - 4 * x * y + 4 * y * y) / 16;
    assertClose(logDensity(z), expected, 1e-5);
  }
});

test('a mixture of diagonal Gaussians is the sum of its parts, far from them, too', () => {
  const constants = Float64Array.of(Math.log(0.25) - LOG_2_PI / 2, Math.log(0.75) + Math.log(2) - LOG_2_PI / 2);
  const logDensity = logDensityOf({
    constants: sectionOf(constants, [2]),
    means: sectionOf(Float32Array.of(-1, 2), [2, 1]),
    factors: sectionOf(Float32Array.of(1, 2), [2, 1]),
    densities: sectionOf(new Float32Array(0), [0]),
  });
  /** @param {number} x @param {number} mean @param {number} sd */
  const normal = (x, mean, sd) => Math.exp(-(((x - mean) / sd) ** 2) / 2) / (sd * Math.sqrt(2 * Math.PI));
  for (const x of [-1, 0.3, 2, 4]) {
    assertClose(logDensity([x]), Math.log(0.25 * normal(x, -1, 1) + 0.75 * normal(x, 2, 0.5)), 1e-9);
  }
  assertClose(logDensity([-101]), constants[0] - 5000, 1e-9);
});

test('the nearest code', () => {
  const codes = Float32Array.of(0, 0, 3, 4, -1, 0.5);
  assert.deepEqual(nearestCode(codes, [3, 0]), { index: 0, distance: 3 });
  assert.deepEqual(nearestCode(codes, [3, 3]), { index: 1, distance: 1 });
});

test('the share below counts smaller values only', () => {
  const sorted = Float32Array.of(1, 2, 2, 3);
  assert.deepEqual(
    [0, 1, 2, 2.5, 9].map((value) => shareBelow(sorted, value)),
    [0, 0, 0.25, 0.75, 1],
  );
});
