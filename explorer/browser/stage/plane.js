// A picture with axes of its own on a canvas: sharp on every screen, in the theme's colours, redrawn once a frame.

import { el } from '../shared/dom.js';
import { brushOf } from '../shared/picture.js';
import { oncePerFrame } from '../shared/timing.js';
import { listenToHand } from './hand.js';

/** @import { Hand } from './hand.js' */

/**
 * @typedef {object} PlaneLook
 * @property {string} label what a screen reader calls it.
 * @property {[number, number]} [x] ends of the axis to the right; 0 to 1 unless given.
 * @property {[number, number]} [y] ends of the axis upwards; 0 to 1 unless given.
 * @property {number} [aspect] width over height; 1 unless given.
 * @property {boolean} [unframed] no line around it.
 * @property {Hand} [hand] what a hand does on it, in the axes' units.
 */

/** @typedef {ReturnType<typeof createPen>} Pen */

/**
 * @param {PlaneLook} look
 * @param {(pen: Pen) => void} draw
 */
export function createPlane({ label, x: xs = [0, 1], y: ys = [0, 1], aspect = 1, unframed, hand }, draw) {
  const canvas = el('canvas', { class: unframed ? 'plane unframed' : 'plane', role: 'img', 'aria-label': label });
  canvas.style.aspectRatio = String(aspect);
  const pen = createPen(canvas, xs, ys);
  const redraw = oncePerFrame(() => {
    if (!canvas.clientWidth) return;
    pen.begin();
    draw(pen);
  });
  const observer = new ResizeObserver(redraw);
  observer.observe(canvas);
  // Words that were drawn before their font had come are in another one.
  document.fonts.addEventListener('loadingdone', redraw);
  if (hand) {
    canvas.tabIndex = 0;
    canvas.setAttribute('role', 'application');
    takeFingers(false);
    /** @param {'point' | 'press' | 'drag'} name */
    const inUnits = (name) => {
      const work = hand[name];
      /** @type {Hand['point']} */
      const told = (x, y) => work?.(xs[0] + x * (xs[1] - xs[0]), ys[1] - y * (ys[1] - ys[0]));
      return work && told;
    };
    listenToHand(canvas, { ...hand, point: inUnits('point'), press: inUnits('press'), drag: inUnits('drag') });
  }

  /** @param {boolean} all */
  function takeFingers(all) {
    canvas.setAttribute('data-hand', all ? 'drag' : 'point');
    canvas.style.touchAction = all ? 'none' : 'pan-y';
  }

  return {
    element: canvas,
    redraw,
    /** Whether a finger that moves up or down on it is the picture's, rather than scrolls the page. */
    takeFingers,

    /**
     * A place in CSS pixels, from shares of width and height.
     *
     * @param {number} x
     * @param {number} y
     */
    pixels: (x, y) => [x * canvas.clientWidth, y * canvas.clientHeight],

    /**
     * A distance on the screen, in units of the x axis.
     *
     * @param {number} pixels
     */
    units: (pixels) => (pixels * (xs[1] - xs[0])) / Math.max(1, canvas.clientWidth),

    destroy() {
      observer.disconnect();
      document.fonts.removeEventListener('loadingdone', redraw);
      redraw.cancel();
    },
  };
}

/**
 * Draws in the units of two axes. Colours are names of a scene's style: `--data` and the others of stage/style.css.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {[number, number]} xs
 * @param {[number, number]} ys
 */
function createPen(canvas, xs, ys) {
  const brush = brushOf(canvas);
  let [width, height] = [0, 0];
  /** @type {CSSStyleDeclaration} */
  let style;
  /** @param {number} x */
  const px = (x) => ((x - xs[0]) / (xs[1] - xs[0])) * width;
  /** @param {number} y */
  const py = (y) => ((ys[1] - y) / (ys[1] - ys[0])) * height;
  /** @type {Map<string, string>} */
  const colours = new Map(); // of this drawing: the browser's own answer costs more than a line does
  /** @param {string} name */
  function colour(name) {
    const known = colours.get(name) ?? style.getPropertyValue(name).trim();
    colours.set(name, known);
    return known;
  }

  return {
    brush,
    px,
    py,
    colour,

    begin() {
      const ratio = window.devicePixelRatio || 1;
      [width, height] = [canvas.clientWidth, canvas.clientHeight];
      const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
      if (canvas.width !== w || canvas.height !== h) [canvas.width, canvas.height] = [w, h];
      brush.setTransform(ratio, 0, 0, ratio, 0, 0);
      brush.clearRect(0, 0, width, height);
      style = getComputedStyle(canvas);
      colours.clear();
    },

    /**
     * What is drawn next, as strong as this: 1 unless another part is lit.
     *
     * @param {number} share
     */
    fade(share) {
      brush.globalAlpha = share;
    },

    /**
     * @param {ArrayLike<number>} x
     * @param {ArrayLike<number>} y
     * @param {number} radius in pixels.
     * @param {string} name of the colour.
     */
    dots(x, y, radius, name) {
      brush.fillStyle = colour(name);
      brush.beginPath();
      for (let i = 0; i < x.length; i++) {
        brush.moveTo(px(x[i]) + radius, py(y[i]));
        brush.arc(px(x[i]), py(y[i]), radius, 0, 2 * Math.PI);
      }
      brush.fill();
    },

    /**
     * @param {ArrayLike<number>} x
     * @param {ArrayLike<number>} y
     * @param {number} thickness in pixels.
     * @param {string} name of the colour.
     * @param {number[]} [dashes] in pixels.
     */
    line(x, y, thickness, name, dashes = []) {
      [brush.strokeStyle, brush.lineWidth, brush.lineJoin] = [colour(name), thickness, 'round'];
      brush.setLineDash(dashes);
      brush.beginPath();
      for (let i = 0; i < x.length; i++) brush.lineTo(px(x[i]), py(y[i]));
      brush.stroke();
      brush.setLineDash([]);
    },

    /**
     * A line from each first place to its second.
     *
     * @param {ArrayLike<number>} x
     * @param {ArrayLike<number>} y
     * @param {ArrayLike<number>} toX
     * @param {ArrayLike<number>} toY
     * @param {number} thickness in pixels.
     * @param {string} name of the colour.
     */
    ties(x, y, toX, toY, thickness, name) {
      [brush.strokeStyle, brush.lineWidth] = [colour(name), thickness];
      brush.beginPath();
      for (let i = 0; i < x.length; i++) {
        brush.moveTo(px(x[i]), py(y[i]));
        brush.lineTo(px(toX[i]), py(toY[i]));
      }
      brush.stroke();
    },

    /**
     * The outline of a box.
     *
     * @param {string} name of the colour.
     * @param {number} thickness in pixels, as all that follows.
     * @param {number} left
     * @param {number} top
     * @param {number} across
     * @param {number} down
     */
    box(name, thickness, left, top, across, down) {
      [brush.strokeStyle, brush.lineWidth] = [colour(name), thickness];
      brush.strokeRect(left, top, across, down);
    },

    /**
     * A circle, to be filled or stroked.
     *
     * @param {number} x in pixels.
     * @param {number} y
     * @param {number} radius
     */
    circle(x, y, radius) {
      brush.beginPath();
      brush.arc(x, y, radius, 0, 2 * Math.PI);
    },

    /**
     * Words around a place, all of them inside the picture.
     *
     * @param {string} text
     * @param {number} x of their middle, in pixels.
     * @param {number} y in pixels from above.
     * @param {string} [name] of the colour.
     * @param {string} [font] weight and size.
     */
    middle(text, x, y, name = '--text', font = '12px') {
      brush.font = `${font} ${colour('--st-font') || 'sans-serif'}`;
      [brush.textAlign, brush.fillStyle] = ['center', colour(name) || name];
      const half = brush.measureText(text).width / 2;
      brush.fillText(text, Math.min(width - half, Math.max(half, x)), y);
    },

    /**
     * @param {string} text
     * @param {number} x in pixels from the left, or from the right where negative.
     * @param {number} y in pixels from above.
     * @param {string} [name] of the colour.
     */
    words(text, x, y, name = '--text') {
      brush.font = `12px ${colour('--st-font') || 'sans-serif'}`;
      brush.textAlign = x < 0 ? 'right' : 'left';
      brush.fillStyle = colour(name);
      brush.fillText(text, x < 0 ? width + x : x, y);
    },
  };
}
