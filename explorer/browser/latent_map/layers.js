// What is drawn under and over the points: a picture, contours, axes, rings, marks with their ellipses.
//
// A frame is what a drawing function needs: {context, view, text, background, accent}, the last three colours.

import { el, themeValue } from '../shared/dom.js';
import { ticksBetween } from '../shared/numbers.js';
import { pictureHolder } from '../shared/picture.js';

/** @import { Contour, Underlay } from '../messages.js' */

const MAX_RINGS = 2000; // of search hits; more would hide what they ring
const ANCHORS = 12; // places on a contour at which its label may stand

/** A frame for a canvas that covers the map, cleared. */
export function openFrame(canvas, view) {
  const ratio = canvas.width / view.width;
  const context = canvas.getContext('2d');
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
  /** @type {?Underlay} */
  let edges = null;
  let drawn = null;
  image.addEventListener('load', () => drawn && place(drawn));

  function place(view) {
    drawn = view;
    const { naturalWidth: width, naturalHeight: height } = image;
    if (!edges || !width) return;
    const [left, top] = view.toScreen(edges.left, edges.top);
    const [right, bottom] = view.toScreen(edges.right, edges.bottom);
    image.style.transform = `translate(${left}px, ${top}px) scale(${(right - left) / width}, ${(bottom - top) / height})`;
  }

  return {
    element: image,
    /** @param {?Underlay} picture with its edges in map units; null for none. */
    show(picture) {
      edges = picture;
      image.hidden = !picture;
      holder.show(picture?.png.read() ?? null);
    },
    place,
    destroy: holder.destroy,
  };
}

/** Lines at the levels of a surface. Paths are built once, in map units, and only scaled when the view moves. */
export class Contours {
  /**
   * @param {Contour[]} contours
   */
  constructor(contours) {
    this.levels = contours.map(({ label: name, dashed, lengths, places }) => {
      const all = places.read();
      let at = 0;
      const path = new Path2D();
      const anchors = [];
      const longest = Math.max(0, ...lengths);
      for (const length of lengths) {
        const line = all.subarray(2 * at, 2 * (at + length));
        at += length;
        for (let i = 0; i < length; i++) {
          if (i) path.lineTo(line[2 * i], line[2 * i + 1]);
          else path.moveTo(line[0], line[1]);
        }
        if (length === longest && !anchors.length) {
          for (let a = 0; a < ANCHORS; a++) {
            const i = Math.floor(((a + 0.5) * length) / ANCHORS);
            anchors.push([line[2 * i], line[2 * i + 1]]);
          }
        }
      }
      return { name, dashed, path, anchors };
    });
  }

  draw({ context, view, text, background }) {
    const scale = 1 / view.unit;
    context.save();
    context.translate(view.width / 2 - view.x * scale, view.height / 2 + view.y * scale);
    context.scale(scale, -scale);
    context.lineJoin = 'round';
    for (const [colour, alpha, width] of [
      [background, 0.55, 3],
      [text, 0.75, 1],
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
    this.drawNames({ context, view, text, background });
  }

  /** Each name once, at its level's first place that is in sight and free. */
  drawNames({ context, view, text, background }) {
    const taken = [];
    for (const { name, anchors } of this.levels) {
      const half = context.measureText(name).width / 2 + 4;
      const free = ([x, y]) =>
        x > half + 24 &&
        x < view.width - half - 24 &&
        y > 44 &&
        y < view.height - 40 &&
        taken.every((other) => Math.abs(other.x - x) > half + other.half || Math.abs(other.y - y) > 16);
      const place = name && anchors.map(([x, y]) => view.toScreen(x, y)).find(free);
      if (!place) continue;
      taken.push({ x: place[0], y: place[1], half });
      label(context, text, background, name, ...place, 'center', 'middle');
    }
  }
}

export function drawAxes({ context, view, text, background }, axes) {
  const [left, top] = view.toData(0, 0);
  const [right, bottom] = view.toData(view.width, view.height);
  context.globalAlpha = 0.75;
  for (const tick of ticksBetween(left, right, view.width / 70)) {
    const [x] = view.toScreen(tick.at, 0);
    if (x < 30 || x > view.width - 60) continue;
    line(context, text, 0.4, [x, view.height - 5], [x, view.height]);
    label(context, text, background, tick.text, x, view.height - 8, 'center', 'bottom');
  }
  for (const tick of ticksBetween(bottom, top, view.height / 70)) {
    const [, y] = view.toScreen(0, tick.at);
    if (y < 36 || y > view.height - 30) continue;
    line(context, text, 0.4, [0, y], [5, y]);
    label(context, text, background, tick.text, 9, y, 'left', 'middle');
  }
  label(context, text, background, axes[0], view.width - 9, view.height - 8, 'right', 'bottom');
  label(context, text, background, axes[1], 9, 9, 'left', 'top');
  context.globalAlpha = 1;
}

/** The crosshair, and a line from it to the nearest item. */
export function drawCursor({ context, view, text, background }, cursor, nearest) {
  const [x, y] = view.toScreen(cursor.x, cursor.y);
  if (nearest) {
    const [nx, ny] = view.toScreen(...nearest);
    line(context, text, 0.5, [x, y], [nx, ny]);
    ring(context, text, background, nx, ny, 6, 1.5);
  }
  line(context, text, 0.9, [x - 7, y], [x + 7, y]);
  line(context, text, 0.9, [x, y - 7], [x, y + 7]);
}

/** Rings around many places: all halos first, so that none covers a ring. */
export function drawRings({ context, view, background }, places, colour, radius, width) {
  for (const [style, thickness] of [
    [background, width + 2.5],
    [colour, width],
  ]) {
    context.beginPath();
    let drawn = 0;
    for (const [x, y] of places) {
      if (!view.sees(x, y)) continue;
      if (++drawn > MAX_RINGS) break;
      const [px, py] = view.toScreen(x, y);
      context.moveTo(px + radius, py);
      context.arc(px, py, radius, 0, 2 * Math.PI);
    }
    context.strokeStyle = style;
    context.lineWidth = thickness;
    context.stroke();
  }
}

/** A ringed place with its name, and its ellipses of 1 and 2 sigma where it has any. */
export function drawMark({ context, view, text, background }, mark) {
  const [x, y] = view.toScreen(mark.x, mark.y);
  if (mark.ellipse) {
    const [a, b, angle] = mark.ellipse;
    for (const sigmas of [1, 2]) {
      for (const [style, thickness] of [
        [background, 3.5],
        [text, 1.5],
      ]) {
        context.beginPath();
        context.ellipse(x, y, (sigmas * a) / view.unit, (sigmas * b) / view.unit, -angle, 0, 2 * Math.PI);
        context.setLineDash(sigmas === 2 && style === text ? [5, 4] : []);
        context.strokeStyle = style;
        context.lineWidth = thickness;
        context.stroke();
      }
    }
    context.setLineDash([]);
  }
  ring(context, text, background, x, y, 8, 2);
  label(context, text, background, mark.label, x + 13, y, 'left', 'middle');
}

/**
 * A code's place on the map, with the ellipse that its spread has there.
 *
 * @param {{origin: number[], matrix: number[][]}} drop the place is (code - origin) times the matrix (D, 2).
 * @param {{code: ArrayLike<number>, std: ?ArrayLike<number>, label: string}} made
 * @returns {?{x: number, y: number, label: string, ellipse: ?number[]}} null for a code of another size.
 */
export function markOf({ origin, matrix }, { code, std, label: name }) {
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
  const axes = [Math.sqrt(middle + half), Math.sqrt(Math.max(0, middle - half))];
  return { x, y, label: name, ellipse: std ? [...axes, Math.atan2(2 * xy, xx - yy) / 2] : null };
}

function line(context, colour, alpha, from, to) {
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

/** A circle with a halo in the background's colour, so that it stands out from the points. */
export function ring(context, colour, background, x, y, radius, width) {
  for (const [style, thickness] of [
    [background, width + 2.5],
    [colour, width],
  ]) {
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.strokeStyle = style;
    context.lineWidth = thickness;
    context.stroke();
  }
}

export function label(context, colour, background, text, x, y, align, baseline) {
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
