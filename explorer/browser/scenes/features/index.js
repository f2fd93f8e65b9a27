// Pictures get the label of the nearest labelled one, on the map of their codes; how many are labelled is dragged.

import { el } from '../../shared/dom.js';
import { percent } from '../../shared/numbers.js';
import { oncePerFrame } from '../../shared/timing.js';
import { remembered } from '../../stage/address.js';
import { button, choice, figure, slider } from '../../stage/controls.js';
import { createFrame, sceneComponent } from '../../stage/frame.js';
import { pictureOf, putPicture } from '../../stage/pictures.js';
import { createPlane } from '../../stage/plane.js';
import { drawCurves, drawMap, ENDS } from './charts.js';
import css from './style.css';
import { WORDS } from './words.js';

/** @import { Create, Features } from '../../messages.js' */
/** @import { Pen } from '../../stage/plane.js' */

const ROW = 10; // pictures in a row
const ROOM = 0.06; // beside the outermost codes, as a share of the map
const PARTS = /** @type {const} */ (['code', 'pca', 'pixels']);
const COLOURS = ['--rebuilt', '--other', '--data'];
const SEEN = { code: 'Code', pca: 'PCA', pixels: 'Pixels' };

/** @typedef {typeof PARTS[number]} Part */

/** @type {Create<'features'>} */
function createFeatures(root) {
  const { settings, remember } = remembered('features', { count: '4', seen: 'code', draw: '0' });
  /** @type {Features} */
  let shown;
  let asked = { x: new Float32Array(), y: new Float32Array(), labels: new Uint8Array() };
  let pool = asked;
  let pictures = { asked: new Uint8Array(), pool: new Uint8Array() };
  let labelledOf = new Uint32Array();
  /** @type {Uint16Array[]} */
  let nearestOf = [];
  /** @type {{accuracy: Float32Array, low: Float32Array, high: Float32Array}[]} */
  let curves = [];
  let chosen = -1; // the item that is pointed at, -1 for none
  /** @type {number[]} */
  let wrong = [];

  const frame = createFrame(root, WORDS, {
    given: () => shown.names[pool.labels[nearest(looked())]],
    wrong: () => `${wrong.length} of ${asked.labels.length}`,
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
      x: [0, 1],
      y: [0, 1],
      hand: { point: pointAtMap, leave: away },
    },
    (pen) => {
      if (!shown) return;
      drawMap(
        pen,
        asked,
        labelled(),
        pool,
        shown.names,
        isWrong(),
        { item: looked(), nearest: nearest(looked()) },
        strength,
      );
      pen.words('squares: labelled', 8, 18, '--st-text-color');
      pen.words('rings: given a wrong label', 8, 34, '--st-text-color');
    },
  );
  const chart = createPlane(
    {
      label: 'Accuracy by labels per class: drag along it',
      x: [0, 1],
      y: [0, 1],
      hand: { point: pointAtChart, press: dragChart, drag: dragChart, release: remember, leave: away },
    },
    (pen) => shown && drawCurves(pen, drawnCurves(), shown.counts, count(), strength),
  );
  const row = createPlane(
    {
      label: 'Ten pictures with a wrong label',
      x: [0, ROW],
      y: [1, 0],
      aspect: ROW / 1.4,
      hand: { point: pointAtRow, leave: away },
    },
    paintRow,
  );
  const one = createPlane(
    { label: 'The picture that is pointed at, and the nearest labelled one', x: [0, 2], y: [1, 0], aspect: 2.6 },
    paintOne,
  );
  for (const { element } of [row, one]) element.classList.add('unframed');
  const planes = [map, chart, row, one];
  const titles = {
    map: el('p', { class: 'row-title' }),
    chart: el('p', { class: 'row-title' }),
    row: el('p', { class: 'row-title' }),
    one: el('p', { class: 'row-title' }),
  };
  const others = button('Label other pictures', () => change({ draw: String((Number(settings.draw) + 1) % draws()) }), {
    primary: true,
  });
  const seen = choice('Rings for a classifier that sees', SEEN, /** @type {Part} */ (settings.seen), (value) =>
    change({ seen: value }),
  );
  /** @type {ReturnType<typeof slider> | null} */
  let labels = null;
  const numbers = PARTS.map((part) => ({ part, figure: figure('') }));
  const source = el('p', { class: 'row-title' });
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
  for (const { part, figure: each } of numbers) frame.addFigure(each, part);
  frame.stage.append(source);
  frame.doing.append(most.element);
  links.onChange(redraw);

  // --- What is set ------------------------------------------------------------------------------------------------------

  function count() {
    return Math.min(shown.counts.length - 1, Math.max(0, Number(settings.count) || 0));
  }

  function draws() {
    return shown ? shown.labelled.shape[0] : 1;
  }

  function drawNumber() {
    return Math.min(draws() - 1, Math.max(0, Number(settings.draw) || 0));
  }

  /** The kind of input that is judged, by its number. */
  function kind() {
    return Math.max(0, PARTS.indexOf(/** @type {Part} */ (settings.seen)));
  }

  /** Positions in the pool of those that are labelled. */
  function labelled() {
    const each = shown.labelled.shape[1];
    return Array.from(labelledOf.subarray(drawNumber() * each, drawNumber() * each + labelsInAll()));
  }

  function labelsInAll() {
    const each = shown.labelled.shape[1];
    return (each / shown.counts[shown.counts.length - 1]) * shown.counts[count()];
  }

  /** @param {number} item @param {number} [of] kind of input @returns {number} position in the pool of its nearest labelled item. */
  function nearest(item, of = kind()) {
    const [, counts, n] = shown.inputs[of].nearest.shape;
    const position = nearestOf[of][(drawNumber() * counts + count()) * n + item];
    return labelledOf[drawNumber() * shown.labelled.shape[1] + position];
  }

  /** @param {number} [of] kind of input */
  function isWrong(of = kind()) {
    return Array.from(asked.labels, (label, i) => pool.labels[nearest(i, of)] !== label);
  }

  /** The item that is looked at: the one that is pointed at, else one with a wrong label. */
  function looked() {
    return chosen < 0 ? (tenWrong()[0] ?? 0) : chosen;
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
    for (let i = 0; i < asked.labels.length; i++) {
      const distance = Math.hypot(asked.x[i] - x, asked.y[i] - y);
      if (distance < least) [chosen, least] = [i, distance];
    }
    links.light(least < map.units(10) ? (isWrong()[chosen] ? 'wrong' : 'points') : 'given');
    redraw();
  }

  /** @param {number} x @param {number} y */
  function pointAtChart(x, y) {
    const at = countAt(x);
    const { bottom, top } = ENDS;
    const distances = curves.map(({ accuracy }) => Math.abs(bottom + (top - bottom) * accuracy[at] - y));
    links.light(PARTS[distances.indexOf(Math.min(...distances))]);
  }

  /** @param {number} x @param {number} y */
  function dragChart(x, y) {
    pointAtChart(x, y);
    setCount(countAt(x));
  }

  /** @param {number} x share of the chart's width. */
  function countAt(x) {
    const { counts } = shown;
    const value = ((x - ENDS.left) / (ENDS.right - ENDS.left)) * Math.log(counts[counts.length - 1]);
    const far = counts.map((each) => Math.abs(Math.log(each) - value));
    return far.indexOf(Math.min(...far));
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

  function drawnCurves() {
    return curves.map((curve, i) => ({
      ...curve,
      part: PARTS[i],
      name: shown.inputs[i].name,
      colour: COLOURS[i],
      now: 1 - isWrong(i).filter(Boolean).length / asked.labels.length,
    }));
  }

  /** @param {number} i */
  function accuracyOf(i) {
    const { accuracy, low, high } = curves[i];
    const at = count();
    return `${percent(accuracy[at], 1)} (${percent(low[at], 1)} to ${percent(high[at], 1)})`;
  }

  function say() {
    const name = SEEN[PARTS[kind()]].toLowerCase().replace('pca', 'PCA');
    const each = shown.counts[count()];
    titles.map.textContent = `Map of the codes; axes: ${shown.axes}`;
    titles.chart.textContent = `Accuracy by labels per class: mean of ${shown.draws} draws with its 95 % interval; dots: the labels on the map`;
    titles.row.textContent = wrong.length
      ? `${wrong.length} of ${asked.labels.length} get a wrong label by the ${name} with ${each} ${each === 1 ? 'label' : 'labels'} a class. Ten of them, and what they are taken for:`
      : `All ${asked.labels.length} get the right label.`;
    source.textContent = shown.source;
    numbers.forEach(({ figure: number }, i) => number.show(accuracyOf(i)));
    most.show(
      count() === shown.counts.length - 1
        ? 'Back to one label'
        : `Give ${shown.counts[shown.counts.length - 1]} labels a class`,
    );
    const [item, labelledOne] = [looked(), nearest(looked())];
    titles.one.textContent =
      `On the map: ${shown.names[asked.labels[item]]}, and its nearest labelled picture: ` +
      `${shown.names[pool.labels[labelledOne]]}.`;
  }

  /** @param {Uint8Array} of @param {number} i */
  function picture(of, i) {
    const size = shown.shape[0] * shown.shape[1] * shown.shape[2];
    return pictureOf(
      Float32Array.from(of.subarray(i * size, (i + 1) * size), (v) => v / 255),
      shown.shape,
    );
  }

  /** @param {Pen} pen */
  function paintRow(pen) {
    if (!shown) return;
    const { brush, px, py, colour } = pen;
    pen.fade(strength('wrong', 'given'));
    tenWrong().forEach((item, i) => {
      const room = px(1) - px(0) - 6;
      const { left, top, width, height } = putPicture(
        pen,
        picture(pictures.asked, item),
        px(i + 0.5),
        room / 2 + 4,
        room,
      );
      if (item === looked()) {
        [brush.strokeStyle, brush.lineWidth] = [colour('--st-primary-color'), 3];
        brush.strokeRect(left - 1, top - 1, width + 2, height + 2);
      }
      const [is, given] = [shown.names[asked.labels[item]], shown.names[pool.labels[nearest(item)]]];
      [brush.font, brush.textAlign, brush.fillStyle] = [
        `12px ${colour('--st-font') || 'sans-serif'}`,
        'center',
        colour('--st-text-color'),
      ];
      brush.fillText(`${is} → ${given}`, px(i + 0.5), py(1) - 4, px(1) - px(0));
    });
    pen.fade(1);
  }

  /** @param {Pen} pen */
  function paintOne(pen) {
    if (!shown) return;
    const { px, py } = pen;
    const room = Math.min(px(1) - 12, py(1) - 24);
    const both = /** @type {const} */ ([[picture(pictures.asked, looked()), 'asked'], [picture(pictures.pool, nearest(looked())), 'labelled']]); // biome-ignore format: one line
    both.forEach(([each, name], i) => {
      const { left } = putPicture(pen, each, px(i) + room / 2 + 2, room / 2 + 2, room);
      pen.words(name, left, py(1) - 4, '--st-text-color');
    });
  }

  return {
    update(message) {
      shown = message;
      const [places, poolPlaces] = [message.places.read(), message.pool_places.read()];
      const [toX, toY] = [0, 1].map((axis) => scaleOf(places, poolPlaces, axis));
      asked = { x: onAxis(places, 0, toX), y: onAxis(places, 1, toY), labels: message.labels.read() };
      pool = { x: onAxis(poolPlaces, 0, toX), y: onAxis(poolPlaces, 1, toY), labels: message.pool_labels.read() };
      pictures = { asked: message.pictures.read(), pool: message.pool_pictures.read() };
      labelledOf = message.labelled.read();
      nearestOf = message.inputs.map(({ nearest: each }) => each.read());
      curves = message.inputs.map(({ accuracy, low, high }) => ({
        accuracy: accuracy.read(),
        low: low.read(),
        high: high.read(),
      }));
      message.colours.forEach((colour, i) => {
        frame.stage.style.setProperty(`--class-${i}`, colour);
      });
      message.inputs.forEach(({ name }, i) => {
        const dt = numbers[i].figure.element.querySelector('dt');
        if (dt) dt.textContent = name;
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

    destroy() {
      redraw.cancel();
      for (const plane of planes) plane.destroy();
    },
  };
}

/**
 * @param {Float32Array} places two numbers each.
 * @param {Float32Array} others
 * @param {number} axis
 * @returns {(value: number) => number} from 0 to 1.
 */
function scaleOf(places, others, axis) {
  let [low, high] = [Infinity, -Infinity];
  for (const each of [places, others]) {
    for (let i = axis; i < each.length; i += 2) [low, high] = [Math.min(low, each[i]), Math.max(high, each[i])];
  }
  return (value) => ROOM + ((1 - 2 * ROOM) * (value - low)) / (high - low || 1);
}

/** @param {Float32Array} places @param {number} axis @param {(value: number) => number} scale */
function onAxis(places, axis, scale) {
  return Float32Array.from({ length: places.length / 2 }, (_, i) => scale(places[2 * i + axis]));
}

export default sceneComponent(createFeatures, css);
