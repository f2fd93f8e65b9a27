// Paths from item to item: strips and curves side by side, one item decoded large as it plays or the pointer moves.

import { liveComponent } from '../shared/component.js';
import { createDecoder } from '../shared/decoder.js';
import { el, ICONS, icon, newId, watchWidth } from '../shared/dom.js';
import features from '../shared/features.css';
import { itemView } from '../shared/item_view.js';
import { oncePerFrame, whenCalm } from '../shared/timing.js';
import { readFrames } from './frames.js';
import { createMenu } from './menu.js';
import { createChart } from './path_charts.js';
import { createStrip } from './path_strips.js';
import { nextStep, placeInWords } from './player.js';
import css from './style.css';

/** @import { Create, Interpolation } from '../messages.js' */
/** @import { Frames } from './frames.js' */

/** @typedef {{path: number, share: number}} Place number of the path, and how far along it. */

const SECONDS_PER_LEG = 2.5; // from an item to the next
const SPEEDS = [0.25, 0.5, 1, 2, 4];
const ARROW_STEP = 0.01;
const PAGE_STEP = 0.1;
const REST_MS = 120;

/** @type {Create<'interpolation'>} */
function createInterpolation(root, report) {
  const item = itemView('Decoded item on the path');
  const caption = el('div', { class: 'caption' });
  const charts = el('div', { class: 'charts' });
  const strips = el('div', { class: 'strips', role: 'group', 'aria-label': 'Paths' });
  const id = newId();
  const range = el('input', { type: 'range', id, min: 0, max: 1, step: 'any' });
  const playButton = el('button', { type: 'button', class: 'play', click: () => (playing ? stop() : play()) });
  const speed = createMenu(
    'Speed',
    SPEEDS.map((times) => [String(times), `${times} ×`]),
    '1',
  );
  const repeat = createMenu(
    'Repeat',
    [
      ['bounce', 'Back and forth'],
      ['loop', 'Loop'],
      ['once', 'Once'],
    ],
    'bounce',
  );
  const rangeLabel = el('label', { class: 'only-read', for: id }, 'Position on the path');
  root.append(
    el('div', { class: 'stage' }, el('figure', { class: 'now' }, item.element, caption), charts),
    el('div', { class: 'transport' }, playButton, rangeLabel, range, speed.element, repeat.element),
    strips,
  );

  /** @type {Interpolation} */
  let message;
  /** @type {Frames | null} */
  let frames = null;
  let settings = '';
  /** @type {ReturnType<typeof createChart>[]} */
  let drawnCharts = [];
  /** @type {ReturnType<typeof createStrip>[]} */
  let drawnStrips = [];
  let [chosen, at] = [0, 0]; // number of the path, and share of it
  /** @type {Place | null} */
  let preview = null; // the place under a mouse that only passes over
  let playing = 0; // the animation frame that is asked for
  /** @type {1 | -1} */
  let direction = 1;
  let lastTime = 0;
  let width = 0;

  /** @returns {Place} */
  const shownPlace = () => preview ?? { path: chosen, share: at };
  // Frames follow the hand; where it rests, the server decodes the very place, if it is still there when that comes.
  const served = createDecoder((values, code) => {
    const { path, share } = shownPlace();
    if (frames?.code(path, share).every((value, i) => value === code[i])) item.show(values);
  });
  const decodeAtRest = whenCalm(() => {
    const { path, share } = shownPlace();
    if (frames) served.decode(frames.code(path, share));
  }, REST_MS);
  const draw = oncePerFrame(() => {
    if (!frames) return;
    const { path, share } = shownPlace();
    const track = message.tracks[path];
    item.show(frames.item(path, share));
    if (served.isServed) decodeAtRest();
    for (const chart of drawnCharts) chart.mark(path, share);
    drawnStrips.forEach((strip, i) => strip.mark(i === path, share));
    const words = `${track.title}: ${placeInWords(track.items_at, message.items, share)}`;
    caption.textContent = words;
    range.value = String(at);
    range.style.setProperty('--at', `calc(7px + (100% - 14px) * ${at})`);
    range.setAttribute('aria-valuetext', words);
  });

  const tell = whenCalm(() => {
    const codes = message.tracks.map((track) => track.codes.digest);
    report('place', { codes, track: message.tracks[chosen].key, at });
  }, 120);

  // --- Play ---

  /** @param {number} time */
  function step(time) {
    const seconds = Math.min(0.1, (time - lastTime) / 1000);
    lastTime = time;
    const legs = message.items.length - 1;
    const distance = (seconds * Number(speed.value())) / (SECONDS_PER_LEG * legs);
    const next = nextStep(at, direction, distance, repeat.value());
    [at, direction] = [next.at, next.direction];
    draw();
    if (next.isOver) stop();
    else playing = requestAnimationFrame(step);
  }

  function play() {
    if (repeat.value() !== 'bounce') direction = 1;
    if (repeat.value() === 'once' && at >= 1) at = 0;
    lastTime = performance.now();
    playing = requestAnimationFrame(step);
    showPlay();
  }

  function stop() {
    if (!playing) return;
    halt();
    tell();
  }

  function halt() {
    cancelAnimationFrame(playing);
    playing = 0;
    showPlay();
  }

  function showPlay() {
    playButton.replaceChildren(icon(playing ? ICONS.pause : ICONS.play), playing ? 'Pause' : 'Play');
  }

  // --- Hands ---

  /**
   * @param {number} path
   * @param {number} share
   */
  function moveTo(path, share) {
    stop();
    [chosen, at, preview] = [path, share, null];
    draw();
  }

  /** @param {Place | null} place */
  function look(place) {
    preview = place;
    draw();
  }

  /**
   * What a pointer over a strip or a chart does; a chart shows all paths, so it moves along the chosen one.
   *
   * @param {() => number} path
   */
  function hand(path) {
    return {
      choose: () => {
        chosen = path();
        draw();
        tell();
      },
      /** @param {number} share */
      hover: (share) => look({ path: path(), share }),
      /** @param {number} share */
      set: (share) => moveTo(path(), share),
      release: tell,
      leave: () => look(null),
    };
  }

  range.addEventListener('input', () => moveTo(chosen, range.valueAsNumber));
  range.addEventListener('change', tell);
  /** @type {Record<string, number>} */
  const steps = {
    ArrowLeft: -ARROW_STEP,
    ArrowDown: -ARROW_STEP,
    ArrowRight: ARROW_STEP,
    ArrowUp: ARROW_STEP,
    PageDown: -PAGE_STEP,
    PageUp: PAGE_STEP,
  };
  range.addEventListener('keydown', (event) => {
    const by = steps[event.key];
    if (!by) return;
    event.preventDefault();
    moveTo(chosen, Math.min(1, Math.max(0, at + by)));
    tell();
  });
  showPlay();

  // --- Layout ---

  function resize() {
    if (!frames || !width) return;
    const isNarrow = width < 640;
    item.fit(Math.min(280, isNarrow ? width - 2 : width * 0.36));
    const room = charts.clientWidth;
    const columns = room >= 560 ? Math.min(2, drawnCharts.length) : 1;
    charts.style.setProperty('--columns', String(columns));
    const isTall = columns === drawnCharts.length && !isNarrow;
    for (const chart of drawnCharts) chart.resize((room - 16 * (columns - 1)) / columns, isTall ? 220 : 120);
    for (const strip of drawnStrips) strip.resize(width);
    draw();
  }

  const unwatch = watchWidth(root, (newWidth) => {
    width = newWidth;
    resize();
  });

  function build() {
    const { tracks, measures, features } = message;
    const newFrames = readFrames(message);
    frames = newFrames;
    item.prepare(newFrames.shape, features);
    const onChart = hand(() => chosen);
    drawnCharts = measures.map((measure) => createChart(measure, tracks, onChart));
    charts.replaceChildren(...drawnCharts.map((chart) => chart.element));
    for (const strip of drawnStrips) strip.destroy();
    drawnStrips = tracks.map((track, path) => {
      const onStrip = hand(() => path);
      return createStrip(track, newFrames.shape, (share) => newFrames.item(path, share), onStrip);
    });
    strips.replaceChildren(...drawnStrips.map((strip) => strip.element));
  }

  return {
    update(newMessage) {
      if (newMessage.decoder.served) served.update(newMessage.decoder);
      else served.destroy();
      const { start, ...rest } = newMessage;
      const newSettings = JSON.stringify(rest);
      if (newSettings === settings) return;
      settings = newSettings;
      message = newMessage;
      halt();
      build();
      const path = message.tracks.findIndex((track) => track.key === start.track);
      [chosen, at, preview] = [Math.max(0, path), start.at, null];
      resize();
    },

    destroy() {
      cancelAnimationFrame(playing);
      draw.cancel();
      decodeAtRest.cancel();
      served.destroy();
      tell.cancel();
      for (const strip of drawnStrips) strip.destroy();
      unwatch();
    },
  };
}

export default liveComponent(createInterpolation, features + css);
