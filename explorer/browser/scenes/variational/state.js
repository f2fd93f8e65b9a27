// What the scene is set to, and what follows from it: a model, a cloud of codes, a draw from it.

import { remembered, whole } from '../../stage/address.js';
import { Random } from '../../training/random.js';
import { between, codeOf, PRIOR } from './gaussian.js';
import { Vae } from './vae.js';

/** @import { Variational } from '../../messages.js' */
/** @import { Posterior } from './gaussian.js' */

export const ROW = 10; // pictures in a row
export const MILLI = 1000; // settings are whole numbers

/** @typedef {ReturnType<typeof createState>} State */

export function createState() {
  const { settings, remember } = remembered('variational', {
    mode: 'one',
    model: 'current',
    rung: '2',
    item: '0',
    before: '3',
    share: '500',
    seed: '1',
    epsilon: '',
    ghosts: '1',
  });
  /** @type {Variational} */
  let shown;
  let items = new Float32Array();
  let labels = new Uint16Array();
  /** @type {Vae} */
  let current;
  /** @type {Vae[]} */
  let ladder = [];

  function isLadder() {
    return settings.model === 'ladder' && ladder.length > 0;
  }

  function model() {
    return isLadder() ? ladder[whole(settings.rung, ladder.length - 1)] : current;
  }

  /** @param {string} text */
  function itemOf(text) {
    return whole(text, labels.length - 1);
  }

  function share() {
    return whole(settings.share, MILLI) / MILLI;
  }

  /** @returns {Posterior} */
  function posterior() {
    if (settings.mode === 'prior') return PRIOR;
    const own = model().posterior(itemOf(settings.item));
    return settings.mode === 'walk' ? between(model().posterior(itemOf(settings.before)), own, share()) : own;
  }

  /** @returns {[number, number]} */
  function epsilon() {
    if (settings.epsilon) {
      const [a, b] = settings.epsilon.split(',').map((text) => Number(text) / MILLI);
      return [a || 0, b || 0];
    }
    if (settings.mode === 'walk') return [0, 0];
    const values = new Float32Array(2);
    new Random(Number(settings.seed) || 1).fillNormal(values);
    return [values[0], values[1]];
  }

  /** @returns {[number, number][]} */
  function ghosts() {
    if (settings.mode === 'walk') return [];
    const values = new Float32Array(2 * ROW);
    new Random(MILLI + (Number(settings.ghosts) || 1)).fillNormal(values);
    return Array.from({ length: ROW }, (_, i) => [values[2 * i], values[2 * i + 1]]);
  }

  /** The codes of the row: ten draws, or ten places of the walk. */
  function codesOfRow() {
    if (settings.mode !== 'walk') return ghosts().map((each) => codeOf(posterior(), each));
    const ends = [settings.before, settings.item].map((text) => model().posterior(itemOf(text)));
    return Array.from({ length: ROW }, (_, i) => between(ends[0], ends[1], i / (ROW - 1)).mu);
  }

  /** @param {number} a @param {number} b @returns {[number, number]} */
  function nearestItem(a, b) {
    const { mu } = model();
    let [best, least] = [0, Infinity];
    for (let i = 0; i < labels.length; i++) {
      const distance = Math.hypot(mu[2 * i] - a, mu[2 * i + 1] - b);
      if (distance < least) [best, least] = [i, distance];
    }
    return [best, least];
  }

  /** @param {number} item */
  function pictureAt(item) {
    const size = shown.shape[0] * shown.shape[1] * shown.shape[2];
    return items.subarray(item * size, (item + 1) * size);
  }

  return {
    settings,
    remember,
    isLadder,
    model,
    itemOf,
    share,
    posterior,
    epsilon,
    ghosts,
    codesOfRow,
    nearestItem,
    pictureAt,

    /** Undefined before there is a message. */
    get shown() {
      return /** @type {Variational | undefined} */ (shown);
    },

    get labels() {
      return labels;
    },

    /** The current model. */
    get current() {
      return current;
    },

    get ladder() {
      return ladder;
    },

    /** @param {Variational} message */
    open(message) {
      shown = message;
      [items, labels] = [message.items.read(), message.labels.read()];
      current = new Vae(message.current);
      ladder = message.ladder.map((each) => new Vae(each));
    },
  };
}
