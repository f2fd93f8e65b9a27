// Points in the plane that lie near a curve, within about [-1, 1].

import { Random } from '../../training/random.js';

/** @typedef {{x: Float32Array, y: Float32Array}} Points */

/** @typedef {'ring' | 'spiral' | 'moons' | 'own'} Shape */

export const COUNT = 256;
const SEED = 1;
const NOISE = 0.035; // standard deviation, across and along

/** @type {Record<Exclude<Shape, 'own'>, (share: number) => [number, number]>} */
const CURVES = {
  ring: (t) => [0.85 * Math.cos(2 * Math.PI * t), 0.85 * Math.sin(2 * Math.PI * t)],
  spiral(t) {
    const [radius, angle] = [0.12 + 0.8 * t, 3.5 * Math.PI * t];
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  },
  moons(t) {
    const angle = (2 * Math.PI * t) % Math.PI;
    const [x, y] = [0.6 * Math.cos(angle), 0.6 * Math.sin(angle)];
    return t < 0.5 ? [x - 0.3, y - 0.15] : [0.3 - x, 0.15 - y];
  },
};

/**
 * Points of a shape: the same ones each time.
 *
 * @param {Exclude<Shape, 'own'>} shape
 * @returns {Points}
 */
export function pointsOf(shape) {
  return scattered((i) => CURVES[shape]((i + 0.5) / COUNT));
}

/**
 * Points along a line that was drawn: equally far from one another.
 *
 * @param {[number, number][]} places at least one.
 * @returns {Points}
 */
export function pointsAlong(places) {
  const lengths = [0];
  for (let i = 1; i < places.length; i++) {
    const [[x0, y0], [x1, y1]] = [places[i - 1], places[i]];
    lengths.push(lengths[i - 1] + Math.hypot(x1 - x0, y1 - y0));
  }
  let piece = 1;
  return scattered((i) => {
    const wanted = (lengths[lengths.length - 1] * (i + 0.5)) / COUNT;
    while (piece < places.length - 1 && lengths[piece] < wanted) piece++;
    const [from, to] = [places[Math.max(0, piece - 1)], places[Math.min(piece, places.length - 1)]];
    const span = lengths[piece] - lengths[piece - 1] || 1;
    const share = places.length > 1 ? (wanted - lengths[piece - 1]) / span : 0;
    return [from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1])];
  });
}

/** @param {(i: number) => [number, number]} place of the i-th point, before the noise. */
function scattered(place) {
  const noise = new Float32Array(2 * COUNT);
  new Random(SEED).fillNormal(noise);
  const points = { x: new Float32Array(COUNT), y: new Float32Array(COUNT) };
  for (let i = 0; i < COUNT; i++) {
    const [x, y] = place(i);
    points.x[i] = x + NOISE * noise[2 * i];
    points.y[i] = y + NOISE * noise[2 * i + 1];
  }
  return points;
}

const KEPT = 16; // places of a drawn line that are written into the address
const GRID = 99; // steps of each axis there

/**
 * A drawn line as text for the address: four digits a place.
 *
 * @param {[number, number][]} places
 */
export function written(places) {
  const two = (/** @type {number} */ v) =>
    String(Math.round(((Math.max(-1, Math.min(1, v)) + 1) / 2) * GRID)).padStart(2, '0');
  const kept = Array.from({ length: KEPT }, (_, i) => places[Math.round((i * (places.length - 1)) / (KEPT - 1))]);
  return kept.map(([x, y]) => two(x) + two(y)).join('');
}

/**
 * The places of such a text; none where it is another one.
 *
 * @param {string} text
 * @returns {[number, number][]}
 */
export function read(text) {
  if (!/^(\d{4})+$/.test(text)) return [];
  const value = (/** @type {string} */ digits) => (Number(digits) / GRID) * 2 - 1;
  return (text.match(/\d{4}/g) ?? []).map((four) => [value(four.slice(0, 2)), value(four.slice(2))]);
}
