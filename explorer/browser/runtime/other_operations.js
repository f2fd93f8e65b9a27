// Operations of models that were trained elsewhere: what the families here have none of, so that Learn need not load it.

import { inPlace, OPERATIONS, sizeOf } from './operations.js';

/** @import { Operation } from './operations.js' */

/** @satisfies {Record<string, (values: Float32Array, n: number, parameter: number, other: number) => void>} */
export const OTHER_ACTIVATIONS = {
  hardtanh: (v, n, low, high) => {
    for (let i = 0; i < n; i++) v[i] = Math.min(Math.max(v[i], low), high);
  },
  hardsigmoid: (v, n) => {
    for (let i = 0; i < n; i++) v[i] = hardSigmoid(v[i]);
  },
  hardswish: (v, n) => {
    for (let i = 0; i < n; i++) v[i] *= hardSigmoid(v[i]);
  },
  celu: (v, n, alpha) => {
    for (let i = 0; i < n; i++) if (v[i] < 0) v[i] = alpha * Math.expm1(v[i] / alpha);
  },
  selu: (v, n) => {
    for (let i = 0; i < n; i++) v[i] = SELU_SCALE * (v[i] < 0 ? SELU_ALPHA * Math.expm1(v[i]) : v[i]);
  },
  gelu: (v, n) => {
    for (let i = 0; i < n; i++) v[i] = 0.5 * v[i] * erfc(-v[i] * Math.SQRT1_2);
  },
  gelu_tanh: (v, n) => {
    for (let i = 0; i < n; i++) {
      v[i] = 0.5 * v[i] * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (v[i] + 0.044715 * v[i] ** 3)));
    }
  },
  erf: (v, n) => {
    for (let i = 0; i < n; i++) v[i] = 1 - erfc(v[i]);
  },
  softplus: (v, n, beta, threshold) => {
    for (let i = 0; i < n; i++) if (v[i] * beta <= threshold) v[i] = softplus(v[i] * beta) / beta;
  },
  mish: (v, n) => {
    for (let i = 0; i < n; i++) v[i] *= Math.tanh(softplus(v[i]));
  },
  softsign: (v, n) => {
    for (let i = 0; i < n; i++) v[i] /= 1 + Math.abs(v[i]);
  },
};

// Klambauer et al. 2017.
const [SELU_ALPHA, SELU_SCALE] = [1.6732632423543772, 1.0507009873554805];

/** @param {number} x */
const hardSigmoid = (x) => Math.min(1, Math.max(0, x / 6 + 0.5));

/** @param {number} x */
const softplus = (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

/**
 * The complementary error function: its series where that is short, and a continued fraction in the tail.
 * Source: Abramowitz and Stegun 1964, 7.1.6 and 7.1.14.
 *
 * @param {number} x
 * @returns {number}
 */
function erfc(x) {
  if (x < 0) return 2 - erfc(-x);
  if (x < 2.5) {
    let term = x;
    let sum = x;
    for (let k = 1; term > 1e-17 * sum; k++) {
      term *= (2 * x * x) / (2 * k + 1);
      sum += term;
    }
    return 1 - (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
  }
  let fraction = x;
  for (let k = 60; k > 0; k--) fraction = x + k / 2 / fraction;
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * fraction);
}

/**
 * Some of the values as shares of their exponentials, in place.
 *
 * @param {Float32Array} values
 * @param {number[]} places
 */
function softmax(values, places) {
  const highest = Math.max(...places.map((i) => values[i]));
  let sum = 0;
  for (const i of places) sum += Math.exp(values[i] - highest);
  for (const i of places) values[i] = Math.exp(values[i] - highest) / sum;
}

/** @type {Record<string, Operation>} */
export const ALL_OPERATIONS = {
  ...OPERATIONS,

  /** Values from other places, and a constant where there is none. */
  gather(layer, weights, input, { kernel }) {
    const output = kernel.allocate(sizeOf(layer.out));
    const places = Int32Array.from(weights.index);
    return {
      output,
      run: () => {
        for (let i = 0; i < places.length; i++) output[i] = places[i] < 0 ? layer.fill : input[places[i]];
      },
    };
  },

  /** At each place the entry of a codebook that is nearest to the channels there. */
  nearest(layer, weights, input, { kernel }) {
    const [size] = layer.in;
    const places = sizeOf(layer.in) / size;
    const { entries } = weights;
    const output = kernel.allocate(sizeOf(layer.out));
    // |z - e|^2 less |z|^2, which is the same for all entries.
    const halves = Float64Array.from({ length: entries.length / size }, (_, k) => {
      let sum = 0;
      for (let d = 0; d < size; d++) sum += entries[k * size + d] ** 2;
      return sum / 2;
    });
    return {
      output,
      run: () => {
        for (let place = 0; place < places; place++) {
          let [best, closest] = [0, Infinity];
          for (let k = 0; k < halves.length; k++) {
            let distance = halves[k];
            for (let d = 0; d < size; d++) distance -= entries[k * size + d] * input[d * places + place];
            if (distance < closest) [best, closest] = [k, distance];
          }
          for (let d = 0; d < size; d++) output[d * places + place] = entries[best * size + d];
        }
      },
    };
  },

  /** Columns of a table: numbers in their unit, rates of counts (kind -2), chances of a category's values (kind 0 on). */
  columns(layer, weights, input, { kernel }) {
    const { mean, std, kinds } = weights;
    const output = kernel.allocate(sizeOf(layer.out));
    const categories = new Map();
    kinds.forEach((kind, i) => {
      if (kind >= 0) categories.set(kind, [...(categories.get(kind) ?? []), i]);
    });
    return {
      output,
      run: () => {
        for (let i = 0; i < output.length; i++) {
          output[i] = input[i] * std[i] + mean[i];
          if (kinds[i] === -2) output[i] = Math.exp(Math.min(output[i], layer.parameter));
        }
        for (const places of categories.values()) softmax(output, places);
      },
    };
  },

  /** The mean grey of each pixel by the shares of its levels, which lie one map behind the other. */
  levels(layer, _weights, input, { kernel }) {
    const { size } = layer;
    const [channels, height, width] = layer.out;
    const pixels = height * width;
    const output = kernel.allocate(channels * pixels);
    return {
      output,
      run: () => {
        for (let i = 0; i < output.length; i++) {
          const start = Math.floor(i / pixels) * size * pixels + (i % pixels);
          let highest = -Infinity;
          for (let k = 0; k < size; k++) highest = Math.max(highest, input[start + k * pixels]);
          let [sum, mean] = [0, 0];
          for (let k = 0; k < size; k++) {
            const share = Math.exp(input[start + k * pixels] - highest);
            sum += share;
            mean += share * k;
          }
          output[i] = mean / sum / (size - 1);
        }
      },
    };
  },

  /** A matrix along the rows of each map, and one along its columns: means of windows, straight lines between values. */
  resample(layer, weights, input, { kernel, scratch }) {
    const [channels, height, width] = layer.in;
    const [, outHeight, outWidth] = layer.out;
    const output = kernel.allocate(sizeOf(layer.out));
    const between = scratch(outHeight * width);
    const maps = Array.from({ length: channels }, (_, c) => ({
      from: input.subarray(c * height * width, (c + 1) * height * width),
      to: output.subarray(c * outHeight * outWidth, (c + 1) * outHeight * outWidth),
    }));
    return {
      output,
      run: () => {
        for (const { from, to } of maps) {
          kernel.matmul(between(), weights.down, from, null, outHeight, height, width, width);
          kernel.matmul(to, between(), weights.across, null, outHeight, width, outWidth, outWidth);
        }
      },
    };
  },

  max_pool(layer, _weights, input, { kernel }) {
    const [channels, height, width] = layer.in;
    const [, outHeight, outWidth] = layer.out;
    const { kernel: window, stride, padding, dilation } = layer;
    const output = kernel.allocate(sizeOf(layer.out));
    return {
      output,
      run: () => {
        let to = 0;
        for (let c = 0; c < channels; c++) {
          for (let i = 0; i < outHeight; i++) {
            for (let j = 0; j < outWidth; j++) {
              let best = Number.NEGATIVE_INFINITY;
              for (let k = 0; k < window[0]; k++) {
                const y = i * stride[0] - padding[0] + k * dilation[0];
                if (y < 0 || y >= height) continue;
                for (let l = 0; l < window[1]; l++) {
                  const x = j * stride[1] - padding[1] + l * dilation[1];
                  if (x >= 0 && x < width) best = Math.max(best, input[(c * height + y) * width + x]);
                }
              }
              output[to++] = best;
            }
          }
        }
      },
    };
  },

  /** Runs of values brought to mean 0 and variance 1, then scaled and shifted. */
  normalise(layer, weights, input, { kernel }) {
    const { size, inner, epsilon } = layer;
    const { weight, bias } = weights;
    const count = weight.length;
    const output = kernel.allocate(sizeOf(layer.out));
    return {
      output,
      run: () => {
        for (let start = 0; start < input.length; start += size) {
          let mean = 0;
          for (let i = start; i < start + size; i++) mean += input[i];
          mean /= size;
          let variance = 0;
          for (let i = start; i < start + size; i++) variance += (input[i] - mean) ** 2;
          const scale = 1 / Math.sqrt(variance / size + epsilon);
          for (let i = start; i < start + size; i++) {
            const at = Math.floor(i / inner) % count;
            output[i] = (input[i] - mean) * scale * weight[at] + bias[at];
          }
        }
      },
    };
  },

  prelu(layer, weights, input, { kernel }) {
    const output = kernel.allocate(sizeOf(layer.out));
    return {
      output,
      run: () => {
        for (let i = 0; i < output.length; i++) {
          output[i] = input[i] < 0 ? input[i] * weights.slope[Math.floor(i / layer.inner)] : input[i];
        }
      },
    };
  },

  /** Remembers a value that several ways go on from, or that is joined with another. */
  keep(layer, _weights, input, { kernel, slots }) {
    const kept = kernel.allocate(sizeOf(layer.in));
    slots.set(layer.slot, kept);
    return { output: input, run: () => kept.set(input) };
  },

  /** Goes on from a value that was remembered; a copy, since what follows may work in place. */
  recall(layer, _weights, _input, { kernel, slots }) {
    const kept = slots.get(layer.slot) ?? new Float32Array(0);
    const output = kernel.allocate(sizeOf(layer.out));
    return { output, run: () => output.set(kept) };
  },

  /** Values that were remembered and this one: added, multiplied, or side by side in the order they came in. */
  join(layer, _weights, input, { kernel, slots }) {
    const others = layer.slots.map((slot) => slots.get(slot) ?? new Float32Array(0));
    const output = kernel.allocate(sizeOf(layer.out));
    if (layer.join === 'concat') {
      return {
        output,
        run: () => {
          let at = 0;
          for (const part of [...others, input]) {
            output.set(part, at);
            at += part.length;
          }
        },
      };
    }
    const sums = layer.join === 'sum';
    return {
      output,
      run: () => {
        output.set(input);
        for (const other of others) {
          for (let i = 0; i < output.length; i++) output[i] = sums ? output[i] + other[i] : output[i] * other[i];
        }
      },
    };
  },

  other_activation(layer, _weights, input, context) {
    const apply = OTHER_ACTIVATIONS[layer.other_kind];
    return inPlace(layer, input, context, (values, size) => apply(values, size, layer.parameter, layer.other));
  },
};
