// Bars of several columns over the same items: what is brushed on all of them at once is chosen, here and on the maps.

import { Choice } from '../latent_map/choice.js';
import { createLink } from '../latent_map/link.js';
import { liveComponent } from '../shared/component.js';
import { el, ICONS, icon } from '../shared/dom.js';
import { oncePerFrame, whenCalm } from '../shared/timing.js';
import { CrossFilter, countsAmong } from './cross_filter.js';
import css from './style.css';

/** @import { Create, Filters, FilterColumn } from '../messages.js' */

const TELL_MS = 150; // the maps follow at once; the server hears of a brush when it rests

/** @type {Create<'filters'>} */
function createFilters(root, report) {
  const panels = el('div', { class: 'columns' });
  const count = el('span', { class: 'quiet', 'aria-live': 'polite' });
  const clear = el('button', { type: 'button', click: () => reset() }, icon(ICONS.reset), 'Clear filters');
  root.append(el('div', { class: 'about' }, count, clear), panels);

  /** @type {Filters} */
  let message;
  let filter = new CrossFilter(0, []);
  /** @type {Panel[]} */
  let shown = [];
  /** @type {Uint32Array | null} items that something else has chosen. */
  let fromAfar = null;
  let stamp = 0;
  let [columns, applied] = ['', ''];

  const line = createLink({
    hover: () => {},
    selection: ({ positions }) => takeChoice(positions),
    place: () => {},
    unplace: () => {},
    sight: () => {},
  });
  const tell = whenCalm(() => {
    const choice = new Choice(message.n);
    choice.change(filter.passing(), 'new');
    report('filtered', { n: message.n, bits: choice.bits(), stamp });
  }, TELL_MS);
  const draw = oncePerFrame(() => {
    const counts = fromAfar ? filter.columns.map((column) => countsAmong(column, fromAfar ?? [])) : filter.counts();
    shown.forEach((panel, column) => panel.draw(counts[column], filter.brushed[column]));
    const passing = fromAfar ?? filter.passing();
    const isAll = !fromAfar && !filter.isActive;
    const of = `of ${message.n.toLocaleString('en')} shown items`;
    count.textContent = isAll
      ? `Drag over bars or press them: the map follows. All ${of}.`
      : `${passing.length.toLocaleString('en')} ${of} ${fromAfar ? 'selected on the map' : 'pass'}`;
    clear.disabled = isAll;
  });

  function changed() {
    fromAfar = null;
    stamp = Math.max(Date.now(), stamp + 1);
    line.publish('selection', { positions: filter.passing() });
    tell();
    draw();
  }

  function reset() {
    for (const bars of filter.brushed) bars.clear();
    changed();
  }

  /** @param {Uint32Array} positions that were chosen on a map. */
  function takeChoice(positions) {
    for (const bars of filter.brushed) bars.clear();
    fromAfar = positions.length ? positions : null;
    draw();
  }

  return {
    update(newMessage) {
      message = newMessage;
      const settings = JSON.stringify([message.n, message.columns]);
      if (settings !== columns) {
        columns = settings;
        const read = message.columns.map(({ bars, titles }) => ({ bars: bars.read(), count: titles.length }));
        filter = new CrossFilter(message.n, read);
        fromAfar = null;
        applied = '';
        shown = message.columns.map((column, i) => createPanel(column, read[i].bars, filter.brushed[i], changed));
        panels.replaceChildren(...shown.map(({ element }) => element));
      }
      line.join(message.link);
      // What the page keeps as chosen, unless it is what was brushed here, or a newer brush is on its way to it.
      if (!stamp || message.stamp === stamp) {
        const offered = message.chosen.digest;
        if (offered !== applied) {
          applied = offered;
          const chosen = message.chosen.read();
          if (!isSame(chosen, filter.passing())) takeChoice(chosen);
        }
      }
      draw();
    },

    destroy() {
      tell.cancel();
      draw.cancel();
      line.join('');
    },
  };
}

/**
 * @param {Uint32Array} a
 * @param {Uint32Array} b
 */
const isSame = (a, b) => a.length === b.length && a.every((value, i) => value === b[i]);

/** @typedef {{element: HTMLElement, draw: (counts: Uint32Array, brushed: Set<number>) => void}} Panel */

/**
 * The bars of one column.
 *
 * @param {FilterColumn} column
 * @param {Uint16Array} bars
 * @param {Set<number>} brushed changed here.
 * @param {() => void} onChange
 * @returns {Panel}
 */
function createPanel({ name, titles, ordered, missing }, bars, brushed, onChange) {
  const totals = countsAmong({ bars, count: titles.length }, bars.keys ? Uint32Array.from(bars.keys()) : []);
  const most = Math.max(1, ...totals);
  const ends = ordered ? titles.length - (missing ? 1 : 0) : 0; // bars that follow one another
  let start = -1; // of a drag
  let moved = false;

  const buttons = titles.map((title, bar) => {
    const all = el('span', { class: 'all' });
    const part = el('span', { class: 'part' });
    const number = el('span', { class: 'number quiet' });
    const label = el('span', { class: 'title' }, title);
    const button = el(
      'button',
      {
        type: 'button',
        class: bar < ends ? 'bar upright' : 'bar',
        tabindex: bar ? -1 : 0,
        title: `${title}: ${totals[bar].toLocaleString('en')}`,
        pointerdown: (/** @type {PointerEvent} */ event) => press(event, bar),
        pointerenter: () => drag(bar),
        click: (/** @type {MouseEvent} */ event) => click(event, bar),
        keydown: (/** @type {KeyboardEvent} */ event) => key(event, bar),
      },
      bar < ends ? null : label,
      el('span', { class: 'track' }, all, part),
      bar < ends ? null : number,
    );
    return { button, all, part, number };
  });
  const said = el('span', { class: 'said quiet' });
  const undo = el(
    'button',
    { type: 'button', class: 'plain', title: `Clear ${name}`, click: () => choose([]) },
    icon(ICONS.reset),
  );
  const upright = el('div', { class: 'histogram', hidden: !ends }, ...buttons.slice(0, ends).map((b) => b.button));
  const edges = el(
    'div',
    { class: 'edges quiet', hidden: !ends },
    el('span', {}, titles[0].split(' to ')[0]),
    el('span', {}, (titles[ends - 1] ?? '').split(' to ').at(-1)),
  );
  const rows = el('div', { class: 'rows' }, ...buttons.slice(ends).map((b) => b.button));
  const element = el(
    'div',
    { class: 'column', role: 'group', 'aria-label': name },
    el('div', { class: 'head' }, el('strong', {}, name), said, undo),
    upright,
    edges,
    rows,
  );
  element.addEventListener('pointerup', () => {
    start = -1;
  });

  /** @param {number[]} chosen */
  function choose(chosen) {
    brushed.clear();
    for (const bar of chosen) brushed.add(bar);
    onChange();
  }

  /**
   * @param {number} from
   * @param {number} to
   */
  function range(from, to) {
    const [low, high] = [Math.min(from, to), Math.max(from, to)];
    choose(Array.from({ length: high - low + 1 }, (_, i) => low + i));
  }

  /**
   * @param {PointerEvent} event
   * @param {number} bar
   */
  function press(event, bar) {
    if (bar >= ends) return;
    // A finger stays with the bar that it came down on unless it is let go.
    if (event.target instanceof Element) event.target.releasePointerCapture?.(event.pointerId);
    [start, moved] = [bar, false];
  }

  /** @param {number} bar */
  function drag(bar) {
    if (start < 0 || bar >= ends || (bar === start && !moved)) return;
    moved = true;
    range(start, bar);
  }

  /**
   * @param {MouseEvent} event
   * @param {number} bar
   */
  function click(event, bar) {
    start = -1;
    if (moved) {
      moved = false;
      return;
    }
    if (bar < ends && event.shiftKey && brushed.size) {
      const known = [...brushed].filter((other) => other < ends);
      range(bar < Math.min(...known) ? Math.max(...known) : Math.min(...known), bar);
    } else if (bar < ends) choose(brushed.size === 1 && brushed.has(bar) ? [] : [bar]);
    else {
      if (!brushed.delete(bar)) brushed.add(bar);
      onChange();
    }
  }

  /**
   * @param {KeyboardEvent} event
   * @param {number} bar
   */
  function key(event, bar) {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (event.key === 'Escape') choose([]);
    else if (step) buttons[Math.min(titles.length - 1, Math.max(0, bar + step))].button.focus();
    else return;
    event.preventDefault();
  }

  return {
    element,
    draw(counts, now) {
      buttons.forEach(({ button, all, part, number }, bar) => {
        const side = bar < ends ? 'height' : 'width';
        all.style[side] = `${(100 * totals[bar]) / most}%`;
        part.style[side] = `${(100 * counts[bar]) / most}%`;
        number.textContent = counts[bar].toLocaleString('en');
        button.classList.toggle('off', now.size > 0 && !now.has(bar));
        button.setAttribute('aria-pressed', String(now.has(bar)));
        button.setAttribute('aria-label', `${name}, ${titles[bar]}: ${counts[bar]} of ${totals[bar]}`);
      });
      const chosen = [...now].filter((bar) => bar < ends).sort((a, b) => a - b);
      said.textContent = chosen.length
        ? `${titles[chosen[0]].split(' to ')[0]} to ${titles[chosen.at(-1) ?? 0].split(' to ').at(-1)}`
        : '';
      undo.hidden = !now.size;
    },
  };
}

export default liveComponent(createFilters, css);
