// The map's surface: the points, what is drawn over them, and every way to move on it.

import { el, ICONS, icon, themeValue } from '../shared/dom.js';
import { oncePerFrame, whenCalm } from '../shared/timing.js';
import { listenToHands } from './input.js';
import { createUnderlay, drawAxes, drawCursor, drawMark, drawRings, openFrame } from './layers.js';
import { boundsOf } from './point_index.js';
import { createScatter } from './scatter.js';
import { createMapTools } from './tools.js';
import { MapView } from './view.js';

/** @import { LatentMap, Underlay } from '../messages.js' */

const SLOW_MS = 4; // a longer redraw cannot follow a hand where the same processor also puts it on screen
const CALM_MS = 100;
const FADED = 0.8; // how far points that are not chosen take the colour of the background
const FADED_TEXT = 0.15; // share of the text's colour in it

export function createMapSurface() {
  let canvas = el('canvas', { class: 'points', 'aria-hidden': 'true' });
  const lines = el('canvas', { class: 'lines', 'aria-hidden': 'true', hidden: true });
  const overlay = el('canvas', { class: 'overlay', tabindex: 0, role: 'application' });
  const underlay = createUnderlay();
  const zoomIn = el(
    'button',
    { type: 'button', class: 'plain', title: 'Zoom in', 'aria-label': 'Zoom in' },
    icon(ICONS.plus),
  );
  const zoomOut = el(
    'button',
    { type: 'button', class: 'plain', title: 'Zoom out', 'aria-label': 'Zoom out' },
    icon(ICONS.minus),
  );
  const fit = el(
    'button',
    { type: 'button', class: 'plain', title: 'Show all', 'aria-label': 'Show all points' },
    icon(ICONS.reset),
  );
  const tools = createMapTools({
    onChange: () => drawOverlay(),
    onRegion: (corners, mode) => surface.onRegion(corners, mode),
    onClear: () => surface.onClear(),
  });
  const bar = el(
    'div',
    { class: 'map-tools' },
    tools.element,
    el('span', { class: 'tool-group' }, zoomIn, zoomOut, fit),
  );
  const element = el('div', { class: 'map' }, underlay.element, canvas, lines, overlay, tools.hint, bar);

  const view = new MapView();
  const cursor = { x: 0, y: 0, shown: false };
  let points = new Float32Array(0);
  let groups = null;
  let palette = null;
  let chosen = null; // positions, or null for none
  let scatter = null;
  let plainWanted = null;
  let contours = null;
  let axes = ['', ''];
  let marks = [];
  let made = null; // a mark that another component makes while the hand moves
  let found = []; // places
  let placed = '';
  const ringed = { nearest: -1, linked: -1, selected: -1 };
  let drawn = view.copy(); // the view of the last full drawing
  let slow = null; // whether full drawings are too slow to follow a hand; null: not yet timed

  const at = (i) => [points[2 * i], points[2 * i + 1]];

  const surface = {
    element,
    cursor,
    onCursor: () => {},
    onLeave: () => {},
    onSelect: () => {},
    onRegion: () => {},
    onClear: () => {},
    get unit() {
      return view.unit;
    },
    get height() {
      return view.height;
    },

    /** Open the drawing context, again if another kind is wanted. */
    prepare(plain) {
      if (scatter && plain === plainWanted) return;
      plainWanted = plain;
      slow = null;
      if (scatter) {
        scatter.destroy();
        // A canvas keeps its first kind of context for life.
        const fresh = el('canvas', { class: 'points', 'aria-hidden': 'true' });
        canvas.replaceWith(fresh);
        canvas = fresh;
      }
      scatter = createScatter(canvas, plain);
      element.dataset.renderer = scatter.kind;
      if (groups) scatter.setPoints(points, groups);
      if (palette) scatter.setPalette(palette);
      scatter.setChosen(chosen);
      surface.resize();
    },

    setPoints(newPoints, newGroups) {
      points = newPoints;
      surface.setGroups(newGroups);
      Object.assign(ringed, { nearest: -1, linked: -1, selected: -1 });
      found = [];
      placed = '';
      slow = null;
      view.bounds = boundsOf(points);
      reset();
      Object.assign(cursor, { x: view.x, y: view.y, shown: false });
    },

    /** Other classes of the same points. */
    setGroups(newGroups) {
      groups = newGroups;
      scatter.setPoints(points, groups);
      redraw();
    },

    setPalette(rgba) {
      palette = rgba;
      scatter.setPalette(rgba);
      redraw();
    },

    /** @param {?Uint32Array} positions that stand out while the others fade; null or empty: none. */
    setChosen(positions) {
      chosen = positions?.length ? positions : null;
      scatter.setChosen(chosen);
      tools.counts(chosen ? chosen.length : 0);
      redraw();
    },

    /** @param {Uint32Array} positions to ring; if none is in sight, the view moves to them. */
    setFound(positions) {
      found = Array.from(positions, (i) => at(i));
      if (found.length && view.width && !found.some((place) => view.sees(...place))) {
        view.moveTo(boundsOf(found.flat()));
        redraw();
      } else drawOverlay();
    },

    /** @param {?Underlay} picture */
    setUnderlay(picture) {
      underlay.show(picture);
      underlay.place(view);
    },

    setContours(newContours) {
      contours = newContours;
      lines.hidden = !contours;
      redraw();
    },

    /** @param {LatentMap} message */
    describe({ points: { axes: titles }, layers, spoken, cursor: place, tools: offered, height }) {
      axes = titles;
      marks = layers.marks;
      tools.offer(offered);
      element.style.height = height ? `${height}px` : '';
      element.classList.toggle('fixed', Boolean(height));
      overlay.setAttribute('aria-label', spoken);
      // Only a new place moves the cursor: the page may describe the map again after every click.
      if (place && String(place) !== placed) Object.assign(cursor, { x: place[0], y: place[1], shown: true });
      placed = String(place);
      surface.resize();
    },

    /** @param {'nearest' | 'linked' | 'selected'} what item to ring, -1 for none. */
    ring(what, index) {
      if (ringed[what] === index) return;
      ringed[what] = index;
      drawOverlay();
    },

    /** @param {?{x: number, y: number, label: string, ellipse: ?number[]}} mark in place of one with the same label. */
    setMade(mark) {
      made = mark;
      drawOverlay();
    },

    resize() {
      const { clientWidth: width, clientHeight: height } = element;
      const ratio = window.devicePixelRatio || 1;
      const size = [Math.round(width * ratio), Math.round(height * ratio)];
      if (!width || !height) return;
      if (view.width === width && view.height === height && canvas.width === size[0] && canvas.height === size[1])
        return;
      Object.assign(view, { width, height });
      for (const layer of [canvas, lines, overlay]) [layer.width, layer.height] = size;
      if (!view.moved) view.showAll();
      redraw();
    },

    redraw: () => redraw(),
    drawOverlay: () => drawOverlay(),

    destroy() {
      redraw.cancel();
      follow.cancel();
      redrawWhenCalm.cancel();
      drawOverlay.cancel();
      underlay.destroy();
      scatter?.destroy();
    },
  };

  const redraw = oncePerFrame(() => {
    if (!view.width || !groups) return;
    const start = performance.now();
    scatter.draw(view, pointSize(), chosen && fadeColour());
    if (slow === null) {
      scatter.finish();
      slow = performance.now() - start > SLOW_MS;
    }
    drawn = view.copy();
    canvas.style.transform = lines.style.transform = '';
    underlay.place(view);
    if (contours) contours.draw(openFrame(lines, view));
    paintOverlay();
  });
  const redrawWhenCalm = whenCalm(redraw, CALM_MS);

  /** Show a view that has moved: where a full drawing is slow, move the last one until the hand rests. */
  const follow = oncePerFrame(() => {
    const [left, top, scale] = view.shiftFrom(drawn);
    const [dx, dy] = [(drawn.x - view.x) / view.unit, (view.y - drawn.y) / view.unit];
    const far = Math.abs(dx) > view.width / 3 || Math.abs(dy) > view.height / 3 || scale > 2 || scale < 0.7;
    if (!slow || far) {
      redraw();
      return;
    }
    canvas.style.transform = lines.style.transform = `translate(${left}px, ${top}px) scale(${scale})`;
    underlay.place(view);
    paintOverlay();
    redrawWhenCalm();
  });

  const drawOverlay = oncePerFrame(paintOverlay);

  /** Diameter in CSS pixels: small where points are many, a little larger as one zooms in. */
  function pointSize() {
    const spacing = Math.sqrt((view.width * view.height) / Math.max(1, groups.length));
    const zoom = view.wholeUnit / view.unit;
    return Math.min(7, Math.max(1.5, Math.min(5, 0.35 * spacing)) * zoom ** 0.35);
  }

  /** What points that are not chosen fade to: red, green, blue and how far, each in [0, 1]. */
  function fadeColour() {
    const [text, background] = ['text-color', 'background-color'].map((name) => rgbOf(themeValue(element, name)));
    return [...background.map((value, i) => value + FADED_TEXT * (text[i] - value)), FADED];
  }

  function paintOverlay() {
    if (!view.width) return;
    const frame = openFrame(overlay, view);
    drawAxes(frame, axes);
    const shown = (index) => (index >= 0 ? [at(index)] : []);
    drawRings(frame, found, frame.accent, 6.5, 1.75);
    drawRings(frame, shown(ringed.linked), frame.text, 9, 2.5);
    if (cursor.shown && !tools.drawing) drawCursor(frame, cursor, shown(ringed.nearest)[0]);
    drawRings(frame, shown(ringed.selected), frame.accent, 8, 2.5);
    for (const mark of marks) if (mark.label !== made?.label) drawMark(frame, mark);
    if (made) drawMark(frame, made);
    tools.draw(frame);
  }

  function reset() {
    view.showAll();
    redraw();
  }

  const zoomAt = (...args) => {
    view.zoomAt(...args);
    follow();
  };
  zoomIn.addEventListener('click', () => zoomAt(view.width / 2, view.height / 2, 1 / 1.5));
  zoomOut.addEventListener('click', () => zoomAt(view.width / 2, view.height / 2, 1.5));
  fit.addEventListener('click', reset);
  listenToHands(element, overlay, {
    view,
    cursor,
    tools,
    zoomAt,
    reset,
    pan(dx, dy) {
      view.pan(dx, dy);
      follow();
    },
    moveCursor(x, y) {
      Object.assign(cursor, { x, y, shown: true });
      surface.onCursor();
      drawOverlay(); // after what the page's own work for this frame has found
    },
    select: (x, y) => surface.onSelect(x, y),
    leave: () => surface.onLeave(),
  });

  return surface;
}

/** A colour of any notation as red, green and blue in [0, 1]; grey where it has none. */
function rgbOf(colour) {
  const context = new OffscreenCanvas(1, 1).getContext('2d');
  context.fillStyle = '#888888';
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  return Array.from(context.getImageData(0, 0, 1, 1).data.subarray(0, 3), (value) => value / 255);
}
