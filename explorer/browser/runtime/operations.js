// The operations that a network's layers are made of.

import { gatherPatches, scatterPatches } from './patches.js';

/** @import { Kernel } from './plain_kernel.js' */

/** @typedef {Record<string, Float32Array>} Weights tensors of a layer by name. */

/**
 * A layer as the pack describes it (see pack.py). Shapes are of one item; only convolutions have a kernel, a stride and
 * a padding, each as [rows, columns].
 *
 * @typedef {object} Layer
 * @property {string} op
 * @property {number[]} in
 * @property {number[]} out
 * @property {Record<string, [offset: number, count: number, size: number]>} tensors
 * @property {Pair} kernel
 * @property {Pair} stride
 * @property {Pair} padding
 * @property {number} level of a pooling that remembers, and of the unpooling that belongs to it.
 * @property {number} inner numbers in each channel of an affine layer.
 * @property {keyof typeof ACTIVATIONS} kind
 * @property {keyof typeof import('./other_operations.js').OTHER_ACTIVATIONS} other_kind
 * @property {number} parameter of an activation.
 * @property {number} other parameter of one with two.
 * @property {Pair} dilation of a window.
 * @property {number} fill what stands where a value comes from no place.
 * @property {number} size numbers that are normalised together.
 * @property {number} epsilon what is added to their variance.
 * @property {number} slot where a value is remembered.
 * @property {'sum' | 'product' | 'concat'} join of values that were remembered with one more.
 * @property {number[]} slots values that were remembered and are joined.
 */

/** @typedef {[rows: number, columns: number]} Pair */

/**
 * What an operation may use.
 *
 * @typedef {object} Context
 * @property {Kernel} kernel
 * @property {(size: number) => () => Float32Array} scratch one for all layers, as large as the largest asks for; it
 *   exists once all have asked.
 * @property {Map<number, Int32Array>} switches what paired poolings remember, by level.
 * @property {Map<number, Float32Array>} slots what is remembered where ways part and meet again.
 * @property {(buffer: Float32Array) => boolean} isFixed whether nothing may change an array in place.
 */

/**
 * Prepares one layer: from its description, its weights, where its input lies and what it may use, to where its output
 * lies and a function that fills it.
 *
 * @typedef {(layer: Layer, weights: Weights, input: Float32Array, context: Context) => Prepared} Operation
 */

/** @typedef {{output: Float32Array, run: () => void}} Prepared */

/**
 * Numbers in one item of this shape.
 *
 * @param {number[]} shape
 */
export function sizeOf(shape) {
  return shape.reduce((product, n) => product * n, 1);
}

/** @satisfies {Record<string, (values: Float32Array, n: number, parameter: number) => void>} */
export const ACTIVATIONS = {
  relu: (v, n) => {
    for (let i = 0; i < n; i++) if (v[i] < 0) v[i] = 0;
  },
  leaky_relu: (v, n, slope) => {
    for (let i = 0; i < n; i++) if (v[i] < 0) v[i] *= slope;
  },
  elu: (v, n, alpha) => {
    for (let i = 0; i < n; i++) if (v[i] < 0) v[i] = alpha * Math.expm1(v[i]);
  },
  silu: (v, n) => {
    for (let i = 0; i < n; i++) v[i] /= 1 + Math.exp(-v[i]);
  },
  tanh: (v, n) => {
    for (let i = 0; i < n; i++) v[i] = Math.tanh(v[i]);
  },
  sigmoid: (v, n) => {
    for (let i = 0; i < n; i++) v[i] = 1 / (1 + Math.exp(-v[i]));
  },
};

const BAND = 65536; // numbers, 256 KB: of a convolution's patches at a time

/** @type {Record<string, Operation>} */
export const OPERATIONS = {
  linear(layer, weights, input, { kernel }) {
    const [rows, inner] = [layer.out[0], layer.in[0]];
    const output = kernel.allocate(rows);
    return { output, run: () => kernel.matmul(output, weights.weight, input, weights.bias, rows, inner, 1, 1) };
  },

  conv(layer, weights, input, { kernel, scratch }) {
    const [channels, height, width] = layer.out;
    const inner = layer.in[0] * layer.kernel[0] * layer.kernel[1];
    const output = kernel.allocate(channels * height * width);
    // A band of rows at a time, so that its patches stay in the cache: with 64 maps of 64 x 64 they take 9 MB in all.
    const rows = Math.min(height, Math.max(1, Math.floor(BAND / (inner * width))));
    const bands = Array.from({ length: Math.ceil(height / rows) }, (_, band) => {
      /** @type {Pair} */
      const range = [band * rows, Math.min(height, (band + 1) * rows)];
      return { range, part: output.subarray(range[0] * width), positions: (range[1] - range[0]) * width };
    });
    const patches = scratch(inner * rows * width);
    return {
      output,
      run: () => {
        for (const { range, part, positions } of bands) {
          gatherPatches(patches(), input, layer, range);
          kernel.matmul(part, weights.weight, patches(), weights.bias, channels, inner, positions, height * width);
        }
      },
    };
  },

  conv_transpose(layer, weights, input, { kernel, scratch }) {
    const [channelsIn, height, width] = layer.in;
    const [channels, outHeight, outWidth] = layer.out;
    const positions = height * width;
    const rows = layer.kernel[0] * layer.kernel[1];
    const output = kernel.allocate(channels * outHeight * outWidth);
    const patches = scratch(rows * positions);
    const maps = Array.from({ length: channels }, (_, c) => ({
      weight: weights.weight.subarray(c * rows * channelsIn, (c + 1) * rows * channelsIn),
      bias: weights.bias ? weights.bias[c] : 0,
      out: output.subarray(c * outHeight * outWidth, (c + 1) * outHeight * outWidth),
    }));
    return {
      output,
      run: () => {
        for (const { weight, bias, out } of maps) {
          kernel.matmul(patches(), weight, input, null, rows, channelsIn, positions, positions);
          out.fill(bias);
          scatterPatches(out, patches(), layer);
        }
      },
    };
  },

  upsample(layer, _weights, input, { kernel }) {
    const [channels, height, width] = layer.in;
    const [, outHeight, outWidth] = layer.out;
    const output = kernel.allocate(sizeOf(layer.out));
    const rows = nearestIndices(height, outHeight);
    const columns = nearestIndices(width, outWidth);
    return {
      output,
      run: () => {
        let to = 0;
        for (let c = 0; c < channels; c++) {
          for (let i = 0; i < outHeight; i++) {
            const from = (c * height + rows[i]) * width;
            for (let j = 0; j < outWidth; j++) output[to++] = input[from + columns[j]];
          }
        }
      },
    };
  },

  pool(layer, _weights, input, { kernel }) {
    const [channels, height, width] = layer.in;
    const [, outHeight, outWidth] = layer.out;
    const output = kernel.allocate(sizeOf(layer.out));
    return {
      output,
      run: () => {
        let to = 0;
        for (let c = 0; c < channels; c++) {
          for (let i = 0; i < outHeight; i++) {
            const top = (c * height + 2 * i) * width;
            const bottom = 2 * i + 1 < height ? top + width : top;
            for (let j = 0; j < outWidth; j++) {
              const left = 2 * j;
              const right = left + 1 < width ? left + 1 : left;
              output[to++] = Math.max(
                input[top + left],
                input[top + right],
                input[bottom + left],
                input[bottom + right],
              );
            }
          }
        }
      },
    };
  },

  /** Pooling that remembers which position of its channel each maximum came from: the first, among equals. */
  paired_pool(layer, _weights, input, { kernel, switches }) {
    const [channels, height, width] = layer.in;
    const [, outHeight, outWidth] = layer.out;
    const output = kernel.allocate(sizeOf(layer.out));
    const positions = new Int32Array(sizeOf(layer.out));
    switches.set(layer.level, positions);
    return {
      output,
      run: () => {
        let to = 0;
        for (let c = 0; c < channels; c++) {
          const channel = c * height * width;
          for (let i = 0; i < outHeight; i++) {
            for (let j = 0; j < outWidth; j++, to++) {
              let best = 2 * i * width + 2 * j;
              for (let y = 2 * i; y < Math.min(2 * i + 2, height); y++) {
                for (let x = 2 * j; x < Math.min(2 * j + 2, width); x++) {
                  if (input[channel + y * width + x] > input[channel + best]) best = y * width + x;
                }
              }
              positions[to] = best;
              output[to] = input[channel + best];
            }
          }
        }
      },
    };
  },

  paired_unpool(layer, _weights, input, { kernel, switches }) {
    const area = layer.in[1] * layer.in[2];
    const outArea = layer.out[1] * layer.out[2];
    const output = kernel.allocate(sizeOf(layer.out));
    const positions = switches.get(layer.level) ?? new Int32Array(0);
    return {
      output,
      run: () => {
        output.fill(0);
        for (let k = 0; k < positions.length; k++) output[Math.floor(k / area) * outArea + positions[k]] = input[k];
      },
    };
  },

  unpool(layer, _weights, input, { kernel }) {
    const [channels, height, width] = layer.in;
    const [, outHeight, outWidth] = layer.out;
    // The other positions of each window are never written, so they stay zero.
    const output = kernel.allocate(sizeOf(layer.out));
    return {
      output,
      run: () => {
        let from = 0;
        for (let c = 0; c < channels; c++) {
          for (let i = 0; i < height; i++) {
            const to = (c * outHeight + 2 * i) * outWidth;
            for (let j = 0; j < width; j++) output[to + 2 * j] = input[from++];
          }
        }
      },
    };
  },

  affine(layer, weights, input, { kernel }) {
    const { subtract, scale, add } = weights;
    const inner = layer.inner;
    const channels = layer.out[0];
    const output = kernel.allocate(channels * inner);
    return {
      output,
      run: () => {
        for (let c = 0, at = 0; c < channels; c++) {
          for (let i = 0; i < inner; i++, at++) output[at] = (input[at] - subtract[c]) * scale[c] + add[c];
        }
      },
    };
  },

  activation(layer, _weights, input, context) {
    const apply = ACTIVATIONS[layer.kind];
    return inPlace(layer, input, context, (values, size) => apply(values, size, layer.parameter));
  },
};

/**
 * A layer that changes each value by itself: in place where nothing else needs the input.
 *
 * @param {Layer} layer
 * @param {Float32Array} input
 * @param {Context} context
 * @param {(values: Float32Array, size: number) => void} apply
 * @returns {Prepared}
 */
export function inPlace(layer, input, { kernel, isFixed }, apply) {
  const size = sizeOf(layer.out);
  if (!isFixed(input)) return { output: input, run: () => apply(input, size) };
  const output = kernel.allocate(size);
  return {
    output,
    run: () => {
      output.set(input);
      apply(output, size);
    },
  };
}

/**
 * Which input each output of nearest upsampling reads; in single precision, as PyTorch computes it.
 *
 * @param {number} size
 * @param {number} outSize
 */
function nearestIndices(size, outSize) {
  const scale = Math.fround(size / outSize);
  return Int32Array.from({ length: outSize }, (_, i) => Math.min(Math.floor(Math.fround(i * scale)), size - 1));
}
