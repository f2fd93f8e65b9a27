// A denoising autoencoder of points in the plane, trained for all noise levels at once, and the best that any could do.

import { fastestKernel } from '../../runtime/kernel.js';
import { Chain } from '../../training/chain.js';
import { Random } from '../../training/random.js';
import { COUNT } from '../undercomplete/points.js';
import { bestOf } from './best.js';

/** @import { Layer } from '../../training/operations.js' */
/** @import { Points } from '../undercomplete/points.js' */

export const [LOW, HIGH] = [0.05, 0.5]; // noise levels that it is trained for
export const X = /** @type {[number, number]} */ ([-1.5, 1.5]);
export const Y = /** @type {[number, number]} */ ([-1.1, 1.1]);
const [ACROSS, UP] = [21, 15];
const PLACES = ACROSS * UP;
const LEARNING_RATE = 0.003;
const WIDTH = 32;
const WALK = 12; // times that a place is denoised again
const SCALE = 4; // of the level where the network gets it, so that it is as large as the points

/** @type {Layer[]} */
const LAYERS = [
  { op: 'linear', rows: WIDTH },
  { op: 'activation', kind: 'tanh' },
  { op: 'linear', rows: WIDTH },
  { op: 'activation', kind: 'tanh' },
  { op: 'linear', rows: 2 },
];

/**
 * @param {Points} points
 * @param {number} seed
 */
export function createField(points, seed) {
  const chain = new Chain({ inputs: 3, layers: LAYERS, batch: COUNT, seed }, fastestKernel);
  const drawn = new Chain({ inputs: 3, layers: LAYERS, batch: PLACES }, fastestKernel);
  const walker = new Chain({ inputs: 3, layers: LAYERS, batch: 1 }, fastestKernel);
  const random = new Random(seed);
  const noise = new Float32Array(2 * COUNT);
  const levels = new Float32Array(COUNT);
  chain.target = new Float32Array(2 * COUNT);
  chain.target.set(points.x);
  chain.target.set(points.y, COUNT);
  const places = { x: new Float32Array(PLACES), y: new Float32Array(PLACES) };
  for (let i = 0; i < PLACES; i++) {
    places.x[i] = X[0] + (((i % ACROSS) + 0.5) / ACROSS) * (X[1] - X[0]);
    places.y[i] = Y[0] + ((Math.floor(i / ACROSS) + 0.5) / UP) * (Y[1] - Y[0]);
  }
  drawn.input.set(places.x);
  drawn.input.set(places.y, PLACES);
  const best = { x: new Float32Array(PLACES), y: new Float32Array(PLACES), density: new Float32Array(PLACES) };
  const fixed = new Float32Array(2 * COUNT); // the noise of the points that are drawn
  new Random(seed + 1).fillNormal(fixed);
  let sigma = 0;

  /** @param {Float32Array} values @param {(i: number) => number} level */
  function fill(values, level) {
    for (let i = 0; i < COUNT; i++) {
      chain.input[i] = points.x[i] + level(i) * values[2 * i];
      chain.input[COUNT + i] = points.y[i] + level(i) * values[2 * i + 1];
      chain.input[2 * COUNT + i] = SCALE * level(i);
    }
  }

  return {
    places,
    /** Where the autoencoder puts each place. */
    rebuilt: { x: drawn.output.subarray(0, PLACES), y: drawn.output.subarray(PLACES) },
    /** Where the best denoiser puts it. */
    best,
    /** Noisy points of the level, to be drawn. */
    noisy: { x: chain.input.subarray(0, COUNT), y: chain.input.subarray(COUNT, 2 * COUNT) },
    /** What comes back for these. */
    cleaned: { x: chain.output.subarray(0, COUNT), y: chain.output.subarray(COUNT) },

    step() {
      random.fillNormal(noise);
      random.fillUniform(levels, LOW, HIGH);
      fill(noise, (i) => levels[i]);
      chain.step(LEARNING_RATE);
    },

    /**
     * Arrows and loss at a noise level.
     *
     * @param {number} level
     */
    look(level) {
      if (level !== sigma) {
        sigma = level;
        for (let i = 0; i < PLACES; i++) {
          [best.x[i], best.y[i], best.density[i]] = bestOf(points, sigma, places.x[i], places.y[i]);
        }
      }
      drawn.take(chain);
      drawn.input.fill(SCALE * level, 2 * PLACES);
      drawn.forward();
      fill(fixed, () => level);
      chain.forward();
      return chain.loss();
    },

    /** Mean squared error of the best denoiser on the same noisy points. */
    least() {
      let sum = 0;
      for (let i = 0; i < COUNT; i++) {
        const [x, y] = bestOf(points, sigma, chain.input[i], chain.input[COUNT + i]);
        sum += (x - points.x[i]) ** 2 + (y - points.y[i]) ** 2;
      }
      return sum / COUNT;
    },

    /** Degrees between the autoencoder's arrows and the best ones: the mean, the longer and the denser the more. */
    angle() {
      let [sum, weights] = [0, 0];
      for (let i = 0; i < PLACES; i++) {
        const [bestX, bestY] = [best.x[i] - places.x[i], best.y[i] - places.y[i]];
        const own = Math.atan2(drawn.output[PLACES + i] - places.y[i], drawn.output[i] - places.x[i]);
        const weight = best.density[i] * Math.hypot(bestX, bestY);
        sum += weight * Math.acos(Math.cos(own - Math.atan2(bestY, bestX)));
        weights += weight;
      }
      return ((sum / weights) * 180) / Math.PI;
    },

    /**
     * Where a place goes when it is denoised again and again.
     *
     * @param {number} x
     * @param {number} y
     */
    walk(x, y) {
      const path = { x: [x], y: [y] };
      walker.take(chain);
      for (let i = 0; i < WALK; i++) {
        walker.input.set([path.x[i], path.y[i], SCALE * sigma]);
        const [toX, toY] = walker.forward();
        path.x.push(toX);
        path.y.push(toY);
      }
      return path;
    },
  };
}
