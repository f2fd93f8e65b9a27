// The map of codes: one colour a class, classes drawn in turns so that none lies over all others.

import { el } from '../shared/dom.js';
import { brushOf } from '../shared/picture.js';
import { begin, fontOf } from './canvas.js';

/** @import { RunStage } from '../messages.js' */

const RADIUS = 2.6;
const PLAIN = '#0072b2';

export function createMapPlot() {
  const canvas = el('canvas', { role: 'img', 'aria-label': 'Map of codes' });
  const brush = brushOf(canvas);

  return {
    element: canvas,

    /** Width over height. */
    get aspect() {
      return canvas.clientWidth / Math.max(1, canvas.clientHeight);
    },

    /**
     * @param {{placed: Uint16Array, places: Float32Array}} shown
     * @param {[number, number, number, number]} bounds
     * @param {Uint16Array} groups
     * @param {RunStage} message
     */
    draw({ placed, places }, [left, bottom, right, top], groups, { palette, axes }) {
      const { width, height } = begin(canvas, brush);
      const [scaleX, scaleY] = [width / (right - left), height / (top - bottom)];
      brush.globalAlpha = 0.8;
      const colours = palette.length ? palette : [PLAIN];
      /** @type {Path2D[]} */
      const paths = colours.map(() => new Path2D());
      for (let i = 0; i < placed.length; i++) {
        const path = paths[(groups[placed[i]] ?? 0) % paths.length];
        const [x, y] = [(places[2 * i] - left) * scaleX, (top - places[2 * i + 1]) * scaleY];
        path.moveTo(x + RADIUS, y);
        path.arc(x, y, RADIUS, 0, 2 * Math.PI);
      }
      paths.forEach((path, i) => {
        brush.fillStyle = colours[i];
        brush.fill(path);
      });
      brush.globalAlpha = 0.75;
      brush.fillStyle = getComputedStyle(canvas).color;
      brush.font = fontOf(canvas);
      brush.textAlign = 'right';
      if (axes.length) brush.fillText(axes[0], width - 6, height - 6);
      brush.textAlign = 'left';
      if (axes.length) brush.fillText(axes[1], 6, 14);
      brush.globalAlpha = 1;
    },
  };
}
