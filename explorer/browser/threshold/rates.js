// What the counts at a threshold allow to say: pure functions of sorted scores. An alarm is a score above the threshold.

/**
 * A share with its 95 % interval, of `count` in `n`.
 *
 * @typedef {{value: number, low: number, high: number, count: number, n: number}} Rate
 */

/** @typedef {{alarms: number[], found: number[], cuts: number[]}} Curve see `sweep`. */

/**
 * @typedef {object} Scores by kind, sorted.
 * @property {Float64Array} calibration of held-out normal items.
 * @property {Float64Array | null} novel null without labels.
 */

/** @typedef {{daily: number, share: number}} Day items a day, and the share of them that is novel. */

const TAIL = 0.025; // on each side of a 95 % interval

/**
 * How many of the sorted scores lie above the threshold.
 *
 * @param {Float64Array} sorted
 * @param {number} threshold
 */
export function countAbove(sorted, threshold) {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (sorted[middle] > threshold) to = middle;
    else from = middle + 1;
  }
  return sorted.length - from;
}

/**
 * A share of independent items with its 95 % interval (Clopper and Pearson 1934).
 *
 * @param {number} count
 * @param {number} n
 * @returns {Rate}
 */
export function rateOf(count, n) {
  if (!n) return { value: NaN, low: 0, high: 1, count, n };
  const low = count ? betaQuantile(count, n - count + 1, TAIL) : 0;
  const high = count < n ? betaQuantile(count + 1, n - count, 1 - TAIL) : 1;
  return { value: count / n, low, high, count, n };
}

/**
 * The false-alarm rate on new normal items that held-out normal scores promise at a threshold (split conformal).
 *
 * With k of n scores not above it the true rate is at most one that is distributed as Beta(n + 1 - k, k).
 *
 * @param {Float64Array} calibration
 * @param {number} threshold
 */
export function promisedRate(calibration, threshold) {
  const n = calibration.length;
  const k = n - countAbove(calibration, threshold);
  const value = (n + 1 - k) / (n + 1);
  if (!k) return { value, low: 1, high: 1, n };
  return { value, low: betaQuantile(n + 1 - k, k, TAIL), high: betaQuantile(n + 1 - k, k, 1 - TAIL), n };
}

/**
 * The lowest threshold that keeps a false-alarm rate, or the highest score where the scores are too few to promise it.
 *
 * @param {Float64Array} calibration
 * @param {number} rate
 */
export function thresholdForRate(calibration, rate) {
  const n = calibration.length;
  // Rounded first: (n + 1) (1 - 0.1) is a hair above the whole number it should be.
  const k = Math.ceil(Number(((n + 1) * (1 - rate)).toFixed(9)));
  return calibration[Math.min(n, Math.max(1, k)) - 1];
}

/**
 * All that a threshold can do to labelled items, from no alarm to nothing but alarms.
 *
 * @param {Float64Array} normal
 * @param {Float64Array} novel
 * @returns {Curve} of each step the false alarms, the novel items found, and a threshold that gives them: midway between
 *   two scores where it can be.
 */
export function sweep(normal, novel) {
  /** @type {Curve} */
  const curve = { alarms: [0], found: [0], cuts: [] };
  let [i, j] = [normal.length, novel.length];
  const highest = () => Math.max(i ? normal[i - 1] : -Infinity, j ? novel[j - 1] : -Infinity);
  curve.cuts.push(highest());
  while (i || j) {
    const score = highest();
    while (i && normal[i - 1] === score) i--;
    while (j && novel[j - 1] === score) j--;
    const next = highest();
    const middle = (score + next) / 2;
    curve.alarms.push(normal.length - i);
    curve.found.push(novel.length - j);
    curve.cuts.push(i || j ? (middle < score ? middle : next) : justBelow(score));
  }
  return curve;
}

/** @param {number} score */
function justBelow(score) {
  return score > 0 ? 0.99 * score : score - 0.01 * Math.max(1, Math.abs(score));
}

/**
 * The step of a sweep at which mistakes cost least; of equals the one with the fewest alarms.
 *
 * @param {Curve} curve
 * @param {number} missPrice
 * @param {number} alarmPrice
 */
export function cheapestStep(curve, missPrice, alarmPrice) {
  const total = curve.found[curve.found.length - 1];
  let [best, least] = [0, Infinity];
  for (let i = 0; i < curve.cuts.length; i++) {
    const cost = (total - curve.found[i]) * missPrice + curve.alarms[i] * alarmPrice;
    if (cost < least) [best, least] = [i, cost];
  }
  return { threshold: curve.cuts[best], cost: least };
}

/**
 * What to expect of a day.
 *
 * @param {Scores} scores without novel ones all items count as normal.
 * @param {Day} day
 * @param {number} threshold
 */
export function dayAt({ calibration, novel }, { daily, share }, threshold) {
  const novelItems = novel?.length ? daily * share : 0;
  const detected = novel && novelItems ? (novelItems * countAbove(novel, threshold)) / novel.length : 0;
  const falseAlarms = (daily - novelItems) * ((1 + countAbove(calibration, threshold)) / (calibration.length + 1));
  return { alarms: falseAlarms + detected, falseAlarms, found: detected, missed: novelItems - detected };
}

/**
 * The lowest threshold that is expected to give at most so many alarms a day, or the highest there is.
 *
 * @param {Scores} scores
 * @param {Day} day
 * @param {number} alarms
 */
export function thresholdForAlarms(scores, day, alarms) {
  const candidates = Float64Array.from([...scores.calibration, ...(scores.novel ?? [])]).sort();
  let [from, to] = [0, candidates.length - 1];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (dayAt(scores, day, candidates[middle]).alarms <= alarms * (1 + 1e-12)) to = middle;
    else from = middle + 1;
  }
  return candidates[from];
}

/**
 * Where a Beta(a, b) distribution has the share q below it, by bisection.
 *
 * @param {number} a
 * @param {number} b
 * @param {number} q
 */
function betaQuantile(a, b, q) {
  let [low, high] = [0, 1];
  for (let i = 0; i < 64 && high - low > 1e-15 * high; i++) {
    const middle = (low + high) / 2;
    if (betaShare(a, b, middle) < q) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/**
 * The share of a Beta(a, b) distribution below x: the regularised incomplete beta function (DLMF 8.17.22).
 *
 * @param {number} a
 * @param {number} b
 * @param {number} x
 * @returns {number}
 */
function betaShare(a, b, x) {
  if (x <= 0 || x >= 1) return x <= 0 ? 0 : 1;
  // The continued fraction converges quickly below the mean only.
  if (x > (a + 1) / (a + b + 2)) return 1 - betaShare(b, a, 1 - x);
  const front = a * Math.log(x) + b * Math.log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b) - Math.log(a);
  return Math.exp(front) * betaFraction(a, b, x);
}

/**
 * 1 / (1 + d1 / (1 + d2 / ...)), from front to back: the ratio of two recurrences, each step scaled by the last.
 *
 * @param {number} a
 * @param {number} b
 * @param {number} x
 */
function betaFraction(a, b, x) {
  const tiny = 1e-300;
  let ratioAbove = 1;
  let ratioBelow = 0;
  let value = 1;
  for (let i = 1; i < 20000; i++) {
    const m = i >> 1;
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    const d = i % 2 ? odd : even;
    ratioBelow = 1 / (1 + d * ratioBelow || tiny);
    ratioAbove = 1 + d / ratioAbove || tiny;
    const step = ratioAbove * ratioBelow;
    value *= step;
    if (Math.abs(step - 1) < 1e-15) break;
  }
  return 1 / value;
}

/**
 * Logarithm of the gamma function: Stirling's series, after steps to where it is exact.
 *
 * @param {number} x above 0.
 */
function logGamma(x) {
  let taken = 0;
  for (; x < 12; x++) taken += Math.log(x);
  const s = 1 / (x * x);
  const series = (1 / 12 - s * (1 / 360 - s * (1 / 1260 - s / 1680))) / x;
  return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + series - taken;
}
