// The autoencoder of the scene: layers of 16 around a code of one or two numbers, and what its decoder draws.

import { fastestKernel } from '../../runtime/kernel.js';
import { Chain } from '../../training/chain.js';
import { COUNT } from './points.js';

/** @import { Layer } from '../../training/operations.js' */
/** @import { Points } from './points.js' */

/** @typedef {'linear' | 'tanh' | 'relu' | 'silu'} Activation */

const WIDTH = 16;
const LEARNING_RATE = 0.01;
export const SAMPLES = 240; // places of the decoder that are drawn
const LINES = 6; // each way, where the code has two numbers
const PER_LINE = SAMPLES / LINES / 2;
const MARGIN = 0.04; // of the codes' range: how far the decoder is drawn beyond the last code

/**
 * @param {number} depth hidden layers on each side.
 * @param {Activation} activation
 * @param {number} rows
 * @returns {Layer[]}
 */
function half(depth, activation, rows) {
  /** @type {Layer[]} */
  const layers = [];
  for (let i = 0; i < depth; i++) {
    layers.push({ op: 'linear', rows: WIDTH });
    if (activation !== 'linear') layers.push({ op: 'activation', kind: activation });
  }
  return [...layers, { op: 'linear', rows }];
}

/**
 * @param {Points} points
 * @param {{depth: number, codes: number, activation: Activation, seed: number}} settings `codes`: numbers in a code.
 */
export function createModel(points, { depth, codes, activation, seed }) {
  const [encoder, decoder] = [half(depth, activation, codes), half(depth, activation, 2)];
  const chain = new Chain({ inputs: 2, layers: [...encoder, ...decoder], batch: COUNT, seed }, fastestKernel);
  const drawn = new Chain({ inputs: codes, layers: decoder, batch: SAMPLES }, fastestKernel);
  chain.input.set(points.x);
  chain.input.set(points.y, COUNT);
  const code = chain.steps[encoder.length - 1].output.values;

  /** @param {number} row of the codes. */
  function range(row) {
    let [low, high] = [Infinity, -Infinity];
    for (let i = row * COUNT; i < (row + 1) * COUNT; i++) {
      low = Math.min(low, code[i]);
      high = Math.max(high, code[i]);
    }
    const margin = MARGIN * (high - low) || 1e-3;
    return [low - margin, high + margin];
  }

  function placeSamples() {
    const first = range(0);
    /** @param {number[]} ends @param {number} share */
    const between = ([low, high], share) => low + share * (high - low);
    if (codes === 1) {
      for (let i = 0; i < SAMPLES; i++) drawn.input[i] = between(first, i / (SAMPLES - 1));
      return;
    }
    const second = range(1);
    for (let i = 0; i < SAMPLES; i++) {
      const line = Math.floor(i / PER_LINE);
      const across = (line % LINES) / (LINES - 1);
      const along = (i % PER_LINE) / (PER_LINE - 1);
      drawn.input[i] = between(first, line < LINES ? across : along);
      drawn.input[SAMPLES + i] = between(second, line < LINES ? along : across);
    }
  }

  return {
    code,
    range,
    /** The lines that the decoder draws, as [first, behind the last] of its samples. */
    lines:
      codes === 1 ? [[0, SAMPLES]] : Array.from({ length: 2 * LINES }, (_, i) => [i * PER_LINE, (i + 1) * PER_LINE]),
    rebuilt: { x: chain.output.subarray(0, COUNT), y: chain.output.subarray(COUNT) },
    curve: { x: drawn.output.subarray(0, SAMPLES), y: drawn.output.subarray(SAMPLES) },
    step: () => chain.step(LEARNING_RATE),

    /** Codes, reconstructions and curve of the weights as they are; the loss. */
    look() {
      chain.forward();
      drawn.take(chain, encoder.length);
      placeSamples();
      drawn.forward();
      return chain.loss();
    },
  };
}
