// How odd an error is among those of normal items: the same as explorer/novelty/thresholds.py, which explains it.

/**
 * How many of some sorted numbers are at least as large.
 *
 * @param {Float64Array} sorted
 * @param {number} value
 */
export function countFrom(sorted, value) {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return sorted.length - low;
}

/**
 * (1 + number of calibration errors at least as large) / (n + 1).
 *
 * @param {Float64Array} calibration sorted.
 * @param {number} error
 */
export function pValue(calibration, error) {
  return (1 + countFrom(calibration, error)) / (calibration.length + 1);
}

/**
 * The lowest threshold that keeps a rate of false alarms on new normal items.
 *
 * @param {Float64Array} calibration sorted.
 * @param {number} rate
 */
export function thresholdFor(calibration, rate) {
  const n = calibration.length;
  const k = Math.min(n, Math.ceil(Number(((n + 1) * (1 - rate)).toFixed(9))));
  return calibration[k - 1];
}
