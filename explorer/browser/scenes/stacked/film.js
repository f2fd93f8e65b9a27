// The film of a training, layer by layer and at once: first weights, items that come back, and the error.

import { threeDigits } from '../../shared/numbers.js';
import { greys, hasHeight, Pixels, signed } from '../../stage/pixels.js';
import { createPlane } from '../../stage/plane.js';

/** @import { Pen } from '../../stage/plane.js' */

/**
 * @typedef {object} Reel
 * @property {string} name
 * @property {readonly string[]} stages
 * @property {Uint8Array} weights
 * @property {Uint8Array} rebuilt
 * @property {Float32Array} errors
 */

/** @typedef {{measured: string, x: Uint8Array, reels: Reel[], width: number, height: number}} Film */

const ZERO = 128; // of a weight
const NARROW = 560;
const PER_LINE = 8; // pictures of weights; as many items stand below them
const CURVE = 150; // pixels
const GAP = 3;

/**
 * @param {() => {film: Film, frame: number}} state
 * @param {(...parts: string[]) => number} strength
 * @param {() => void} drawn called behind each drawing.
 */
export function createFilm(state, strength, drawn) {
  const pixels = new Pixels();
  const plane = createPlane({ label: 'A training layer by layer, and at once', x: [0, 1], y: [1, 0] }, draw);

  /** @param {Pen} pen */
  function draw(pen) {
    const { film } = state();
    const width = plane.element.clientWidth;
    const isNarrow = width < NARROW;
    pen.brush.lineJoin = 'round'; // from the first drawing on, of frames as of curves
    const room = isNarrow ? width - 16 : (width - 40) / 2;
    const side = Math.floor(room / PER_LINE) - GAP;
    const { weights, stages } = film.reels[0];
    const lines = Math.ceil(weights.length / stages.length / (film.width * film.height) / PER_LINE);
    const block = 42 + lines * (side + GAP) + 16 + 2 * (side + GAP) + 12;
    film.reels.forEach((reel, i) => {
      const [x, y] = isNarrow ? [8, i * block] : [8 + i * (room + 24), 0];
      trained(pen, film, reel, i, x, y, side, lines);
    });
    const top = isNarrow ? film.reels.length * block : block;
    if (!hasHeight(plane.element, top + CURVE + 44)) return;
    curves(pen, film, top + 22, width);
    pen.fade(1);
    drawn();
  }

  /**
   * One training: the weights of the first layer, and items with what comes back.
   *
   * @param {Pen} pen
   * @param {Film} film
   * @param {Reel} reel
   * @param {number} i
   * @param {number} left
   * @param {number} top
   * @param {number} side
   * @param {number} lines
   */
  function trained(pen, { x, width, height }, reel, i, left, top, side, lines) {
    const at = state().frame;
    const area = width * height;
    const frames = reel.stages.length;
    const colour = i ? '--rebuilt' : '--data';
    const high = (side * height) / width;
    pen.fade(strength('encoder', 'error'));
    pen.words(`${i ? '■' : '●'} Trained ${reel.name}`, left, top + 18, colour);
    pen.words(reel.stages[at], left, top + 34, '--quiet');
    const weights = part(reel.weights, at, frames);
    pixels.paint(
      Float32Array.from(weights, (level) => level - ZERO),
      width,
      height,
      signed(pen, ZERO - 1),
    );
    for (let unit = 0; unit < weights.length / area; unit++) {
      const [px, py] = [left + (unit % PER_LINE) * (side + GAP), top + 42 + Math.floor(unit / PER_LINE) * (high + GAP)];
      pixels.draw(pen, unit, px, py, side, high);
      pen.box('--faint', 1, px + 0.5, py + 0.5, side - 1, high - 1);
    }
    const below = top + 42 + lines * (high + GAP) + 16;
    const shown = [
      ['data', x],
      ['rebuilt', part(reel.rebuilt, at, frames)],
    ];
    for (const [line, [name, values]] of /** @type {[string, Uint8Array][]} */ (shown).entries()) {
      pen.fade(strength(name, 'error'));
      pixels.paint(values, width, height, greys(0, 255));
      for (let k = 0; k < values.length / area; k++) {
        pixels.draw(pen, k, left + k * (side + GAP), below + line * (high + GAP), side, high);
      }
    }
    pen.fade(strength('encoder', 'error'));
    pen.words('items, and what comes back', left, below - 4, '--quiet');
  }

  /**
   * Both errors against the epochs, on a logarithmic axis.
   *
   * @param {Pen} pen
   * @param {Film} film
   * @param {number} top
   * @param {number} width
   */
  function curves(pen, { reels, measured }, top, width) {
    const at = state().frame;
    const all = reels.flatMap((reel) => Array.from(reel.errors));
    const [low, high] = [Math.log(Math.min(...all)), Math.log(Math.max(...all))];
    const frames = reels[0].stages.length;
    const x = (/** @type {number} */ frame) => 40 + (frame / (frames - 1)) * (width - 60);
    const y = (/** @type {number} */ error) =>
      top + 8 + (1 - (Math.log(error) - low) / (high - low || 1)) * (CURVE - 16);
    const { brush } = pen;
    pen.fade(strength('error'));
    pen.words(`Squared error per image, ${measured}`, 8, top - 6);
    for (const tick of [3, 10, 30, 100, 300].filter((value) => Math.log(value) >= low && Math.log(value) <= high)) {
      pen.words(String(tick), 8, y(tick) + 4, '--quiet');
      line(pen, [x(0), x(frames - 1)], [y(tick), y(tick)], '--faint', 1);
    }
    line(pen, [x(at), x(at)], [top, top + CURVE], '--tie', 1.5);
    reels.forEach(({ errors }, i) => {
      const colour = i ? '--rebuilt' : '--data';
      const centres = Array.from({ length: frames }, (_, frame) => errors[3 * frame]);
      line(
        pen,
        centres.map((_, frame) => x(frame)),
        centres.map(y),
        colour,
        2,
      );
      centres.forEach((error, frame) => {
        line(pen, [x(frame), x(frame)], [y(errors[3 * frame + 1]), y(errors[3 * frame + 2])], colour, 1);
        brush.fillStyle = pen.colour(colour);
        const radius = frame === at ? 6 : 3;
        brush.beginPath();
        if (i) brush.rect(x(frame) - radius, y(error) - radius, 2 * radius, 2 * radius);
        else brush.arc(x(frame), y(error), radius, 0, 2 * Math.PI);
        brush.fill();
      });
    });
    const stages = reels[0].stages.map((stage) => stage.split(',')[0]);
    stages.forEach((stage, frame) => {
      if (stage === stages[frame - 1] || frame === 0) return;
      line(pen, [x(frame) - 4, x(frame) - 4], [top, top + CURVE + 6], '--faint', 1);
      const short = width < NARROW ? stage.replace(/^layer (\d+) of \d+$/, '$1').replace('end to end', 'all') : stage;
      pen.words(short, x(frame) - 2, top + CURVE + 14, '--quiet');
    });
  }

  return plane;
}

/**
 * One frame's values.
 *
 * @param {Uint8Array} values
 * @param {number} frame
 * @param {number} frames
 */
function part(values, frame, frames) {
  const size = values.length / frames;
  return values.subarray(frame * size, (frame + 1) * size);
}

/**
 * @param {Pen} pen
 * @param {number[]} x in pixels.
 * @param {number[]} y
 * @param {string} colour
 * @param {number} thickness
 */
function line(pen, x, y, colour, thickness) {
  [pen.brush.strokeStyle, pen.brush.lineWidth] = [pen.colour(colour), thickness];
  pen.brush.beginPath();
  x.forEach((each, i) => {
    pen.brush.lineTo(each, y[i]);
  });
  pen.brush.stroke();
}

/**
 * The errors of a frame in words.
 *
 * @param {Reel} reel
 * @param {number} frame
 */
export function errorOf({ errors }, frame) {
  const [value, low, high] = errors.subarray(3 * frame, 3 * frame + 3);
  return `${threeDigits(value)} (${threeDigits(low)} to ${threeDigits(high)})`;
}
