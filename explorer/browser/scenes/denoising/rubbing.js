// An item that noise is rubbed onto, and what a denoising autoencoder makes of it.

import { Network } from '../../runtime/network.js';
import { el } from '../../shared/dom.js';
import { threeDigits } from '../../shared/numbers.js';
import { whole } from '../../stage/address.js';
import { button, choice, slider } from '../../stage/controls.js';
import { createItemPicture } from '../../stage/item_picture.js';
import { read, rub, written } from './mask.js';
import { corrupt, drawsFor } from './noises.js';

/** @import { Denoising } from '../../messages.js' */
/** @import { Frame } from '../../stage/frame.js' */
/** @import { Layers } from '../../stage/item_picture.js' */

const RADIUS = 1 / 9; // of the brush, as a share of the picture's width
const SEED = 2; // of the noise that is rubbed on
const [PICTURE, LESSER] = [252, 112]; // CSS pixels at most

/**
 * @param {Denoising} message
 * @param {{kind: string, level: string, item: string, rubbed: string}} settings
 * @param {() => void} remember
 * @param {Frame} frame
 */
export function createRubbing(message, settings, remember, frame) {
  const { shape, brushes } = message;
  const [channels, height, width] = shape;
  const size = channels * height * width;
  const items = message.items.read();
  const count = items.length / size;
  const network = new Network(message.pack.read());
  const draws = drawsFor(size, SEED);
  const noisy = new Float32Array(size);
  const residual = new Float32Array(height * width);
  let brush = brushes.find(({ kind }) => kind === settings.kind) ?? brushes[0];
  const mask = read(settings.rubbed, height * width) ?? firstMask();
  let output = network.output;
  let [before, after] = [0, 0];
  const pictures = {
    noisy: createItemPicture(
      {
        label: 'The damaged item: rub noise onto it',
        caption: 'Rub here: x̃, what the encoder sees',
        shape,
        most: PICTURE,
        work: { radius: RADIUS * width, part: 'noisy', links: frame.links, stroke: rubTo, release: endStroke },
      },
      drawNoisy,
    ),
    rebuilt: createItemPicture({ label: 'What comes back', caption: '', shape, most: PICTURE }, drawRebuilt),
    clean: createItemPicture({ label: 'The clean item', caption: 'x, clean', shape, most: LESSER }, drawClean),
    error: createItemPicture({ label: 'What is left of the damage', caption: '', shape, most: LESSER }, drawError),
  };
  const kinds = choice('Brush', titles(), brush.kind, (kind) => change({ kind, level: '' }));
  const level = levelSlider();
  const tools = [
    button('Rub all of it', () => fillMask(1)),
    button('Wipe clean', () => fillMask(0)),
    button('Another item', () => change({ item: String((Number(settings.item) + 1) % count) })),
  ];
  const unseen = button('Damage it in another way', () => {
    const at = brushes.findIndex(({ kind }) => kind === settings.kind);
    mask.fill(1);
    const { kind } = brushes[(at + 1) % brushes.length];
    change({ kind, level: '', rubbed: written(mask) });
    kinds.set(kind);
  });
  const figures = {
    before: frame.figure('Squared error, damaged', 'noisy'),
    after: frame.figure('Squared error, rebuilt', 'error'),
  };
  frame.stage.append(
    el(
      'div',
      { class: 'rubbing' },
      el('div', { class: 'pair' }, pictures.noisy.element, pictures.rebuilt.element),
      el('div', { class: 'lesser' }, pictures.clean.element, pictures.error.element),
    ),
    el('div', { class: 'buttons' }, ...tools.map(({ element }) => element)),
  );
  for (const part of /** @type {const} */ (['rebuilt', 'clean', 'error'])) frame.tie(pictures[part].element, part);
  frame.controls.append(kinds.element, level.element);
  frame.doing.append(unseen.element);

  function titles() {
    return Object.fromEntries(brushes.map(({ kind, title }) => [kind, title]));
  }

  /** The left half, so that both halves can be compared. */
  function firstMask() {
    return Uint8Array.from({ length: height * width }, (_, i) => Number(i % width < width / 2));
  }

  function levelSlider() {
    const { level: label, low, high, step: each } = brush;
    return slider({ label, low, high, step: each, value: levelNow() }, (value) => {
      settings.level = inHundredths(value);
      remember();
      drawItems();
    });
  }

  function levelNow() {
    const asked = Number(settings.level) / 100;
    return settings.level && asked >= brush.low && asked <= brush.high ? asked : brush.start;
  }

  /** @param {Partial<typeof settings>} changes */
  function change(changes) {
    Object.assign(settings, changes);
    remember();
    const newBrush = brushes.find(({ kind }) => kind === settings.kind) ?? brushes[0];
    if (newBrush !== brush) {
      brush = newBrush;
      const { element } = levelSlider();
      level.element.replaceWith(element);
      level.element = element;
    }
    drawItems();
  }

  /** @param {number} value */
  function fillMask(value) {
    mask.fill(value);
    change({ rubbed: written(mask) });
  }

  function itemNow() {
    return whole(settings.item, count - 1);
  }

  function item() {
    return items.subarray(itemNow() * size, (itemNow() + 1) * size);
  }

  /** @param {[number, number]} from @param {[number, number]} to */
  function rubTo(from, to) {
    rub(mask, width, from, to, RADIUS * width);
    drawItems();
  }

  function endStroke() {
    change({ rubbed: written(mask) });
  }

  function drawItems() {
    const clean = item();
    corrupt({ kind: brush.kind, level: levelNow(), item: clean, shape, mask, draws }, noisy);
    output = network.run(noisy);
    [before, after] = [squaredError(noisy, clean), squaredError(output, clean)];
    residual.fill(0);
    for (let i = 0; i < size; i++) residual[i % residual.length] += (output[i] - clean[i]) / channels;
    pictures.rebuilt.say(`x̂, what comes back (${message.split} item)`);
    figures.before.show(threeDigits(before));
    figures.after.show(threeDigits(after));
    redraw();
  }

  /** @param {Layers} layers */
  function drawNoisy({ pen, item: show }) {
    pen.fade(frame.strength('noisy'));
    show(noisy);
    frame.drawn();
  }

  /** @param {Layers} layers */
  function drawRebuilt({ pen, item: show }) {
    pen.fade(frame.strength('rebuilt', 'noisy', 'error'));
    show(output);
  }

  /** @param {Layers} layers */
  function drawClean({ pen, item: show }) {
    pen.fade(frame.strength('clean', 'error'));
    show(item());
  }

  /** @param {Layers} layers */
  function drawError({ pen, signed }) {
    pen.fade(frame.strength('error', 'noisy'));
    signed(residual, 1);
    pictures.error.say('x̂ − x, from −1 to 1');
  }

  function redraw() {
    for (const picture of Object.values(pictures)) picture.redraw();
  }

  return {
    draw: drawItems,
    redraw,
    item: itemNow,
    errors: () => ({ before, after }),

    destroy() {
      for (const picture of Object.values(pictures)) picture.destroy();
    },
  };
}

/**
 * A number for the address, which keeps points for itself.
 *
 * @param {number} value
 */
export function inHundredths(value) {
  return String(Math.round(100 * value));
}

/**
 * @param {ArrayLike<number>} values
 * @param {ArrayLike<number>} wanted
 */
function squaredError(values, wanted) {
  let sum = 0;
  for (let i = 0; i < wanted.length; i++) sum += (values[i] - wanted[i]) ** 2;
  return sum;
}
