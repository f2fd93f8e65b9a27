// Start, pause, one step, and again with another seed: the buttons of what is trained live, and the frames in between.

import { ICONS } from '../shared/dom.js';
import { button } from './controls.js';
import { createLoop } from './loop.js';

const SLICE = 8; // milliseconds of a frame that training may take, so that 60 frames a second are kept
const [FIRST, MORE, MOST] = [2, 3, 32]; // steps of the first frame, more with each second, and at most
const STEP_ICON = 'M4 3.5v9l6-4.5zM12 3.5v9';
const AGAIN_ICON = 'M2.5 6.5h7.2a3 3 0 1 1 0 6H6M5.3 3.5l-3 3 3 3';

/**
 * @typedef {object} Trained
 * @property {() => void} step of training.
 * @property {() => void} restart from new weights.
 * @property {() => void} draw
 */

/**
 * The beginning is what there is to see, so the first frames take few steps, and later ones as many as there is time for.
 *
 * @param {Element} stage the training rests while it is out of sight.
 * @param {Trained} trained
 */
export function createTrainer(stage, { step, restart, draw }) {
  const loop = createLoop(stage, (seconds) => {
    const end = performance.now() + SLICE;
    const steps = Math.min(MOST, FIRST + MORE * seconds);
    for (let i = 0; i < steps && performance.now() < end; i++) step();
    draw();
  });
  const toggle = button('Train', () => (loop.isOn ? pause() : start()), { path: ICONS.play, primary: true });
  const start = () => {
    loop.start();
    toggle.show('Pause', ICONS.pause);
  };
  const pause = () => {
    loop.stop();
    toggle.show('Train', ICONS.play);
  };
  const once = button(
    'One step',
    () => {
      pause();
      step();
      draw();
    },
    { path: STEP_ICON },
  );
  const again = button(
    'Other weights',
    () => {
      restart();
      draw();
    },
    { path: AGAIN_ICON },
  );
  return {
    elements: [toggle.element, once.element, again.element],
    start,
    pause,
    destroy: loop.destroy,
  };
}
