// The layers of a stacked autoencoder as the browser's network has them, and what the weights of a unit look like.

/** @import { PackedLayer } from '../../runtime/network.js' */

/**
 * A layer of units: level 0 is the picture, the last one what comes back.
 *
 * @typedef {object} Dense
 * @property {number} inputs
 * @property {number} units
 * @property {Float32Array} weight (units, inputs)
 * @property {number} last number of its activation in the network, or of the layer itself.
 */

/**
 * @param {readonly PackedLayer[]} layers
 * @returns {Dense[]}
 */
export function denseLayers(layers) {
  /** @type {Dense[]} */
  const dense = [];
  layers.forEach((layer, i) => {
    if (layer.op === 'linear') {
      dense.push({ inputs: layer.in[0], units: layer.out[0], weight: layer.weights.weight, last: i });
    } else if (dense.length) dense[dense.length - 1].last = i;
  });
  return dense;
}

/**
 * What a unit of the encoder looks for in the picture: its weights, times those of the layers before.
 *
 * @param {Dense[]} layers
 * @param {number} level from 1.
 * @param {number} unit
 */
export function looksFor(layers, level, unit) {
  const { inputs, weight } = layers[level - 1];
  let row = weight.slice(unit * inputs, (unit + 1) * inputs);
  for (const layer of layers.slice(0, level - 1).toReversed()) {
    const before = new Float32Array(layer.inputs);
    for (let u = 0; u < layer.units; u++) {
      for (let i = 0; i < layer.inputs; i++) before[i] += row[u] * layer.weight[u * layer.inputs + i];
    }
    row = before;
  }
  return row;
}

/**
 * What a unit draws: the column of the layer behind it that its value is multiplied with, times the layers after.
 *
 * @param {Dense[]} layers
 * @param {number} level of the unit, below the last.
 * @param {number} unit
 */
export function draws(layers, level, unit) {
  const { inputs, units, weight } = layers[level];
  let column = Float32Array.from({ length: units }, (_, u) => weight[u * inputs + unit]);
  for (const layer of layers.slice(level + 1)) {
    const after = new Float32Array(layer.units);
    for (let u = 0; u < layer.units; u++) {
      for (let i = 0; i < layer.inputs; i++) after[u] += layer.weight[u * layer.inputs + i] * column[i];
    }
    column = after;
  }
  return column;
}

/**
 * The cosine between a layer's weights and those of the layer that undoes it, turned around.
 *
 * @param {Dense} layer (units, inputs)
 * @param {Dense} mirror (inputs, units)
 */
export function cosine(layer, mirror) {
  let [product, own, other] = [0, 0, 0];
  for (let u = 0; u < layer.units; u++) {
    for (let i = 0; i < layer.inputs; i++) {
      const [a, b] = [layer.weight[u * layer.inputs + i], mirror.weight[i * layer.units + u]];
      product += a * b;
      own += a * a;
      other += b * b;
    }
  }
  return product / Math.sqrt(own * other || 1);
}

/**
 * The inputs that say most for or against a unit, strongest first: each with its product.
 *
 * @param {Dense} layer
 * @param {number} unit
 * @param {Float32Array} values of the inputs.
 * @param {number} count
 */
export function strongest(layer, unit, values, count) {
  const products = values.map((value, i) => value * layer.weight[unit * layer.inputs + i]);
  const order = Array.from(products.keys()).sort((a, b) => Math.abs(products[b]) - Math.abs(products[a]));
  return order.slice(0, count).map((input) => ({ input, product: products[input] }));
}

/**
 * W_e1 … W_ek and W_d1 … W_dk.
 *
 * @param {number} layer from 0.
 * @param {number} count of layers.
 * @param {boolean} tied
 */
export function nameOf(layer, count, tied) {
  const half = count / 2;
  if (layer < half) return `W_e${layer + 1}`;
  return tied ? `W_e${count - layer}ᵀ` : `W_d${layer - half + 1}`;
}
