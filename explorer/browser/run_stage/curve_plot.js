// The loss over the epochs: training solid, validation dashed, and a line where the slider stands.

import { el } from '../shared/dom.js';
import { brushOf } from '../shared/picture.js';
import { begin, fontOf } from './canvas.js';

/** @import { LossCurve } from '../messages.js' */

const LEFT = 48;
const BOTTOM = 34;
const TOP = 8;
const RIGHT = 8;

export function createCurvePlot() {
  const canvas = el('canvas', { role: 'img', 'aria-label': 'Loss by epoch' });
  const brush = brushOf(canvas);

  /**
   * @param {readonly LossCurve[]} curves
   * @param {string} unit
   * @param {number} epochs to be done in all.
   * @param {number | null} at where the line stands.
   * @param {boolean} log
   */
  function draw(curves, unit, epochs, at, log) {
    const { width, height } = begin(canvas, brush);
    const heavy = curves.filter(({ light, values }) => !light && values.length > 1);
    const all = (heavy.length ? heavy : curves).flatMap(({ values }) => values).filter((value) => !log || value > 0);
    if (!all.length || width < 1) return;
    let [low, high] = [Math.min(...all), Math.max(...all)];
    if (high - low < 1e-12) [low, high] = [low - 0.5, high + 0.5];
    const scale = log ? Math.log : (/** @type {number} */ value) => value;
    const last = Math.max(epochs, ...curves.map((curve) => curve.epochs.at(-1) ?? 0));
    /** @param {number} epoch */
    const px = (epoch) => LEFT + (epoch / Math.max(last, 1)) * (width - LEFT - RIGHT);
    /** @param {number} value */
    const py = (value) =>
      TOP + (1 - (scale(value) - scale(low)) / (scale(high) - scale(low))) * (height - TOP - BOTTOM);

    const text = getComputedStyle(canvas).color;
    brush.font = fontOf(canvas);
    brush.strokeStyle = brush.fillStyle = text;
    brush.lineWidth = 1;
    for (const value of ticks(low, high, log)) {
      brush.globalAlpha = 0.15;
      line([LEFT, width - RIGHT], [py(value), py(value)]);
      brush.globalAlpha = 0.75;
      brush.textAlign = 'right';
      brush.fillText(short(value), LEFT - 6, py(value) + 4);
    }
    brush.textAlign = 'center';
    for (const epoch of ticks(0, last, false).filter(Number.isInteger)) {
      brush.fillText(String(epoch), px(epoch), height - BOTTOM + 15);
    }
    brush.fillText(`Epoch · loss (${unit})`, (LEFT + width - RIGHT) / 2, height - 4);
    brush.globalAlpha = 1;
    if (at !== null) {
      brush.globalAlpha = 0.5;
      line([px(at), px(at)], [TOP, height - BOTTOM]);
      brush.globalAlpha = 1;
    }
    brush.save();
    brush.beginPath();
    brush.rect(LEFT, 0, width - LEFT, height - BOTTOM);
    brush.clip();
    for (const { values, colour, dashed, light, epochs: along } of curves) {
      brush.lineWidth = light ? 1 : 2;
      brush.strokeStyle = brush.fillStyle = colour;
      brush.setLineDash(dashed ? [5, 4] : []);
      const shown = values.map((value, i) => [along[i], value]).filter(([, value]) => !log || value > 0);
      line(
        shown.map(([epoch]) => px(epoch)),
        shown.map(([, value]) => py(value)),
      );
      brush.setLineDash([]);
      if (shown.length === 1) brush.fillRect(px(shown[0][0]) - 2.5, py(shown[0][1]) - 2.5, 5, 5);
    }
    brush.restore();
  }

  /**
   * @param {number[]} xs
   * @param {number[]} ys
   */
  function line(xs, ys) {
    brush.beginPath();
    xs.forEach((x, i) => {
      brush.lineTo(x, ys[i]);
    });
    brush.stroke();
  }

  return { element: canvas, draw };
}

/**
 * About four round numbers from low to high.
 *
 * @param {number} low
 * @param {number} high
 * @param {boolean} log
 */
function ticks(low, high, log) {
  if (log && high / low > 20) {
    const first = Math.ceil(Math.log10(low) - 1e-9);
    return Array.from({ length: Math.floor(Math.log10(high) + 1e-9) - first + 1 }, (_, i) => 10 ** (first + i));
  }
  const rough = (high - low) / 4;
  const size = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((by) => by * size).find((by) => by >= rough) ?? rough;
  const first = Math.ceil(low / step - 1e-9);
  return Array.from({ length: Math.floor(high / step + 1e-9) - first + 1 }, (_, i) => (first + i) * step);
}

/** @param {number} value */
function short(value) {
  const size = Math.abs(value);
  return size && (size >= 1e5 || size < 1e-3) ? value.toExponential(0) : String(Number(value.toPrecision(3)));
}
