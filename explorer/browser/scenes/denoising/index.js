// Noise is rubbed onto an item, and a denoising autoencoder rebuilds it; on points in the plane one sees where it pulls.

import { threeDigits } from '../../shared/numbers.js';
import { remembered } from '../../stage/address.js';
import { anewForEachModel, createFrame, sceneComponent } from '../../stage/frame.js';
import { createPull } from './pull.js';
import { createRubbing } from './rubbing.js';
import css from './style.css';
import { wordsOf } from './words.js';

/** @import { Denoising } from '../../messages.js' */
/** @import { CreateScene } from '../../stage/frame.js' */

/**
 * @param {HTMLElement} root
 * @param {Denoising} message
 */
function createView(root, message) {
  const { settings, remember } = remembered('denoising', {
    kind: message.kind,
    level: '',
    item: '0',
    rubbed: '',
    sigma: '25',
    points: 'ring',
    seed: '1',
  });
  const frame = createFrame(root, wordsOf(message.trained), {
    noisy: () => `squared error ${threeDigits(rubbing.errors().before)}`,
    rebuilt: () => `squared error ${threeDigits(rubbing.errors().after)}`,
    error: () => threeDigits(rubbing.errors().after),
    sigma: () => threeDigits(pull.sigma() ** 2),
  });
  const rubbing = createRubbing(message, settings, remember, frame);
  const pull = createPull(settings, remember, frame);
  frame.links.onChange(() => {
    rubbing.redraw();
    pull.redraw();
  });
  draw();

  function draw() {
    rubbing.draw();
    pull.draw();
  }

  return {
    draw,
    item: rubbing.item,

    destroy() {
      rubbing.destroy();
      pull.destroy();
    },
  };
}

/** @type {CreateScene<'denoising'>} */
const createDenoising = (root) => anewForEachModel(root, createView);

export default sceneComponent(createDenoising, css);
