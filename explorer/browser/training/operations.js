// The operations that can be trained: each takes a signal, and brings its gradient back.

import { ACTIVATIONS } from './activations.js';

/** @import { Kernel } from '../runtime/plain_kernel.js' */
/** @import { Random } from './random.js' */

/**
 * What stands between two layers, for all items of a batch: row-major, (rows, batch), so that an item is a column.
 *
 * @typedef {{rows: number, values: Float32Array, gradient: Float32Array}} Signal
 */

/** @typedef {{op: 'linear', rows: number}} Linear to so many rows. */

/** @typedef {{op: 'activation', kind: keyof typeof ACTIVATIONS, parameter?: number}} Activation */

/**
 * A draw from each item's posterior N(mu, exp(logvar)), of which the first half of the rows are mu and the other logvar;
 * it costs `beta` times the posterior's KL divergence from N(0, I). Both fields may change between two steps.
 *
 * @typedef {{op: 'sample', beta: number, isNoisy?: boolean}} Sample
 */

/** @typedef {Linear | Activation | Sample} Layer */

/**
 * What an operation may use.
 *
 * @typedef {object} Context
 * @property {Kernel} kernel
 * @property {number} batch items.
 * @property {Float32Array} ones as many as items.
 * @property {Random} random
 */

/** @typedef {{values: Float32Array, gradient: Float32Array}} Parameters a layer's trained numbers. */

/**
 * A layer that is ready to run: `backward` turns its output's gradient into its input's and its parameters'.
 *
 * @typedef {object} Step
 * @property {Signal} output
 * @property {() => void} forward
 * @property {() => void} backward
 * @property {() => number} [loss] what the layer adds to the loss: mean over the batch, in nats.
 * @property {(random: Random) => void} [start] gives its parameters their first values.
 */

/**
 * @param {Kernel} kernel
 * @param {number} rows
 * @param {number} batch
 * @returns {Signal}
 */
export function signal(kernel, rows, batch) {
  return { rows, values: kernel.allocate(rows * batch), gradient: kernel.allocate(rows * batch) };
}

/**
 * @param {Layer} layer
 * @param {Signal} input
 * @param {Parameters} parameters
 * @param {Context} context
 * @returns {Step}
 */
export function prepare(layer, input, parameters, context) {
  if (layer.op === 'linear') return linear(layer, input, parameters, context);
  return layer.op === 'activation' ? activation(layer, input, context) : sample(layer, input, context);
}

/**
 * y = W x + b. Its first weights are torch.nn.Linear's: weights and biases even in ± 1 / sqrt(rows of its input).
 *
 * @param {Linear} layer
 * @param {Signal} input
 * @param {Parameters} parameters the weights, row by row, and the biases after them.
 * @param {Context} context
 * @returns {Step}
 */
function linear({ rows }, input, parameters, { kernel, batch, ones }) {
  const inner = input.rows;
  const [weight, bias] = [part(parameters, 0, rows * inner), part(parameters, rows * inner, rows * (inner + 1))];
  const transposed = kernel.allocate(inner * rows);
  const output = signal(kernel, rows, batch);
  const perRow = Array.from({ length: rows }, (_, r) => ({
    weightGradient: weight.gradient.subarray(r * inner, (r + 1) * inner),
    gradient: output.gradient.subarray(r * batch, (r + 1) * batch),
  }));
  return {
    output,
    forward() {
      kernel.matmul(output.values, weight.values, input.values, bias.values, rows, inner, batch, batch);
    },
    backward() {
      for (const { weightGradient, gradient } of perRow) {
        kernel.matmul(weightGradient, input.values, gradient, null, inner, batch, 1, 1);
      }
      kernel.matmul(bias.gradient, output.gradient, ones, null, rows, batch, 1, 1);
      for (let r = 0, from = 0; r < rows; r++) {
        for (let k = 0; k < inner; k++) transposed[k * rows + r] = weight.values[from++];
      }
      kernel.matmul(input.gradient, transposed, output.gradient, null, inner, rows, batch, batch);
    },
    start(random) {
      const bound = 1 / Math.sqrt(inner);
      random.fillUniform(weight.values, -bound, bound);
      random.fillUniform(bias.values, -bound, bound);
    },
  };
}

/**
 * @param {Parameters} parameters
 * @param {number} from
 * @param {number} to
 * @returns {Parameters}
 */
function part({ values, gradient }, from, to) {
  return { values: values.subarray(from, to), gradient: gradient.subarray(from, to) };
}

/**
 * @param {Activation} layer
 * @param {Signal} input
 * @param {Context} context
 * @returns {Step}
 */
function activation({ kind, parameter = 0 }, input, { kernel, batch }) {
  const { forward, backward } = /** @type {import('./activations.js').Activation} */ (ACTIVATIONS[kind]);
  const output = signal(kernel, input.rows, batch);
  return {
    output,
    forward: () => forward(output.values, input.values, parameter),
    backward: () => backward(input.gradient, output.gradient, input.values, output.values, parameter),
  };
}

/**
 * z = mu + exp(logvar / 2) epsilon with epsilon from N(0, I) (Kingma and Welling 2014, section 2.4 and appendix B).
 *
 * @param {Sample} layer
 * @param {Signal} input
 * @param {Context} context
 * @returns {Step}
 */
function sample(layer, input, { kernel, batch, random }) {
  const output = signal(kernel, input.rows / 2, batch);
  const epsilon = new Float32Array(output.values.length);
  const size = epsilon.length;
  return {
    output,
    forward() {
      if (layer.isNoisy === false) epsilon.fill(0);
      else random.fillNormal(epsilon);
      const { values } = input;
      for (let i = 0; i < size; i++) output.values[i] = values[i] + Math.exp(values[size + i] / 2) * epsilon[i];
    },
    backward() {
      const { values, gradient } = input;
      const weight = layer.beta / batch;
      for (let i = 0; i < size; i++) {
        const [mu, logvar] = [values[i], values[size + i]];
        gradient[i] = output.gradient[i] + weight * mu;
        gradient[size + i] =
          (output.gradient[i] * epsilon[i] * Math.exp(logvar / 2)) / 2 + (weight * (Math.exp(logvar) - 1)) / 2;
      }
    },
    loss() {
      const { values } = input;
      let sum = 0;
      for (let i = 0; i < size; i++) {
        const [mu, logvar] = [values[i], values[size + i]];
        sum += mu * mu + Math.exp(logvar) - 1 - logvar;
      }
      return (layer.beta * sum) / (2 * batch);
    },
  };
}
