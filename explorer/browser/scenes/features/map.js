// The map of codes with its labelled items and its rings.

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
    pen.circle(px(of.x[i]), py(of.y[i]), radius);
    brush.fill();
  };
  pen.fade(0.8 * strength('points'));
  for (let i = 0; i < asked.labels.length; i++) dot(asked, i, 3);
  pen.fade(strength('wrong', 'given', 'points'));
  [brush.strokeStyle, brush.lineWidth] = [colour('--text'), 1.5];
  for (let i = 0; i < isWrong.length; i++) {
    if (!isWrong[i]) continue;
    pen.circle(px(asked.x[i]), py(asked.y[i]), 5);
    brush.stroke();
  }
  pen.fade(strength('labelled', 'given'));
  const isNamed = labelled.length <= MOST_NAMED;
  for (const j of labelled) {
    square(pen, pool, j, isNamed ? LABELLED : LABELLED / 2);
    if (!isNamed || names[pool.labels[j]].length > 1) continue;
    pen.middle(names[pool.labels[j]], px(pool.x[j]), py(pool.y[j]) + 4, '#fff', '600 11px');
  }
  pen.fade(1);
  if (chosen.item < 0) return;
  const { item, nearest } = chosen;
  pen.ties([asked.x[item]], [asked.y[item]], [pool.x[nearest]], [pool.y[nearest]], 2, '--text');
  dot(asked, item, 6);
  pen.circle(px(asked.x[item]), py(asked.y[item]), 8);
  brush.stroke();
  square(pen, pool, nearest, LABELLED + 2);
}

/** @param {Pen} pen @param {Places} of @param {number} j @param {number} half of its side in pixels */
function square({ brush, px, py, colour }, of, j, half) {
  const [x, y] = [px(of.x[j]), py(of.y[j])];
  brush.fillStyle = colour('--ground');
  brush.fillRect(x - half - 1.5, y - half - 1.5, 2 * half + 3, 2 * half + 3);
  brush.fillStyle = colour(`--class-${of.labels[j]}`);
  brush.fillRect(x - half, y - half, 2 * half, 2 * half);
}
