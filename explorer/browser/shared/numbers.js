// Numbers as text, and at which numbers an axis is labelled.

/**
 * A whole number with its thousands apart.
 *
 * @param {number} value
 */
export function counted(value) {
  return value.toLocaleString('en-US');
}

/**
 * Three significant digits, with a true minus sign.
 *
 * @param {number} value
 */
export function threeDigits(value) {
  if (!Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  if (size < 1e-12) return '0';
  let text = value.toPrecision(3);
  if (size < 1e-4 || size >= 1e6) text = value.toExponential(2);
  else if (size >= 100) text = counted(Math.round(value));
  return text.replaceAll('-', '−');
}

/**
 * The share as a percentage.
 *
 * @param {number} share
 * @param {number} [digits] after the point.
 */
export function percent(share, digits = 0) {
  return `${(100 * share).toFixed(digits)} %`;
}

/**
 * Round numbers at which to label an axis, one, two or five times a power of ten apart.
 *
 * @param {number} low
 * @param {number} high
 * @param {number} wanted about how many.
 */
export function ticksBetween(low, high, wanted) {
  const rough = (high - low) / Math.max(1, wanted);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5].map((multiple) => multiple * power).find((candidate) => candidate >= rough) ?? 10 * power;
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const ticks = [];
  for (let i = Math.ceil(low / step); i * step <= high; i++) {
    ticks.push({ at: i * step, text: (i * step).toFixed(digits).replace('-', '−') });
  }
  return ticks;
}
