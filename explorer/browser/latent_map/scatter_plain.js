// Points drawn on a plain canvas, where there is no WebGL2.

import { brushOf } from '../shared/picture.js';
import { CHOSEN_SIZE, UNFADED } from './point_style.js';

/** @import { Fade, Scatter } from './scatter.js' */
/** @import { MapView } from './view.js' */

/**
 * @param {HTMLCanvasElement} canvas
 * @returns {Scatter}
 */
export function plainScatter(canvas) {
  const brush = brushOf(canvas);
  /** @type {Float32Array} */
  let points = new Float32Array(0);
  /** @type {Uint16Array} */
  let groups = new Uint16Array(0);
  let order = new Uint32Array(0);
  let chosenOrder = new Uint32Array(0);
  /** @type {Uint32Array | null} */
  let positions = null;
  /** @type {Uint8Array} */
  let colours = new Uint8Array(0);

  // By class, so that the fill colour changes once a class.
  const byClass = (/** @type {Iterable<number>} */ indices) =>
    Uint32Array.from(indices).sort((a, b) => groups[a] - groups[b]);

  /** @type {Scatter['setChosen']} */
  function setChosen(newPositions) {
    positions = newPositions;
    chosenOrder = byClass(positions ?? []);
  }

  /**
   * @param {Uint32Array} indices
   * @param {MapView} view
   * @param {number} side of a point's square, in device pixels.
   * @param {Fade} fade
   */
  function drawSet(indices, view, side, fade) {
    const ratio = canvas.width / view.width;
    let group = -1;
    for (const i of indices) {
      if (groups[i] !== group) {
        group = groups[i];
        const rgb = [0, 1, 2].map((c) => colours[4 * group + c] + fade[3] * (255 * fade[c] - colours[4 * group + c]));
        brush.fillStyle = `rgba(${rgb.map(Math.round)}, ${colours[4 * group + 3] / 255})`;
      }
      if (!colours[4 * group + 3]) continue;
      const x = ((points[2 * i] - view.x) / view.unit + view.width / 2) * ratio;
      const y = (view.height / 2 - (points[2 * i + 1] - view.y) / view.unit) * ratio;
      if (x > -side && y > -side && x < canvas.width + side && y < canvas.height + side) {
        brush.fillRect(x - side / 2, y - side / 2, side, side);
      }
    }
  }

  return {
    kind: 'canvas',
    marginOf: () => 0,
    goOn: () => true,
    most: () => 0,
    setPoints(newPoints, newGroups) {
      points = newPoints;
      groups = newGroups;
      order = byClass(groups.keys());
      setChosen(positions);
    },
    setChosen,
    setPalette(rgba) {
      colours = rgba;
    },
    draw(view, size, fade) {
      const side = Math.max(1, (size * canvas.width) / view.width);
      brush.clearRect(0, 0, canvas.width, canvas.height);
      drawSet(order, view, side, chosenOrder.length ? fade : UNFADED);
      drawSet(chosenOrder, view, CHOSEN_SIZE * side, UNFADED);
    },
    finish() {
      brush.getImageData(0, 0, 1, 1);
    },
    destroy() {},
  };
}
