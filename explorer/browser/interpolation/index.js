// Ways from item to item: strips and curves side by side, one item decoded large as it plays or the pointer moves.

import { Network } from '../runtime/network.js';
import { liveComponent } from '../shared/component.js';
import { createDecoder } from '../shared/decoder.js';
import { el, ICONS, icon, newId, watchWidth } from '../shared/dom.js';
import { itemView } from '../shared/item_view.js';
import { percent } from '../shared/numbers.js';
import { oncePerFrame, whenCalm } from '../shared/timing.js';
import { wayChart } from './path_charts.js';
import { wayStrip } from './path_strips.js';
import css from './style.css';

/** @import { Create, Interpolation } from '../messages.js' */

const SECONDS_PER_LEG = 2.5;
const SPEEDS = [0.25, 0.5, 1, 2, 4];
const REPEATS = { bounce: 'Back and forth', loop: 'From the start again', once: 'Once' };
const ARROW_STEP = 0.01;
const PAGE_STEP = 0.1;
const REST_MS = 120;

/**
 * The items along the ways: decoded here from codes, or as the server has decoded them, frame by frame.
 *
 * @param {Interpolation} message
 */
function frameReader({ tracks, decoder, decoded }) {
  const readers = tracks.map((track) => codeReader(track.codes.read(), track.codes.shape[1]));
  /** @param {number} way @param {number} share */
  const code = (way, share) => readers[way](share);
  if (decoded) {
    const [, frames, ...shape] = decoded.shape;
    const all = decoded.read();
    const size = all.length / (tracks.length * frames);
    /** @param {number} way @param {number} frame */
    const row = (way, frame) => all.subarray((way * frames + frame) * size, (way * frames + frame + 1) * size);
    /** @param {number} way @param {number} share */
    const at = (way, share) => row(way, Math.round(share * (frames - 1)));
    return { shape, code, at };
  }
  const network = new Network(decoder.pack.read());
  /** @param {number} way @param {number} share */
  const at = (way, share) => network.run(code(way, share));
  return { shape: network.outputShape, code, at };
}

/**
 * Codes along a way, straight between two frames; each call overwrites what the one before gave.
 *
 * @param {Float32Array} codes one after the other.
 * @param {number} size of a code.
 */
function codeReader(codes, size) {
  const last = codes.length / size - 1;
  const code = new Float32Array(size);
  /** @param {number} share */
  return (share) => {
    const frame = Math.min(last - 1, Math.floor(share * last));
    const part = share * last - frame;
    const from = frame * size;
    for (let i = 0; i < size; i++) code[i] = codes[from + i] + part * (codes[from + size + i] - codes[from + i]);
    return code;
  };
}

/** @type {Create<'interpolation'>} */
function createInterpolation(root, report) {
  const item = itemView('Item on the way, decoded');
  const caption = el('div', { class: 'caption' });
  const charts = el('div', { class: 'charts' });
  const strips = el('div', { class: 'strips', role: 'group', 'aria-label': 'Ways' });
  const id = newId();
  const range = el('input', { type: 'range', id, min: 0, max: 1, step: 'any' });
  const play = el('button', { type: 'button', class: 'play', click: () => (playing ? stop() : start()) });
  const speed = choice(
    'Speed',
    SPEEDS.map((s) => [s, `${s} ×`]),
    1,
  );
  const repeat = choice('Repeat', Object.entries(REPEATS), 'bounce');
  const stage = el('div', { class: 'stage' }, el('figure', { class: 'now' }, item.element, caption), charts);
  root.append(
    stage,
    el(
      'div',
      { class: 'transport' },
      play,
      el('label', { class: 'only-read', for: id }, 'Place on the way'),
      range,
      speed.element,
      repeat.element,
    ),
    strips,
  );

  /** @type {Interpolation} */
  let header;
  let settings = '';
  let frames = null;
  let drawnCharts = [];
  let drawnStrips = [];
  let chosen = 0; // number of the way
  let at = 0; // share of it
  let preview = null; // the place under a mouse that only passes over
  let playing = 0; // the animation frame that is asked for
  let direction = 1;
  let lastTime = 0;
  let width = 0;

  const place = () => preview ?? { way: chosen, at };
  // Frames follow the hand; where it rests, the server decodes the very place, if it is still there when that comes.
  const served = createDecoder((values, code) => {
    const here = frames.code(place().way, place().at);
    if (here.every((value, i) => value === code[i])) item.show(values);
  });
  const decodeAtRest = whenCalm(() => served.decode(frames.code(place().way, place().at)), REST_MS);
  const draw = oncePerFrame(() => {
    const shown = place();
    item.show(frames.at(shown.way, shown.at));
    if (served.isServed) decodeAtRest();
    for (const chart of drawnCharts) chart.mark(shown.way, shown.at);
    drawnStrips.forEach((strip, way) => strip.mark(way === shown.way, shown.at));
    const words = placeInWords(header.tracks[shown.way], shown.at);
    caption.textContent = words;
    range.value = at;
    range.style.setProperty('--at', `calc(7px + (100% - 14px) * ${at})`);
    range.setAttribute('aria-valuetext', words);
  });

  const tell = whenCalm(
    () =>
      report('place', {
        codes: header.tracks.map((track) => track.codes.digest),
        track: header.tracks[chosen].key,
        at,
      }),
    120,
  );

  function placeInWords(track, share) {
    const name = (i) => header.items[i] ?? `item ${i + 1}`;
    const passed = track.items_at.findLastIndex((place) => place <= share + 1e-9);
    const leg = Math.min(Math.max(0, passed), track.items_at.length - 2);
    const [from, to] = [track.items_at[leg], track.items_at[leg + 1]];
    const part = to > from ? (share - from) / (to - from) : 1;
    if (part < 1e-6) return `${track.title}: at ${name(leg)}`;
    if (part > 1 - 1e-6) return `${track.title}: at ${name(leg + 1)}`;
    return `${track.title}: ${percent(part)} of the way from ${name(leg)} to ${name(leg + 1)}`;
  }

  function step(now) {
    const seconds = Math.min(0.1, (now - lastTime) / 1000);
    lastTime = now;
    const legs = header.items.length - 1;
    let next = at + (direction * seconds * speed.value()) / (SECONDS_PER_LEG * legs);
    if (next > 1 || next < 0) {
      if (repeat.value() === 'once') {
        at = next > 1 ? 1 : 0;
        draw();
        stop();
        return;
      }
      if (repeat.value() === 'loop') next -= Math.floor(next);
      else {
        direction = next > 1 ? -1 : 1;
        next = Math.min(1, Math.max(0, next));
      }
    }
    at = next;
    draw();
    playing = requestAnimationFrame(step);
  }

  function start() {
    if (repeat.value() !== 'bounce') direction = 1;
    if (repeat.value() === 'once' && at >= 1) at = 0;
    lastTime = performance.now();
    playing = requestAnimationFrame(step);
    showPlay();
  }

  function stop() {
    if (!playing) return;
    cancelAnimationFrame(playing);
    playing = 0;
    showPlay();
    tell();
  }

  function showPlay() {
    play.replaceChildren(icon(playing ? ICONS.pause : ICONS.play), playing ? 'Pause' : 'Play');
  }

  function moveTo(way, share) {
    stop();
    [chosen, at, preview] = [way, share, null];
    draw();
  }

  /** What a pointer over a strip or a chart does; a chart shows all ways, so it moves along the chosen one. */
  function hand(way) {
    return {
      choose: () => {
        chosen = way();
        draw();
        tell();
      },
      hover: (share) => {
        preview = { way: way(), at: share };
        draw();
      },
      set: (share) => moveTo(way(), share),
      release: tell,
      leave: () => {
        preview = null;
        draw();
      },
    };
  }

  range.addEventListener('input', () => moveTo(chosen, range.valueAsNumber));
  range.addEventListener('change', tell);
  range.addEventListener('keydown', (event) => {
    const by = {
      ArrowLeft: -ARROW_STEP,
      ArrowDown: -ARROW_STEP,
      ArrowRight: ARROW_STEP,
      ArrowUp: ARROW_STEP,
      PageDown: -PAGE_STEP,
      PageUp: PAGE_STEP,
    }[event.key];
    if (!by) return;
    event.preventDefault();
    moveTo(chosen, Math.min(1, Math.max(0, at + by)));
    tell();
  });
  showPlay();

  function resize() {
    if (!frames || !width) return;
    const narrow = width < 640;
    item.fit(Math.min(280, narrow ? width - 2 : width * 0.36));
    const room = charts.clientWidth;
    const columns = room >= 560 ? Math.min(2, drawnCharts.length) : 1;
    charts.style.setProperty('--columns', columns);
    const tall = columns === drawnCharts.length && !narrow;
    for (const chart of drawnCharts) chart.resize((room - 16 * (columns - 1)) / columns, tall ? 220 : 120);
    for (const strip of drawnStrips) strip.resize(width);
    draw();
  }

  const unwatch = watchWidth(root, (newWidth) => {
    width = newWidth;
    resize();
  });

  function build() {
    const { tracks, measures } = header;
    frames = frameReader(header);
    item.prepare(frames.shape, header.features);
    drawnCharts = measures.map((measure) => {
      const values = measure.values.read();
      const n = measure.values.shape[1];
      const curves = tracks.map((_, way) => values.subarray(way * n, (way + 1) * n));
      return wayChart(
        measure,
        curves,
        tracks,
        hand(() => chosen),
      );
    });
    charts.replaceChildren(...drawnCharts.map((chart) => chart.element));
    for (const strip of drawnStrips) strip.destroy();
    drawnStrips = tracks.map((track, way) =>
      wayStrip(
        track,
        frames.shape,
        (share) => frames.at(way, share),
        hand(() => way),
      ),
    );
    strips.replaceChildren(...drawnStrips.map((strip) => strip.element));
  }

  return {
    update(message) {
      if (message.decoder.served) served.update(message.decoder);
      else served.destroy();
      const { start: first, ...rest } = message;
      const newSettings = JSON.stringify(rest);
      if (newSettings === settings) return;
      settings = newSettings;
      header = message;
      cancelAnimationFrame(playing);
      playing = 0;
      showPlay();
      build();
      chosen = Math.max(
        0,
        header.tracks.findIndex((track) => track.key === first.track),
      );
      [at, preview] = [first.at, null];
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

/** A small menu with its name beside it. */
function choice(name, options, first) {
  const select = el(
    'select',
    {},
    ...options.map(([value, text]) => el('option', { value, selected: value === first }, text)),
  );
  const element = el('label', { class: 'choice' }, el('span', { class: 'caption' }, name), select);
  const numeric = typeof first === 'number';
  return { element, value: () => (numeric ? Number(select.value) : select.value) };
}

export default liveComponent(createInterpolation, css);
