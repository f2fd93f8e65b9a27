// Points in the plane go through a code of one number, and come back on a curve that bends towards them as it is trained.

import { counted, threeDigits } from '../../shared/numbers.js';
import { remembered } from '../../stage/address.js';
import { button, choice, slider } from '../../stage/controls.js';
import { createFrame, sceneComponent } from '../../stage/frame.js';
import { createPlane } from '../../stage/plane.js';
import { createTrainer } from '../../stage/trainer.js';
import { createModel } from './model.js';
import { firstComponent } from './pca.js';
import { COUNT, pointsAlong, pointsOf, read, written } from './points.js';
import css from './style.css';
import { WORDS } from './words.js';

/** @import { CreateScene } from '../../stage/frame.js' */
/** @import { Pen } from '../../stage/plane.js' */
/** @import { Activation } from './model.js' */
/** @import { Shape } from './points.js' */

const ACROSS = /** @type {[number, number]} */ ([-1.5, 1.5]);
const UP = /** @type {[number, number]} */ ([-1.1, 1.1]);
const REACH = 14; // pixels from a pointer to what it points at
const SHAPES = { ring: 'Ring', spiral: 'Spiral', moons: 'Two moons', own: 'Draw' };
const ACTIVATIONS = { tanh: 'tanh', relu: 'ReLU', silu: 'SiLU', linear: 'Linear' };
const FIRST_LINE = /** @type {[number, number][]} */ ([
  [-0.9, -0.4],
  [-0.3, 0.5],
  [0.3, -0.5],
  [0.9, 0.4],
]);

/** @type {CreateScene<'undercomplete'>} */
function createUndercomplete(root) {
  const { settings, remember } = remembered('undercomplete', {
    data: 'ring',
    depth: '2',
    activation: 'tanh',
    codes: '1',
    seed: '2',
    line: '',
  });
  let places = read(settings.line);
  if (!places.length) places = FIRST_LINE;
  /** @type {[number, number][] | null} */
  let drawing = null;
  let chosen = -1; // the point that is pointed at
  let steps = 0;
  let loss = 0;
  let points = newPoints();
  let model = newModel();
  let pca = firstComponent(points);

  const frame = createFrame(root, WORDS, {
    points: () => (chosen < 0 ? '' : pair(points.x[chosen], points.y[chosen])),
    rebuilt: () => (chosen < 0 ? '' : pair(model.rebuilt.x[chosen], model.rebuilt.y[chosen])),
    code: () => (chosen < 0 ? '' : codeOf(chosen).map(threeDigits).join(', ')),
    error: () => threeDigits(loss),
    pca: () => threeDigits(pca.error),
  });
  const plane = createPlane(
    {
      label: 'Points, what comes back for them, the curve of the decoder and the line of PCA',
      x: ACROSS,
      y: UP,
      aspect: 3 / 2.2,
      hand: { point: pointAt, press: pointAt, drag: drawTo, release: endLine, leave: pointAway },
    },
    drawPlane,
  );
  const codes = createPlane(
    {
      label: 'The codes of the points',
      aspect: 11,
      hand: { point: pointAtCode, leave: pointAway },
    },
    drawCodes,
  );
  const trainer = createTrainer(frame.stage, { step, restart: otherWeights, draw });
  const data = choice('Points', SHAPES, /** @type {Shape} */ (settings.data), (shape) => change({ data: shape }));
  const depth = slider(
    { label: 'Hidden layers on each side', low: 0, high: 3, step: 1, value: Number(settings.depth) },
    (value) => change({ depth: String(value) }),
  );
  const activation = choice('Between them', ACTIVATIONS, /** @type {Activation} */ (settings.activation), (kind) =>
    change({ activation: kind }),
  );
  const twoNumbers = button('', () => {
    change({ codes: settings.codes === '1' ? '2' : '1' });
    frame.lookUp();
    trainer.start();
  });
  const figures = {
    steps: frame.figure('Steps of training', 'curve'),
    loss: frame.figure('Mean squared error', 'error'),
    pca: frame.figure('The same with PCA’s line', 'pca'),
    angle: frame.figure('Angle between the two lines', 'pca'),
  };
  frame.stage.append(plane.element, codes.element);
  frame.buttons.append(...trainer.elements);
  frame.controls.append(data.element, depth.element, activation.element);
  frame.doing.append(twoNumbers.element);
  frame.links.onChange(draw);
  plane.takeFingers(settings.data === 'own');
  draw();

  // --- What is trained ----------------------------------------------------------------------------------------------

  function newPoints() {
    const shape = /** @type {Shape} */ (settings.data);
    return shape === 'own' || !(shape in SHAPES) ? pointsAlong(places) : pointsOf(shape);
  }

  function newModel() {
    steps = 0;
    return createModel(points, {
      depth: Number(settings.depth),
      codes: Number(settings.codes),
      activation: /** @type {Activation} */ (settings.activation),
      seed: Number(settings.seed),
    });
  }

  /** @param {Partial<typeof settings>} changes */
  function change(changes) {
    Object.assign(settings, changes);
    remember();
    chosen = -1;
    points = newPoints();
    pca = firstComponent(points);
    model = newModel();
    plane.takeFingers(settings.data === 'own');
    draw();
  }

  function otherWeights() {
    change({ seed: String(Number(settings.seed) + 1) });
  }

  function step() {
    model.step();
    steps += 1;
  }

  // --- Hands ----------------------------------------------------------------------------------------------------------

  /** @param {number} x @param {number} y */
  function pointAt(x, y) {
    const reach = plane.units(REACH);
    const [point, toPoint] = nearest(points, x, y);
    const [, toRebuilt] = nearest(model.rebuilt, x, y);
    const [, toCurve] = nearest(model.curve, x, y);
    const toTie = Math.min(...points.x.map((_, i) => toLine(x, y, i)));
    const toPca = Math.abs((x - pca.meanX) * Math.sin(pca.angle) - (y - pca.meanY) * Math.cos(pca.angle));
    chosen = point;
    // What comes back lies on the curve, and a thin line ends in it: the smaller thing counts where one is right on it.
    const distances = {
      rebuilt: 2 * toRebuilt,
      points: 2 * toPoint,
      curve: toCurve + reach / 2,
      error: toTie + reach / 2,
      pca: toPca + reach / 2,
    };
    const [part, distance] = Object.entries(distances).reduce((best, each) => (each[1] < best[1] ? each : best));
    frame.links.light(distance < reach ? part : '');
    draw();
  }

  /**
   * How far a place is from the line between a point and what comes back for it.
   *
   * @param {number} x
   * @param {number} y
   * @param {number} i
   */
  function toLine(x, y, i) {
    const [fromX, fromY] = [points.x[i], points.y[i]];
    const [dx, dy] = [model.rebuilt.x[i] - fromX, model.rebuilt.y[i] - fromY];
    const along = ((x - fromX) * dx + (y - fromY) * dy) / (dx * dx + dy * dy || 1);
    const share = Math.min(1, Math.max(0, along));
    return Math.hypot(fromX + share * dx - x, fromY + share * dy - y);
  }

  /** @param {number} x along the codes' axis, as a share. */
  function pointAtCode(x) {
    const shares = codeShares(0);
    chosen = shares.reduce((best, share, i) => (Math.abs(share - x) < Math.abs(shares[best] - x) ? i : best), 0);
    frame.links.light('code');
    draw();
  }

  function pointAway() {
    chosen = -1;
    frame.links.light('');
    draw();
  }

  /** @param {number} x @param {number} y */
  function drawTo(x, y) {
    if (settings.data !== 'own') {
      pointAt(x, y);
      return;
    }
    if (!drawing) trainer.pause();
    drawing ??= [];
    const inside = (/** @type {number} */ v) => Math.max(-1, Math.min(1, v));
    drawing.push([inside(x), inside(y)]);
    draw();
  }

  function endLine() {
    if (!drawing) return;
    places = drawing;
    drawing = null;
    change({ line: written(places) });
    trainer.start();
  }

  // --- What is drawn --------------------------------------------------------------------------------------------------

  function draw() {
    loss = model.look();
    plane.redraw();
    codes.redraw();
  }

  /** @param {Pen} pen */
  function drawPlane(pen) {
    const { strength } = frame;
    if (drawing) {
      pen.line(
        drawing.map(([x]) => x),
        drawing.map(([, y]) => y),
        3,
        '--data',
      );
      return;
    }
    const [dx, dy] = [3 * Math.cos(pca.angle), 3 * Math.sin(pca.angle)];
    pen.fade(strength('pca'));
    pen.line([pca.meanX - dx, pca.meanX + dx], [pca.meanY - dy, pca.meanY + dy], 2, '--other', [7, 5]);
    pen.fade(strength('error', 'points', 'rebuilt'));
    pen.ties(points.x, points.y, model.rebuilt.x, model.rebuilt.y, 1, '--tie');
    pen.fade(strength('points', 'error'));
    pen.dots(points.x, points.y, 3, '--data');
    pen.fade(strength('curve'));
    for (const [from, to] of model.lines) {
      pen.line(
        model.curve.x.subarray(from, to),
        model.curve.y.subarray(from, to),
        model.lines.length > 1 ? 1.5 : 3.5,
        '--rebuilt',
      );
    }
    pen.fade(strength('rebuilt', 'error', 'code'));
    pen.dots(model.rebuilt.x, model.rebuilt.y, 2.5, '--rebuilt');
    pen.fade(1);
    if (chosen >= 0) {
      const at = [chosen, chosen + 1];
      const [x, y] = [points.x.subarray(...at), points.y.subarray(...at)];
      const [toX, toY] = [model.rebuilt.x.subarray(...at), model.rebuilt.y.subarray(...at)];
      pen.ties(x, y, toX, toY, 2.5, '--text');
      pen.dots(x, y, 6, '--data');
      pen.dots(toX, toY, 6, '--rebuilt');
    }
    pen.words('points', 10, 20, '--data');
    pen.words('what comes back', 10, 36, '--rebuilt');
    pen.words('PCA', 10, 52, '--other');
    if (settings.data === 'own') pen.words('Draw a line of your own', -10, 20);
    showFigures();
  }

  /** @param {Pen} pen */
  function drawCodes(pen) {
    const isPair = settings.codes === '2';
    codes.element.style.aspectRatio = isPair ? '2' : '11';
    pen.fade(frame.strength('code', 'points'));
    const first = codeShares(0);
    if (isPair) pen.dots(first, codeShares(1), 3, '--data');
    else pen.ties(first, new Float32Array(COUNT).fill(0.08), first, new Float32Array(COUNT).fill(0.58), 1.5, '--data');
    pen.fade(1);
    if (chosen >= 0) {
      const share = first.subarray(chosen, chosen + 1);
      if (isPair) pen.dots(share, codeShares(1).subarray(chosen, chosen + 1), 6, '--rebuilt');
      else pen.ties(share, [0], share, [0.66], 4, '--rebuilt');
    }
    pen.words(isPair ? 'their codes: two numbers each' : 'their codes z', 10, 16, '--data');
  }

  function showFigures() {
    figures.steps.show(counted(steps));
    figures.loss.show(threeDigits(loss));
    figures.pca.show(threeDigits(pca.error));
    const isLine = settings.codes === '1' && (settings.activation === 'linear' || settings.depth === '0');
    figures.angle.element.hidden = !isLine;
    if (isLine) figures.angle.show(`${angleToPca().toFixed(1)}°`);
    twoNumbers.show(settings.codes === '1' ? 'Give the code two numbers' : 'Back to one number');
    frame.drawn();
  }

  // --- Numbers --------------------------------------------------------------------------------------------------------

  /** Degrees from PCA's line to the straight one that the decoder draws. */
  function angleToPca() {
    const { x, y } = model.curve;
    const between = Math.atan2(y[y.length - 1] - y[0], x[x.length - 1] - x[0]) - pca.angle;
    return (Math.acos(Math.min(1, Math.abs(Math.cos(between)))) * 180) / Math.PI;
  }

  /** @param {number} row of the codes: each as a share of what is drawn. */
  function codeShares(row) {
    const [low, high] = model.range(row);
    return model.code.slice(row * COUNT, (row + 1) * COUNT).map((z) => (z - low) / (high - low));
  }

  /** @param {number} i */
  function codeOf(i) {
    return settings.codes === '1' ? [model.code[i]] : [model.code[i], model.code[COUNT + i]];
  }

  return {
    update: draw,

    destroy() {
      trainer.destroy();
      plane.destroy();
      codes.destroy();
    },
  };
}

/** @param {number} x @param {number} y */
function pair(x, y) {
  return `(${x.toFixed(2)}, ${y.toFixed(2)})`.replaceAll('-', '−');
}

/**
 * Which of some places is nearest, and how far it is.
 *
 * @param {{x: Float32Array, y: Float32Array}} places
 * @param {number} x
 * @param {number} y
 * @returns {[number, number]}
 */
function nearest(places, x, y) {
  let [best, least] = [-1, Infinity];
  for (let i = 0; i < places.x.length; i++) {
    const distance = Math.hypot(places.x[i] - x, places.y[i] - y);
    if (distance < least) [best, least] = [i, distance];
  }
  return [best, least];
}

export default sceneComponent(createUndercomplete, css);
