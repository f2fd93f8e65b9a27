// Kernels: where a network's numbers lie, and how its matrices are multiplied.
//
// Each network opens one of its own, with memory for all that it asks for.

import compiled from './kernel.wasm';
import { ALIGNMENT, allocatedBytes, javascriptKernel } from './plain_kernel.js';

/** @import { Kernel } from './plain_kernel.js' */

export { countingKernel, javascriptKernel } from './plain_kernel.js';

const PAGE = 65536; // bytes; WebAssembly's

/**
 * The fastest kernel that this browser has.
 *
 * @param {number} bytes of memory.
 * @returns {Kernel}
 */
export function fastestKernel(bytes) {
  try {
    return simdKernel(bytes);
  } catch {
    // No WebAssembly, none with SIMD, a content policy against it, or not that much memory in one piece.
    return javascriptKernel();
  }
}

// --- WebAssembly ---------------------------------------------------------------------------------------------------

/** @type {WebAssembly.Module | null} */
let simdModule = null;

/** @typedef {{memory: WebAssembly.Memory, matmul: (...args: number[]) => void, __heap_base: WebAssembly.Global}} Exports */

/**
 * kernel.c with memory of its own. Throws where the browser cannot have it.
 *
 * The compiled kernel is under 4 KB, which every browser compiles at once.
 *
 * @param {number} bytes of memory.
 * @returns {Kernel}
 */
export function simdKernel(bytes) {
  simdModule ??= new WebAssembly.Module(compiled);
  const { exports } = new WebAssembly.Instance(simdModule);
  const { memory, matmul, __heap_base: heapBase } = /** @type {Exports} */ (/** @type {unknown} */ (exports));
  let next = Math.ceil(heapBase.value / ALIGNMENT) * ALIGNMENT;
  const end = next + bytes;
  // Grown once, before anything points into it: growing would cut off every array made before.
  const missing = end - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
  const { buffer } = memory;

  /**
   * Where an array lies, if it lies here and holds what the product takes.
   *
   * @param {Float32Array} array
   * @param {number} length
   */
  const place = (array, length) => {
    if (array.buffer !== buffer || array.length < length) throw new RangeError('A matrix product outside its memory.');
    return array.byteOffset;
  };
  return {
    name: 'simd',

    allocate(length) {
      const start = next;
      next += allocatedBytes(length);
      if (next > end) throw new RangeError('A network asked for more memory than it had counted.');
      return new Float32Array(buffer, start, length);
    },

    matmul(out, a, b, bias, rows, inner, columns, outStride) {
      matmul(
        place(out, (rows - 1) * outStride + columns),
        outStride,
        place(a, rows * inner),
        place(b, inner * columns),
        bias ? place(bias, rows) : 0,
        rows,
        inner,
        columns,
      );
    },
  };
}
