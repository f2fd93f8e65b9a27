// Draws many points: very many by their counts, else with WebGL2 where there is one, else on a plain canvas.

import { countsScatter } from './scatter_counts.js';
import { plainScatter } from './scatter_plain.js';
import { webglScatter } from './scatter_webgl.js';

/** @import { PointIndex } from './point_index.js' */
/** @import { MapView } from './view.js' */

const COUNTED = 100_000; // more points than so many cover one another: only their counts tell how many there are

/** @typedef {[red: number, green: number, blue: number, share: number]} Fade a colour, and how far to go there; all in [0, 1]. */

/**
 * @typedef {object} Scatter
 * @property {'webgl2' | 'canvas' | 'counts'} kind
 * @property {(side: number) => number} marginOf CSS pixels of a drawing beyond the view at both ends of such a side.
 * @property {(points: Float32Array, groups: Uint16Array, index: PointIndex) => void} setPoints x, y pairs, the class of each
 *   point, and their index.
 * @property {(rgba: Uint8Array) => void} setPalette of the classes.
 * @property {(positions: Uint32Array | null) => void} setChosen points that stand out; null for none.
 * @property {(view: MapView, size: number, fade: Fade) => void} draw size: of a point, in CSS pixels; fade: of the points
 *   that are not chosen, where some are. The drawing is there once `goOn` says so.
 * @property {(milliseconds: number) => boolean} goOn draw on for about so long; true when the drawing is there.
 * @property {() => number} most points on one pixel of the last drawing; 0 where they are not counted.
 * @property {() => void} finish returns when the drawing is done, for timing it.
 * @property {() => void} destroy
 */

/**
 * @param {HTMLCanvasElement} canvas
 * @param {boolean} plain never try WebGL2.
 * @param {number} n points.
 * @returns {Scatter}
 */
export function createScatter(canvas, plain, n) {
  if (isCounted(n)) return countsScatter(canvas);
  const gl = plain ? null : canvas.getContext('webgl2', { antialias: false, premultipliedAlpha: true });
  return gl ? webglScatter(canvas, gl) : plainScatter(canvas);
}

/**
 * Whether so many points are drawn by their counts.
 *
 * @param {number} n
 */
export const isCounted = (n) => n > COUNTED;
