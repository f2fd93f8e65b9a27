// One picture goes through every map of a network; each value is shown as the sum that it is.

import { Network } from '../../runtime/network.js';
import { counted, threeDigits } from '../../shared/numbers.js';
import { remembered } from '../../stage/address.js';
import { button, choice, slider } from '../../stage/controls.js';
import { createFrame, sceneComponent } from '../../stage/frame.js';
import { counts, fields, nameOf, partsOf, rowsOf } from './layers.js';
import { createMaps } from './maps.js';
import { createSliding, MADE_UP } from './sliding.js';
import css from './style.css';
import { createSum } from './sum.js';
import { createWays } from './ways.js';
import { WORDS } from './words.js';

/** @import { Convolutional } from '../../messages.js' */
/** @import { CreateScene } from '../../stage/frame.js' */
/** @import { Row, Shape } from './layers.js' */
/** @import { Level, Place } from './maps.js' */

const STEP = 2; // pixels that the picture is moved by at a time
const VIEWS = { layers: 'Through the layers', sizes: 'Smaller and larger' }; // one at a time on a phone
const SHARED = ['conv', 'conv_transpose', 'linear'];

/** @type {CreateScene<'convolutional'>} */
function createConvolutional(root) {
  const { settings, remember } = remembered('convolutional', {
    view: 'layers',
    item: '0',
    moved: '0',
    at: '',
    kernel: '3',
    stride: '2',
    padding: '1',
    made: MADE_UP,
  });
  /** @type {Network | null} */
  let network = null;
  let opened = ''; // digest of the network's pack
  /** @type {Row[]} */
  let rows = [];
  /** @type {Level[]} */
  let levels = [];
  /** @type {Float32Array[]} */
  let trace = [];
  /** @type {Float32Array} */
  let items = new Float32Array();
  /** @type {readonly string[]} */
  let names = [];
  /** @type {Shape} */
  let shape = [1, 1, 1];
  /** @type {Place} */
  let kept = { level: 1, map: 0, y: 0, x: 0 };
  /** @type {Place | null} */
  let pointed = null;

  const frame = createFrame(root, WORDS, {
    value: () => threeDigits(look().value),
    field: () => sizeText(look().seen),
    kernel: () => `${counted(counts(look().row).own)} weights in all of the layer`,
    bias: () => threeDigits(look().parts.bias),
  });
  const { links, strength } = frame;
  const sum = createSum(() => ({ ...look(), picture: levels[0] }), strength, links.light);
  const maps = createMaps({
    state: () => ({ levels, rows, chosen: chosen(), fields: seenFrom(chosen()), maps: readFrom(chosen()) }),
    strength,
    point: pointAt,
    press: keep,
    leave: pointAway,
    drawn: frame.drawn,
  });
  const ways = createWays({ state: () => ({ ...kernelSettings(), ...oneMap() }), light: links.light, strength });
  const sliding = createSliding({
    state: () => ({ ...kernelSettings(), made: settings.made }),
    change: (made) => change({ made }),
    drawn: frame.drawn,
    light: links.light,
    strength,
  });
  const pictures = [sum, maps, ways, sliding];
  for (const [i, { element }] of pictures.entries()) element.classList.add(i < 2 ? 'layers' : 'sizes');
  const view = choice('Shown', VIEWS, /** @type {keyof typeof VIEWS} */ (settings.view), (each) => {
    change({ view: each });
  });
  const another = button(
    'Another picture',
    () => change({ item: String((Number(settings.item) + 1) % names.length) }),
    {
      primary: true,
    },
  );
  const sliders = /** @type {const} */ ([
    ['Kernel', 'kernel', 1, 5],
    ['Stride', 'stride', 1, 3],
    ['Padding', 'padding', 0, 2],
  ]).map(([label, name, low, high]) =>
    slider({ label, low, high, step: 1, value: Number(settings[name]) }, (value) => change({ [name]: String(value) })),
  );
  const figures = {
    item: frame.figure('Picture', 'field'),
    layer: frame.figure('Layer', 'value'),
    sees: frame.figure('One value sees', 'field'),
    own: frame.figure('Weights of this layer', 'kernel'),
    dense: frame.figure('Dense, of the same sizes', 'kernel'),
    error: frame.figure('Squared error of the picture', 'value'),
  };
  frame.stage.append(view.element, ...pictures.map((picture) => picture.element));
  frame.buttons.append(another.element);
  frame.controls.append(...sliders.map((control) => control.element));
  frame.doing.append(
    button('Move it to the right', () => move(STEP)).element,
    button('Move it to the left', () => move(-STEP)).element,
  );
  links.onChange(draw);

  // --- Settings -------------------------------------------------------------------------------------------------------

  function kernelSettings() {
    return { kernel: Number(settings.kernel), stride: Number(settings.stride), padding: Number(settings.padding) };
  }

  /** @param {Partial<typeof settings>} changes */
  function change(changes) {
    Object.assign(settings, changes);
    remember();
    run();
  }

  /** @param {number} by pixels to the right. */
  function move(by) {
    const most = Math.floor(shape[2] / 3);
    change({ moved: String(Math.max(-most, Math.min(most, Number(settings.moved) + by))) });
  }

  // --- Hands ----------------------------------------------------------------------------------------------------------

  /** @param {Place | null} place */
  function pointAt(place) {
    pointed = place && place.level > 0 ? place : null;
    links.light(place ? (place.level > 0 ? 'value' : 'field') : '');
    draw();
  }

  /** @param {Place | null} place */
  function keep(place) {
    pointAt(place);
    if (!pointed) return;
    kept = pointed;
    settings.at = [kept.level, kept.map, kept.y, kept.x].join('-');
    remember();
  }

  function pointAway() {
    pointed = null;
    links.light('');
    draw();
  }

  // --- What is shown --------------------------------------------------------------------------------------------------

  function chosen() {
    return pointed ?? kept;
  }

  /** @param {Place} place */
  function seenFrom({ level, y, x }) {
    return fields(rows.slice(0, level), y, x);
  }

  /**
   * First and last map of each level that a value is made of.
   *
   * @param {Place} place
   */
  function readFrom({ level, map }) {
    /** @type {[number, number][]} */
    const read = [[map, map]];
    for (const { layer, from } of rows.slice(0, level).toReversed()) {
      read.unshift(SHARED.includes(layer.op) ? [0, from[0] - 1] : read[0]);
    }
    return read;
  }

  function look() {
    const place = chosen();
    const row = rows[place.level - 1];
    const index = (place.map * row.shape[1] + place.y) * row.shape[2] + place.x;
    const parts = partsOf(row, levels[place.level - 1].values, place.map, place.y, place.x, trace[row.first][index]);
    return { row, parts, value: levels[place.level].values[index], seen: seenFrom(place)[0] };
  }

  /** The map that is pointed at, or the nearest before it that is large enough to be pooled. */
  function oneMap() {
    const place = chosen();
    let level = place.level;
    while (level > 0 && levels[level].shape[1] * levels[level].shape[2] < 4) level -= 1;
    const {
      shape: [count, height, width],
      values,
    } = levels[level];
    const map = Math.min(place.map, count - 1);
    const area = height * width;
    const name = level ? `Map ${map + 1} of ${count}` : 'Picture';
    return { map: { values: values.subarray(map * area, (map + 1) * area), height, width }, name };
  }

  /** @param {{top: number, left: number, bottom: number, right: number}} field */
  function sizeText({ top, left, bottom, right }) {
    return `${bottom - top + 1} × ${right - left + 1} of ${shape[1]} × ${shape[2]} pixels`;
  }

  /** The picture that was chosen, moved to the side; what comes in is black. */
  function picture() {
    const width = shape[2];
    const [size, by] = [items.length / names.length, Number(settings.moved)];
    const start = (Number(settings.item) % names.length) * size;
    return items.slice(start, start + size).map((_, i) => {
      const from = (i % width) - by;
      return from < 0 || from >= width ? 0 : items[start + Math.floor(i / width) * width + from];
    });
  }

  function run() {
    root.dataset.view = settings.view;
    if (!network) return;
    const x = picture();
    trace = network.trace(x);
    levels = [{ shape, values: x }, ...rows.map((row) => ({ shape: row.shape, values: trace[row.last] }))];
    draw();
  }

  /** What the address names, else the strongest value of the first layer. */
  function first() {
    const [level, map, y, x] = settings.at.split('-').map(Number);
    const row = rows[level - 1];
    if (row && map < row.shape[0] && y < row.shape[1] && x < row.shape[2]) return { level, map, y, x };
    const {
      values,
      shape: [, h, w],
    } = levels[1];
    const i = values.reduce((best, value, at) => (value > values[best] ? at : best), 0);
    return { level: 1, map: Math.floor(i / (h * w)), y: Math.floor(i / w) % h, x: i % w };
  }

  function draw() {
    if (!network) return;
    for (const each of pictures) each.redraw();
    const { row, seen } = look();
    const { own, dense } = counts(row);
    figures.item.show(names[Number(settings.item) % names.length]);
    figures.layer.show(`${nameOf(row)}, ${row.from.join(' × ')} to ${row.shape.join(' × ')}`);
    figures.sees.show(sizeText(seen));
    figures.own.show(counted(own));
    figures.dense.show(counted(dense));
    const [x, rebuilt] = [levels[0].values, levels[levels.length - 1].values];
    figures.error.show(threeDigits(x.reduce((total, value, i) => total + (value - rebuilt[i]) ** 2, 0)));
  }

  return {
    /** @param {Convolutional} message */
    update(message) {
      if (message.network.digest !== opened) {
        opened = message.network.digest;
        network = new Network(message.network.read());
        rows = rowsOf(network.layers);
        shape = /** @type {Shape} */ (network.inputShape);
        items = message.x.read();
        names = message.names;
        run();
        kept = first();
      }
      run();
    },

    item: () => Number(settings.item) % names.length,

    destroy() {
      for (const each of pictures) each.destroy();
    },
  };
}

export default sceneComponent(createConvolutional, css);
