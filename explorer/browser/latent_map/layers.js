// What is drawn under and over the points: a picture, contours, axes, rings, marks with their ellipses.

import { el, themeValue } from '../shared/dom.js';
import { ticksBetween } from '../shared/numbers.js';
import { brushOf, pictureHolder } from '../shared/picture.js';

/** @import { Contour, LinearPlace, Mark, Underlay } from '../messages.js' */
/** @import { Place as MadePlace } from '../shared/channel.js' */
/** @import { MapView, Pixel, Place } from './view.js' */

const MAX_RINGS = 2000; // of search hits; more would hide what they ring
const ANCHORS = 12; // places on a contour at which its label may stand
const HALO = 2.5; // CSS pixels that a halo is wider than its line

/**
 * What a drawing function needs; the last three are colours.
 *
 * @typedef {{context: CanvasRenderingContext2D, view: MapView, text: string, background: string, accent: string}} Frame
 */

/**
 * A frame for a canvas that covers the map, cleared.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {MapView} view
 * @returns {Frame}
 */
export function openFrame(canvas, view) {
  const ratio = canvas.width / view.width;
  const context = brushOf(canvas);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, view.width, view.height);
  context.font = `12px ${themeValue(canvas, 'font') || 'sans-serif'}`;
  const text = themeValue(canvas, 'text-color') || '#333';
  const background = themeValue(canvas, 'background-color') || '#fff';
  return { context, view, text, background, accent: themeValue(canvas, 'primary-color') || text };
}

/** A picture under the points, which the browser moves as a whole. */
export function createUnderlay() {
  const image = el('img', { class: 'underlay', alt: '', 'aria-hidden': 'true', hidden: true, draggable: 'false' });
  const holder = pictureHolder(image);
  /** @type {Underlay | null} */
  let picture = null;
  /** @type {MapView | null} */
  let drawn = null;
  image.addEventListener('load', () => {
    if (drawn) place(drawn);
  });

  /** @param {MapView} view */
  function place(view) {
    drawn = view;
    const { naturalWidth: width, naturalHeight: height } = image;
    if (!picture || !width) return;
    const [left, top] = view.toScreen(picture.left, picture.top);
    const [right, bottom] = view.toScreen(picture.right, picture.bottom);
    const [across, down] = [(right - left) / width, (bottom - top) / height];
    image.style.transform = `translate(${left}px, ${top}px) scale(${across}, ${down})`;
  }

  return {
    element: image,

    /** @param {Underlay | null} newPicture with its edges in map units; null for none. */
    show(newPicture) {
      picture = newPicture;
      image.hidden = !picture;
      holder.show(picture?.png.read() ?? null);
    },
    place,
    destroy: holder.destroy,
  };
}

/** Lines at the levels of a surface. Paths are built once, in map units, and only scaled when the view moves. */
export class Contours {
  /** @param {Contour[]} contours */
  constructor(contours) {
    this.levels = contours.map(({ label, dashed, lengths, places }) => {
      const all = places.read();
      const path = new Path2D();
      let at = 0;
      const lines = lengths.map((length) => {
        const line = all.subarray(2 * at, 2 * (at + length));
        path.moveTo(line[0], line[1]);
        for (let i = 1; i < length; i++) path.lineTo(line[2 * i], line[2 * i + 1]);
        at += length;
        return line;
      });
      const longest = lines.find((line) => line.length === 2 * Math.max(...lengths));
      return { name: label, dashed, path, anchors: longest ? anchorsOn(longest) : [] };
    });
  }

  /** @param {Frame} frame */
  draw({ context, view, text, background, accent }) {
    const scale = 1 / view.unit;
    context.save();
    context.translate(view.width / 2 - view.x * scale, view.height / 2 + view.y * scale);
    context.scale(scale, -scale);
    context.lineJoin = 'round';
    for (const { colour, alpha, width } of [
      { colour: background, alpha: 0.55, width: 3 },
      { colour: text, alpha: 0.75, width: 1 },
    ]) {
      context.strokeStyle = colour;
      context.globalAlpha = alpha;
      context.lineWidth = width * view.unit;
      for (const { path, dashed } of this.levels) {
        context.setLineDash(dashed ? [6 * view.unit, 4 * view.unit] : []);
        context.stroke(path);
      }
    }
    context.restore();
    this.drawNames({ context, view, text, background, accent });
  }

  /**
   * Each name once, at its level's first place that is in sight and free.
   *
   * @param {Frame} frame
   */
  drawNames({ context, view, text, background }) {
    /** @type {{x: number, y: number, half: number}[]} */
    const taken = [];
    for (const { name, anchors } of this.levels) {
      const half = context.measureText(name).width / 2 + 4;
      /** @param {Pixel} pixel */
      const isFree = ([x, y]) =>
        x > half + 24 &&
        x < view.width - half - 24 &&
        y > 44 &&
        y < view.height - 40 &&
        taken.every((other) => Math.abs(other.x - x) > half + other.half || Math.abs(other.y - y) > 16);
      const place = anchors.map(([x, y]) => view.toScreen(x, y)).find(isFree);
      if (!name || !place) continue;
      taken.push({ x: place[0], y: place[1], half });
      drawLabel(context, text, background, name, place, 'center', 'middle');
    }
  }
}

/**
 * Places on a line at which its name may stand.
 *
 * @param {Float32Array} line x, y pairs.
 * @returns {Place[]}
 */
function anchorsOn(line) {
  return Array.from({ length: ANCHORS }, (_, anchor) => {
    const i = Math.floor(((anchor + 0.5) * line.length) / 2 / ANCHORS);
    return [line[2 * i], line[2 * i + 1]];
  });
}

/**
 * @param {Frame} frame
 * @param {[string, string]} titles of the axes.
 */
export function drawAxes({ context, view, text, background }, titles) {
  const [left, top] = view.toData(0, 0);
  const [right, bottom] = view.toData(view.width, view.height);
  context.globalAlpha = 0.75;
  for (const tick of ticksBetween(left, right, view.width / 70)) {
    const [x] = view.toScreen(tick.at, 0);
    if (x < 30 || x > view.width - 60) continue;
    drawLine(context, text, 0.4, [x, view.height - 5], [x, view.height]);
    drawLabel(context, text, background, tick.text, [x, view.height - 8], 'center', 'bottom');
  }
  for (const tick of ticksBetween(bottom, top, view.height / 70)) {
    const [, y] = view.toScreen(0, tick.at);
    if (y < 36 || y > view.height - 30) continue;
    drawLine(context, text, 0.4, [0, y], [5, y]);
    drawLabel(context, text, background, tick.text, [9, y], 'left', 'middle');
  }
  drawLabel(context, text, background, titles[0], [view.width - 9, view.height - 8], 'right', 'bottom');
  drawLabel(context, text, background, titles[1], [9, 9], 'left', 'top');
  context.globalAlpha = 1;
}

/**
 * The crosshair, and a line from it to the nearest item.
 *
 * @param {Frame} frame
 * @param {{x: number, y: number}} cursor
 * @param {Place | undefined} nearest
 */
export function drawCursor({ context, view, text, background }, cursor, nearest) {
  const [x, y] = view.toScreen(cursor.x, cursor.y);
  if (nearest) {
    const item = view.toScreen(...nearest);
    drawLine(context, text, 0.5, [x, y], item);
    drawRing(context, text, background, item, 6, 1.5);
  }
  drawLine(context, text, 0.9, [x - 7, y], [x + 7, y]);
  drawLine(context, text, 0.9, [x, y - 7], [x, y + 7]);
}

/**
 * Rings around many places: all halos first, so that none covers a ring.
 *
 * @param {Frame} frame
 * @param {Place[]} places
 * @param {string} colour
 * @param {number} radius in CSS pixels, as is `width`.
 * @param {number} width of the line.
 */
export function drawRings({ context, view, background }, places, colour, radius, width) {
  const seen = places.filter(([x, y]) => view.sees(x, y)).slice(0, MAX_RINGS);
  context.beginPath();
  for (const [x, y] of seen) {
    const [px, py] = view.toScreen(x, y);
    context.moveTo(px + radius, py);
    context.arc(px, py, radius, 0, 2 * Math.PI);
  }
  strokeWithHalo(context, colour, background, width);
}

/**
 * A ringed place with its name, and its ellipses of 1 and 2 sigma where it has any.
 *
 * @param {Frame} frame
 * @param {Mark} mark
 */
export function drawMark({ context, view, text, background }, { x, y, label, ellipse }) {
  const [px, py] = view.toScreen(x, y);
  if (ellipse) {
    const [a, b, angle] = ellipse;
    for (const sigmas of [1, 2]) {
      context.beginPath();
      context.ellipse(px, py, (sigmas * a) / view.unit, (sigmas * b) / view.unit, -angle, 0, 2 * Math.PI);
      strokeWithHalo(context, text, background, 1.5, sigmas === 2 ? [5, 4] : []);
    }
  }
  drawRing(context, text, background, [px, py], 8, 2);
  drawLabel(context, text, background, label, [px + 13, py], 'left', 'middle');
}

/**
 * A code's place on the map, with the ellipse that its spread has there.
 *
 * @param {LinearPlace} drop the place is (code - origin) times the matrix (D, 2).
 * @param {MadePlace} made
 * @returns {Mark | null} null for a code of another size.
 */
export function markOf({ origin, matrix }, { code, std, label }) {
  if (code.length !== origin.length) return null;
  let [x, y, xx, xy, yy] = [0, 0, 0, 0, 0];
  matrix.forEach(([a, b], d) => {
    x += (code[d] - origin[d]) * a;
    y += (code[d] - origin[d]) * b;
    const variance = std ? std[d] ** 2 : 0;
    xx += variance * a * a;
    xy += variance * a * b;
    yy += variance * b * b;
  });
  if (!Number.isFinite(x + y + xx + xy + yy)) return null;
  // Half axes and direction of the ellipse: the eigenvalues and the first eigenvector of its 2 x 2 covariance.
  const middle = (xx + yy) / 2;
  const half = Math.hypot((xx - yy) / 2, xy);
  const [longer, shorter] = [Math.sqrt(middle + half), Math.sqrt(Math.max(0, middle - half))];
  return { x, y, label, ellipse: std ? [longer, shorter, Math.atan2(2 * xy, xx - yy) / 2] : null };
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {string} colour
 * @param {number} alpha
 * @param {Pixel} from
 * @param {Pixel} to
 */
function drawLine(context, colour, alpha, from, to) {
  const before = context.globalAlpha;
  context.globalAlpha = alpha;
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(...from);
  context.lineTo(...to);
  context.stroke();
  context.globalAlpha = before;
}

/**
 * A circle that stands out from the points.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {string} colour
 * @param {string} background
 * @param {Pixel} middle
 * @param {number} radius
 * @param {number} width
 */
function drawRing(context, colour, background, [x, y], radius, width) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  strokeWithHalo(context, colour, background, width);
}

/**
 * Stroke the current path, over a wider line in the background's colour.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {string} colour
 * @param {string} background
 * @param {number} width
 * @param {number[]} dash of the line, not of its halo.
 */
function strokeWithHalo(context, colour, background, width, dash = []) {
  context.strokeStyle = background;
  context.lineWidth = width + HALO;
  context.stroke();
  context.setLineDash(dash);
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.stroke();
  context.setLineDash([]);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {string} colour
 * @param {string} background
 * @param {string} text
 * @param {Pixel} at
 * @param {CanvasTextAlign} align
 * @param {CanvasTextBaseline} baseline
 */
export function drawLabel(context, colour, background, text, [x, y], align, baseline) {
  context.textAlign = align;
  context.textBaseline = baseline;
  context.lineWidth = 3;
  context.lineJoin = 'round';
  context.strokeStyle = background;
  context.fillStyle = colour;
  const alpha = context.globalAlpha;
  context.globalAlpha = 1; // of the halo, so that quiet words are legible over a picture, too
  context.strokeText(text, x, y);
  context.globalAlpha = alpha;
  context.fillText(text, x, y);
}
