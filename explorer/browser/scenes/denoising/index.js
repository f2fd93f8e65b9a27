// Noise is rubbed onto an item, and a denoising autoencoder rebuilds it; on points in the plane one sees where it pulls.

import { Network } from '../../runtime/network.js';
import { el } from '../../shared/dom.js';
import { threeDigits } from '../../shared/numbers.js';
import { remembered, whole } from '../../stage/address.js';
import { button, choice, slider } from '../../stage/controls.js';
import { anewForEachModel, createFrame, sceneComponent } from '../../stage/frame.js';
import { createItemPicture } from '../../stage/item_picture.js';
import { createPlane } from '../../stage/plane.js';
import { createTrainer } from '../../stage/trainer.js';
import { pointsOf } from '../undercomplete/points.js';
import { createField, HIGH, LOW, X, Y } from './field.js';
import { read, rub, written } from './mask.js';
import { corrupt, drawsFor } from './noises.js';
import css from './style.css';
import { wordsOf } from './words.js';

/** @import { Denoising } from '../../messages.js' */
/** @import { CreateScene } from '../../stage/frame.js' */
/** @import { Layers } from '../../stage/item_picture.js' */
/** @import { Pen } from '../../stage/plane.js' */

const RADIUS = 1 / 9; // of the brush, as a share of the picture's width
const SEED = 2; // of the noise that is rubbed on
const SHAPES = /** @type {const} */ (['ring', 'moons', 'spiral']);
const [PICTURE, LESSER] = [252, 112]; // CSS pixels at most

/**
 * @param {HTMLElement} root
 * @param {Denoising} message
 */
function createView(root, message) {
  const { shape, brushes } = message;
  const [channels, height, width] = shape;
  const size = channels * height * width;
  const items = message.items.read();
  const count = items.length / size;
  const network = new Network(message.pack.read());
  const draws = drawsFor(size, SEED);
  const noisy = new Float32Array(size);
  const residual = new Float32Array(height * width);

  const { settings, remember } = remembered('denoising', {
    kind: message.kind,
    level: '',
    item: '0',
    rubbed: '',
    sigma: '25',
    points: 'ring',
    seed: '1',
  });
  let brush = brushes.find(({ kind }) => kind === settings.kind) ?? brushes[0];
  const mask = read(settings.rubbed, height * width) ?? firstMask();
  let output = network.output;
  let [before, after] = [0, 0];
  /** @type {[number, number] | null} */
  let hand = null; // on the damaged item
  /** @type {[number, number] | null} */
  let place = null; // in the plane
  let steps = 0;
  let loss = 0;
  let points = pointsOf(shapeOf());
  let field = createField(points, Number(settings.seed));

  const frame = createFrame(root, wordsOf(message.trained), {
    noisy: () => `squared error ${threeDigits(before)}`,
    rebuilt: () => `squared error ${threeDigits(after)}`,
    error: () => threeDigits(after),
    sigma: () => threeDigits(sigmaNow() ** 2),
  });
  const pictures = {
    noisy: createItemPicture(
      {
        label: 'The damaged item: rub noise onto it',
        caption: 'Rub here: x̃, what the encoder sees',
        shape,
        most: PICTURE,
        hand: { point: moveTo, press: startStroke, drag: rubTo, release: endStroke, leave: leavePicture },
      },
      drawNoisy,
    ),
    rebuilt: createItemPicture({ label: 'What comes back', caption: '', shape, most: PICTURE }, drawRebuilt),
    clean: createItemPicture({ label: 'The clean item', caption: 'x, clean', shape, most: LESSER }, drawClean),
    error: createItemPicture({ label: 'What is left of the damage', caption: '', shape, most: LESSER }, drawError),
  };
  const plane = createPlane(
    {
      label: 'Places of the plane, and arrows to where the denoiser puts them',
      x: X,
      y: Y,
      aspect: 3 / 2.2,
      hand: { point: pointAt, leave: leavePlane },
    },
    drawPlane,
  );
  const trainer = createTrainer(plane.element, { step, restart, draw: drawField });
  const kinds = choice('Brush', titles(), brush.kind, (kind) => change({ kind, level: '' }));
  const level = levelSlider();
  const sigma = slider(
    { label: 'Noise of the points, σ', low: LOW, high: HIGH, step: 0.01, value: sigmaNow() },
    (value) => {
      settings.sigma = inHundredths(value);
      remember();
      drawField();
    },
  );
  const tools = [
    button('Rub all of it', () => fillMask(1)),
    button('Wipe clean', () => fillMask(0)),
    button('Another item', () => change({ item: String((Number(settings.item) + 1) % count) })),
  ];
  const others = button('Other points', () => {
    settings.points = SHAPES[(SHAPES.indexOf(shapeOf()) + 1) % SHAPES.length];
    restart();
    drawField();
  });
  const unseen = button('Damage it in another way', () => {
    const at = brushes.findIndex(({ kind }) => kind === settings.kind);
    mask.fill(1);
    const { kind } = brushes[(at + 1) % brushes.length];
    change({ kind, level: '', rubbed: written(mask) });
    for (const input of kinds.element.querySelectorAll('input')) input.checked = input.value === kind;
  });
  const figures = {
    before: frame.figure('Squared error, damaged', 'noisy'),
    after: frame.figure('Squared error, rebuilt', 'error'),
    steps: frame.figure('Steps of training, points', 'arrows'),
    loss: frame.figure('Mean squared error, points', 'arrows'),
    least: frame.figure('The least that is possible', 'density'),
    angle: frame.figure('Angle to the best arrows', 'density'),
  };
  frame.stage.append(
    el(
      'div',
      { class: 'rubbing' },
      el('div', { class: 'pair' }, pictures.noisy.element, pictures.rebuilt.element),
      el('div', { class: 'lesser' }, pictures.clean.element, pictures.error.element),
    ),
    el('div', { class: 'buttons' }, ...tools.map(({ element }) => element)),
    plane.element,
  );
  frame.buttons.append(...trainer.elements, others.element);
  frame.controls.append(kinds.element, level.element, sigma.element);
  frame.doing.append(unseen.element);
  frame.links.onChange(redraw);
  draw();

  // --- The item -------------------------------------------------------------------------------------------------------

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

  /** @param {number} x @param {number} y */
  function moveTo(x, y) {
    hand = [x, y];
    frame.links.light('noisy');
    pictures.noisy.redraw();
  }

  /** @param {number} x @param {number} y */
  function startStroke(x, y) {
    hand = [x, y];
    frame.links.light('noisy');
    rubTo(x, y);
  }

  /** @param {number} x @param {number} y */
  function rubTo(x, y) {
    rub(mask, width, hand ?? [x, y], [x, y], RADIUS * width);
    hand = [x, y];
    drawItems();
  }

  function endStroke() {
    change({ rubbed: written(mask) });
  }

  function leavePicture() {
    hand = null;
    frame.links.light('');
    pictures.noisy.redraw();
  }

  // --- The points -----------------------------------------------------------------------------------------------------

  function sigmaNow() {
    return whole(settings.sigma, 100 * HIGH, 100 * LOW) / 100;
  }

  function shapeOf() {
    return SHAPES.find((each) => each === settings.points) ?? 'ring';
  }

  function step() {
    field.step();
    steps += 1;
  }

  function restart() {
    settings.seed = String(Number(settings.seed) + 1);
    remember();
    steps = 0;
    points = pointsOf(shapeOf());
    field = createField(points, Number(settings.seed));
  }

  /** @param {number} x @param {number} y */
  function pointAt(x, y) {
    place = [x, y];
    frame.links.light('arrows');
    plane.redraw();
  }

  function leavePlane() {
    place = null;
    frame.links.light('');
    plane.redraw();
  }

  // --- What is drawn --------------------------------------------------------------------------------------------------

  function draw() {
    drawItems();
    drawField();
  }

  function redraw() {
    for (const picture of Object.values(pictures)) picture.redraw();
    plane.redraw();
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
    for (const picture of Object.values(pictures)) picture.redraw();
  }

  /** @param {Layers} layers */
  function drawNoisy({ pen, item: show, ring }) {
    pen.fade(frame.strength('noisy'));
    show(noisy);
    if (hand) ring(...hand, RADIUS * width);
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

  function drawField() {
    loss = field.look(sigmaNow());
    figures.steps.show(steps.toLocaleString('en-US'));
    figures.loss.show(threeDigits(loss));
    figures.least.show(threeDigits(field.least()));
    figures.angle.show(`${field.angle().toFixed(0)}°`);
    plane.redraw();
  }

  /** @param {Pen} pen */
  function drawPlane(pen) {
    const { strength } = frame;
    const { places, best, rebuilt } = field;
    pen.fade(0.45 * strength('noisy', 'sigma', 'error'));
    pen.dots(field.noisy.x, field.noisy.y, 2, '--other');
    pen.fade(strength('clean', 'error'));
    pen.dots(points.x, points.y, 2.5, '--data');
    if (frame.links.lit === 'rebuilt' || frame.links.lit === 'error') {
      pen.fade(1);
      pen.dots(field.cleaned.x, field.cleaned.y, 2.5, '--rebuilt');
    }
    pen.fade(strength('density', 'sigma'));
    if (['density', 'sigma', 'arrows'].includes(frame.links.lit)) {
      arrows(pen, places, best, 3, '--other');
    }
    pen.fade(strength('arrows', 'density'));
    arrows(pen, places, rebuilt, 1.5, '--rebuilt');
    pen.fade(1);
    if (place) {
      const path = field.walk(...place);
      pen.line(path.x, path.y, 3, '--text');
      pen.dots(path.x.slice(0, 1), path.y.slice(0, 1), 5, '--other');
      pen.dots(path.x.slice(1), path.y.slice(1), 3, '--rebuilt');
    }
    pen.brush.fillStyle = pen.colour('--ground');
    pen.fade(0.85);
    pen.brush.fillRect(4, 6, 122, 52);
    pen.fade(1);
    pen.words('points', 10, 20, '--data');
    pen.words('with noise', 10, 36, '--other');
    pen.words('where a place is put', 10, 52, '--rebuilt');
    frame.drawn();
  }

  return {
    draw,
    item: itemNow,

    destroy() {
      trainer.destroy();
      plane.destroy();
      for (const picture of Object.values(pictures)) picture.destroy();
    },
  };
}

/**
 * A number for the address, which keeps points for itself.
 *
 * @param {number} value
 */
function inHundredths(value) {
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

/**
 * @param {Pen} pen
 * @param {{x: Float32Array, y: Float32Array}} from
 * @param {{x: Float32Array, y: Float32Array}} to
 * @param {number} thickness
 * @param {string} colour
 */
function arrows(pen, from, to, thickness, colour) {
  pen.ties(from.x, from.y, to.x, to.y, thickness, colour);
  const { brush, px, py } = pen;
  brush.fillStyle = pen.colour(colour);
  brush.beginPath();
  for (let i = 0; i < from.x.length; i++) {
    const [x, y] = [px(to.x[i]), py(to.y[i])];
    const [dx, dy] = [x - px(from.x[i]), y - py(from.y[i])];
    const length = Math.hypot(dx, dy);
    if (length < 1) continue;
    const reach = Math.min(2 + 2 * thickness, 0.6 * length); // of the head
    const [ux, uy] = [(dx / length) * reach, (dy / length) * reach];
    brush.moveTo(x, y);
    brush.lineTo(x - ux - 0.5 * uy, y - uy + 0.5 * ux);
    brush.lineTo(x - ux + 0.5 * uy, y - uy - 0.5 * ux);
  }
  brush.fill();
}

/** @type {CreateScene<'denoising'>} */
const createDenoising = (root) => anewForEachModel(root, createView);

export default sceneComponent(createDenoising, css);
