// The pictures beside a threshold: histograms of scores over an axis, and small curves with the point where it stands.

import { el } from '../shared/dom.js';
import { LINE, MARGIN, titleLines } from './axis.js';

/** @import { Axis } from './axis.js' */

const CURVE = { size: 150, left: 30, bottom: 30, top: 8, right: 8 };
const NEAR = 0.4; // CSS pixels between two places of a path that the eye does not tell apart

/**
 * Bars of each set as shares of it, so that a small set is not lost beside a large one.
 *
 * @param {Element} bars gets the bars.
 * @param {Axis} axis
 * @param {{scores: Float64Array, kind: string}[]} sets sorted.
 */
export function drawBars(bars, axis, sets) {
  const count = Math.max(16, Math.min(90, Math.floor(axis.room / 8)));
  const step = axis.room / count;
  const shares = sets.map(({ scores }) => {
    const bins = new Float64Array(count);
    for (const score of scores) bins[Math.min(count - 1, Math.floor(axis.share(score) * count))] += 1 / scores.length;
    return bins;
  });
  const top = Math.max(1e-9, ...shares.map((bins) => Math.max(...bins)));
  bars.replaceChildren();
  shares.forEach((bins, set) => {
    bins.forEach((share, i) => {
      if (!share) return;
      const height = (share / top) * (axis.floor - MARGIN.top - 8);
      const place = { x: MARGIN.left + i * step + 0.5, width: Math.max(1, step - 1), y: axis.floor - height, height };
      bars.append(el('rect', { class: sets[set].kind, ...place }));
    });
  });
}

/**
 * @param {Element} group gets the axis.
 * @param {Axis} axis
 * @param {string} title
 * @param {string} note to the title.
 */
export function drawAxis(group, axis, title, note) {
  const right = MARGIN.left + axis.room;
  const lines = titleLines(title, note, axis.room);
  /** @param {number} x */
  const anchor = (x) => (x < 30 ? 'start' : x > right - 20 ? 'end' : 'middle');
  group.replaceChildren(
    el('line', { x1: MARGIN.left, x2: right, y1: axis.floor, y2: axis.floor }),
    ...axis.ticks.map((tick) => {
      const x = axis.toScreen(tick.at);
      return el('text', { x, y: axis.floor + 18, 'text-anchor': anchor(x) }, tick.text);
    }),
    ...lines.map((line, row) =>
      el('text', { class: 'title', x: right, y: axis.floor + 34 + LINE * row, 'text-anchor': 'end' }, line),
    ),
  );
}

/**
 * A small chart of two shares, each from 0 to 1, with a point on its curve.
 *
 * @param {string} title
 * @param {string} xTitle
 * @param {string} yTitle
 */
export function curveChart(title, xTitle, yTitle) {
  const { size, left, bottom, top, right } = CURVE;
  const [width, height] = [left + size + right, top + size + bottom];
  /** @param {number} share */
  const toX = (share) => left + share * size;
  /** @param {number} share */
  const toY = (share) => top + (1 - share) * size;
  const line = el('path', { class: 'curve' });
  const guide = el('path', { class: 'guide' });
  const point = el('circle', { class: 'point', r: 5 });
  const upwards = `translate(10 ${top + size / 2}) rotate(-90)`;
  const svg = el(
    'svg',
    { viewBox: `0 0 ${width} ${height}`, class: 'curve-chart', role: 'img', 'aria-label': title },
    el('path', { class: 'frame', d: `M${left} ${top}V${top + size}H${left + size}` }),
    guide,
    line,
    point,
    ...[0, 1].map((share) =>
      el('text', { x: toX(share), y: top + size + 13, 'text-anchor': share ? 'end' : 'start' }, share),
    ),
    ...[0, 1].map((share) => el('text', { x: left - 4, y: toY(share) + (share ? 9 : 0), 'text-anchor': 'end' }, share)),
    el('text', { x: left + size / 2, y: height - 3, 'text-anchor': 'middle' }, xTitle),
    el('text', { x: 0, y: 0, transform: upwards, 'text-anchor': 'middle' }, yTitle),
  );
  return {
    element: el('figure', { class: 'curve-box' }, el('figcaption', {}, title), svg),

    /**
     * @param {number[]} xs of the curve, in order.
     * @param {number[]} ys as many.
     * @param {boolean} stepped whether it goes up or down before it goes on, else straight.
     * @param {[number, number, number, number]} reference ends of the line of guessing: x, y, x, y.
     */
    draw(xs, ys, stepped, reference) {
      line.setAttribute('d', thinPath(xs.map(toX), ys.map(toY), stepped));
      const [x1, y1, x2, y2] = reference;
      guide.setAttribute('d', `M${toX(x1)} ${toY(y1)}L${toX(x2)} ${toY(y2)}`);
    },

    /**
     * Put the point at shares; NaN: nowhere.
     *
     * @param {number} x
     * @param {number} y
     */
    mark(x, y) {
      const isKnown = Number.isFinite(x) && Number.isFinite(y);
      point.toggleAttribute('hidden', !isKnown);
      if (isKnown) setAll(point, { cx: toX(x), cy: toY(y), 'data-x': x, 'data-y': y });
    },
  };
}

/**
 * A path through places, without those too near the last one to be seen.
 *
 * @param {number[]} xs
 * @param {number[]} ys
 * @param {boolean} stepped
 */
export function thinPath(xs, ys, stepped) {
  let path = '';
  let last = -1;
  for (let i = 0; i < xs.length; i++) {
    if (!Number.isFinite(ys[i])) continue;
    const isEnd = last < 0 || i === xs.length - 1;
    if (!isEnd && Math.hypot(xs[i] - xs[last], ys[i] - ys[last]) <= NEAR) continue;
    const [x, y] = [xs[i].toFixed(2), ys[i].toFixed(2)];
    if (last < 0) path += `M${x} ${y}`;
    else path += stepped ? `V${y}H${x}` : `L${x} ${y}`;
    last = i;
  }
  return path;
}

/**
 * @param {Element} node
 * @param {Record<string, string | number>} attributes
 */
export function setAll(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
}
