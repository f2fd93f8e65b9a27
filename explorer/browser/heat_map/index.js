// An image at the size it has, its heat map over it as opaque as one likes, and a box around each region above a threshold
// of pixels that is dragged. Nothing here asks the server.

import { liveComponent } from '../shared/component.js';
import { el, newId } from '../shared/dom.js';
import { percent, threeDigits } from '../shared/numbers.js';
import { brushOf, pictureHolder } from '../shared/picture.js';
import { oncePerFrame, whenCalm } from '../shared/timing.js';
import zoomingCss from '../shared/zooming.css';
import { createZooming } from '../shared/zooming.js';
import { promisedRate } from '../threshold/rates.js';
import { countText } from '../threshold/words.js';
import { drawHeat } from './heat.js';
import { regionsAbove } from './regions.js';
import css from './style.css';

/** @import { Create, HeatMapView } from '../messages.js' */
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
  const zooming = createZooming({
    root,
    frame,
    pictures: [image, heat, boxes],
    placed: () => frame.classList.toggle('zoomed', view.isZoomed),
  });
  const { view } = zooming;
  const tools = el('div', { class: 'tools' }, ...zooming.tools);
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
  /** @type {HeatMapView | null} */
  let message = null;
  let map = new Float32Array();
  let peaks = new Float64Array();
  let digests = '';
  let started = NaN; // where Python last set the threshold
  let threshold = 0;
  let [low, high] = [0, 1];
  const speak = whenCalm((/** @type {string} */ text) => spoken.replaceChildren(text), 500);

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

  frame.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !zooming.key(event.key, view.isZoomed)) return;
    event.preventDefault();
    event.stopPropagation();
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
      zooming.resize([w, h]);
      showOpacity();
      follow();
    },

    destroy() {
      zooming.destroy();
      follow.cancel();
      speak.cancel();
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

export default liveComponent(createHeatMap, zoomingCss + css);
