// The pictures beside a threshold: histograms of scores over an axis, and small curves with the point where it stands.

import { el } from '../shared/dom.js';
import { ticksBetween } from '../shared/numbers.js';

export const MARGIN = { left: 10, right: 10, top: 24, bottom: 38 };
const CURVE = { size: 150, left: 30, bottom: 30, top: 8, right: 8 };

/** An axis of scores, even in the score or in its logarithm; `at` is a place in [0, 1]. */
export function scoreAxis([low, high], log, width) {
  const scale = log ? Math.log10 : (x) => x;
  const back = log ? (x) => 10 ** x : (x) => x;
  const [from, to] = [scale(low), scale(high)];
  const room = width - MARGIN.left - MARGIN.right;
  const share = (score) => Math.min(1, Math.max(0, (scale(log ? Math.max(score, low) : score) - from) / (to - from)));
  const height = width > 500 ? 390 : 280;
  return {
    low,
    high,
    room,
    height,
    floor: height - MARGIN.bottom,
    share,
    at: (place) => back(from + Math.min(1, Math.max(0, place)) * (to - from)),
    toScreen: (score) => MARGIN.left + share(score) * room,
    placeOf: (px) => (px - MARGIN.left) / room,
    ticks: log ? decades(from, to, width / 90) : ticksBetween(low, high, width / 110),
  };
}

/** 1, 2, 5, 10, ... where there is room, else powers of ten. */
function decades(from, to, wanted) {
  const steps = to - from < wanted / 3 ? [1, 2, 5] : [1];
  const every = Math.max(1, Math.ceil((to - from) / wanted));
  const found = [];
  for (let power = Math.floor(from); power <= to; power++) {
    if (power % every) continue;
    for (const step of steps) {
      const value = step * 10 ** power;
      if (Math.log10(value) >= from && Math.log10(value) <= to) found.push({ at: value, text: roundText(value) });
    }
  }
  return found.length > 1 ? found : ticksBetween(10 ** from, 10 ** to, wanted);
}

/** A round number as an axis writes it. */
function roundText(value) {
  if (value >= 1e6 || value < 1e-4) return value.toExponential(0).replace('e+', 'e').replace('-', '−');
  return value >= 1 ? value.toLocaleString('en-US') : String(Number(value.toPrecision(3)));
}

/**
 * Bars of each set as shares of it, so that a small set is not lost beside a large one.
 *
 * @param {{scores: Float64Array, kind: string}[]} sets sorted.
 * @param {string} title of the axis.
 */
export function drawHistogram(bars, axisGroup, axis, sets, title) {
  const count = Math.max(16, Math.min(90, Math.floor(axis.room / 8)));
  const step = axis.room / count;
  const shares = sets.map(({ scores }) => {
    const bins = new Float64Array(count);
    for (const score of scores) bins[Math.min(count - 1, Math.floor(axis.share(score) * count))] += 1 / scores.length;
    return bins;
  });
  const top = Math.max(1e-9, ...shares.map((bins) => Math.max(...bins)));
  bars.replaceChildren(
    ...shares.flatMap((bins, set) =>
      Array.from(bins, (share, i) => {
        const height = (share / top) * (axis.floor - MARGIN.top - 8);
        const place = { x: MARGIN.left + i * step + 0.5, width: Math.max(1, step - 1), y: axis.floor - height, height };
        return share ? el('rect', { class: sets[set].kind, ...place }) : null;
      }).filter(Boolean),
    ),
  );
  const right = MARGIN.left + axis.room;
  axisGroup.replaceChildren(
    el('line', { x1: MARGIN.left, x2: right, y1: axis.floor, y2: axis.floor }),
    ...axis.ticks.map((tick) => {
      const x = axis.toScreen(tick.at);
      return el(
        'text',
        { x, y: axis.floor + 18, 'text-anchor': x < 30 ? 'start' : x > right - 20 ? 'end' : 'middle' },
        tick.text,
      );
    }),
    el('text', { class: 'title', x: right, y: axis.floor + 34, 'text-anchor': 'end' }, title),
  );
}

/** A small chart of two shares, each from 0 to 1, with a point on its curve. */
export function curveChart(title, xTitle, yTitle) {
  const { size, left, bottom, top, right } = CURVE;
  const [width, height] = [left + size + right, top + size + bottom];
  const toX = (share) => left + share * size;
  const toY = (share) => top + (1 - share) * size;
  const line = el('path', { class: 'curve' });
  const guide = el('path', { class: 'guide' });
  const point = el('circle', { class: 'point', r: 5 });
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
    el(
      'text',
      { x: 0, y: 0, transform: `translate(10 ${top + size / 2}) rotate(-90)`, 'text-anchor': 'middle' },
      yTitle,
    ),
  );
  return {
    element: el('figure', { class: 'curve-box' }, el('figcaption', {}, title), svg),

    /**
     * @param {number[]} xs of the curve, in order; as many ys.
     * @param {boolean} stepped whether it goes up or down before it goes on, else straight.
     * @param {[number, number, number, number]} reference ends of the line of guessing: x, y, x, y.
     */
    draw(xs, ys, stepped, reference) {
      line.setAttribute('d', thinPath(xs.map(toX), ys.map(toY), stepped));
      const [x1, y1, x2, y2] = reference;
      guide.setAttribute('d', `M${toX(x1)} ${toY(y1)}L${toX(x2)} ${toY(y2)}`);
    },

    /** Put the point at shares; NaN: nowhere. */
    mark(x, y) {
      const known = Number.isFinite(x) && Number.isFinite(y);
      point.toggleAttribute('hidden', !known);
      if (known) setAll(point, { cx: toX(x), cy: toY(y), 'data-x': x, 'data-y': y });
    },
  };
}

/** A path through places, without those too near the last one to be seen. */
function thinPath(xs, ys, stepped) {
  let path = '';
  let last = -1;
  for (let i = 0; i < xs.length; i++) {
    if (!Number.isFinite(ys[i])) continue;
    const far = last < 0 || i === xs.length - 1 || Math.hypot(xs[i] - xs[last], ys[i] - ys[last]) > 0.4;
    if (!far) continue;
    const [x, y] = [xs[i].toFixed(2), ys[i].toFixed(2)];
    path += last < 0 ? `M${x} ${y}` : stepped ? `V${y}H${x}` : `L${x} ${y}`;
    last = i;
  }
  return path;
}

export function setAll(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
}
