// What the scene shows and is set to: which pictures are labelled, and which of them is nearest to each other one.

import { remembered, whole } from '../../stage/address.js';
import { pictureOf } from '../../stage/pictures.js';

/** @import { FeatureCodes } from '../../messages.js' */

const ROOM = 0.06; // beside the outermost codes, as a share of the map
export const PARTS = /** @type {const} */ (['code', 'pca', 'pixels']);

/** @typedef {typeof PARTS[number]} Part */

export function createState() {
  const { settings, remember } = remembered('features', { count: '4', seen: 'code', draw: '0', item: '' });
  /** @type {FeatureCodes} */
  let shown;
  let asked = { x: new Float32Array(), y: new Float32Array(), labels: new Uint16Array() };
  let pool = asked;
  let pictures = { asked: new Uint8Array(), pool: new Uint8Array() };
  let labelledOf = new Uint32Array();
  /** @type {Uint16Array[]} */
  let nearestOf = [];
  /** @type {{mean: Float32Array, low: Float32Array, high: Float32Array}[]} */
  let curves = [];

  function count() {
    return whole(settings.count, shown.counts.length - 1);
  }

  function draws() {
    return shown ? shown.labelled.shape[0] : 1;
  }

  function drawNumber() {
    return whole(settings.draw, draws() - 1);
  }

  /** The kind of input that is measured, by its number. */
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

  /** @param {Uint8Array} of @param {number} i */
  function picture(of, i) {
    const size = shown.shape[0] * shown.shape[1] * shown.shape[2];
    return pictureOf(
      Float32Array.from(of.subarray(i * size, (i + 1) * size), (v) => v / 255),
      shown.shape,
    );
  }

  return {
    settings,
    remember,
    count,
    draws,
    kind,
    labelled,
    nearest,
    isWrong,
    picture,

    /** Undefined before there is a message. */
    get shown() {
      return /** @type {FeatureCodes | undefined} */ (shown);
    },

    /** The items whose labels are asked for. */
    get asked() {
      return asked;
    },

    /** Those that may be labelled. */
    get pool() {
      return pool;
    },

    get pictures() {
      return pictures;
    },

    get curves() {
      return curves;
    },

    /** @param {FeatureCodes} message */
    open(message) {
      shown = message;
      const [places, poolPlaces] = [message.places.read(), message.pool_places.read()];
      const [toX, toY] = [0, 1].map((axis) => scaleOf(places, poolPlaces, axis));
      asked = { x: onAxis(places, 0, toX), y: onAxis(places, 1, toY), labels: message.labels.read() };
      pool = { x: onAxis(poolPlaces, 0, toX), y: onAxis(poolPlaces, 1, toY), labels: message.pool_labels.read() };
      pictures = { asked: message.pictures.read(), pool: message.pool_pictures.read() };
      labelledOf = message.labelled.read();
      nearestOf = message.inputs.map(({ nearest: each }) => each.read());
      curves = message.inputs.map(({ accuracy, low, high }) => ({
        mean: accuracy.read(),
        low: low.read(),
        high: high.read(),
      }));
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
