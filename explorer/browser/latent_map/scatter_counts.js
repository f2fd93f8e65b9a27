// Very many points, by their counts: rasterised a slice at a time, so that the hand never waits for a drawing.

import { brushOf } from '../shared/picture.js';
import { CountRaster } from './count_raster.js';
import { PointIndex } from './point_index.js';
import { CHOSEN_SIZE, UNFADED } from './point_style.js';

/** @import { CellPoints } from './count_raster.js' */
/** @import { Fade, Scatter } from './scatter.js' */

/**
 * CSS pixels beyond the view, at each of its edges: what moves into sight has been drawn.
 *
 * @param {number} side of the view.
 */
const marginOf = (side) => Math.ceil(side / 4);

/**
 * @param {HTMLCanvasElement} canvas
 * @returns {Scatter}
 */
export function countsScatter(canvas) {
  const brush = brushOf(canvas);
  let index = new PointIndex(new Float32Array(0));
  /** @type {CellPoints} */
  let points = { places: new Float32Array(0), groups: new Uint16Array(0), chosen: null, index };
  /** @type {Uint8Array} */
  let colours = new Uint8Array(0);
  /** @type {Uint32Array | null} */
  let positions = null;
  let raster = new CountRaster(0, 0);
  let picture = new ImageData(1, 1);
  /** @type {((isLate: () => boolean) => boolean)[]} */
  let steps = []; // that the drawing still needs
  let most = 0;

  /** @type {Scatter['setChosen']} */
  function setChosen(newPositions) {
    positions = newPositions?.length ? newPositions : null;
    points.chosen = null;
    if (!positions) return;
    const flags = new Uint8Array(index.items.length);
    for (const position of positions) flags[position] = 1;
    const chosen = new Uint8Array(flags.length);
    for (let k = 0; k < chosen.length; k++) chosen[k] = flags[index.items[k]];
    points.chosen = chosen;
  }

  /** @param {Fade} fade */
  function faded([red, green, blue, share]) {
    const to = [255 * red, 255 * green, 255 * blue];
    return colours.map((value, at) => (at % 4 < 3 ? value + share * (to[at % 4] - value) : value));
  }

  return {
    kind: 'counts',
    marginOf,
    setPoints(newPoints, newGroups, newIndex) {
      index = newIndex;
      const places = new Float32Array(newPoints.length);
      const groups = new Uint16Array(newGroups.length);
      for (let k = 0; k < groups.length; k++) {
        const item = index.items[k];
        places[2 * k] = newPoints[2 * item];
        places[2 * k + 1] = newPoints[2 * item + 1];
        groups[k] = newGroups[item];
      }
      points = { places, groups, chosen: null, index };
      setChosen(positions);
    },
    setChosen,
    setPalette(rgba) {
      colours = rgba;
    },
    draw(view, size, fade) {
      const { width, height } = canvas;
      if (raster.width !== width || raster.height !== height) {
        raster = new CountRaster(width, height);
        picture = new ImageData(width, height);
      }
      const ratio = width / (view.width + 2 * marginOf(view.width));
      const scale = ratio / view.unit;
      const mapping = {
        scaleX: scale,
        shiftX: width / 2 - view.x * scale,
        scaleY: -scale,
        shiftY: height / 2 + view.y * scale,
      };
      const palette = positions ? faded(fade) : faded(UNFADED);
      const rest = raster.counting(points, palette, mapping, size * ratio, positions ? 0 : null);
      const begin = () => {
        raster.clear();
        picture.data.fill(0);
        return true;
      };
      const paint = () => {
        raster.paint(picture.data);
        most = Math.max(most, raster.most);
        return true;
      };
      most = 0;
      steps = [begin, rest, paint];
      if (positions) {
        const clear = () => {
          raster.clear();
          return true;
        };
        steps.push(clear, raster.counting(points, colours, mapping, CHOSEN_SIZE * size * ratio, 1), paint);
      }
      steps.push(() => {
        brush.putImageData(picture, 0, 0);
        return true;
      });
    },
    goOn(milliseconds) {
      const end = performance.now() + milliseconds;
      const isLate = () => performance.now() >= end;
      while (steps.length && steps[0](isLate)) {
        steps.shift();
        if (steps.length && isLate()) break;
      }
      return !steps.length;
    },
    most: () => most,
    finish() {},
    destroy() {
      steps = [];
    },
  };
}
