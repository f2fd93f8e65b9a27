// What a kernel is, and those that need no WebAssembly.

import { matrixTimesMatrix, matrixTimesVector } from './matmul.js';

/**
 * @typedef {object} Kernel
 * @property {'simd' | 'javascript' | 'counting'} name
 * @property {(length: number) => Float32Array} allocate zeroed memory that `matmul` can read and write; never freed alone.
 * @property {Matmul} matmul
 */

/**
 * out = a b + bias, row-major: out (rows, columns) with outStride numbers from one row to the next, a (rows, inner),
 * b (inner, columns), bias (rows) or null. `out` must not overlap the inputs.
 *
 * @typedef {(out: Float32Array, a: Float32Array, b: Float32Array, bias: Float32Array | null, rows: number, inner: number,
 *   columns: number, outStride: number) => void} Matmul
 */

const BYTES_PER_NUMBER = 4;
export const ALIGNMENT = 16; // bytes; a vector's

/**
 * Bytes that an allocation of so many numbers takes.
 *
 * @param {number} length
 */
export function allocatedBytes(length) {
  return Math.ceil((length * BYTES_PER_NUMBER) / ALIGNMENT) * ALIGNMENT;
}

/**
 * Counts what a network asks for: its arrays are empty.
 *
 * @returns {Kernel & {bytes: number}}
 */
export function countingKernel() {
  return {
    name: 'counting',
    bytes: 0,
    allocate(length) {
      this.bytes += allocatedBytes(length);
      return new Float32Array(0);
    },
    matmul() {},
  };
}

/**
 * In plain JavaScript, for browsers without WebAssembly SIMD.
 *
 * @returns {Kernel}
 */
export function javascriptKernel() {
  return {
    name: 'javascript',

    allocate(length) {
      return new Float32Array(length);
    },

    matmul(out, a, b, bias, rows, inner, columns, outStride) {
      if (columns === 1) matrixTimesVector(out, a, b, bias, rows, inner, outStride);
      else matrixTimesMatrix(out, a, b, bias, rows, inner, columns, outStride);
    },
  };
}
