// The operations that a network's layers are made of.

import { gatherPatches, scatterPatches } from './patches.js';

/** Numbers in one item of this shape. */
export function sizeOf(shape) {
  return shape.reduce((product, n) => product * n, 1);
}

const ACTIVATIONS = {
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

// Each entry prepares one layer: it gets the layer's header, its weights, where its input lies and what it may use,
// and returns where its output lies and a function that fills it.
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
      const range = [band * rows, Math.min(height, (band + 1) * rows)];
      return { range, part: output.subarray(range[0] * width), positions: (range[1] - range[0]) * width };
    });
    const patches = scratch(inner * rows * width);
    return {
      output,
      run: () => {
        for (const { range, part, positions } of bands) {
          gatherPatches(patches(), input, layer.in, range, width, layer.kernel, layer.stride, layer.padding);
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
          scatterPatches(
            out,
            patches(),
            [outHeight, outWidth],
            [height, width],
            layer.kernel,
            layer.stride,
            layer.padding,
          );
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
    const positions = switches.get(layer.level);
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

  activation(layer, _weights, input, { kernel, isInput, isKept }) {
    const apply = ACTIVATIONS[layer.kind];
    const size = sizeOf(layer.out);
    if (!isInput(input) && !isKept(input)) return { output: input, run: () => apply(input, size, layer.parameter) };
    const output = kernel.allocate(size);
    return {
      output,
      run: () => {
        output.set(input);
        apply(output, size, layer.parameter);
      },
    };
  },
};

/** Which input each output of nearest upsampling reads; in single precision, as PyTorch computes it. */
function nearestIndices(size, outSize) {
  const scale = Math.fround(size / outSize);
  return Int32Array.from({ length: outSize }, (_, i) => Math.min(Math.floor(Math.fround(i * scale)), size - 1));
}
