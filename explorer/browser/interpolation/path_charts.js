// Curves over ways: one chart a measure, a line a way, and a mark at the place that is shown.

import { el } from '../shared/dom.js';
import { threeDigits, ticksBetween } from '../shared/numbers.js';

const CHART_EDGE = { left: 46, right: 8, top: 6, bottom: 20 };

/** The value at a share from 0 to 1 between equally spaced samples. */
function valueAt(samples, share) {
  const place = share * (samples.length - 1);
  const i = Math.min(samples.length - 2, Math.floor(place));
  return samples[i] + (place - i) * (samples[i + 1] - samples[i]);
}

/** Calls back as a pointer moves over an element (`hover`), holds it (`set`), lets go (`release`) or leaves (`leave`). */
export function scrubbing(element, shareAt, { hover, set, release, leave }) {
  let held = false;
  const share = (event) => Math.min(1, Math.max(0, shareAt(event.clientX - element.getBoundingClientRect().left)));
  element.addEventListener('pointerdown', (event) => {
    held = true;
    element.setPointerCapture(event.pointerId);
    set(share(event));
  });
  element.addEventListener('pointermove', (event) => {
    if (held) set(share(event));
    else if (event.pointerType === 'mouse') hover(share(event));
  });
  element.addEventListener('pointerleave', () => {
    if (!held) leave();
  });
  for (const name of ['pointerup', 'pointercancel']) {
    element.addEventListener(name, () => {
      if (!held) return;
      held = false;
      release();
    });
  }
}

/** Where the axis of a measure begins and ends: all that is drawn, with a little room. */
function measureRange(curves, band) {
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
 * @param {{title: string, unit: string, band: number[] | null, band_title: string}} measure
 * @param {Float32Array[]} curves one a way.
 * @param {{title: string, colour: string, dash: string, items_at: number[]}[]} tracks
 * @param {object} hand what `scrubbing` calls.
 */
export function wayChart(measure, curves, tracks, hand) {
  const [low, high] = measureRange(curves, measure.band);
  const back = el('g', { class: 'axis' });
  const lines = tracks.map((track) =>
    el('path', { class: 'curve', stroke: track.colour, 'stroke-dasharray': track.dash || null }),
  );
  const items = el('g', { class: 'axis' });
  const mark = el('line', { class: 'mark', y1: CHART_EDGE.top });
  const dots = tracks.map((track) => el('circle', { class: 'dot', fill: track.colour, r: 3 }));
  const plot = el(
    'svg',
    { class: 'plot', width: '100%', role: 'img', 'aria-label': `${measure.title} along the paths` },
    back,
    ...lines,
    items,
    mark,
    ...dots,
  );
  const value = el('span', { class: 'number' });
  const element = el(
    'figure',
    { class: 'chart' },
    el('figcaption', { class: 'chart-title' }, el('span', {}, measure.title), value),
    plot,
    measure.band ? el('div', { class: 'caption' }, el('span', { class: 'band-key' }), measure.band_title) : null,
  );
  let [width, height] = [0, 0];

  const x = (share) => CHART_EDGE.left + share * (width - CHART_EDGE.left - CHART_EDGE.right);
  const y = (v) => CHART_EDGE.top + ((high - v) / (high - low)) * (height - CHART_EDGE.top - CHART_EDGE.bottom);
  scrubbing(plot, (px) => (px - CHART_EDGE.left) / (width - CHART_EDGE.left - CHART_EDGE.right), hand);

  return {
    element,

    resize(newWidth, newHeight) {
      [width, height] = [newWidth, newHeight];
      plot.setAttribute('height', height);
      mark.setAttribute('y2', height - CHART_EDGE.bottom);
      const [from, to] = [x(0), x(1)];
      back.replaceChildren(
        ...(measure.band
          ? [
              el('rect', {
                class: 'band',
                x: from,
                width: Math.max(0, to - from),
                y: y(measure.band[1]),
                height: y(measure.band[0]) - y(measure.band[1]),
              }),
            ]
          : []),
        ...ticksBetween(low, high, 4).flatMap((tick) => [
          el('line', { x1: from, x2: to, y1: y(tick.at), y2: y(tick.at) }),
          el('text', { x: from - 6, y: y(tick.at) + 4, 'text-anchor': 'end' }, tick.text),
        ]),
      );
      lines.forEach((line, i) => {
        const last = curves[i].length - 1;
        line.setAttribute(
          'd',
          Array.from(curves[i], (v, j) => `${j ? 'L' : 'M'}${x(j / last).toFixed(1)} ${y(v).toFixed(1)}`).join(''),
        );
      });
    },

    /** The place that is shown: way number `track`, share `at`. */
    mark(track, at) {
      if (!width) return;
      lines.forEach((line, i) => line.classList.toggle('chosen', i === track));
      mark.setAttribute('x1', x(at));
      mark.setAttribute('x2', x(at));
      dots.forEach((dot, i) => {
        dot.setAttribute('cx', x(at));
        dot.setAttribute('cy', y(valueAt(curves[i], at)));
        dot.setAttribute('r', i === track ? 5 : 2.5);
      });
      value.textContent = `${threeDigits(valueAt(curves[track], at))} ${measure.unit}`.trim();
      items.replaceChildren(
        ...tracks[track].items_at.map((share, i) =>
          el('text', { x: x(share), y: height - 5, 'text-anchor': 'middle' }, String(i + 1)),
        ),
      );
    },
  };
}
