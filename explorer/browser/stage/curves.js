// Curves with their intervals, and where on them one is.

/** @import { Pen } from './plane.js' */

/**
 * @typedef {object} Curve
 * @property {string} part that it stands for.
 * @property {string} name
 * @property {string} colour
 * @property {ArrayLike<number>} mean
 * @property {ArrayLike<number>} low
 * @property {ArrayLike<number>} high
 * @property {number} now what is marked with a dot.
 */

/**
 * @typedef {object} Axes in shares of the plane, whose axes go from 0 to 1.
 * @property {number[]} across where each value of a curve stands.
 * @property {(value: number) => number} up
 * @property {{at: number, text: string}[]} below
 * @property {{at: number, text: string}[]} beside
 * @property {number} chosen position among the values.
 * @property {'top' | 'bottom'} names where the names of the curves stand.
 */

/** Ends of the curves in their plane. */
export const ENDS = { left: 0.12, right: 0.95, bottom: 0.14, top: 0.95 };

/**
 * Values with the ends of their intervals, of rows (n, 3).
 *
 * @param {Float32Array} rows
 */
export function rowsOf(rows) {
  const [mean, low, high] = [0, 1, 2].map((column) => rows.filter((_, i) => i % 3 === column));
  return { mean, low, high };
}

/**
 * The position of the nearest of some places.
 *
 * @param {number} x
 * @param {ArrayLike<number>} places
 */
export function nearestTo(x, places) {
  const far = Array.from(places, (each) => Math.abs(each - x));
  return far.indexOf(Math.min(...far));
}

/**
 * @param {Pen} pen
 * @param {Axes} axes
 * @param {Curve[]} curves
 * @param {(...parts: string[]) => number} strength
 */
export function drawCurves(pen, { across, up, below, beside, chosen, names }, curves, strength) {
  const { brush, px, py } = pen;
  const { left, right, bottom, top } = ENDS;
  for (const { at, text } of beside) {
    pen.line([left, right], [at, at], 1, '--faint');
    pen.words(text, px(left) - brush.canvas.clientWidth - 6, py(at) + 4);
  }
  for (const { at, text } of below) pen.middle(text, px(at), py(bottom) + 16);
  pen.fade(0.6);
  pen.line([across[chosen], across[chosen]], [bottom, top], 1.5, '--accent');
  for (const { part, colour, mean, low, high, now } of curves) {
    pen.fade(0.25 * strength(part));
    brush.fillStyle = pen.colour(colour);
    brush.beginPath();
    across.forEach((x, i) => {
      brush.lineTo(px(x), py(up(high[i])));
    });
    for (let i = across.length - 1; i >= 0; i--) brush.lineTo(px(across[i]), py(up(low[i])));
    brush.fill();
    pen.fade(strength(part));
    pen.line(across, Array.from(mean, up), 2.5, colour);
    pen.dots([across[chosen]], [up(now)], 5, colour);
  }
  curves.forEach(({ part, name, colour }, i) => {
    pen.fade(strength(part));
    const lines = names === 'top' ? i : i + 1 - curves.length;
    pen.words(name, -14, (names === 'top' ? py(top) + 14 : py(bottom) - 12) + 17 * lines, colour);
  });
  pen.fade(1);
}
