// Very many points, by their counts: rasterised a slice at a time, so that the hand never waits for a drawing.

import { brushOf } from '../shared/picture.js';
import { CountRaster, stamp } from './count_raster.js';
import { PointIndex } from './point_index.js';
import { CHOSEN_SIZE, UNFADED } from './point_style.js';

/** @import { CellPoints } from './count_raster.js' */
/** @import { Scatter } from './scatter.js' */

/**
 * CSS pixels beyond the view, at each of its edges: what moves into sight has been drawn.
 *
 * @param {number} side of the view.
 */
const marginOf = (side) => Math.ceil(side / 4);

/**
 * Do a step that is made at once.
 *
 * @param {() => void} work
 */
function done(work) {
  work();
  return true;
}

/**
 * @param {HTMLCanvasElement} canvas
 * @returns {Scatter}
 */
export function countsScatter(canvas) {
  const brush = brushOf(canvas);
  let index = new PointIndex(new Float32Array(0));
  /** @type {CellPoints} */
  let points = { places: new Float32Array(0), groups: new Uint16Array(0), chosen: null, index };
  let slots = new Uint32Array(0); // where each item stands among the points
  /** @type {Uint8Array} */
  let colours = new Uint8Array(0);
  /** @type {Uint32Array | null} */
  let positions = null;
  let raster = new CountRaster(0, 0); // all points
  let counted = ''; // what it holds is that of this view and these points; empty while it is made
  let edition = 0; // of points and colours
  let part = new CountRaster(0, 0); // those that are chosen
  let picture = new ImageData(1, 1);
  /** @type {((isLate: () => boolean) => boolean)[]} */
  let steps = []; // that the drawing still needs
  let most = 0;

  /** @type {Scatter['setChosen']} */
  function setChosen(newPositions) {
    positions = newPositions?.length ? newPositions : null;
    points.chosen = null;
    if (!positions) return;
    const chosen = new Uint8Array(slots.length);
    for (let k = 0; k < positions.length; k++) chosen[slots[positions[k]]] = 1;
    points.chosen = chosen;
  }

  return {
    kind: 'counts',
    marginOf,
    setPoints(newPoints, newGroups, newIndex) {
      index = newIndex;
      const places = new Float32Array(newPoints.length);
      const groups = new Uint16Array(newGroups.length);
      slots = new Uint32Array(newGroups.length);
      for (let k = 0; k < groups.length; k++) {
        const item = index.items[k];
        slots[item] = k;
        places[2 * k] = newPoints[2 * item];
        places[2 * k + 1] = newPoints[2 * item + 1];
        groups[k] = newGroups[item];
      }
      points = { places, groups, chosen: null, index };
      edition++;
      setChosen(positions);
    },
    setChosen,
    setPalette(rgba) {
      if (rgba.length !== colours.length || rgba.some((value, at) => value !== colours[at])) edition++;
      colours = rgba;
    },
    draw(view, size, fade) {
      const { width, height } = canvas;
      if (raster.width !== width || raster.height !== height) {
        raster = new CountRaster(width, height);
        part = new CountRaster(positions ? width : 0, height);
        counted = '';
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
      /**
       * @param {CountRaster} into
       * @param {number} side of a point
       * @param {1 | null} flag
       * @returns {((isLate: () => boolean) => boolean)[]}
       */
      const counting = (into, side, flag) => {
        const goOn = into.counting(points, colours, mapping, side, flag);
        return [() => done(() => into.clear()), goOn];
      };
      const wanted = JSON.stringify([edition, mapping, size, width, height]);
      most = 0;
      steps = [];
      // A choice changes none of the places: what all points make is counted once, and the chosen ones taken from it.
      if (wanted !== counted) {
        counted = '';
        steps.push(...counting(raster, size * ratio, null), () => done(() => (counted = wanted)));
      }
      const paint = (/** @type {CountRaster} */ from, /** @type {CountRaster | null} */ without) =>
        done(() => {
          from.paint(picture.data, without, without ? fade : UNFADED);
          most = Math.max(most, from.most);
        });
      steps.push(() => done(() => picture.data.fill(0)));
      if (positions) {
        if (part.width !== width || part.height !== height) part = new CountRaster(width, height);
        const isAlike = stamp(size * ratio).length === stamp(CHOSEN_SIZE * size * ratio).length;
        steps.push(...counting(part, size * ratio, 1), () => paint(raster, part));
        if (!isAlike) steps.push(...counting(part, CHOSEN_SIZE * size * ratio, 1));
        steps.push(() => paint(part, null));
      } else steps.push(() => paint(raster, null));
      steps.push(() => done(() => brush.putImageData(picture, 0, 0)));
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
