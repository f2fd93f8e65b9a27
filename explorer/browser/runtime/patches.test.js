import test from 'node:test';
import { assertClose, randomNumbers } from '../testing.js';
import { gatherPatches, scatterPatches } from './patches.js';

/** @import { Layer, Pair } from './operations.js' */

/**
 * @param {number[]} from shape.
 * @param {number[]} to shape.
 * @param {Pair} kernel
 * @param {Pair} stride
 * @param {Pair} padding
 * @returns {Layer}
 */
function layerOf(from, to, kernel, stride, padding) {
  const rest = /** @type {Layer} */ ({ op: '', tensors: {} });
  return { ...rest, in: from, out: to, kernel, stride, padding };
}

/** @type {[number, number, Pair, Pair, Pair][]} height, width, kernel, stride, padding. */
const CASES = [
  [5, 4, [3, 3], [1, 1], [1, 1]],
  [6, 7, [2, 3], [2, 2], [0, 1]],
  [4, 4, [4, 4], [2, 2], [1, 1]],
  [3, 5, [1, 1], [1, 1], [0, 0]],
];

test('each column of patches holds what lies under the kernel there', () => {
  const random = randomNumbers(5);
  for (const [height, width, kernel, stride, padding] of CASES) {
    const outHeight = Math.floor((height + 2 * padding[0] - kernel[0]) / stride[0]) + 1;
    const outWidth = Math.floor((width + 2 * padding[1] - kernel[1]) / stride[1]) + 1;
    const layer = layerOf([2, height, width], [1, outHeight, outWidth], kernel, stride, padding);
    const x = Float32Array.from({ length: 2 * height * width }, random);
    const columns = new Float32Array(2 * kernel[0] * kernel[1] * outHeight * outWidth).fill(NaN);
    gatherPatches(columns, x, layer, [0, outHeight]);
    let at = 0;
    for (let c = 0; c < 2; c++) {
      for (let i = 0; i < kernel[0]; i++) {
        for (let j = 0; j < kernel[1]; j++) {
          for (let row = 0; row < outHeight; row++) {
            for (let column = 0; column < outWidth; column++, at++) {
              const [y, z] = [row * stride[0] + i - padding[0], column * stride[1] + j - padding[1]];
              const isInside = y >= 0 && y < height && z >= 0 && z < width;
              assertClose(columns[at], isInside ? x[(c * height + y) * width + z] : 0);
            }
          }
        }
      }
    }
  }
});

test('scattering is the transpose of gathering: <gather(x), y> = <x, scatter(y)>', () => {
  const random = randomNumbers(7);
  for (const [height, width, kernel, stride, padding] of CASES) {
    const outHeight = Math.floor((height + 2 * padding[0] - kernel[0]) / stride[0]) + 1;
    const outWidth = Math.floor((width + 2 * padding[1] - kernel[1]) / stride[1]) + 1;
    const x = Float32Array.from({ length: height * width }, random);
    const y = Float32Array.from({ length: kernel[0] * kernel[1] * outHeight * outWidth }, random);
    const gathered = new Float32Array(y.length);
    const scattered = new Float32Array(x.length);
    const shapes = { picture: [1, height, width], patches: [1, outHeight, outWidth] };
    const forward = layerOf(shapes.picture, shapes.patches, kernel, stride, padding);
    gatherPatches(gathered, x, forward, [0, outHeight]);
    scatterPatches(scattered, y, layerOf(shapes.patches, shapes.picture, kernel, stride, padding));
    const dot = (/** @type {Float32Array} */ a, /** @type {Float32Array} */ b) =>
      a.reduce((s, v, i) => s + v * b[i], 0);
    assertClose(dot(gathered, y), dot(x, scattered), 1e-4);
  }
});
