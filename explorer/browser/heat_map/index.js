// An image at the size it has, its heat map over it as opaque as one likes, and a box around each region above a threshold
// of pixels that is dragged. Nothing here asks the server.

import { liveComponent } from '../shared/component.js';
import { el, newId, watchWidth } from '../shared/dom.js';
import { percent, threeDigits } from '../shared/numbers.js';
import { brushOf, pictureHolder } from '../shared/picture.js';
import { oncePerFrame, whenCalm } from '../shared/timing.js';
import { Viewport } from '../shared/viewport.js';
import { ZOOMS, zoomButtons } from '../shared/zoom_buttons.js';
import { promisedRate } from '../threshold/rates.js';
import { countText } from '../threshold/words.js';
import { drawHeat } from './heat.js';
import { regionsAbove } from './regions.js';
import css from './style.css';

/** @import { Create, HeatMapView } from '../messages.js' */
/** @import { Point } from '../shared/viewport.js' */
/** @import { Region } from './regions.js' */

const OPACITY = 0.7; // of the heat at first
const STEPS = 1000; // of the threshold's slider
const MOST = 200; // boxes that are drawn
const LISTED = 3; // regions that are said in words
const HINT = 'Drag to move a zoomed picture. Keys: arrows, + and −, 1, 0.';

/** @type {Create<'heat_map'>} */
function createHeatMap(root) {
  const image = el('img', { draggable: 'false' });
  const heat = el('canvas', { 'aria-hidden': 'true' });
  const boxes = el('svg', { class: 'boxes', 'aria-hidden': 'true' });
  const frame = el('div', { class: 'frame', role: 'group', tabindex: 0 }, image, heat, boxes);
  const scaleText = el('span', { class: 'quiet number' });
  const tools = el('div', { class: 'tools' }, ...zoomButtons({ zoomBy, fitAll, oneToOne }), scaleText);
  /**
   * @param {string} label
   * @param {Record<string, number>} ends
   * @param {() => void} input
   */
  const slider = (label, ends, input) => {
    const id = newId();
    const range = el('input', { type: 'range', id, ...ends, input });
    const text = el('output', { for: id, class: 'number' });
    return { range, text, element: el('div', { class: 'setting' }, el('label', { for: id }, label), range, text) };
  };
  const opacity = slider('Heat', { min: 0, max: 1, step: 0.01, value: OPACITY }, showOpacity);
  const line = slider('Pixel threshold', { min: 0, max: STEPS, step: 1 }, () => {
    threshold = low + (Number(line.range.value) / STEPS) * (high - low);
    follow();
  });
  const counted = el('p', { class: 'counted' });
  const promise = el('p', { class: 'caption' });
  const spoken = el('div', { class: 'only-read', 'aria-live': 'polite' });
  const settings = el('div', { class: 'settings' }, opacity.element, line.element);
  root.append(el('div', { class: 'box' }, frame, tools), settings, counted, promise);
  root.append(el('div', { class: 'caption' }, HINT), spoken);

  const holder = pictureHolder(image);
  const view = new Viewport();
  /** @type {HeatMapView | null} */
  let message = null;
  let map = new Float32Array();
  let peaks = new Float64Array();
  let digests = '';
  let started = NaN; // where Python last set the threshold
  let threshold = 0;
  let [low, high] = [0, 1];
  let width = 0; // CSS pixels that there are
  const speak = whenCalm((/** @type {string} */ text) => spoken.replaceChildren(text), 500);

  const place = oncePerFrame(() => {
    const [w, h] = view.size.map((pixels) => `${pixels * view.scale}px`);
    for (const { style } of [image, heat, boxes]) {
      [style.width, style.height] = [w, h];
      style.transform = `translate(${view.offset[0]}px, ${view.offset[1]}px)`;
      style.imageRendering = view.isCrisp ? 'pixelated' : 'auto';
    }
    frame.style.touchAction = view.isZoomed ? 'none' : '';
    frame.classList.toggle('zoomed', view.isZoomed);
    scaleText.textContent = `${threeDigits(view.scale * view.pixelRatio)} ×`;
  });

  const follow = oncePerFrame(() => {
    if (!message) return;
    const regions = regionsAbove(map, view.size[0], threshold);
    boxes.replaceChildren(...regions.slice(0, MOST).map(boxOf));
    const promised = promisedRate(peaks, threshold);
    line.range.value = String(((threshold - low) / (high - low)) * STEPS);
    line.range.style.setProperty('--at', `${((threshold - low) / (high - low)) * 100}%`);
    line.range.setAttribute('aria-valuetext', threeDigits(threshold));
    line.text.textContent = threeDigits(threshold);
    counted.textContent = words(regions);
    promise.textContent =
      `Of new normal images ${percent(promised.value, 1)} are expected to have any pixel above ${threeDigits(threshold)} ` +
      `${message.unit} (from ${promised.n} held-out ones); at less than ${threeDigits(message.usual)} there is no heat.`;
    speak(counted.textContent);
  });

  /** @param {Region} region */
  function boxOf({ top, left, height, width }) {
    return el('rect', { x: left, y: top, width, height, 'vector-effect': 'non-scaling-stroke', stroke: message?.box });
  }

  function showOpacity() {
    const share = Number(opacity.range.value);
    heat.style.opacity = String(share);
    opacity.range.style.setProperty('--at', `${100 * share}%`);
    opacity.text.textContent = percent(share);
  }

  function fitAll() {
    if (!width) return;
    view.fit(width, window.devicePixelRatio || 1);
    [frame.style.width, frame.style.height] = view.frame.map((pixels) => `${pixels}px`);
    place();
  }

  /**
   * @param {number} factor
   * @param {Point} [at]
   */
  function zoomBy(factor, at) {
    view.zoomTo(view.scale * factor, at);
    place();
  }

  function oneToOne() {
    view.zoomTo(1 / view.pixelRatio);
    place();
  }

  /** @type {Map<number, Point>} */
  const pressed = new Map(); // pointer -> where it is
  frame.addEventListener('pointerdown', (event) => {
    frame.setPointerCapture(event.pointerId);
    pressed.set(event.pointerId, [event.clientX, event.clientY]);
  });
  frame.addEventListener('pointermove', (event) => {
    const before = pressed.get(event.pointerId);
    if (!before) return;
    pressed.set(event.pointerId, [event.clientX, event.clientY]);
    const other = [...pressed].find(([id]) => id !== event.pointerId)?.[1];
    const fingers = other ? 2 : 1;
    view.moveBy((event.clientX - before[0]) / fingers, (event.clientY - before[1]) / fingers);
    if (other) {
      /** @param {Point} end */
      const spread = (end) => Math.max(1, Math.hypot(end[0] - other[0], end[1] - other[1]));
      const corner = frame.getBoundingClientRect();
      /** @type {Point} */
      const middle = [(event.clientX + other[0]) / 2 - corner.left, (event.clientY + other[1]) / 2 - corner.top];
      view.zoomTo((view.scale * spread([event.clientX, event.clientY])) / spread(before), middle);
    }
    place();
  });
  for (const name of /** @type {const} */ (['pointerup', 'pointercancel'])) {
    frame.addEventListener(name, (event) => pressed.delete(event.pointerId));
  }
  frame.addEventListener(
    'wheel',
    (event) => {
      // Without a modifier the wheel scrolls the page, as it does over any picture.
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const corner = frame.getBoundingClientRect();
      zoomBy(Math.exp(-0.005 * event.deltaY), [event.clientX - corner.left, event.clientY - corner.top]);
    },
    { passive: false },
  );
  /** @type {Record<string, Point>} */
  const moves = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
  /** @type {Record<string, () => void>} */
  const actions = {
    '+': () => zoomBy(ZOOMS),
    '=': () => zoomBy(ZOOMS),
    '-': () => zoomBy(1 / ZOOMS),
    0: fitAll,
    1: oneToOne,
  };
  frame.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key in moves && view.isZoomed) {
      const [x, y] = moves[event.key];
      view.moveBy(0.1 * x * frame.clientWidth, 0.1 * y * frame.clientHeight);
      place();
    } else if (actions[event.key]) actions[event.key]();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  const unwatch = watchWidth(root, (newWidth) => {
    if (newWidth - 2 === width) return;
    width = newWidth - 2;
    fitAll();
  });

  return {
    update(newMessage) {
      message = newMessage;
      const { image: png, map: heatMap, usual, colours } = newMessage;
      const [h, w] = heatMap.shape;
      const isNew = `${png.digest} ${heatMap.digest}` !== digests;
      if (isNew) {
        digests = `${png.digest} ${heatMap.digest}`;
        holder.show(png.read());
        map = heatMap.read();
        [heat.width, heat.height] = [w, h];
        drawHeat(brushOf(heat), map, w, usual, newMessage.threshold, colours);
        boxes.setAttribute('viewBox', `0 0 ${w} ${h}`);
      }
      peaks = newMessage.peaks.read();
      [low, high] = newMessage.ends;
      // The visitor's threshold stays from item to item, until Python gives another one.
      if (newMessage.threshold !== started) threshold = started = newMessage.threshold;
      high = Math.max(high, threshold);
      image.alt = newMessage.alt;
      frame.setAttribute('aria-label', `${newMessage.alt}, with its heat map`);
      const isSame = w === view.size[0] && h === view.size[1];
      view.size = [w, h];
      if (isSame && width) place();
      else fitAll();
      showOpacity();
      follow();
    },

    destroy() {
      place.cancel();
      follow.cancel();
      speak.cancel();
      unwatch();
      holder.destroy();
    },
  };
}

/**
 * The regions in words: how many, and the first of them.
 *
 * @param {Region[]} regions
 */
function words(regions) {
  if (!regions.length) return 'No region is above the pixel threshold.';
  const some = regions
    .slice(0, LISTED)
    .map(
      ({ top, left, height, width, area }) =>
        `${width} × ${height} at row ${top}, column ${left} (${countText(area)} pixels)`,
    );
  const more = regions.length > LISTED ? `; and ${countText(regions.length - LISTED)} more` : '';
  return `${regions.length === 1 ? '1 region' : `${countText(regions.length)} regions`} above the pixel threshold: ${some.join('; ')}${more}.`;
}

export default liveComponent(createHeatMap, css);
