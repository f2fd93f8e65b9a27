// Curves over paths: one chart a measure, a line a path, and a mark at the place that is shown.

import { el } from '../shared/dom.js';
import { threeDigits, ticksBetween } from '../shared/numbers.js';
import { listenToScrubbing } from './scrubbing.js';

/** @import { Measure, Track } from '../messages.js' */
/** @import { Hand } from './scrubbing.js' */

const EDGE = { left: 46, right: 8, top: 6, bottom: 20 };

/**
 * The value at a share from 0 to 1 between equally spaced samples.
 *
 * @param {Float32Array} samples
 * @param {number} share
 */
export function valueAt(samples, share) {
  const place = share * (samples.length - 1);
  const i = Math.min(samples.length - 2, Math.floor(place));
  return samples[i] + (place - i) * (samples[i + 1] - samples[i]);
}

/**
 * Where the axis of a measure begins and ends: all that is drawn, with a little room.
 *
 * @param {Float32Array[]} curves
 * @param {[number, number] | null} band
 */
export function measureRange(curves, band) {
  let [low, high] = band ?? [Infinity, -Infinity];
  for (const curve of curves) {
    for (const value of curve) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  const room = 0.06 * (high - low) || 1;
  return [low - room, high + room];
}

/**
 * @param {Measure} measure
 * @param {Track[]} tracks
 * @param {Hand} hand
 */
export function createChart(measure, tracks, hand) {
  const { band } = measure;
  const n = measure.values.shape[1];
  const values = measure.values.read();
  const curves = tracks.map((_, i) => values.subarray(i * n, (i + 1) * n));
  const [low, high] = measureRange(curves, band);
  const back = el('g', { class: 'axis' });
  const lines = tracks.map((track) =>
    el('path', { class: 'curve', stroke: track.colour, 'stroke-dasharray': track.dash || null }),
  );
  const items = el('g', { class: 'axis' });
  const mark = el('line', { class: 'mark', y1: EDGE.top });
  const dots = tracks.map((track) => el('circle', { class: 'dot', fill: track.colour, r: 3 }));
  const plot = el(
    'svg',
    { class: 'plot', width: '100%', role: 'img', 'aria-label': `${measure.title} along the paths` },
    ...[back, ...lines, items, mark, ...dots],
  );
  const reading = el('span', { class: 'number' });
  const title = el('figcaption', { class: 'chart-title' }, el('span', {}, measure.title), reading);
  const bandKey = band && el('div', { class: 'caption' }, el('span', { class: 'band-key' }), measure.band_title);
  const element = el('figure', { class: 'chart' }, title, plot, bandKey);
  let [width, height] = [0, 0];

  /** @param {number} share */
  const x = (share) => EDGE.left + share * (width - EDGE.left - EDGE.right);
  /** @param {number} value */
  const y = (value) => EDGE.top + ((high - value) / (high - low)) * (height - EDGE.top - EDGE.bottom);
  listenToScrubbing(plot, (px) => (px - EDGE.left) / (width - EDGE.left - EDGE.right), hand);

  function drawAxis() {
    const [from, to] = [x(0), x(1)];
    const ticks = ticksBetween(low, high, 4).flatMap((tick) => [
      el('line', { x1: from, x2: to, y1: y(tick.at), y2: y(tick.at) }),
      el('text', { x: from - 6, y: y(tick.at) + 4, 'text-anchor': 'end' }, tick.text),
    ]);
    back.replaceChildren(...ticks);
    if (!band) return;
    const area = { x: from, width: Math.max(0, to - from), y: y(band[1]), height: y(band[0]) - y(band[1]) };
    back.prepend(el('rect', { class: 'band', ...area }));
  }

  return {
    element,

    /**
     * @param {number} newWidth in CSS pixels, as `newHeight`.
     * @param {number} newHeight
     */
    resize(newWidth, newHeight) {
      [width, height] = [newWidth, newHeight];
      plot.setAttribute('height', String(height));
      mark.setAttribute('y2', String(height - EDGE.bottom));
      drawAxis();
      lines.forEach((line, i) => {
        const places = Array.from(curves[i], (value, j) => `${x(j / (n - 1)).toFixed(1)} ${y(value).toFixed(1)}`);
        line.setAttribute('d', `M${places.join('L')}`);
      });
    },

    /**
     * Mark the place that is shown.
     *
     * @param {number} chosen number of the path.
     * @param {number} at share of it.
     */
    mark(chosen, at) {
      if (!width) return;
      const middle = String(x(at));
      lines.forEach((line, i) => line.classList.toggle('chosen', i === chosen));
      mark.setAttribute('x1', middle);
      mark.setAttribute('x2', middle);
      dots.forEach((dot, i) => {
        dot.setAttribute('cx', middle);
        dot.setAttribute('cy', String(y(valueAt(curves[i], at))));
        dot.setAttribute('r', i === chosen ? '5' : '2.5');
      });
      reading.textContent = `${threeDigits(valueAt(curves[chosen], at))} ${measure.unit}`.trim();
      items.replaceChildren(
        ...tracks[chosen].items_at.map((share, i) =>
          el('text', { x: x(share), y: height - 5, 'text-anchor': 'middle' }, i + 1),
        ),
      );
    },
  };
}
