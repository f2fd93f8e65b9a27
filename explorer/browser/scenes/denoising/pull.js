// A small denoising autoencoder of points in the plane, trained here: arrows from each place to where it is put.

import { counted, threeDigits } from '../../shared/numbers.js';
import { whole } from '../../stage/address.js';
import { button, slider } from '../../stage/controls.js';
import { createPlane } from '../../stage/plane.js';
import { createTrainer } from '../../stage/trainer.js';
import { pointsOf } from '../undercomplete/points.js';
import { createField, HIGH, LOW, X, Y } from './field.js';
import { inHundredths } from './rubbing.js';

/** @import { Frame } from '../../stage/frame.js' */
/** @import { Pen } from '../../stage/plane.js' */

const SHAPES = /** @type {const} */ (['ring', 'moons', 'spiral']);

/**
 * @param {{sigma: string, points: string, seed: string}} settings
 * @param {() => void} remember
 * @param {Frame} frame
 */
export function createPull(settings, remember, frame) {
  /** @type {[number, number] | null} */
  let place = null; // that is pointed at
  let steps = 0;
  let loss = 0;
  let points = pointsOf(shapeOf());
  let field = createField(points, Number(settings.seed));
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
  const sigma = slider(
    { label: 'Noise of the points, σ', low: LOW, high: HIGH, step: 0.01, value: sigmaNow() },
    (value) => {
      settings.sigma = inHundredths(value);
      remember();
      drawField();
    },
  );
  const others = button('Other points', () => {
    settings.points = SHAPES[(SHAPES.indexOf(shapeOf()) + 1) % SHAPES.length];
    restart();
    drawField();
  });
  const figures = {
    steps: frame.figure('Steps of training, points', 'arrows'),
    loss: frame.figure('Mean squared error, points', 'arrows'),
    least: frame.figure('The least that is possible', 'density'),
    angle: frame.figure('Angle to the best arrows', 'density'),
  };
  frame.stage.append(plane.element);
  frame.buttons.append(...trainer.elements, others.element);
  frame.controls.append(sigma.element);

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
    const isOn = (/** @type {{x: Float32Array, y: Float32Array}} */ { x: across, y: up }) =>
      across.some((each, i) => Math.hypot(each - x, up[i] - y) < plane.units(3));
    frame.links.light(isOn(field.noisy) ? 'sigma' : isOn(points) ? 'clean' : 'arrows');
    plane.redraw();
  }

  function leavePlane() {
    place = null;
    frame.links.light('');
    plane.redraw();
  }

  function drawField() {
    loss = field.look(sigmaNow());
    figures.steps.show(counted(steps));
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
    draw: drawField,
    redraw: plane.redraw,
    sigma: sigmaNow,

    destroy() {
      trainer.destroy();
      plane.destroy();
    },
  };
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
