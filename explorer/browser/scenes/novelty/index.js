// An item is drawn or spoiled; its error moves among those of normal items, and the p-value follows.

import { Network } from '../../runtime/network.js';
import { el } from '../../shared/dom.js';
import { percent, threeDigits } from '../../shared/numbers.js';
import { remembered } from '../../stage/address.js';
import { button, choice, slider } from '../../stage/controls.js';
import { anewForEachModel, createFrame, sceneComponent } from '../../stage/frame.js';
import { createItemPicture } from '../../stage/item_picture.js';
import { createPlane } from '../../stage/plane.js';
import { Random } from '../../training/random.js';
import { countFrom, pValue, thresholdFor } from './p_value.js';
import { stroke } from './strokes.js';
import css from './style.css';
import { wordsOf } from './words.js';

/** @import { Items, Novelty } from '../../messages.js' */
/** @import { CreateScene } from '../../stage/frame.js' */
/** @import { Layers } from '../../stage/item_picture.js' */
/** @import { Pen } from '../../stage/plane.js' */
/** @import { Tool } from './strokes.js' */

const RADIUS = 0.045; // of the brush, as a share of the picture's width
const BINS = 48;
const REACH = 1.6; // how far the axis goes, in the largest normal error but a hundredth of them
const TOOLS = { ink: 'Ink', eraser: 'Eraser', noise: 'Noise' };
const TOOL_WORDS = { ink: 'Draw here', eraser: 'Rub ink away here', noise: 'Rub noise here' };

/**
 * @param {HTMLElement} root
 * @param {Novelty} message
 */
function createView(root, message) {
  const { shape } = message;
  const [channels, height, width] = shape;
  const size = channels * height * width;
  const network = new Network(message.pack.read());
  const calibration = message.calibration.read();
  const end = REACH * calibration[Math.floor(0.99 * (calibration.length - 1))];
  const bars = histogram(calibration, end);
  const noise = new Float32Array(size);
  new Random(1).fillUniform(noise, 0, 1);
  const kinds = /** @type {Record<string, Items | null>} */ ({
    new: message.new,
    normal: message.normal,
    rebuilt: message.rebuilt,
    empty: null,
  });
  const titles = Object.fromEntries(Object.entries(kinds).map(([kind, items]) => [kind, items?.title ?? 'Empty']));

  const { settings, remember } = remembered('novelty', {
    kind: 'new',
    item: '0',
    spoiled: '',
    tool: 'ink',
    alarms: '5',
  });
  if (!(settings.kind in kinds)) settings.kind = 'new';
  if (!(settings.tool in TOOLS)) settings.tool = 'ink';
  const values = new Float32Array(size);
  const difference = new Float32Array(height * width);
  let output = network.output;
  let [error, p, name] = [0, 1, ''];
  let isTouched = false;
  /** @type {number | null} */
  let pointed = null; // an error on the axis

  const frame = createFrame(root, wordsOf(message.seen), {
    item: () => name,
    error: () => threeDigits(error),
    normal: () => message.split,
    p: () => threeDigits(p),
  });
  const picture = createItemPicture(
    {
      label: 'The item, to draw on; its differences from what comes back lie over it',
      caption: '',
      shape,
      most: 308,
      work: { radius: Math.max(RADIUS * width, 0.8), part: 'item', links: frame.links, stroke: strokeTo },
    },
    drawPicture,
  );
  const rebuilt = createItemPicture(
    { label: 'What comes back', caption: 'x̂, what comes back', shape, most: 308 },
    drawRebuilt,
  );
  const axis = createPlane(
    {
      label: 'Errors of normal items, and that of this one',
      x: [0, end],
      y: [0, 1.12],
      aspect: 3.4,
      hand: { point: pointAt, leave: leaveAxis },
    },
    drawAxis,
  );
  const kind = choice('Item', titles, settings.kind, (each) => take({ kind: each, item: '0' }));
  const tool = choice('Brush', TOOLS, /** @type {Tool} */ (settings.tool), (each) => {
    settings.tool = each;
    remember();
    say();
  });
  const alarms = slider(
    { label: 'False alarms allowed', low: 1, high: 20, step: 1, value: alarmRate(), text: (value) => `${value} %` },
    (value) => {
      settings.alarms = String(value);
      remember();
      axis.redraw();
      show();
    },
  );
  const another = button('Another item', () => take({ item: String(Number(settings.item) + 1) }), { primary: true });
  const spoil = button('', () => take({ spoiled: settings.spoiled || isTouched ? '' : '1' }));
  const weak = button('Show one that is new and yet rebuilt', () => {
    const isShown = settings.kind === 'rebuilt';
    take({ kind: 'rebuilt', item: isShown ? String(Number(settings.item) + 1) : '0', spoiled: '' });
    kind.set('rebuilt');
  });
  const figures = {
    error: frame.figure('Error s', 'error'),
    p: frame.figure('p-value', 'p'),
    verdict: frame.figure('Verdict', 'normal'),
  };
  frame.stage.append(el('div', { class: 'drawn' }, picture.element, rebuilt.element), axis.element);
  frame.buttons.append(another.element, spoil.element);
  frame.controls.append(kind.element, tool.element, alarms.element);
  frame.doing.append(weak.element);
  frame.tie(rebuilt.element, 'rebuilt');
  frame.links.onChange(redraw);
  take({});

  // --- The item -------------------------------------------------------------------------------------------------------

  /** Position of the item among all kinds; none where it is not one of them. */
  function position() {
    const order = [message.normal, message.new, message.rebuilt];
    const items = kinds[settings.kind];
    const before = order.slice(0, items ? order.indexOf(items) : 0).reduce((sum, { names }) => sum + names.length, 0);
    return items ? before + inside(items) : null;
  }

  /** @param {Items} items @returns {number} place of the shown one among these. */
  function inside(items) {
    return (Math.floor(Number(settings.item)) || 0) % items.names.length;
  }

  function alarmRate() {
    return Math.min(20, Math.max(1, Math.round(Number(settings.alarms)) || 5));
  }

  /** @param {Partial<typeof settings>} changes */
  function take(changes) {
    Object.assign(settings, changes);
    if (Object.keys(changes).length) remember();
    isTouched = false;
    const items = kinds[settings.kind];
    if (items) {
      const at = inside(items);
      values.set(items.values.read().subarray(at * size, (at + 1) * size));
      name = `class ${items.names[at]} (${message.split.split(',')[0]})`;
    } else {
      values.fill(0);
      name = 'an empty picture';
    }
    // One line of ink across, the same each time.
    if (settings.spoiled) paint([0.2 * width, 0.75 * height], [0.8 * width, 0.3 * height], 'ink');
    draw();
  }

  /** @param {[number, number]} from @param {[number, number]} to @param {Tool} tool */
  function paint(from, to, tool) {
    stroke(values, shape, { from, to, radius: RADIUS * width, tool, noise });
  }

  /** @param {[number, number]} from @param {[number, number]} to */
  function strokeTo(from, to) {
    paint(from, to, /** @type {Tool} */ (settings.tool));
    isTouched = true;
    draw();
  }

  /** @param {number} x */
  function pointAt(x) {
    pointed = x;
    frame.links.light(Math.abs(x - error) < axis.units(6) ? 'error' : x > error ? 'p' : 'normal');
    axis.redraw();
  }

  function leaveAxis() {
    pointed = null;
    frame.links.light('');
    axis.redraw();
  }

  // --- What is drawn --------------------------------------------------------------------------------------------------

  function draw() {
    output = network.run(values);
    error = 0;
    difference.fill(0);
    for (let i = 0; i < size; i++) {
      error += (output[i] - values[i]) ** 2;
      difference[i % difference.length] += (output[i] - values[i]) / channels;
    }
    p = pValue(calibration, error);
    show();
    redraw();
  }

  function show() {
    const isAlarm = error > thresholdFor(calibration, alarmRate() / 100);
    figures.error.show(threeDigits(error));
    figures.p.show(threeDigits(p));
    figures.verdict.show(isAlarm ? 'novel' : 'normal');
    spoil.show(settings.spoiled || isTouched ? 'Put it back' : 'Spoil it');
    say();
  }

  function say() {
    picture.say(`${TOOL_WORDS[/** @type {Tool} */ (settings.tool)]}: x, ${name}`);
  }

  function redraw() {
    picture.redraw();
    rebuilt.redraw();
    axis.redraw();
  }

  /** @param {Layers} layers */
  function drawPicture({ pen, item, signed }) {
    pen.fade(frame.strength('item', 'error'));
    item(values);
    pen.fade(0.85 * frame.strength('error', 'item', 'rebuilt'));
    signed(difference, 0.8);
    frame.drawn();
  }

  /** @param {Layers} layers */
  function drawRebuilt({ pen, item }) {
    pen.fade(frame.strength('rebuilt', 'item', 'error'));
    item(output);
  }

  /** @param {Pen} pen */
  function drawAxis(pen) {
    const { brush, px, py } = pen;
    const { strength } = frame;
    const threshold = thresholdFor(calibration, alarmRate() / 100);
    const isInside = error < end;
    bars.forEach((share, i) => {
      const [from, to] = [(i * end) / BINS, ((i + 1) * end) / BINS];
      const isOdder = frame.links.lit === 'p' && to > error;
      pen.fade((isOdder ? 1 : 0.75) * strength('normal', 'p'));
      brush.fillStyle = pen.colour(isOdder ? '--other' : '--data');
      brush.fillRect(px(from) + 0.5, py(share), px(to) - px(from) - 1, py(0) - py(share));
    });
    pen.fade(strength('normal', 'p'));
    pen.line([threshold, threshold], [0, 1.12], 1.5, '--text', [5, 4]);
    pen.fade(strength('error', 'item', 'p'));
    const at = isInside ? error : end * 0.995;
    pen.line([at, at], [0, 1.12], 3.5, '--other');
    if (pointed !== null) {
      pen.fade(1);
      pen.line([pointed, pointed], [0, 1.12], 1, '--text');
      const above = countFrom(calibration, pointed);
      const words = `${percent(above / calibration.length, 1)} of normal errors from ${threeDigits(pointed)} on`;
      pen.words(words, -10, 66);
    }
    pen.fade(1);
    pen.words(`Errors of normal items (${message.split})`, -10, 18, '--data');
    pen.words(isInside ? 'this item' : `this item: ${threeDigits(error)}, beyond the axis`, -10, 34, '--other');
    pen.words(`threshold ${threeDigits(threshold)} for ${alarmRate()} % false alarms`, -10, 50);
    pen.words(threeDigits(0), 4, py(0) - 4);
    frame.drawn();
  }

  return {
    draw,
    item: position,

    destroy() {
      picture.destroy();
      rebuilt.destroy();
      axis.destroy();
    },
  };
}

/**
 * Heights of the bars, the highest 1.
 *
 * @param {Float64Array} values
 * @param {number} end of the axis, from 0.
 */
function histogram(values, end) {
  const counts = new Array(BINS).fill(0);
  for (const value of values) if (value < end) counts[Math.floor((value / end) * BINS)] += 1;
  const most = Math.max(...counts);
  return counts.map((count) => count / most);
}

/** @type {CreateScene<'novelty'>} */
const createNovelty = (root) => anewForEachModel(root, createView);

export default sceneComponent(createNovelty, css);
