// How a code lies among others: the nearest of them, and its density. Pure functions.

/** @import { Mixture } from '../messages.js' */

/**
 * The code nearest to another.
 *
 * @param {Float32Array} codes (n * size), one after the other.
 * @param {ArrayLike<number>} z (size).
 * @returns {{index: number, distance: number}} its position, and the Euclidean distance.
 */
export function nearestCode(codes, z) {
  const size = z.length;
  let [index, best] = [-1, Infinity];
  for (let i = 0, at = 0; at < codes.length; i++, at += size) {
    let sum = 0;
    for (let d = 0; d < size && sum < best; d++) {
      const difference = codes[at + d] - z[d];
      sum += difference * difference;
    }
    if (sum < best) [index, best] = [i, sum];
  }
  return { index, distance: Math.sqrt(best) };
}

/**
 * The logarithm of a Gaussian mixture's density, in nats: logsumexp over k of constant_k - |(z - mean_k) factor_k|^2 / 2.
 *
 * @param {Mixture} mixture whose factors are full (k, D, D), with one column of an upper triangle after the other, or
 *   diagonal (k, D).
 * @returns {(z: ArrayLike<number>) => number}
 */
export function logDensityOf(mixture) {
  const isFull = mixture.factors.shape.length === 3;
  const [constants, means, factors] = [mixture.constants.read(), mixture.means.read(), mixture.factors.read()];
  return (z) => {
    const size = z.length;
    const terms = Array.from(constants, (constant, k) => {
      let sum = 0;
      for (let j = 0; j < size; j++) {
        const column = (k * size + j) * size;
        let value = 0;
        if (isFull) for (let i = 0; i <= j; i++) value += (z[i] - means[k * size + i]) * factors[column + i];
        else value = (z[j] - means[k * size + j]) * factors[k * size + j];
        sum += value * value;
      }
      return constant - sum / 2;
    });
    const largest = Math.max(...terms);
    return largest + Math.log(terms.reduce((sum, term) => sum + Math.exp(term - largest), 0));
  };
}

/**
 * Share of values that are smaller than another.
 *
 * @param {Float32Array} sorted rising.
 * @param {number} value
 */
export function shareBelow(sorted, value) {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low / sorted.length;
}
