// A chain of layers that learns: forward, backward, and a step of Adam.
//
// Everything is allocated when a chain is made; a step allocates nothing. As in the decoder runtime, all arrays come from
// a kernel's memory and all products go through its `matmul` (see runtime/plain_kernel.js).

import { countingKernel } from '../runtime/plain_kernel.js';
import { Adam } from './adam.js';
import { RECONSTRUCTIONS } from './losses.js';
import { prepare, signal } from './operations.js';
import { Random } from './random.js';

/** @import { Kernel } from '../runtime/plain_kernel.js' */
/** @import { Layer, Step } from './operations.js' */

/**
 * @typedef {object} Plan
 * @property {number} inputs values of an item.
 * @property {Layer[]} layers
 * @property {number} batch items that go through at a time.
 * @property {keyof typeof RECONSTRUCTIONS} [reconstruction]
 * @property {number} [seed] of the first weights and of all draws.
 */

export class Chain {
  /**
   * @param {Plan} plan
   * @param {(bytes: number) => Kernel} openKernel
   */
  constructor({ inputs, layers, batch, reconstruction = 'squared_error', seed = 0 }, openKernel) {
    this.batch = batch;
    this.random = new Random(seed);
    // Once to count the memory, once in earnest: a kernel's memory cannot grow under arrays that point into it.
    const counter = countingKernel();
    connect(inputs, layers, batch, this.random, counter);
    const { input, steps, starts, parameters } = connect(inputs, layers, batch, this.random, openKernel(counter.bytes));
    /** Where the parameters of each layer start. */
    this.starts = starts;
    this.steps = steps;
    /** (inputs, batch): to be filled before a step. An item is a column. */
    this.input = input.values;
    /** (inputs, batch): the loss's gradient by the input, after `backward`. */
    this.inputGradient = input.gradient;
    /** What should come out; the input, unless another array of its size is put here. */
    this.target = this.input;
    this.last = steps[steps.length - 1].output;
    /** (outputs, batch) of the last step or forward pass. */
    this.output = this.last.values;
    this.parameters = parameters;
    this.reconstruction = RECONSTRUCTIONS[reconstruction];
    this.adam = new Adam(parameters.values, parameters.gradient);
    for (const step of steps) step.start?.(this.random);
  }

  /**
   * Copy the weights of a chain that has the same layers, from one of its layers on.
   *
   * @param {Chain} chain
   * @param {number} from
   */
  take(chain, from = 0) {
    const start = chain.starts[from];
    this.parameters.values.set(chain.parameters.values.subarray(start, start + this.parameters.values.length));
  }

  /** Run all layers on the input. */
  forward() {
    for (const step of this.steps) step.forward();
    return this.output;
  }

  /** Of the last forward pass: the mean over the items. */
  loss() {
    let sum = this.reconstruction.loss(this.output, this.target, this.batch);
    for (const step of this.steps) sum += step.loss?.() ?? 0;
    return sum;
  }

  /** The gradient of the last forward pass's loss, in `parameters.gradient`. */
  backward() {
    this.reconstruction.backward(this.last.gradient, this.output, this.target, this.batch);
    for (let i = this.steps.length - 1; i >= 0; i--) this.steps[i].backward();
  }

  /**
   * One step of training.
   *
   * @param {number} learningRate
   */
  step(learningRate) {
    this.forward();
    this.backward();
    this.adam.step(learningRate);
  }
}

/**
 * Lay out the layers' arrays and join each to the next.
 *
 * @param {number} inputs
 * @param {Layer[]} layers
 * @param {number} batch
 * @param {Random} random
 * @param {Kernel} kernel
 */
function connect(inputs, layers, batch, random, kernel) {
  const starts = parameterStarts(inputs, layers);
  const length = /** @type {number} */ (starts.at(-1));
  const parameters = { values: kernel.allocate(length), gradient: kernel.allocate(length) };
  const ones = kernel.allocate(batch).fill(1);
  const input = signal(kernel, inputs, batch);
  /** @type {Step[]} */
  const steps = [];
  let before = input;
  layers.forEach((layer, i) => {
    const own = {
      values: parameters.values.subarray(starts[i], starts[i + 1]),
      gradient: parameters.gradient.subarray(starts[i], starts[i + 1]),
    };
    const step = prepare(layer, before, own, { kernel, batch, ones, random });
    steps.push(step);
    before = step.output;
  });
  return { input, steps, starts, parameters };
}

/**
 * Where each layer's parameters start among all, and after the last one their number.
 *
 * @param {number} inputs
 * @param {Layer[]} layers
 */
function parameterStarts(inputs, layers) {
  const starts = [0];
  let rows = inputs;
  for (const layer of layers) {
    const count = layer.op === 'linear' ? layer.rows * (rows + 1) : 0;
    starts.push(starts[starts.length - 1] + count);
    if (layer.op === 'linear') rows = layer.rows;
    if (layer.op === 'sample') rows /= 2;
  }
  return starts;
}
