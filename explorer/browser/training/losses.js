// Reconstruction terms: of what was rebuilt and what it should be, the mean over the items of the sum over their values.

/**
 * @typedef {object} Reconstruction
 * @property {(output: Float32Array, target: Float32Array, batch: number) => number} loss
 * @property {(gradient: Float32Array, output: Float32Array, target: Float32Array, batch: number) => void} backward
 */

/** @satisfies {Record<string, Reconstruction>} */
export const RECONSTRUCTIONS = {
  squared_error: {
    loss(output, target, batch) {
      let sum = 0;
      for (let i = 0; i < output.length; i++) sum += (output[i] - target[i]) ** 2;
      return sum / batch;
    },
    backward(gradient, output, target, batch) {
      for (let i = 0; i < output.length; i++) gradient[i] = (2 * (output[i] - target[i])) / batch;
    },
  },

  /** -log of the target's probability in nats, where the output is its logit. */
  bernoulli: {
    loss(output, target, batch) {
      let sum = 0;
      for (let i = 0; i < output.length; i++) {
        const logit = output[i];
        sum += Math.max(logit, 0) - logit * target[i] + Math.log1p(Math.exp(-Math.abs(logit)));
      }
      return sum / batch;
    },
    backward(gradient, output, target, batch) {
      for (let i = 0; i < output.length; i++) gradient[i] = (1 / (1 + Math.exp(-output[i])) - target[i]) / batch;
    },
  },
};
