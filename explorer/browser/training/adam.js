// Adam (Kingma and Ba 2015, algorithm 1), with the defaults of torch.optim.Adam.

const [BETA1, BETA2, EPSILON] = [0.9, 0.999, 1e-8];

export class Adam {
  /**
   * @param {Float32Array} parameters changed in place.
   * @param {Float32Array} gradient
   */
  constructor(parameters, gradient) {
    this.parameters = parameters;
    this.gradient = gradient;
    this.mean = new Float32Array(parameters.length);
    this.square = new Float32Array(parameters.length);
    this.steps = 0;
  }

  /** @param {number} learningRate */
  step(learningRate) {
    const { parameters, gradient, mean, square } = this;
    this.steps += 1;
    const size = learningRate / (1 - BETA1 ** this.steps);
    const correction = Math.sqrt(1 - BETA2 ** this.steps);
    for (let i = 0; i < parameters.length; i++) {
      const g = gradient[i];
      mean[i] += (1 - BETA1) * (g - mean[i]);
      square[i] = BETA2 * square[i] + (1 - BETA2) * g * g;
      parameters[i] -= (size * mean[i]) / (Math.sqrt(square[i]) / correction + EPSILON);
    }
  }
}
