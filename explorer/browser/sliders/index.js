// One slider for each latent dimension, and for directions through the code; the picture follows the hand.

import { liveComponent } from '../shared/component.js';
import { createDecoder } from '../shared/decoder.js';
import { el, ICONS, icon, newId, watchWidth } from '../shared/dom.js';
import { itemView } from '../shared/item_view.js';
import { percent, threeDigits } from '../shared/numbers.js';
import { oncePerFrame, whenCalm } from '../shared/timing.js';
import { densityCheckView } from './density_check.js';
import css from './style.css';

/** @import { Create, Sliders } from '../messages.js' */

const SHOWN_AT_FIRST = 24;
const FOUND_AT_MOST = 64; // rows that a search shows
const STEPS = 200; // of a slider over its range: finer than a pixel of its track

/** @type {Create<'sliders'>} */
function createSliders(root, report) {
  const item = itemView('Decoded item');
  const caption = el('div', { class: 'caption' });
  const check = densityCheckView();
  const directionList = el('div', { class: 'sliders directions', role: 'group', 'aria-label': 'Directions' });
  const list = el('div', { class: 'sliders', role: 'group', 'aria-label': 'Latent dimensions' });
  const search = el('input', {
    type: 'search',
    'aria-label': 'Find dimensions',
    placeholder: 'Find dimensions: z17, z3',
    input: showRows,
  });
  const found = el('span', { class: 'quiet', 'aria-live': 'polite' });
  const finder = el('div', { class: 'finder' }, search, found);
  const more = el('button', { type: 'button', hidden: true, click: toggleAll });
  const resetAll = el('button', { type: 'button', click: resetEverything }, icon(ICONS.reset), 'Reset all');
  const output = el('div', { class: 'output' }, el('figure', {}, item.element, caption), check.element);
  const actions = el('div', { class: 'actions' }, more, resetAll);
  root.append(
    el('div', { class: 'layout' }, el('div', { class: 'controls' }, directionList, finder, list, actions), output),
  );

  /** @type {Sliders} */
  let header;
  let settings = '';
  let rows = []; // by place in header.dims; made when first shown
  let directionRows = [];
  let base = []; // the code without what the directions add
  let amounts = [];
  let z = new Float32Array(0);
  let allShown = false;

  const decoder = createDecoder((values) => item.show(values));
  const draw = oncePerFrame(() => {
    for (const row of rows) if (row?.element.isConnected) row.show(z[row.index]);
    directionRows.forEach((row, i) => row.show(amounts[i]));
    decoder.decode(z);
    item.mark(check.show(z));
  });
  const tell = whenCalm(() => {
    const { model, token, start } = header;
    report('codes', { model, token, start, at: { code: Array.from(z), amounts } });
  }, 120);
  const unwatch = watchWidth(output, (width) => {
    // On a narrow screen the nearest item stands beside the picture, and the sliders need room below.
    const narrow = root.clientWidth <= 640;
    item.fit(Math.min(narrow ? 0.5 * width : width - 2, 360));
    check.fit(narrow ? 56 : 84);
  });

  function added(d) {
    return header.directions.reduce((sum, direction, i) => sum + amounts[i] * direction.vector[d], 0);
  }

  function refresh(released) {
    z.forEach((_, d) => {
      z[d] = base[d] + added(d);
    });
    draw();
    if (released) tell();
  }

  function moveDimension(index, value, released) {
    base[index] = value - added(index);
    refresh(released);
  }

  function moveDirection(i, value, released) {
    amounts[i] = value;
    refresh(released);
  }

  function resetEverything() {
    base = [...header.start];
    amounts.fill(0);
    refresh(true);
  }

  function rowOf(place) {
    const dim = header.dims[place];
    rows[place] ??= sliderRow({ ...dim, ...notes(dim) }, header.start[dim.index], dim.index, (value, released) =>
      moveDimension(dim.index, value, released),
    );
    return rows[place];
  }

  /** Put the rows into the list that are to be seen: those searched for, the first, or all. */
  function showRows() {
    const places = header.dims.map((_, place) => place);
    const wanted = search.value
      .toLowerCase()
      .split(/[\s,;]+/)
      .filter(Boolean)
      .map((word) => (/^\d/.test(word) ? `z${word}` : word));
    const matches = places.filter((place) =>
      wanted.some((word) => header.dims[place].label.toLowerCase().startsWith(word)),
    );
    // The dimensions named exactly come before those whose names only begin so: z1 before z10.
    matches.sort((a, b) => wanted.includes(header.dims[b].label) - wanted.includes(header.dims[a].label));
    const many = places.length > SHOWN_AT_FIRST;
    const shown = wanted.length ? matches.slice(0, FOUND_AT_MOST) : allShown ? places : places.slice(0, SHOWN_AT_FIRST);
    list.replaceChildren(...shown.map((place) => rowOf(place).element));
    list.classList.toggle('long', shown.length > SHOWN_AT_FIRST);
    finder.hidden = !many;
    found.textContent = wanted.length ? `${matches.length} of ${places.length}` : '';
    more.hidden = !many || wanted.length > 0;
    more.textContent = allShown ? `Show the first ${SHOWN_AT_FIRST}` : `Show all ${places.length}`;
    more.setAttribute('aria-expanded', String(allShown));
    draw();
  }

  function toggleAll() {
    allShown = !allShown;
    showRows();
  }

  function build() {
    tell.cancel();
    amounts = [...header.first.amounts];
    z = Float32Array.from(header.first.code);
    base = header.first.code.map((value, d) => value - added(d));
    rows = [];
    directionRows = header.directions.map((direction, i) =>
      sliderRow(direction, 0, -1, (value, released) => moveDirection(i, value, released)),
    );
    directionList.hidden = !directionRows.length;
    directionList.replaceChildren(...directionRows.map((row) => row.element));
    showRows();
  }

  return {
    update(message) {
      header = message;
      if (decoder.update(message.decoder)) {
        draw.cancel();
        settings = '';
      }
      check.update(message.density_check);
      // The first code and amounts only say where to begin: they do not move sliders that stand.
      const newSettings = JSON.stringify([header.token, header.dims, header.directions, header.start, header.features]);
      if (newSettings !== settings) {
        settings = newSettings;
        item.prepare(decoder.shape, header.features);
        build();
      }
      caption.textContent = header.caption;
      draw();
    },

    destroy() {
      draw.cancel();
      tell.cancel();
      decoder.destroy();
      unwatch();
      check.destroy();
    },
  };
}

/** What stands beside a dimension's name, and what it says on hover. */
function notes({ share, inactive }) {
  const carries = share === null ? '' : percent(share);
  if (inactive) return { note: 'inactive', hint: 'The codes of real items hardly differ along this dimension.' };
  return { note: carries, hint: carries && `Carries ${carries} of what the codes tell about the items.` };
}

/**
 * One slider: label, track, value to type in, reset.
 *
 * @param {{label: string, low: number, high: number, note?: string, hint?: string, inactive?: boolean}} about
 * @param {number} startValue that a reset goes back to.
 * @param {number} index of its dimension.
 * @param {(value: number, released: boolean) => void} move is told of each new value.
 */
function sliderRow({ label, low, high, note, hint, inactive }, startValue, index, move) {
  const id = newId();
  const range = el('input', { type: 'range', id, min: 0, max: STEPS, step: 'any' });
  const value = el('input', { type: 'text', inputmode: 'decimal', class: 'value', 'aria-label': `${label}, value` });
  const reset = el(
    'button',
    { type: 'button', class: 'plain', title: `Reset ${label}`, 'aria-label': `Reset ${label}` },
    icon(ICONS.reset),
  );
  const element = el(
    'div',
    { class: inactive ? 'slider-row inactive' : 'slider-row' },
    el('label', { for: id, title: hint }, label, el('span', { class: 'share' }, note ?? '')),
    range,
    value,
    reset,
  );
  const span = high - low || 1;
  let shown = NaN;
  let at = startValue; // ahead of what is shown until the next frame
  const go = (to, released) => {
    at = to;
    move(to, released);
  };
  const read = () => low + (range.valueAsNumber / STEPS) * span;
  const back = () => go(startValue, true);
  range.addEventListener('input', () => go(read(), false));
  range.addEventListener('change', () => go(read(), true));
  range.addEventListener('dblclick', back);
  range.addEventListener('keydown', (event) => {
    const step = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10 }[event.key];
    const end = { Home: low, End: high }[event.key];
    if (!step && end === undefined) return;
    event.preventDefault();
    const to = step ? at + (step * span) / (event.shiftKey ? STEPS : STEPS / 2) : end;
    go(Math.min(high, Math.max(low, to)), true);
  });
  reset.addEventListener('click', back);
  value.addEventListener('focus', () => value.select());
  value.addEventListener('change', () => {
    const typed = Number(value.value.trim().replace('−', '-').replace(',', '.'));
    // A value outside the range is allowed: the slider then rests at its end.
    if (value.value.trim() !== '' && Number.isFinite(typed)) go(typed, true);
    else value.value = words(shown);
  });
  return {
    index,
    element,
    show(x) {
      if (x === shown) return;
      shown = at = x;
      const share = Math.min(1, Math.max(0, (x - low) / span));
      range.value = share * STEPS;
      range.style.setProperty('--at', `calc(7px + (100% - 14px) * ${share})`);
      range.setAttribute('aria-valuetext', threeDigits(x));
      value.value = words(x);
      reset.style.visibility = Math.abs(x - startValue) <= 1e-6 * span ? 'hidden' : 'visible';
    },
  };
}

/** A slider's value, with two decimals and a true minus sign. */
export function words(x) {
  return x.toFixed(2).replace('-', '−');
}

export default liveComponent(createSliders, css);
