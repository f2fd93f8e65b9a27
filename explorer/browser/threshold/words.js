// Shares, counts, prices and typed numbers as text. Pure.

import { percent, threeDigits } from '../shared/numbers.js';

/** @typedef {{value: number, low: number, high: number}} Interval a share and its 95 % interval. */

/**
 * A share with two digits that count or more: 5.2 %, 0.034 %.
 *
 * @param {number} share
 */
export function shareText(share) {
  return Number.isFinite(share) ? percent(share, decimalsOf(share)) : '–';
}

/**
 * A share and its interval, to as many decimals: 5.2 % (4.1 to 6.4).
 *
 * @param {Interval} rate
 */
export function rateText(rate) {
  if (!Number.isFinite(rate.value)) return '–';
  return `${shareText(rate.value)} (${spanText(rate).replace(' %', '')})`;
}

/** @param {Interval} rate */
export function spanText({ value, low, high }) {
  const digits = decimalsOf(value);
  return `${(100 * low).toFixed(digits)} to ${percent(high, digits)}`;
}

/** @param {number} share */
function decimalsOf(share) {
  return share > 0 ? Math.min(6, Math.max(1, Math.ceil(-Math.log10(100 * share)) + 1)) : 1;
}

/** @param {number} count */
export function countText(count) {
  return count.toLocaleString('en-US');
}

/**
 * A number for a field: no more digits than are told apart, so that it can be typed again.
 *
 * @param {number} value
 * @param {number} digits
 */
export function fieldText(value, digits = 4) {
  return Number.isFinite(value) ? String(Number(value.toPrecision(digits))).replace('-', '−') : '';
}

/**
 * The number that was typed, as 1,000 or 0.5 or 0,5; NaN for anything else.
 *
 * @param {string} text
 */
export function numberIn(text) {
  const bare = text.replaceAll('−', '-').replace('%', '').trim();
  if (bare === '') return NaN;
  return Number(/^-?\d{1,3}(,\d{3})+(\.\d*)?$/.test(bare) ? bare.replaceAll(',', '') : bare.replace(',', '.'));
}

/** @param {[value: number, low: number, high: number]} interval */
export function intervalText([value, low, high]) {
  return `${value.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`;
}

/**
 * An amount of money or of anything: all its digits below a million.
 *
 * @param {number} amount
 */
export function priceText(amount) {
  return amount < 1e6
    ? Number(amount.toPrecision(6)).toLocaleString('en-US', { maximumFractionDigits: 2 })
    : threeDigits(amount);
}
