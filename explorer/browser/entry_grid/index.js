// A grid of entries: a place is chosen, its entry is changed, and the decoded item follows the hand.

import { liveComponent } from '../shared/component.js';
import { createDecoder } from '../shared/decoder.js';
import { el, ICONS, icon, newId, watchWidth } from '../shared/dom.js';
import features from '../shared/features.css';
import { itemView } from '../shared/item_view.js';
import { oncePerFrame, whenCalm } from '../shared/timing.js';
import { fillCode, inkOn, placeAfter } from './codes.js';
import css from './style.css';

/** @import { Create, EntryGrid } from '../messages.js' */

/** @type {Create<'entry_grid'>} */
function createEntryGrid(root, report) {
  const item = itemView('Decoded item');
  const caption = el('div', { class: 'caption' });
  const id = newId();
  const grid = el('div', { class: 'entries', role: 'group', 'aria-label': 'Entries of the code', keydown: move });
  const range = el('input', { type: 'range', id, min: 0, step: 1, input: slide, change: () => tell() });
  const number = el('input', { type: 'number', min: 1, step: 1, 'aria-label': 'Number of the entry', change: type });
  const place = el('label', { for: id });
  const reset = el('button', { type: 'button', click: resetAll }, icon(ICONS.reset), 'Reset all');
  const changed = el('span', { class: 'quiet', 'aria-live': 'polite' });
  const hint = el('div', { class: 'caption' }, 'Entries that are alike stand side by side on the slider.');
  root.append(
    el(
      'div',
      { class: 'layout' },
      el('figure', {}, item.element, caption),
      el(
        'div',
        { class: 'controls' },
        grid,
        el('div', { class: 'one' }, place, range, number),
        hint,
        el('div', { class: 'actions' }, reset, changed),
      ),
    ),
  );

  /** @type {EntryGrid} */
  let message;
  let settings = '';
  /** @type {number[]} */
  let numbers = [];
  /** @type {HTMLButtonElement[]} */
  let cells = [];
  let chosen = 0;
  let codebook = new Float32Array(0);
  let code = new Float32Array(0);
  /** @type {number[]} */
  let positions = []; // of each entry on the slider
  const decoder = createDecoder((values) => item.show(values));

  const draw = oncePerFrame(() => {
    cells.forEach((cell, i) => {
      const { colour } = message.entries[positions[numbers[i]]];
      cell.textContent = String(numbers[i] + 1);
      cell.style.background = colour;
      cell.style.color = inkOn(colour);
      cell.setAttribute('aria-pressed', String(i === chosen));
      cell.setAttribute('aria-label', `${nameOf(i)}, entry ${numbers[i] + 1}`);
      cell.classList.toggle('changed', numbers[i] !== message.start[i]);
      cell.tabIndex = i === chosen ? 0 : -1;
    });
    place.textContent = nameOf(chosen);
    const position = positions[numbers[chosen]];
    range.value = String(position);
    range.style.setProperty('--at', `calc(7px + (100% - 14px) * ${position / Math.max(1, positions.length - 1)})`);
    range.setAttribute('aria-valuetext', `entry ${numbers[chosen] + 1}`);
    number.value = String(numbers[chosen] + 1);
    const others = numbers.filter((value, i) => value !== message.start[i]).length;
    changed.textContent = others ? `${others} of ${numbers.length} changed` : '';
    reset.disabled = !others;
    fillCode(numbers, codebook, message.codebook.shape[1], code);
    decoder.decode(code);
  });
  const tell = whenCalm(() => report('entries', { model: message.model, token: message.token, numbers }), 120);
  const unwatch = watchWidth(root, (width) => item.fit(Math.min(width < 640 ? 0.6 * width : 0.4 * width, 320)));

  /** @param {number} i */
  function nameOf(i) {
    const [rows, width] = message.grid;
    return rows === 1 ? `Place ${i + 1}` : `Row ${Math.floor(i / width) + 1}, column ${(i % width) + 1}`;
  }

  /** @param {number} value */
  function put(value) {
    numbers[chosen] = value;
    draw();
  }

  function slide() {
    put(message.entries[range.valueAsNumber].number);
  }

  function type() {
    const value = Math.round(number.valueAsNumber) - 1;
    if (value >= 0 && value < message.entries.length) {
      put(value);
      tell();
    } else draw();
  }

  function resetAll() {
    numbers = [...message.start];
    draw();
    tell();
  }

  /** @param {KeyboardEvent} event */
  function move(event) {
    const to = placeAfter(event.key, chosen, message.grid[1], cells.length);
    if (to < 0) return;
    event.preventDefault();
    chosen = to;
    draw();
    cells[to].focus();
  }

  function build() {
    const { grid: shape, first, entries } = message;
    numbers = [...first];
    chosen = Math.min(chosen, numbers.length - 1);
    codebook = message.codebook.read();
    code = new Float32Array(numbers.length * message.codebook.shape[1]);
    positions = [];
    entries.forEach((entry, position) => {
      positions[entry.number] = position;
    });
    range.max = String(entries.length - 1);
    number.max = String(entries.length);
    cells = numbers.map((_, i) => {
      const click = () => {
        chosen = i;
        draw();
      };
      return el('button', { type: 'button', class: 'cell', click });
    });
    grid.style.setProperty('--columns', String(shape[1]));
    grid.classList.toggle('fine', shape[1] > 12);
    grid.replaceChildren(...cells);
  }

  return {
    update(newMessage) {
      message = newMessage;
      const isOther = decoder.update(message.decoder);
      // The first numbers only say where to begin: they do not move a grid that stands.
      const newSettings = JSON.stringify([message.token, message.start, message.grid, message.features]);
      if (isOther || newSettings !== settings) {
        settings = newSettings;
        if (decoder.shape) item.prepare(decoder.shape, message.features);
        tell.cancel();
        build();
      }
      caption.textContent = message.caption;
      draw();
    },

    destroy() {
      draw.cancel();
      tell.cancel();
      decoder.destroy();
      unwatch();
    },
  };
}

export default liveComponent(createEntryGrid, features + css);
