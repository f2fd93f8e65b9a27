// Principal component analysis of points in the plane, in closed form.

/** @import { Points } from './points.js' */

/**
 * The line through the points' mean along which they vary most, and the mean squared distance of the points from it.
 *
 * @param {Points} points
 */
export function firstComponent({ x, y }) {
  const n = x.length;
  let [meanX, meanY] = [0, 0];
  for (let i = 0; i < n; i++) {
    meanX += x[i] / n;
    meanY += y[i] / n;
  }
  let [xx, xy, yy] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const [dx, dy] = [x[i] - meanX, y[i] - meanY];
    xx += (dx * dx) / n;
    xy += (dx * dy) / n;
    yy += (dy * dy) / n;
  }
  const angle = Math.atan2(2 * xy, xx - yy) / 2;
  // The smaller eigenvalue of the covariance: the variance across the line.
  const error = (xx + yy - Math.hypot(xx - yy, 2 * xy)) / 2;
  return { meanX, meanY, angle, error };
}
