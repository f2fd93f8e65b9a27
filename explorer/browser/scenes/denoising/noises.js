// The corruptions of explorer/noise as a brush rubs them on: each value from its own draws, so that a rubbed place stays
// as it is until the level changes. Their formulas and sources are in explorer/noise; a test compares the two.

import { Random } from '../../training/random.js';

/** @import { Shape } from '../../stage/item_picture.js' */

/** @typedef {{uniform: Float32Array, normal: Float32Array}} Draws one of each for each value. */

export const SQUARE = 4; // pixels of a hidden square's side

/** @type {Record<string, (x: number, level: number, uniform: number, normal: number) => number>} */
const VALUES = {
  gaussian: (x, sigma, _uniform, normal) => x + sigma * normal,
  masking: (x, share, uniform) => (uniform < share ? 0 : x),
  blocks: (x, share, uniform) => (uniform < share ? 0 : x),
  salt_and_pepper: (x, share, uniform) => (uniform < share / 2 ? 0 : uniform < share ? 1 : x),
  poisson: (x, peak, uniform) => poisson(peak * Math.max(0, x), uniform) / peak,
  speckle: (x, sigma, _uniform, normal) => x * (1 + sigma * normal),
};

/**
 * @param {number} count of values.
 * @param {number} seed
 * @returns {Draws}
 */
export function drawsFor(count, seed) {
  const random = new Random(seed);
  const draws = { uniform: new Float32Array(count), normal: new Float32Array(count) };
  random.fillUniform(draws.uniform, 0, 1);
  random.fillNormal(draws.normal);
  return draws;
}

/**
 * Corrupt the rubbed places of an item. Squares are hidden as a whole once the brush has touched them.
 *
 * @param {{kind: string, level: number, item: Float32Array, shape: Shape, mask: Uint8Array, draws: Draws}} rubbed `mask`:
 *   (H, W), 1 where the brush was.
 * @param {Float32Array} noisy (C, H, W) gets the values.
 */
export function corrupt({ kind, level, item, shape, mask, draws }, noisy) {
  const [channels, height, width] = shape;
  const area = height * width;
  const squares = kind === 'blocks' ? touchedSquares(mask, shape) : null;
  const across = Math.ceil(width / SQUARE);
  const value = VALUES[kind];
  for (let pixel = 0; pixel < area; pixel++) {
    const square = Math.floor(pixel / width / SQUARE) * across + Math.floor((pixel % width) / SQUARE);
    const isRubbed = squares ? squares.has(square) : mask[pixel];
    for (let c = 0; c < channels; c++) {
      const i = c * area + pixel;
      noisy[i] = isRubbed ? value(item[i], level, draws.uniform[squares ? square : i], draws.normal[i]) : item[i];
    }
  }
}

/**
 * @param {Uint8Array} mask
 * @param {Shape} shape
 */
function touchedSquares(mask, [, , width]) {
  const across = Math.ceil(width / SQUARE);
  /** @type {Set<number>} */
  const squares = new Set();
  mask.forEach((is, pixel) => {
    if (is) squares.add(Math.floor(pixel / width / SQUARE) * across + Math.floor((pixel % width) / SQUARE));
  });
  return squares;
}

/**
 * The count below which a share of all counts lies, whose mean is `rate`: a draw where the share is one.
 *
 * @param {number} rate at most 500.
 * @param {number} share from 0 to below 1.
 */
export function poisson(rate, share) {
  let probability = Math.exp(-rate);
  let sum = probability;
  let count = 0;
  // The sum may end just below 1: then the probabilities have vanished.
  while (sum <= share && (probability > 1e-12 || count < rate)) {
    count++;
    probability *= rate / count;
    sum += probability;
  }
  return count;
}
