// Draws many points: WebGL2 where there is one, else a plain canvas.

import { plainScatter } from './scatter_plain.js';
import { webglScatter } from './scatter_webgl.js';

/** @import { MapView } from './view.js' */

/** @typedef {[red: number, green: number, blue: number, share: number]} Fade a colour, and how far to go there; all in [0, 1]. */

/**
 * @typedef {object} Scatter
 * @property {'webgl2' | 'canvas'} kind
 * @property {(points: Float32Array, groups: Uint16Array) => void} setPoints x, y pairs, and the class of each point.
 * @property {(rgba: Uint8Array) => void} setPalette of the classes.
 * @property {(positions: Uint32Array | null) => void} setChosen points that stand out; null for none.
 * @property {(view: MapView, size: number, fade: Fade) => void} draw size: of a point, in CSS pixels; fade: of the points
 *   that are not chosen, where some are.
 * @property {() => void} finish returns when the drawing is done, for timing it.
 * @property {() => void} destroy
 */

/**
 * @param {HTMLCanvasElement} canvas
 * @param {boolean} plain never try WebGL2.
 * @returns {Scatter}
 */
export function createScatter(canvas, plain) {
  const gl = plain ? null : canvas.getContext('webgl2', { antialias: false, premultipliedAlpha: true });
  return gl ? webglScatter(canvas, gl) : plainScatter(canvas);
}
