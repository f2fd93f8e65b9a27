// One slider for each latent dimension, and for directions through the code; the picture follows the hand.

import { liveComponent } from '../shared/component.js';
import { createDecoder } from '../shared/decoder.js';
import { el, ICONS, icon, watchWidth } from '../shared/dom.js';
import features from '../shared/features.css';
import { itemView } from '../shared/item_view.js';
import { percent } from '../shared/numbers.js';
import { oncePerFrame, whenCalm } from '../shared/timing.js';
import { createDensityCheck } from './density_check.js';
import { createPad } from './pad.js';
import { findLabels } from './search.js';
import { createSliderRow } from './slider_row.js';
import css from './style.css';

/** @import { Create, Dimension, Sliders } from '../messages.js' */

/** @typedef {ReturnType<typeof createSliderRow>} Row */

const SHOWN_AT_FIRST = 24;
const FOUND_AT_MOST = 64; // rows that a search shows

/** @type {Create<'sliders'>} */
function createSliders(root, report, say) {
  const item = itemView('Decoded item');
  const caption = el('div', { class: 'caption' });
  const densityCheck = createDensityCheck();
  const directionList = el('div', { class: 'sliders directions', role: 'group', 'aria-label': 'Directions' });
  const list = el('div', { class: 'sliders', role: 'group', 'aria-label': 'Latent dimensions' });
  const search = el('input', {
    type: 'search',
    'aria-label': 'Find dimensions',
    placeholder: 'Find dimensions: z17, z3',
    input: showRows,
  });
  const matched = el('span', { class: 'quiet', 'aria-live': 'polite' });
  const finder = el('div', { class: 'finder' }, search, matched);
  const more = el('button', { type: 'button', hidden: true, click: toggleAll });
  const resetAll = el('button', { type: 'button', click: resetEverything }, icon(ICONS.reset), 'Reset all');
  const actions = el('div', { class: 'actions' }, more, resetAll);
  const pad = createPad((across, up, released) => {
    if (!message.pad) return;
    base[message.pad.across] = across - added(message.pad.across);
    base[message.pad.up] = up - added(message.pad.up);
    refresh(released);
  });
  const labelList = el('div', { class: 'labels', role: 'group', 'aria-label': 'Label' });
  const controls = el('div', { class: 'controls' }, labelList, pad.element, directionList, finder, list, actions);
  const output = el('div', { class: 'output' }, el('figure', {}, item.element, caption), densityCheck.element);
  root.append(el('div', { class: 'layout' }, output, controls)); // the picture first, as on a phone

  /** @type {Sliders} */
  let message;
  let settings = '';
  /** @type {Row[]} */
  let rows = []; // by place in message.dims; made when first shown
  /** @type {Row[]} */
  let directionRows = [];
  /** @type {number[]} */
  let base = []; // the code without what the directions add
  /** @type {number[]} */
  let amounts = [];
  let z = new Float32Array(0);
  let allShown = false;
  let label = 0; // position in message.labels.names

  const decoder = createDecoder((values, code) => {
    item.show(values);
    densityCheck.decoded(values, Array.from(code).slice(0, z.length));
  });
  const draw = oncePerFrame(() => {
    rows.forEach((row, place) => {
      if (row.element.isConnected) row.show(z[message.dims[place].index]);
    });
    directionRows.forEach((row, i) => row.show(amounts[i]));
    if (message.pad) pad.show(z[message.pad.across], z[message.pad.up]);
    decoder.decode(input());
    item.mark(isOther() ? null : densityCheck.show(z));
  });
  const tell = whenCalm(() => {
    const { model, token, start } = message;
    report('codes', { model, token, start, at: { code: Array.from(z), amounts } });
  }, 120);
  const unwatch = watchWidth(output, (width) => {
    // On a narrow screen the nearest item stands beside the picture, and the sliders need room below.
    const isNarrow = root.clientWidth <= 640;
    item.fit(Math.min(isNarrow ? 0.5 * width : width - 2, 360));
    densityCheck.fit(isNarrow ? 56 : 84);
  });

  /** Whether another label is chosen than the one that the real items and the plane are of. */
  function isOther() {
    return message.labels !== null && label !== message.labels.at;
  }

  /** What the decoder takes: the code, and of a conditional model the label's one-hot vector behind it. */
  function input() {
    if (!message.labels) return z;
    const whole = new Float32Array(z.length + message.labels.names.length);
    whole.set(z);
    whole[z.length + label] = 1;
    return whole;
  }

  /** @param {number} chosen position in message.labels.names. */
  function choose(chosen) {
    if (!message.labels || chosen === label) return;
    label = chosen;
    showLabels();
    draw();
    say('label', { label: message.labels.names[label] });
  }

  function showLabels() {
    const { labels } = message;
    labelList.hidden = !labels;
    labelList.replaceChildren(
      ...(labels?.offered ?? []).map((place) =>
        el(
          'button',
          { type: 'button', 'aria-pressed': String(place === label), click: () => choose(place) },
          labels?.names[place] ?? '',
        ),
      ),
    );
    labelList.prepend(el('span', { class: 'quiet' }, 'Label'));
    pad.element.classList.toggle('waiting', isOther());
    densityCheck.element.classList.toggle('waiting', isOther());
  }

  /**
   * What the directions add to a dimension.
   *
   * @param {number} d
   */
  function added(d) {
    return message.directions.reduce((sum, direction, i) => sum + amounts[i] * direction.vector[d], 0);
  }

  /** @param {boolean} released */
  function refresh(released) {
    base.forEach((value, d) => {
      z[d] = value + added(d);
    });
    draw();
    if (released) tell();
  }

  function resetEverything() {
    base = [...message.start];
    amounts.fill(0);
    refresh(true);
  }

  /** @param {number} place in message.dims. */
  function rowAt(place) {
    const dim = message.dims[place];
    rows[place] ??= createSliderRow({ ...dim, ...notes(dim) }, message.start[dim.index], (value, released) => {
      base[dim.index] = value - added(dim.index);
      refresh(released);
    });
    return rows[place];
  }

  /** Put the rows into the list that are to be seen: those searched for, the first, or all. */
  function showRows() {
    const labels = message.dims.map((dim) => dim.label);
    const isLong = labels.length > SHOWN_AT_FIRST;
    const matches = findLabels(labels, search.value);
    const places = matches ?? [...labels.keys()];
    const shown = places.slice(0, matches ? FOUND_AT_MOST : allShown ? places.length : SHOWN_AT_FIRST);
    list.replaceChildren(...shown.map((place) => rowAt(place).element));
    list.classList.toggle('long', shown.length > SHOWN_AT_FIRST);
    finder.hidden = !isLong;
    matched.textContent = matches ? `${matches.length} of ${labels.length}` : '';
    more.hidden = !isLong || matches !== null;
    more.textContent = allShown ? `Show the first ${SHOWN_AT_FIRST}` : `Show all ${labels.length}`;
    more.setAttribute('aria-expanded', String(allShown));
    draw();
  }

  function toggleAll() {
    allShown = !allShown;
    showRows();
  }

  function build() {
    const { first, directions } = message;
    tell.cancel();
    amounts = [...first.amounts];
    z = Float32Array.from(first.code);
    base = first.code.map((value, d) => value - added(d));
    rows = [];
    directionRows = directions.map((direction, i) =>
      createSliderRow(direction, 0, (value, released) => {
        amounts[i] = value;
        refresh(released);
      }),
    );
    directionList.hidden = !directionRows.length;
    directionList.replaceChildren(...directionRows.map((row) => row.element));
    showRows();
  }

  return {
    update(newMessage) {
      message = newMessage;
      const { token, dims, directions, start, features } = message;
      const isOtherDecoder = decoder.update(message.decoder);
      if (isOtherDecoder) draw.cancel();
      label = message.labels?.at ?? 0;
      showLabels();
      densityCheck.update(message.density);
      pad.update(message.pad, dims);
      // The first code only says where to begin: it does not move sliders that stand.
      const newSettings = JSON.stringify([token, dims, directions, start, features]);
      if (isOtherDecoder || newSettings !== settings) {
        settings = newSettings;
        if (decoder.shape) item.prepare(decoder.shape, features);
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
      pad.destroy();
      densityCheck.destroy();
    },
  };
}

/**
 * What stands beside a dimension's name, and what it says on hover.
 *
 * @param {Dimension} dimension
 */
function notes({ share, inactive }) {
  const carries = share === null ? '' : percent(share);
  if (inactive) return { note: 'inactive', hint: 'The codes of real items hardly differ along this dimension.' };
  return { note: carries, hint: carries && `Carries ${carries} of what the codes tell about the items.` };
}

export default liveComponent(createSliders, features + css);
