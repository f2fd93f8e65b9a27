// Whether a code is typical of real ones: as explorer/latent/density_check.py says it; a test compares the two. Pure.

import { nearestCode } from './densities.js';

/** @import { Typicality, VerdictLimit } from '../messages.js' */

/**
 * What is known of real codes.
 *
 * @typedef {object} RealCodes
 * @property {Typicality} check
 * @property {Float32Array} codes one after the other.
 * @property {Float32Array} means of each dimension.
 * @property {Float32Array} stds of each dimension.
 */

/**
 * @typedef {object} Checked
 * @property {number} index of the nearest real code.
 * @property {number} distance from it.
 * @property {VerdictLimit} verdict
 * @property {string} reason why it is not the first verdict; empty if it is.
 */

/**
 * @param {RealCodes} real
 * @param {ArrayLike<number>} z
 * @param {ArrayLike<number> | null} again the code of what z decodes to; null where that is not known.
 * @returns {Checked}
 */
export function checkCode({ check, codes, means, stds }, z, again) {
  /** @param {ArrayLike<number>} code */
  const placed = (code) => withoutInactive(code, check.inactive, means);
  const place = placed(z);
  const { index, distance } = nearestCode(codes, place);
  const norm = Math.sqrt(place.reduce((sum, value, d) => sum + ((value - means[d]) / stds[d]) ** 2, 0));
  const figures = [
    { key: norm < check.centre ? 'near_middle' : 'far_out', value: Math.abs(norm - check.centre) },
    { key: 'alone', value: distance },
    { key: 'changed', value: again ? euclidean(placed(again), place) : 0 },
  ].map(({ key, value }, i) => {
    const scale = check.scales[i];
    return { key, value: scale === null ? 0 : value / scale };
  });
  const largest = figures.reduce((most, figure) => (figure.value > most.value ? figure : most));
  const { verdicts } = check;
  const verdict = verdicts.find(({ limit }) => limit === null || largest.value <= limit) ?? verdicts[0];
  return { index, distance, verdict, reason: verdict === verdicts[0] ? '' : check.reasons[largest.key] };
}

/**
 * A code with every dimension that does not count at its mean.
 *
 * @param {ArrayLike<number>} code
 * @param {number[]} inactive
 * @param {Float32Array} means
 */
function withoutInactive(code, inactive, means) {
  const place = Float64Array.from(code);
  for (const d of inactive) place[d] = means[d];
  return place;
}

/**
 * @param {Float64Array} a
 * @param {Float64Array} b
 */
function euclidean(a, b) {
  return Math.sqrt(a.reduce((sum, value, d) => sum + (value - b[d]) ** 2, 0));
}
