import assert from 'node:assert/strict';
import test from 'node:test';
import {
  convolved,
  edgeKernel,
  isChequered,
  nearest,
  outputSize,
  pooled,
  transposed,
  unpooled,
  unpooledAtFixed,
} from './resampling.js';

const map = { values: Float32Array.from([1, 5, 2, 0, 3, 4, 0, 9, 7, 0, 6, 6]), height: 3, width: 4 };
const list = (/** @type {{values: Float32Array}} */ { values }) => Array.from(values);

test('pooling keeps the largest and where it was; an odd edge is a window of its own', () => {
  const { small, places } = pooled(map);
  assert.deepEqual(list(small), [5, 9, 7, 6]);
  assert.deepEqual(Array.from(places), [1, 7, 8, 10]);
});

test('each way back puts values where it should', () => {
  const { small, places } = pooled(map);
  assert.deepEqual(list(unpooled(small, places, map)), [0, 5, 0, 0, 0, 0, 0, 9, 7, 0, 6, 0]);
  assert.deepEqual(list(unpooledAtFixed(small, map)), [5, 0, 9, 0, 0, 0, 0, 0, 7, 0, 6, 0]);
  assert.deepEqual(list(nearest(small, map)), [5, 5, 9, 9, 5, 5, 9, 9, 7, 7, 6, 6]);
});

test('a kernel of 3 with stride 2 makes a checkerboard of an even map, one of 4 does not', () => {
  const even = { values: new Float32Array(16).fill(1), height: 4, width: 4 };
  const inner = (/** @type {number} */ kernel) => {
    const { out, reached } = transposed(even, { kernel, stride: 2, padding: 1 });
    const row = (/** @type {{values: Float32Array, width: number}} */ { values, width }) =>
      Array.from(values.subarray(3 * width + 2, 3 * width + 6));
    return { width: out.width, out: row(out), reached: row(reached) };
  };
  const three = inner(3); // (4 - 1) * 2 - 2 + 3
  assert.equal(three.width, 7);
  assert.deepEqual(three.reached, [2, 4, 2, 4]);
  const four = inner(4);
  assert.equal(four.width, 8);
  assert.deepEqual(four.out, [1, 1, 1, 1]);
  assert.deepEqual([isChequered({ kernel: 3, stride: 2 }), isChequered({ kernel: 4, stride: 2 })], [true, false]);
});

test('the size of what comes out is the number of places that the kernel has', () => {
  for (const n of [5, 7, 8]) {
    for (const kernel of [1, 2, 3, 5]) {
      for (const stride of [1, 2, 3]) {
        for (const padding of [0, 1, 2]) {
          let places = 0;
          for (let at = -padding; at + kernel <= n + padding; at += stride) places += 1;
          assert.equal(outputSize(n, { kernel, stride, padding }), places);
        }
      }
    }
  }
});

test('the made-up kernel finds an edge from dark to light, and nothing in an even map', () => {
  const edge = { values: Float32Array.from([0, 0, 1, 0, 0, 1, 0, 0, 1]), height: 3, width: 3 };
  const settings = { kernel: 3, stride: 1, padding: 0 };
  assert.deepEqual(list(convolved(edge, edgeKernel(3), settings)), [3]);
  assert.deepEqual(list(convolved({ ...edge, values: new Float32Array(9).fill(2) }, edgeKernel(3), settings)), [0]);
});
