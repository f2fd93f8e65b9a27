// The mathematics of a cloud of codes: draws from it, its divergence from the prior, and what a reconstruction costs.

/** @typedef {{mu: [number, number], sigma: [number, number]}} Posterior */

const LEAST = 1e-7; // a probability is kept this far from 0 and 1, as in float32

/** @type {Posterior} */
export const PRIOR = { mu: [0, 0], sigma: [1, 1] };

/**
 * Some way from one posterior to another.
 *
 * @param {Posterior} from
 * @param {Posterior} to
 * @param {number} share
 * @returns {Posterior}
 */
export function between(from, to, share) {
  /** @param {[number, number]} a @param {[number, number]} b @returns {[number, number]} */
  const mix = (a, b) => [a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])];
  return { mu: mix(from.mu, to.mu), sigma: mix(from.sigma, to.sigma) };
}

/**
 * @param {Posterior} posterior
 * @param {ArrayLike<number>} epsilon
 * @returns {[number, number]}
 */
export function codeOf({ mu, sigma }, epsilon) {
  return [mu[0] + sigma[0] * epsilon[0], mu[1] + sigma[1] * epsilon[1]];
}

/** KL divergence of N(mu, sigma^2) from N(0, 1), in nats. @param {number} mu @param {number} sigma */
export function divergence(mu, sigma) {
  return 0.5 * (mu * mu + sigma * sigma - 1) - Math.log(sigma);
}

/** @param {Posterior} posterior of which the divergences add up. */
export function divergenceOf({ mu, sigma }) {
  return divergence(mu[0], sigma[0]) + divergence(mu[1], sigma[1]);
}

/**
 * -log p(x|z) of a picture by the probabilities that were decoded, in nats.
 *
 * @param {ArrayLike<number>} x
 * @param {ArrayLike<number>} probabilities
 */
export function surprise(x, probabilities) {
  let sum = 0;
  for (let i = 0; i < x.length; i++) {
    const p = Math.min(1 - LEAST, Math.max(LEAST, probabilities[i]));
    sum -= x[i] * Math.log(p) + (1 - x[i]) * Math.log1p(-p);
  }
  return sum;
}

/** log density of N(mu, sigma^2). @param {number} z @param {number} mu @param {number} sigma */
export function logDensity(z, mu, sigma) {
  return -0.5 * ((z - mu) / sigma) ** 2 - Math.log(sigma) - 0.5 * Math.log(2 * Math.PI);
}

/** Share of N(0, 1) below a value: Zelen and Severo 1964, within 1e-7. @param {number} value */
export function normalShare(value) {
  const t = 1 / (1 + 0.2316419 * Math.abs(value));
  const series = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const above = (Math.exp(-0.5 * value * value) / Math.sqrt(2 * Math.PI)) * series;
  return value > 0 ? 1 - above : above;
}

/** The value that a share of N(0, 1) is below. @param {number} share @param {number} [most] */
export function normalQuantile(share, most = 4) {
  let [low, high] = [-most, most];
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2;
    if (normalShare(middle) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
