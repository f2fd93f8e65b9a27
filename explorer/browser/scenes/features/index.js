// Pictures get the label of the nearest labelled one, on the map of their codes; how many are labelled is dragged.

import { el } from '../../shared/dom.js';
import { percent } from '../../shared/numbers.js';
import { oncePerFrame } from '../../shared/timing.js';
import { whole } from '../../stage/address.js';
import { button, choice, rowTitle, slider } from '../../stage/controls.js';
import { drawCurves, ENDS, nearestTo } from '../../stage/curves.js';
import { createFrame, sceneComponent } from '../../stage/frame.js';
import { putPicture } from '../../stage/pictures.js';
import { createPlane } from '../../stage/plane.js';
import { drawMap } from './map.js';
import { createState, PARTS } from './state.js';
import css from './style.css';
import { WORDS } from './words.js';

/** @import { FeatureCodes } from '../../messages.js' */
/** @import { CreateScene } from '../../stage/frame.js' */
/** @import { Axes } from '../../stage/curves.js' */
/** @import { Pen } from '../../stage/plane.js' */
/** @import { Part } from './state.js' */

const ROW = 10; // pictures in a row
const COLOURS = ['--rebuilt', '--other', '--data'];
const SEEN = { code: 'Code', pca: 'PCA', pixels: 'Pixels' };

/** @type {CreateScene<'features'>} */
function createFeatures(root) {
  const state = createState();
  const { settings, remember, count, draws, labelled, nearest, isWrong, picture } = state;
  /** @type {FeatureCodes} */
  let shown;
  let chosen = -1; // the item that is pointed at, -1 for none
  /** @type {number[]} */
  let wrong = [];

  const frame = createFrame(root, WORDS, {
    given: () => shown.names[state.pool.labels[nearest(looked())]],
    wrong: () => `${wrong.length} of ${state.asked.labels.length}`,
    labelled: () => `${labelled().length} in all`,
    code: () => accuracyOf(0),
    pca: () => accuracyOf(1),
    pixels: () => accuracyOf(2),
  });
  const { strength, links } = frame;
  const redraw = oncePerFrame(draw);

  const map = createPlane(
    {
      label: 'The map of codes: point at one for its picture',
      hand: { point: pointAtMap, press: pressMap, leave: away },
    },
    (pen) => {
      if (!shown) return;
      drawMap(
        pen,
        state.asked,
        labelled(),
        state.pool,
        shown.names,
        isWrong(),
        { item: looked(), nearest: nearest(looked()) },
        strength,
      );
      pen.words('squares: labelled', 8, 18);
      pen.words('rings: given a wrong label', 8, 34);
    },
  );
  const chart = createPlane(
    {
      label: 'Accuracy by labels per class: drag along it',
      hand: { point: pointAtChart, press: dragChart, drag: dragChart, release: remember, leave: away },
    },
    (pen) => shown && drawCurves(pen, axes(), drawnCurves(), strength),
  );
  const row = createPlane(
    {
      label: 'Ten pictures with a wrong label',
      x: [0, ROW],
      y: [1, 0],
      aspect: ROW / 1.4,
      unframed: true,
      hand: { point: pointAtRow, press: pressRow, leave: away },
    },
    paintRow,
  );
  const one = createPlane(
    {
      label: 'The picture that is pointed at, and the nearest labelled one',
      x: [0, 2],
      y: [1, 0],
      aspect: 2.6,
      unframed: true,
    },
    paintOne,
  );
  const planes = [map, chart, row, one];
  const titles = {
    map: rowTitle(),
    chart: rowTitle(),
    row: rowTitle(),
    one: rowTitle(),
  };
  const others = button('Label other pictures', () => change({ draw: String((Number(settings.draw) + 1) % draws()) }), {
    primary: true,
  });
  const seen = choice('Rings for a classifier that sees', SEEN, /** @type {Part} */ (settings.seen), (value) =>
    change({ seen: value }),
  );
  /** @type {ReturnType<typeof slider> | null} */
  let labels = null;
  const numbers = PARTS.map((part) => ({ part, figure: frame.figure(`Accuracy, ${SEEN[part]}`, part) }));
  const source = rowTitle();
  const most = button('', () => {
    const last = shown.counts.length - 1;
    setCount(count() === last ? 0 : last);
    remember();
  });
  frame.stage.append(
    el('div', { class: 'pair' },
      el('div', {}, titles.map, map.element),
      el('div', {}, titles.chart, chart.element)),
    el('div', {}, titles.row, row.element),
  ); // biome-ignore format: as it is laid out
  frame.buttons.append(others.element);
  frame.controls.append(seen.element, el('div', {}, titles.one, one.element));
  frame.stage.append(source);
  frame.doing.append(most.element);
  links.onChange(() => {
    for (const plane of planes) plane.redraw();
  });

  // --- What is set ------------------------------------------------------------------------------------------------------

  /** The item that is looked at: the one that is pointed at, else the one that was pressed, else one with a wrong label. */
  function looked() {
    const kept = settings.item === '' ? (tenWrong()[0] ?? 0) : whole(settings.item, state.asked.labels.length - 1);
    return chosen < 0 ? kept : chosen;
  }

  /** Ten items with a wrong label, spread over all of these. */
  function tenWrong() {
    return wrong.filter((_, i) => Math.floor((i * ROW) / wrong.length) !== Math.floor(((i - 1) * ROW) / wrong.length));
  }

  /** @param {Partial<typeof settings>} changes */
  function change(changes) {
    Object.assign(settings, changes);
    remember();
    redraw();
  }

  /** @param {number} to position among the counts. */
  function setCount(to) {
    settings.count = String(to);
    labels?.set(to);
    redraw();
  }

  // --- Hands ------------------------------------------------------------------------------------------------------------

  function away() {
    chosen = -1;
    links.light('');
    redraw();
  }

  /** @param {number} x @param {number} y */
  function pointAtMap(x, y) {
    let least = Infinity;
    for (let i = 0; i < state.asked.labels.length; i++) {
      const distance = Math.hypot(state.asked.x[i] - x, state.asked.y[i] - y);
      if (distance < least) [chosen, least] = [i, distance];
    }
    const { pool } = state;
    const onLabelled = labelled().some(
      (j) => Math.max(Math.abs(pool.x[j] - x), Math.abs(pool.y[j] - y)) < map.units(8),
    );
    links.light(onLabelled ? 'labelled' : least < map.units(10) ? (isWrong()[chosen] ? 'wrong' : 'points') : 'given');
    redraw();
  }

  /** @param {number} x @param {number} y */
  function pressMap(x, y) {
    pointAtMap(x, y);
    change({ item: String(chosen) });
  }

  /** @param {number} x */
  function pressRow(x) {
    pointAtRow(x);
    if (chosen >= 0) change({ item: String(chosen) });
  }

  /** @param {number} x @param {number} y */
  function pointAtChart(x, y) {
    const at = countAt(x);
    const heights = state.curves.map(({ mean }) => axes().up(mean[at]));
    links.light(PARTS[nearestTo(y, heights)]);
  }

  /** @param {number} x @param {number} y */
  function dragChart(x, y) {
    pointAtChart(x, y);
    setCount(countAt(x));
  }

  /** @param {number} x share of the chart's width. */
  function countAt(x) {
    return nearestTo(x, axes().across);
  }

  /** @param {number} x */
  function pointAtRow(x) {
    chosen = tenWrong()[Math.max(0, Math.min(ROW - 1, Math.floor(x)))] ?? -1;
    links.light('wrong');
    redraw();
  }

  // --- What is drawn ----------------------------------------------------------------------------------------------------

  function draw() {
    if (!shown) return;
    wrong = isWrong().flatMap((is, i) => (is ? [i] : []));
    say();
    for (const plane of planes) plane.redraw();
    frame.drawn();
  }

  /** @returns {Axes} */
  function axes() {
    const { left, right, bottom, top } = ENDS;
    const { counts } = shown;
    const most = Math.log(counts[counts.length - 1]) || 1;
    const across = counts.map((each) => left + ((right - left) * Math.log(each)) / most);
    const up = (/** @type {number} */ share) => bottom + (top - bottom) * share;
    return {
      across,
      up,
      below: [1, 2, 5, 10, 20, 50, 100].flatMap((each) =>
        counts.includes(each) ? { at: across[counts.indexOf(each)], text: String(each) } : [],
      ),
      beside: [0, 0.25, 0.5, 0.75, 1].map((share) => ({ at: up(share), text: percent(share) })),
      chosen: count(),
      names: 'bottom',
    };
  }

  function drawnCurves() {
    return state.curves.map((curve, i) => ({
      ...curve,
      part: PARTS[i],
      name: shown.inputs[i].name,
      colour: COLOURS[i],
      now: 1 - isWrong(i).filter(Boolean).length / state.asked.labels.length,
    }));
  }

  /** @param {number} i */
  function accuracyOf(i) {
    const { mean, low, high } = state.curves[i];
    const at = count();
    return `${percent(mean[at], 1)} (${percent(low[at], 1)} to ${percent(high[at], 1)})`;
  }

  function say() {
    const name = SEEN[PARTS[state.kind()]].toLowerCase().replace('pca', 'PCA');
    const each = shown.counts[count()];
    titles.map.textContent = `Map of the codes; axes: ${shown.axes}`;
    titles.chart.textContent = `Accuracy by labels per class: mean of ${shown.draws} draws with its 95 % interval; dots: the labels on the map`;
    titles.row.textContent = wrong.length
      ? `${wrong.length} of ${state.asked.labels.length} get a wrong label by the ${name} with ${each} ${each === 1 ? 'label' : 'labels'} a class. Ten of them, and what they are taken for:`
      : `All ${state.asked.labels.length} get the right label.`;
    source.textContent = shown.source;
    numbers.forEach(({ figure: number }, i) => number.show(accuracyOf(i)));
    most.show(
      count() === shown.counts.length - 1
        ? 'Back to one label'
        : `Give ${shown.counts[shown.counts.length - 1]} labels a class`,
    );
    const [item, labelledOne] = [looked(), nearest(looked())];
    titles.one.textContent =
      `On the map: ${shown.names[state.asked.labels[item]]}, and its nearest labelled picture: ` +
      `${shown.names[state.pool.labels[labelledOne]]}.`;
  }

  /** @param {Pen} pen */
  function paintRow(pen) {
    if (!shown) return;
    const { px, py } = pen;
    pen.fade(strength('wrong', 'given'));
    tenWrong().forEach((item, i) => {
      const room = px(1) - px(0) - 6;
      const mark = item === looked() ? '--accent' : '';
      putPicture(pen, picture(state.pictures.asked, item), px(i + 0.5), room / 2 + 4, room, mark);
      const [is, given] = [shown.names[state.asked.labels[item]], shown.names[state.pool.labels[nearest(item)]]];
      pen.middle(`${is} → ${given}`, px(i + 0.5), py(1) - 4);
    });
    pen.fade(1);
  }

  /** @param {Pen} pen */
  function paintOne(pen) {
    if (!shown) return;
    const { px, py } = pen;
    const room = Math.min(px(1) - 12, py(1) - 24);
    const both = /** @type {const} */ ([[picture(state.pictures.asked, looked()), 'asked'], [picture(state.pictures.pool, nearest(looked())), 'labelled']]); // biome-ignore format: one line
    both.forEach(([each, name], i) => {
      const { left } = putPicture(pen, each, px(i) + room / 2 + 2, room / 2 + 2, room);
      pen.words(name, left, py(1) - 4);
    });
  }

  return {
    update(message) {
      shown = message;
      state.open(message);
      message.colours.forEach((colour, i) => {
        frame.stage.style.setProperty(`--class-${i}`, colour);
      });
      if (!labels) {
        const words = {
          label: 'Labels per class',
          low: 0,
          high: message.counts.length - 1,
          step: 1,
          value: count(),
          text: (/** @type {number} */ i) => String(shown.counts[i]),
        };
        labels = slider(words, (i) => change({ count: String(i) }));
        frame.controls.prepend(labels.element);
      }
      draw();
    },

    item: () => (shown ? looked() : null),

    destroy() {
      redraw.cancel();
      for (const plane of planes) plane.destroy();
    },
  };
}

export default sceneComponent(createFeatures, css);
