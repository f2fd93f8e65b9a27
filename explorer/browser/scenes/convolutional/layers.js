// What the layers of a network do to one value: which values it is made of, and how far back into the picture they reach.

/** @import { PackedLayer } from '../../runtime/network.js' */

/** @typedef {[maps: number, height: number, width: number]} Shape */

/** @typedef {{top: number, left: number, bottom: number, right: number}} Field rows and columns, both ends included. */

/**
 * A layer with the activation after it: a row of maps.
 *
 * @typedef {object} Row
 * @property {PackedLayer} layer
 * @property {number} first number of the layer in the network.
 * @property {number} last number of its activation, or of the layer itself.
 * @property {string} activation empty where there is none.
 * @property {Shape} from
 * @property {Shape} shape
 */

/**
 * What one value is made of: values of the map before, and what each is multiplied by.
 *
 * @typedef {object} Parts
 * @property {Shape} shape of `inputs`: maps, and the window of each.
 * @property {Float32Array} inputs
 * @property {Float32Array | null} weights null where a value is passed on as it is.
 * @property {number} bias
 * @property {number} sum of the products and the bias, or the value that is passed on.
 * @property {Field} field the window in the maps before, which may reach over their edge.
 * @property {number[]} maps first and last of the maps before that it reads.
 * @property {number} winner of the inputs, where only the largest is passed on; -1 elsewhere.
 */

const NAMES = {
  conv: 'Convolution',
  conv_transpose: 'Transposed convolution',
  linear: 'Dense',
  pool: 'Max pooling',
  paired_pool: 'Max pooling',
  unpool: 'Unpooling',
  paired_unpool: 'Unpooling',
  upsample: 'Nearest upsampling',
  affine: 'Scaling',
  activation: 'Activation',
};
/** @type {Record<string, string>} */
const ACTIVATIONS = {
  relu: 'ReLU',
  leaky_relu: 'leaky ReLU',
  elu: 'ELU',
  silu: 'SiLU',
  tanh: 'tanh',
  sigmoid: 'sigmoid',
};

/** @param {number[]} shape @returns {Shape} */
const asMaps = (shape) => (shape.length === 3 ? [shape[0], shape[1], shape[2]] : [shape[0], 1, 1]);

/** @param {number[]} shape */
const size = (shape) => shape.reduce((product, n) => product * n, 1);

/**
 * The rows of a network's layers. A dense layer's output has the shape that the layer behind it reads.
 *
 * @param {readonly PackedLayer[]} layers
 * @returns {Row[]}
 */
export function rowsOf(layers) {
  /** @type {Row[]} */
  const rows = [];
  layers.forEach((layer, i) => {
    const before = rows.at(-1);
    if (layer.op === 'activation' && before) {
      before.last = i;
      before.activation = ACTIVATIONS[layer.kind];
      before.shape = shaped(layer, layers);
      return;
    }
    const from = before ? before.shape : asMaps(layer.in);
    rows.push({ layer, first: i, last: i, activation: '', from, shape: shaped(layer, layers) });
  });
  return rows;
}

/**
 * @param {PackedLayer} layer
 * @param {readonly PackedLayer[]} layers
 */
function shaped(layer, layers) {
  const isImage = (/** @type {number[]} */ shape) => shape.length === 3 && size(shape) === size(layer.out);
  const next = layers.slice(layers.indexOf(layer) + 1).find((each) => each.op !== 'activation' || isImage(each.out));
  return asMaps(next && isImage(next.in) ? next.in : layer.out);
}

/** @param {Row} row */
export function nameOf(row) {
  return NAMES[/** @type {keyof typeof NAMES} */ (row.layer.op)];
}

/**
 * Weights and biases of a row's layer, and of a dense layer that takes the same numbers to the same numbers.
 *
 * @param {Row} row
 */
export function counts({ layer, from, shape }) {
  const own = ['weight', 'bias'].reduce((sum, name) => sum + (layer.weights[name]?.length ?? 0), 0);
  return { own, dense: size(from) * size(shape) + size(shape) };
}

/**
 * What in the maps before a row's layer a part of its own maps is made of.
 *
 * @param {Row} row
 * @param {Field} field
 * @returns {Field} which may reach over the edge.
 */
export function before({ layer, from: [, height, width], shape }, field) {
  const { top, left, bottom, right } = field;
  switch (layer.op) {
    case 'conv': {
      const { kernel, stride, padding } = layer;
      return {
        top: top * stride[0] - padding[0],
        left: left * stride[1] - padding[1],
        bottom: bottom * stride[0] - padding[0] + kernel[0] - 1,
        right: right * stride[1] - padding[1] + kernel[1] - 1,
      };
    }
    case 'conv_transpose': {
      const { kernel, stride, padding } = layer;
      return {
        top: Math.ceil((top + padding[0] - kernel[0] + 1) / stride[0]),
        left: Math.ceil((left + padding[1] - kernel[1] + 1) / stride[1]),
        bottom: Math.floor((bottom + padding[0]) / stride[0]),
        right: Math.floor((right + padding[1]) / stride[1]),
      };
    }
    case 'pool':
    case 'paired_pool':
      return { top: 2 * top, left: 2 * left, bottom: 2 * bottom + 1, right: 2 * right + 1 };
    case 'unpool':
    case 'paired_unpool':
    case 'upsample': {
      const [down, across] = layer.op === 'upsample' ? [height / shape[1], width / shape[2]] : [0.5, 0.5];
      return {
        top: Math.floor(Math.fround(top * down)),
        left: Math.floor(Math.fround(left * across)),
        bottom: Math.floor(Math.fround(bottom * down)),
        right: Math.floor(Math.fround(right * across)),
      };
    }
    case 'linear':
      return { top: 0, left: 0, bottom: height - 1, right: width - 1 };
    default:
      return field;
  }
}

/**
 * The part of a field that lies in maps.
 *
 * @param {Field} field
 * @param {Shape} shape
 * @returns {Field}
 */
export function clipped({ top, left, bottom, right }, [, height, width]) {
  return {
    top: Math.max(0, top),
    left: Math.max(0, left),
    bottom: Math.min(height - 1, bottom),
    right: Math.min(width - 1, right),
  };
}

/**
 * The receptive fields of one value of a row: in its own maps, in those before, and so on to the picture.
 *
 * @param {readonly Row[]} rows up to that row.
 * @param {number} y
 * @param {number} x
 * @returns {Field[]} of the picture first.
 */
export function fields(rows, y, x) {
  let field = { top: y, left: x, bottom: y, right: x };
  const all = [field];
  for (const row of rows.toReversed()) {
    field = clipped(before(row, field), row.from);
    all.unshift(field);
  }
  return all;
}

/**
 * @param {Row} row
 * @param {Float32Array} input the maps before it.
 * @param {number} map of the value.
 * @param {number} y
 * @param {number} x
 * @param {number} passed the value before its activation, for layers that put it elsewhere.
 * @returns {Parts}
 */
export function partsOf(row, input, map, y, x, passed) {
  const { layer, from } = row;
  const isShared = layer.op === 'conv' || layer.op === 'conv_transpose' || layer.op === 'linear';
  const whole = before(row, { top: y, left: x, bottom: y, right: x });
  const field = layer.op === 'conv' ? whole : clipped(whole, from);
  const maps = isShared ? [0, from[0] - 1] : [map, map];
  const [rows, columns] = [field.bottom - field.top + 1, field.right - field.left + 1];
  /** @type {Shape} */
  const shape = [maps[1] - maps[0] + 1, rows, columns];
  const inputs = new Float32Array(size(shape));
  const weights = isShared ? new Float32Array(size(shape)) : null;
  let at = 0;
  for (let m = maps[0]; m <= maps[1]; m++) {
    for (let i = field.top; i <= field.bottom; i++) {
      for (let j = field.left; j <= field.right; j++, at++) {
        const isInside = i >= 0 && j >= 0 && i < from[1] && j < from[2];
        if (isInside) inputs[at] = input[(m * from[1] + i) * from[2] + j];
        if (weights) weights[at] = layer.weights.weight[weightPlace(row, map, y, x, m, i, j)];
      }
    }
  }
  const unit = layer.op === 'linear' ? (map * row.shape[1] + y) * row.shape[2] + x : map;
  const bias = isShared ? (layer.weights.bias?.[unit] ?? 0) : 0;
  const sum = weights ? inputs.reduce((total, value, i) => total + value * weights[i], bias) : passed;
  const isPool = layer.op === 'pool' || layer.op === 'paired_pool';
  return { shape, inputs, weights, bias, sum, field, maps, winner: isPool ? inputs.indexOf(Math.max(...inputs)) : -1 };
}

/**
 * Where in a layer's weights the one lies that takes one input value to one output value.
 *
 * @param {Row} row
 * @param {number} map
 * @param {number} y
 * @param {number} x
 * @param {number} m map, row and column of the input value.
 * @param {number} i
 * @param {number} j
 */
function weightPlace({ layer, from, shape }, map, y, x, m, i, j) {
  if (layer.op === 'linear') {
    return ((map * shape[1] + y) * shape[2] + x) * size(from) + (m * from[1] + i) * from[2] + j;
  }
  const { kernel, stride, padding } = layer;
  if (layer.op === 'conv') {
    const [a, b] = [i - y * stride[0] + padding[0], j - x * stride[1] + padding[1]];
    return ((map * from[0] + m) * kernel[0] + a) * kernel[1] + b;
  }
  const [a, b] = [y + padding[0] - i * stride[0], x + padding[1] - j * stride[1]];
  return ((map * kernel[0] + a) * kernel[1] + b) * from[0] + m;
}
