// The best that any denoiser of points could do.

/** @import { Points } from '../undercomplete/points.js' */

/**
 * Of a place among noisy points: the mean of the clean points that it may have come from, each as likely as the noise
 * makes it. It has the least mean squared error of all denoisers, and lies sigma^2 times the gradient of the noisy
 * points' log density away from the place (Robbins 1956; Miyasawa 1961).
 *
 * @param {Points} points
 * @param {number} sigma
 * @param {number} x
 * @param {number} y
 * @returns {[x: number, y: number, density: number]} the density of noisy points there, but for a factor.
 */
export function bestOf(points, sigma, x, y) {
  let nearest = Infinity;
  for (let i = 0; i < points.x.length; i++)
    nearest = Math.min(nearest, (x - points.x[i]) ** 2 + (y - points.y[i]) ** 2);
  let [weights, sumX, sumY] = [0, 0, 0];
  for (let i = 0; i < points.x.length; i++) {
    const squared = (x - points.x[i]) ** 2 + (y - points.y[i]) ** 2;
    const weight = Math.exp((nearest - squared) / (2 * sigma * sigma)); // the nearest one's is 1
    weights += weight;
    sumX += weight * points.x[i];
    sumY += weight * points.y[i];
  }
  return [sumX / weights, sumY / weights, weights * Math.exp(-nearest / (2 * sigma * sigma))];
}
