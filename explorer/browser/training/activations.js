// Activations and their derivatives: those of the runtime (runtime/operations.js), out of place.

const SATURATED = 9.02; // from here on tanh is 1 in float32

/**
 * @typedef {object} Activation
 * @property {(y: Float32Array, x: Float32Array, parameter: number) => void} forward y = f(x).
 * @property {(dx: Float32Array, dy: Float32Array, x: Float32Array, y: Float32Array, parameter: number) => void} backward
 *   dx = dy f'(x).
 */

/** @satisfies {Record<string, Activation>} */
export const ACTIVATIONS = {
  relu: {
    forward(y, x) {
      for (let i = 0; i < x.length; i++) y[i] = Math.max(x[i], 0);
    },
    backward(dx, dy, x) {
      for (let i = 0; i < x.length; i++) dx[i] = x[i] > 0 ? dy[i] : 0;
    },
  },
  leaky_relu: {
    forward(y, x, slope) {
      for (let i = 0; i < x.length; i++) y[i] = x[i] > 0 ? x[i] : slope * x[i];
    },
    backward(dx, dy, x, _y, slope) {
      for (let i = 0; i < x.length; i++) dx[i] = x[i] > 0 ? dy[i] : slope * dy[i];
    },
  },
  elu: {
    forward(y, x, alpha) {
      for (let i = 0; i < x.length; i++) {
        const t = tanh(0.5 * x[i]);
        y[i] = x[i] > 0 ? x[i] : (alpha * 2 * t) / (1 - t); // alpha (exp(x) - 1)
      }
    },
    backward(dx, dy, x, y, alpha) {
      for (let i = 0; i < x.length; i++) dx[i] = x[i] > 0 ? dy[i] : dy[i] * (y[i] + alpha);
    },
  },
  silu: {
    forward(y, x) {
      for (let i = 0; i < x.length; i++) y[i] = x[i] * (0.5 + 0.5 * tanh(0.5 * x[i]));
    },
    backward(dx, dy, x, y) {
      for (let i = 0; i < x.length; i++) {
        const s = 0.5 + 0.5 * tanh(0.5 * x[i]); // the sigmoid of x
        dx[i] = dy[i] * (s + y[i] * (1 - s));
      }
    },
  },
  tanh: {
    forward(y, x) {
      for (let i = 0; i < x.length; i++) y[i] = tanh(x[i]);
    },
    backward(dx, dy, _x, y) {
      for (let i = 0; i < y.length; i++) dx[i] = dy[i] * (1 - y[i] * y[i]);
    },
  },
  sigmoid: {
    forward(y, x) {
      for (let i = 0; i < x.length; i++) y[i] = 0.5 + 0.5 * tanh(0.5 * x[i]);
    },
    backward(dx, dy, _x, y) {
      for (let i = 0; i < y.length; i++) dx[i] = dy[i] * y[i] * (1 - y[i]);
    },
  },
};

/**
 * The thirteenth convergent of Lambert's continued fraction x / (1 + x² / (3 + x² / (5 + ...))), which is tanh within
 * float32's rounding: three times as fast as Math.tanh, and small enough for the compiler to put it into each loop.
 *
 * @param {number} x
 */
export function tanh(x) {
  const clamped = Math.max(-SATURATED, Math.min(SATURATED, x));
  const s = clamped * clamped;
  const above =
    7905853580625 + s * (1159525191825 + s * (41247931725 + s * (523783260 + s * (2552550 + s * (4095 + s)))));
  const below =
    7905853580625 +
    s * (3794809718700 + s * (252070693875 + s * (5237832600 + s * (41351310 + s * (120120 + s * 91)))));
  return (clamped * above) / below;
}
