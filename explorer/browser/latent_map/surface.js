// The map's surface: the points, what is drawn over them, and every way to move on it.

import { el, ICONS, icon } from '../shared/dom.js';
import { oncePerFrame } from '../shared/timing.js';
import { fadeColourOf } from './fade.js';
import { createFrames } from './frames.js';
import { listenToHands } from './input.js';
import { createUnderlay, drawAxes, drawCursor, drawMark, drawRings, openFrame } from './layers.js';
import { createPictures } from './pictures.js';
import { boundsOf, PointIndex } from './point_index.js';
import { createMapTools } from './tools.js';
import { MapView } from './view.js';

/** @import { LatentMap, Mark, Underlay } from '../messages.js' */
/** @import { Mode } from './choice.js' */
/** @import { ClassNames } from './class_names.js' */
/** @import { Contours, Frame } from './layers.js' */
/** @import { Place, Sight } from './view.js' */

const ZOOM_STEP = 1.5; // of a button
const NAMES = 'Names of classes (N)';
const ICON_NAMES = 'M3 5V3h10v2M8 3v10M6 13h4';

/**
 * What the map hears of.
 *
 * @typedef {object} Hooks
 * @property {() => void} onCursor the cursor has moved.
 * @property {() => void} onLeave the pointer is elsewhere.
 * @property {(x: number, y: number) => void} onSelect a place was clicked, in map units.
 * @property {(corners: Place[], mode: Mode) => void} onRegion something was drawn around items.
 * @property {() => void} onClear the choice was emptied.
 * @property {(group: number) => boolean} isShown whether a class is not hidden.
 * @property {(sight: Sight | null) => void} onSight something else is in sight; null: all points.
 */

/** @param {Hooks} hooks */
export function createMapSurface(hooks) {
  const view = new MapView();
  const frames = createFrames(view, { size: pointSize, fade: () => fadeColourOf(element), onShown: showRest });
  const lines = el('canvas', { class: 'lines', 'aria-hidden': 'true', hidden: true });
  const overlay = el('canvas', { class: 'overlay', tabindex: 0, role: 'application' });
  const underlay = createUnderlay();
  const pictures = createPictures(view, hooks.isShown);
  /**
   * @param {string} title
   * @param {string} label
   * @param {string} path
   * @param {() => void} click
   */
  const button = (title, label, path, click) =>
    el('button', { type: 'button', class: 'plain', title, 'aria-label': label, click }, icon(path));
  const zooms = el(
    'span',
    { class: 'tool-group' },
    button('Zoom in', 'Zoom in', ICONS.plus, () => zoomAt(view.width / 2, view.height / 2, 1 / ZOOM_STEP)),
    button('Zoom out', 'Zoom out', ICONS.minus, () => zoomAt(view.width / 2, view.height / 2, ZOOM_STEP)),
    button('Show all', 'Show all points', ICONS.reset, reset),
  );
  const tools = createMapTools({
    onChange: () => drawOverlay(),
    onRegion: hooks.onRegion,
    onClear: hooks.onClear,
  });
  const nameButton = button(NAMES, NAMES, ICON_NAMES, toggleNames);
  const nameTool = el('span', { class: 'tool-group', hidden: true }, nameButton);
  const bar = el('div', { class: 'map-tools' }, tools.element, pictures.tool, nameTool, zooms);
  const counts = el('div', { class: 'map-counts', hidden: true });
  const layers = [underlay.element, frames.canvas, lines, pictures.canvas, overlay];
  const element = el('div', { class: 'map' }, ...layers, tools.hint, bar);

  const cursor = { x: 0, y: 0, shown: false };
  let points = new Float32Array(0);
  let groups = new Uint16Array(0);
  let index = new PointIndex(points);
  let palette = new Uint8Array(0);
  /** @type {Uint32Array | null} */
  let chosen = null; // positions, or null for none
  /** @type {Contours | null} */
  let contours = null;
  /** @type {[string, string]} */
  let axes = ['', ''];
  /** @type {Mark[]} */
  let marks = [];
  /** @type {Mark | null} */
  let made = null; // that another component makes while the hand moves
  /** @type {Place[]} */
  let hits = [];
  /** @type {ClassNames | null} */
  let classNames = null;
  let namesAtFirst = false;
  /** @type {boolean | null} */
  let namesAsked = null; // by the hand; null: as the page has it
  let placed = ''; // where the page has put the cursor
  let looked = ''; // what the page has brought into sight
  /** @type {Sight | null} */
  let wanted = null; // to be brought into sight once the map has a size
  const ringed = { nearest: -1, linked: -1, selected: -1 };
  /**
   * @param {number} i
   * @returns {Place}
   */
  const placeOf = (i) => [points[2 * i], points[2 * i + 1]];

  // --- Drawing ---

  const { redraw, follow } = frames;

  /**
   * Show what belongs to the points where they are seen.
   *
   * @param {MapView | null} drawn what they were drawn anew for; null: they were moved.
   * @param {string} transform
   */
  function showRest(drawn, transform) {
    lines.style.transform = transform;
    underlay.place(view);
    pictures.follow();
    if (drawn) {
      if (contours) contours.draw(openFrame(lines, drawn));
      counts.hidden = !frames.most;
      const apart = chosen ? ' (selected and others apart)' : '';
      counts.textContent = `Stronger colour: more points, up to ${frames.most.toLocaleString('en-US')} on a pixel${apart}`;
      hooks.onSight(view.moved ? view.sight : null);
    }
    paintOverlay();
  }

  const drawOverlay = oncePerFrame(paintOverlay);

  /** Diameter in CSS pixels: small where points are many, a little larger as one zooms in. */
  function pointSize() {
    const spacing = Math.sqrt((view.width * view.height) / Math.max(1, groups.length));
    const zoom = view.wholeUnit / view.unit;
    return Math.min(7, Math.max(1.5, Math.min(5, 0.35 * spacing)) * zoom ** 0.35);
  }

  function paintOverlay() {
    if (!view.width) return;
    const frame = openFrame(overlay, view);
    drawAxes(frame, axes);
    paintNames(frame);
    /** @param {number} index */
    const places = (index) => (index >= 0 ? [placeOf(index)] : []);
    drawRings(frame, hits, frame.accent, 6.5, 1.75);
    drawRings(frame, places(ringed.linked), frame.text, 9, 2.5);
    if (cursor.shown && !tools.drawing) drawCursor(frame, cursor, places(ringed.nearest)[0]);
    drawRings(frame, places(ringed.selected), frame.accent, 8, 2.5);
    for (const mark of marks) if (mark.label !== made?.label) drawMark(frame, mark);
    if (made) drawMark(frame, made);
    tools.draw(frame);
  }

  /** @param {Frame} frame */
  function paintNames(frame) {
    nameButton.setAttribute('aria-pressed', String(namesShown()));
    if (!classNames || !namesShown()) return;
    const { offsetLeft: left, offsetTop: top, offsetWidth: width, offsetHeight: height } = bar;
    const lacking = classNames.draw(frame, hooks.isShown, [{ left, top, right: left + width, bottom: top + height }]);
    const title = lacking ? `${NAMES}: ${lacking} have no room, zoom in for them` : NAMES;
    if (nameButton.title !== title) nameButton.title = title;
  }

  const namesShown = () => namesAsked ?? namesAtFirst;

  function toggleNames() {
    namesAsked = !namesShown();
    drawOverlay();
  }

  // --- Moving ---

  function reset() {
    view.showAll();
    redraw();
  }

  /**
   * @param {number} px
   * @param {number} py
   * @param {number} factor
   */
  function zoomAt(px, py, factor) {
    view.zoomAt(px, py, factor);
    follow();
  }

  /** @param {Partial<typeof cursor>} change */
  function setCursor(change) {
    Object.assign(cursor, change);
  }

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
      setCursor({ x, y, shown: true });
      hooks.onCursor();
      drawOverlay(); // after what the page's own work for this frame has found
    },
    select: hooks.onSelect,
    leave: hooks.onLeave,
  });

  element.addEventListener('keydown', (event) => {
    const isNames = classNames && !event.ctrlKey && !event.metaKey && event.key.toLowerCase() === 'n';
    if (isNames) toggleNames();
    if (isNames || pictures.key(event)) event.preventDefault();
  });

  function resize() {
    const { clientWidth: width, clientHeight: height } = element;
    if (!width || !height) return;
    const ratio = window.devicePixelRatio || 1;
    const [across, down] = [Math.round(width * ratio), Math.round(height * ratio)];
    const isSame = view.width === width && view.height === height && lines.width === across && lines.height === down;
    if (!frames.fit(width, height, ratio) && isSame) return;
    [view.width, view.height] = [width, height];
    for (const layer of [lines, overlay]) [layer.width, layer.height] = [across, down];
    if (!view.moved) view.showAll();
    look();
    redraw();
    pictures.redraw();
  }

  function look() {
    if (!wanted || !view.width) return;
    const [left, bottom, right, top] = wanted;
    wanted = null;
    view.lookAt({ left, bottom, right, top });
    redraw();
  }

  return {
    element,
    counts,
    pictures,
    cursor,
    redraw,
    resize,
    get unit() {
      return view.unit;
    },
    get height() {
      return view.height;
    },

    /**
     * Open the drawing context, again if another kind is wanted.
     *
     * @param {boolean} plain never WebGL2.
     * @param {number} n points.
     */
    prepare(plain, n) {
      if (!frames.prepare(plain, n)) return;
      element.dataset.renderer = frames.scatter?.kind;
      frames.scatter?.setPoints(points, groups, index);
      frames.scatter?.setPalette(palette);
      frames.scatter?.setChosen(chosen);
      resize();
    },

    /**
     * @param {Float32Array<ArrayBuffer>} newPoints x, y pairs.
     * @param {Uint16Array<ArrayBuffer>} newGroups the class of each.
     * @param {PointIndex} newIndex
     */
    setPoints(newPoints, newGroups, newIndex) {
      points = newPoints;
      index = newIndex;
      this.setGroups(newGroups);
      Object.assign(ringed, { nearest: -1, linked: -1, selected: -1 });
      hits = [];
      placed = looked = '';
      frames.forget();
      view.bounds = boundsOf(points);
      reset();
      setCursor({ x: view.x, y: view.y, shown: false });
    },

    /** @param {Uint16Array<ArrayBuffer>} newGroups other classes of the same points. */
    setGroups(newGroups) {
      groups = newGroups;
      frames.scatter?.setPoints(points, groups, index);
      pictures.setPoints(points, groups, index);
      redraw();
    },

    /**
     * @param {ClassNames | null} names that can be written on the map; null: the classes have none.
     * @param {boolean} atFirst whether they are until the hand says otherwise.
     */
    setNames(names, atFirst) {
      [classNames, namesAtFirst] = [names, atFirst];
      nameTool.hidden = !names;
      drawOverlay();
    },

    /** @param {Uint8Array<ArrayBuffer>} rgba */
    setPalette(rgba) {
      palette = rgba;
      frames.scatter?.setPalette(rgba);
      pictures.setPalette(rgba);
      redraw();
    },

    /** @param {Uint32Array | null} positions that stand out while the others fade; null or empty: none. */
    setChosen(positions) {
      chosen = positions?.length ? positions : null;
      frames.scatter?.setChosen(chosen);
      pictures.setChosen(chosen);
      tools.counts(chosen?.length ?? 0);
      redraw();
    },

    /** @param {Uint32Array} positions to ring; if none is in sight, the view moves to them. */
    setHits(positions) {
      hits = Array.from(positions, placeOf);
      if (hits.length && view.width && !hits.some(([x, y]) => view.sees(x, y))) {
        view.moveTo(boundsOf(hits.flat()));
        redraw();
      } else drawOverlay();
    },

    /** @param {Underlay | null} picture */
    setUnderlay(picture) {
      underlay.show(picture);
      underlay.place(view);
    },

    /** @param {Contours | null} newContours */
    setContours(newContours) {
      contours = newContours;
      lines.hidden = !contours;
      redraw();
    },

    /** @param {LatentMap} message */
    describe(message) {
      const { points: items, layers: over, spoken, cursor: place, in_sight: sight, tools: offered, height } = message;
      axes = items.axes;
      marks = over.marks;
      tools.offer(offered);
      pictures.describe(message);
      element.style.height = height ? `${height}px` : '';
      element.classList.toggle('fixed', Boolean(height));
      overlay.setAttribute('aria-label', spoken);
      // Only a new place moves the cursor: the page may describe the map again after every click.
      if (place && String(place) !== placed) setCursor({ x: place[0], y: place[1], shown: true });
      placed = String(place);
      if (sight && String(sight) !== looked) wanted = sight;
      looked = String(sight);
      resize();
      look();
    },

    /**
     * @param {'nearest' | 'linked' | 'selected'} what item to ring.
     * @param {number} index of it, -1 for none.
     */
    ring(what, index) {
      if (ringed[what] === index) return;
      ringed[what] = index;
      drawOverlay();
    },

    /** @param {Mark | null} mark in place of one with the same label. */
    setMade(mark) {
      made = mark;
      drawOverlay();
    },

    destroy() {
      frames.destroy();
      drawOverlay.cancel();
      pictures.destroy();
      underlay.destroy();
    },
  };
}
