// A training on a stage: curve, map and items of one moment, and a slider that moves through the epochs.

import { liveComponent } from '../shared/component.js';
import { el, ICONS, icon, watchWidth } from '../shared/dom.js';
import { oncePerFrame } from '../shared/timing.js';
import { createCurvePlot } from './curve_plot.js';
import { boundsOf, joined, placesAt } from './epochs.js';
import { createItemRows } from './item_rows.js';
import { createMapPlot } from './map_plot.js';
import css from './style.css';

/** @import { Create, RunStage } from '../messages.js' */
/** @import { Frame } from './epochs.js' */

const SECONDS = 6; // of a play from the first epoch to the last
const GLIDE = 300; // ms from one frame to the next while it trains

/** @type {Create<'run_stage'>} */
function createRunStage(root) {
  const curve = createCurvePlot();
  const map = createMapPlot();
  const items = createItemRows();
  const log = el('button', { type: 'button', class: 'plain log', 'aria-pressed': 'false', click: switchLog }, 'log');
  const legend = el('div', { class: 'legend caption' });
  const curveNames = el('div', { class: 'legend caption' });
  const rows = el('div', { class: 'caption' });
  const slider = el('input', { type: 'range', min: 0, step: 'any', 'aria-label': 'Epoch', input: moved });
  const play = el(
    'button',
    { type: 'button', class: 'play', 'aria-label': 'Play', click: switchPlay },
    icon(ICONS.play),
  );
  const loop = el('button', { type: 'button', class: 'plain', 'aria-pressed': 'true', click: switchLoop }, 'Loop');
  const label = el('output', { class: 'epoch' });
  const note = el('div', { class: 'caption note' });
  const mapPart = el('figure', {}, map.element, legend);
  const scrubber = el('div', { class: 'scrubber' }, play, slider, label, loop);
  root.append(
    el(
      'div',
      { class: 'run-stage' },
      el('figure', {}, log, curve.element, curveNames),
      mapPart,
      el('figure', { class: 'seen' }, rows, items.element),
    ),
    scrubber,
    note,
  );

  /** @type {RunStage | null} */
  let message = null;
  /** @type {Frame[]} */
  let frames = [];
  let groups = new Uint16Array(0);
  let own = new Uint8Array(0);
  let itemsSet = '';
  let at = 0; // number of a frame, and a share of the way to the next
  let follows = true; // the newest frame, until a hand moves the slider
  let isLog = false;
  let isLoop = true;
  let playing = 0; // when it was last moved by playing, ms; 0: it rests
  let drawn = 0;
  let shown = -1; // the frame whose items are drawn
  /** @type {[number, number, number, number]} */
  let bounds = [-1, -1, 1, 1];

  const redraw = oncePerFrame(() => {
    if (!message) return;
    const frame = frames[Math.round(at)];
    const epoch = frame ? epochAt() : null;
    curve.draw(message.curves, message.unit, message.epochs, epoch, isLog);
    if (frame) {
      map.draw(placesAt(frames, at), bounds, groups, message);
      if (shown !== frame.epoch) {
        shown = frame.epoch;
        items.draw(frame.made, own);
      }
      const done = Number(frame.epoch.toFixed(Number.isInteger(frame.epoch) ? 0 : 2));
      label.textContent = `epoch ${done} of ${message.epochs}`;
    }
    slider.value = String(at);
    slider.style.setProperty('--at', `${(100 * at) / Math.max(1, frames.length - 1)}%`);
    drawn += 1;
    // What a measurement counts.
    Object.assign(root.dataset, { drawn, run: message.run, frames: frames.length });
  });

  function epochAt() {
    const [from, to] = [frames[Math.floor(at)], frames[Math.min(frames.length - 1, Math.ceil(at))]];
    return from.epoch + (at - Math.floor(at)) * (to.epoch - from.epoch);
  }

  function moved() {
    stop();
    at = Number(slider.value);
    follows = at > frames.length - 1.01;
    redraw();
  }

  function switchPlay() {
    if (playing) {
      stop();
      return;
    }
    if (at >= frames.length - 1) at = 0;
    follows = false;
    playing = performance.now();
    showPlay();
    requestAnimationFrame(advance);
  }

  function advance() {
    if (!playing || frames.length < 2) return;
    const now = performance.now();
    const last = frames.length - 1;
    at += ((now - playing) / 1000) * Math.max(last / SECONDS, Math.min(last, 1.5));
    playing = now;
    if (at >= last) {
      at = isLoop ? 0 : last;
      if (!isLoop) stop();
    }
    redraw();
    if (playing) requestAnimationFrame(advance);
  }

  function stop() {
    playing = 0;
    showPlay();
  }

  function showPlay() {
    play.replaceChildren(icon(playing ? ICONS.pause : ICONS.play));
    play.setAttribute('aria-label', playing ? 'Pause' : 'Play');
  }

  function switchLoop() {
    isLoop = !isLoop;
    loop.setAttribute('aria-pressed', String(isLoop));
  }

  function switchLog() {
    isLog = !isLog;
    log.setAttribute('aria-pressed', String(isLog));
    redraw();
  }

  let glide = 0;
  /** To the newest frame, points moving; a few pictures a second, since the training needs the processor. */
  function follow() {
    clearInterval(glide);
    const last = frames.length - 1;
    const start = Math.max(0, last - 1);
    const began = performance.now();
    if (!message?.live || last < 1) {
      at = Math.max(0, last);
      redraw();
      return;
    }
    glide = setInterval(() => {
      const share = Math.min(1, (performance.now() - began) / GLIDE);
      at = start + share * (last - start);
      redraw();
      if (share === 1) clearInterval(glide);
    }, 60);
  }

  const unwatch = watchWidth(root, () => {
    bounds = boundsOf(frames, map.aspect);
    redraw();
  });

  return {
    update(newMessage) {
      const isOther = message?.run !== newMessage.run;
      message = newMessage;
      groups = message.groups.read();
      own = message.items.read();
      const given = message.given.read();
      const added = message.frames.map(({ epoch, placed, places, made }) => ({
        epoch,
        placed: placed.read(),
        places: places.read(),
        made: made.read(),
      }));
      const newest = frames.at(-1)?.epoch;
      if (isOther) [at, follows] = [0, true];
      frames = joined(isOther || message.whole ? [] : frames, added);
      at = Math.min(at, Math.max(0, frames.length - 1));
      const set = `${message.items.digest}${message.given.digest}`;
      if (set !== itemsSet) {
        itemsSet = set;
        items.update(message, own, given);
      }
      shown = -1;
      bounds = boundsOf(frames, map.aspect);
      slider.max = String(Math.max(0, frames.length - 1));
      scrubber.hidden = frames.length < 2;
      const awaited = frames.length === 0 && message.live;
      mapPart.hidden = message.axes.length === 0 && !awaited;
      const without = awaited ? 'The first pictures come with the first steps.' : 'This training kept no pictures.';
      rows.textContent = own.length ? rowsInWords(message) : without;
      note.textContent = message.note;
      legend.replaceChildren(...message.names.map((name, i) => key(name, message?.palette[i] ?? '')));
      const solid = message.curves.filter(({ dashed }) => !dashed);
      curveNames.replaceChildren(...solid.map(({ name, colour }) => key(name, colour)));
      if (follows && !playing && (isOther || frames.at(-1)?.epoch !== newest)) follow();
      redraw();
    },

    destroy() {
      stop();
      clearInterval(glide);
      unwatch();
      redraw.cancel();
    },
  };
}

/** @param {RunStage} message */
function rowsInWords({ shape, items, given }) {
  if (shape.length !== 3) return 'Rows as bars, one a column; the line is what the model makes of them';
  return items.digest === given.digest
    ? 'Validation items, each with its reconstruction at its right'
    : 'What the model sees of validation items, and what it makes of it';
}

/**
 * @param {string} name
 * @param {string} colour
 */
function key(name, colour) {
  const mark = el('span', { class: 'mark' });
  mark.style.setProperty('--colour', colour);
  return el('span', { class: 'key' }, mark, name);
}

export default liveComponent(createRunStage, css);
