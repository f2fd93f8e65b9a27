// The map of codes with its labelled items and its rings, and accuracy by the number of labels.

import { percent } from '../../shared/numbers.js';

/** @import { Pen } from '../../stage/plane.js' */

const MOST_NAMED = 60; // squares that are large and named
const LABELLED = 6; // pixels from the middle of a labelled item's square to its sides

/**
 * @typedef {object} Places
 * @property {Float32Array} x in the axes' units.
 * @property {Float32Array} y
 * @property {Uint16Array} labels
 */

/**
 * @param {Pen} pen
 * @param {Places} asked items whose label is asked for.
 * @param {number[]} labelled positions among the pool of those that are labelled.
 * @param {Places} pool
 * @param {string[]} names of the labels.
 * @param {boolean[]} isWrong of each asked item.
 * @param {{item: number, nearest: number}} chosen the item that is pointed at, -1 for none, and its nearest labelled one.
 * @param {(...parts: string[]) => number} strength
 */
export function drawMap(pen, asked, labelled, pool, names, isWrong, chosen, strength) {
  const { brush, px, py, colour } = pen;
  const dot = (/** @type {Places} */ of, /** @type {number} */ i, /** @type {number} */ radius) => {
    brush.fillStyle = colour(`--class-${of.labels[i]}`);
    brush.beginPath();
    brush.arc(px(of.x[i]), py(of.y[i]), radius, 0, 2 * Math.PI);
    brush.fill();
  };
  pen.fade(0.8 * strength('points'));
  for (let i = 0; i < asked.labels.length; i++) dot(asked, i, 3);
  pen.fade(strength('wrong', 'given', 'points'));
  [brush.strokeStyle, brush.lineWidth] = [colour('--st-text-color'), 1.5];
  for (let i = 0; i < isWrong.length; i++) {
    if (!isWrong[i]) continue;
    brush.beginPath();
    brush.arc(px(asked.x[i]), py(asked.y[i]), 5, 0, 2 * Math.PI);
    brush.stroke();
  }
  pen.fade(strength('labelled', 'given'));
  const isNamed = labelled.length <= MOST_NAMED;
  for (const j of labelled) {
    square(pen, pool, j, isNamed ? LABELLED : LABELLED / 2);
    if (!isNamed || names[pool.labels[j]].length > 1) continue;
    [brush.font, brush.textAlign, brush.fillStyle] = [
      `600 11px ${colour('--st-font') || 'sans-serif'}`,
      'center',
      '#fff',
    ];
    brush.fillText(names[pool.labels[j]], px(pool.x[j]), py(pool.y[j]) + 4);
  }
  pen.fade(1);
  if (chosen.item < 0) return;
  const { item, nearest } = chosen;
  pen.ties([asked.x[item]], [asked.y[item]], [pool.x[nearest]], [pool.y[nearest]], 2, '--st-text-color');
  dot(asked, item, 6);
  brush.beginPath();
  brush.arc(px(asked.x[item]), py(asked.y[item]), 8, 0, 2 * Math.PI);
  brush.stroke();
  square(pen, pool, nearest, LABELLED + 2);
}

/** @param {Pen} pen @param {Places} of @param {number} j @param {number} half of its side in pixels */
function square({ brush, px, py, colour }, of, j, half) {
  const [x, y] = [px(of.x[j]), py(of.y[j])];
  brush.fillStyle = colour('--st-background-color');
  brush.fillRect(x - half - 1.5, y - half - 1.5, 2 * half + 3, 2 * half + 3);
  brush.fillStyle = colour(`--class-${of.labels[j]}`);
  brush.fillRect(x - half, y - half, 2 * half, 2 * half);
}

/**
 * @typedef {object} Curve
 * @property {string} part
 * @property {string} name
 * @property {string} colour
 * @property {Float32Array} accuracy
 * @property {Float32Array} low
 * @property {Float32Array} high
 * @property {number} now share that is right in the draw that is shown.
 */

/** Ends of the curves in their plane, whose axes go from 0 to 1. */
export const ENDS = { left: 0.12, right: 0.95, bottom: 0.14, top: 0.95 };

/**
 * @param {Pen} pen
 * @param {Curve[]} curves
 * @param {number[]} counts labels per class.
 * @param {number} chosen position among these.
 * @param {(...parts: string[]) => number} strength
 */
export function drawCurves(pen, curves, counts, chosen, strength) {
  const { brush, px, py } = pen;
  const { left, right, bottom, top } = ENDS;
  const most = Math.log(counts[counts.length - 1]) || 1;
  const across = counts.map((count) => left + ((right - left) * Math.log(count)) / most);
  const up = (/** @type {number} */ share) => bottom + (top - bottom) * share;
  for (const share of [0, 0.25, 0.5, 0.75, 1]) {
    pen.line([left, right], [up(share), up(share)], 1, '--faint');
    pen.words(percent(share), px(left) - pen.brush.canvas.clientWidth - 6, py(up(share)) + 4, '--st-text-color');
  }
  counts.forEach((count, i) => {
    if (![1, 2, 5, 10, 20, 50, 100].includes(count)) return;
    [brush.textAlign, brush.fillStyle] = ['center', pen.colour('--st-text-color')];
    brush.fillText(String(count), px(across[i]), py(bottom) + 16);
  });
  pen.fade(0.6);
  pen.line([across[chosen], across[chosen]], [bottom, top], 1.5, '--st-primary-color');
  for (const { part, colour, accuracy, low, high, now } of curves) {
    pen.fade(0.25 * strength(part));
    brush.fillStyle = pen.colour(colour);
    brush.beginPath();
    across.forEach((x, i) => {
      brush.lineTo(px(x), py(up(high[i])));
    });
    for (let i = across.length - 1; i >= 0; i--) brush.lineTo(px(across[i]), py(up(low[i])));
    brush.fill();
    pen.fade(strength(part));
    pen.line(across, Array.from(accuracy, up), 2.5, colour);
    pen.dots([across[chosen]], [up(now)], 5, colour);
  }
  curves.forEach(({ part, name, colour }, i) => {
    pen.fade(strength(part));
    pen.words(name, -14, py(bottom) - 12 - 17 * (curves.length - 1 - i), colour);
  });
  pen.fade(1);
}
