// The decoder runtime: reads a pack (see pack.py) and runs its layers on one item at a time.
//
// Everything is allocated when a pack is opened, sized from its own shapes; a call allocates nothing. All weights and
// buffers come from the kernel's `allocate` and all heavy arithmetic goes through its `matmul` (see kernel.js).

import { countingKernel, fastestKernel } from './kernel.js';
import { OPERATIONS, sizeOf } from './operations.js';

/** @import { Kernel } from './plain_kernel.js' */
/** @import { Context, Layer, Operation, Weights } from './operations.js' */

/** @typedef {{format: number, input: number[], output: number[], layers: Layer[], weight_bytes: number}} Header */

/** @typedef {Layer & {weights: Weights}} PackedLayer */

/** A chain of layers that is ready to run. */
export class Network {
  /**
   * @param {Uint8Array} bytes a pack; it may start at any address, its weights are copied.
   * @param {(bytes: number) => Kernel} openKernel where memory comes from and matrices are multiplied.
   * @param {Record<string, Operation>} operations what its layers may be.
   */
  constructor(bytes, openKernel = fastestKernel, operations = OPERATIONS) {
    const { header, body } = readPack(bytes);
    this.inputShape = header.input;
    this.outputShape = header.output;
    // Once to count the memory, once in earnest: a kernel's memory cannot grow under arrays that point into it.
    const counter = countingKernel();
    connect(header, body, counter, operations);
    this.kernel = openKernel(counter.bytes);
    const { input, steps, outputs, layers } = connect(header, body, this.kernel, operations);
    this.input = input;
    this.steps = steps;
    this.outputs = outputs;
    this.output = outputs.at(-1) ?? input;
    /** The layers as the pack describes them, each with its weights. */
    this.layers = layers;
  }

  /**
   * Run the chain on one item.
   *
   * @param {ArrayLike<number>} values the item, flattened.
   * @returns {Float32Array} this network's own output buffer: copy it to keep it past the next call.
   */
  run(values) {
    this.input.set(values);
    for (const step of this.steps) step();
    return this.output;
  }

  /**
   * Run the chain on one item, and keep what each layer makes of it.
   *
   * @param {ArrayLike<number>} values the item, flattened.
   * @returns {Float32Array[]} copies, one for each of `layers`.
   */
  trace(values) {
    this.input.set(values);
    return this.steps.map((step, i) => {
      step();
      return this.outputs[i].slice(); // the layer behind it may work in place
    });
  }
}

/**
 * Lay out the layers' arrays and join each to the next.
 *
 * @param {Header} header
 * @param {Uint8Array} body
 * @param {Kernel} kernel
 * @param {Record<string, Operation>} operations
 */
function connect(header, body, kernel, operations) {
  const input = kernel.allocate(sizeOf(header.input));
  const [steps, outputs, layers] = /** @type {[(() => void)[], Float32Array[], PackedLayer[]]} */ ([[], [], []]);
  let scratchSize = 0;
  /** @type {Float32Array} */
  let scratchMemory = new Float32Array(0);
  const zeroed = new Set();
  /** @type {Context} */
  const context = {
    kernel,
    scratch: (size) => {
      scratchSize = Math.max(scratchSize, size);
      return () => scratchMemory;
    },
    switches: new Map(),
    slots: new Map(),
    // An unpooled map relies on the zeros it never writes.
    isFixed: (buffer) => buffer === input || zeroed.has(buffer),
  };
  let value = input;
  for (const layer of header.layers) {
    const weights = readWeights(layer, body, kernel);
    const { output, run } = operations[layer.op](layer, weights, value, context);
    if (layer.op === 'unpool') zeroed.add(output);
    steps.push(run);
    outputs.push(output);
    layers.push({ ...layer, weights });
    value = output;
  }
  scratchMemory = kernel.allocate(scratchSize);
  return { input, steps, outputs, layers };
}

/**
 * Header and weights of a pack; throws where it is not one.
 *
 * @param {Uint8Array} bytes
 * @returns {{header: Header, body: Uint8Array}}
 */
function readPack(bytes) {
  const magic = String.fromCharCode(...bytes.subarray(0, 4));
  if (magic !== 'AEXP') throw new Error('These bytes are not a packed network.');
  const length = new DataView(bytes.buffer, bytes.byteOffset + 4, 4).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  if (header.format !== 2) throw new Error(`This runtime reads packs of format 2, not ${header.format}.`);
  // An array of numbers needs an aligned start, which bytes from a message do not have: hence the copy.
  const body = bytes.slice(8 + length);
  if (body.length < header.weight_bytes) throw new Error('The packed network is cut short.');
  return { header, body };
}

/**
 * One layer's tensors by name, in the kernel's memory.
 *
 * @param {Layer} layer
 * @param {Uint8Array} body
 * @param {Kernel} kernel
 */
function readWeights(layer, body, kernel) {
  /** @type {Weights} */
  const tensors = {};
  for (const [name, [offset, count, size]] of Object.entries(layer.tensors)) {
    const tensor = kernel.allocate(count);
    tensors[name] = tensor;
    if (!tensor.length) continue; // while counting
    if (size === 2) setHalves(tensor, new Uint16Array(body.buffer, offset, count));
    else tensor.set(new Float32Array(body.buffer, offset, count));
  }
  return tensors;
}

/**
 * Numbers of half precision as the same ones of single precision: their bits in its places, with its exponent's zero.
 *
 * @param {Float32Array} values
 * @param {Uint16Array} halves
 */
function setHalves(values, halves) {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  halves.forEach((half, i) => {
    bits[i] = ((half & 0x8000) << 16) | ((half & 0x7fff) << 13);
    values[i] *= 2 ** 112;
  });
}
