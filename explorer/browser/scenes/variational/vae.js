// A variational autoencoder with a code of two numbers, ready to decode.

import { Network } from '../../runtime/network.js';

/** @import { Vae as Packed } from '../../messages.js' */
/** @import { Posterior } from './gaussian.js' */

export class Vae {
  /** @param {Packed} packed */
  constructor(packed) {
    this.title = packed.title;
    this.beta = packed.beta;
    this.means = { reconstruction: packed.reconstruction, kl: packed.kl };
    this.mu = packed.mu.read();
    this.sigma = packed.sigma.read();
    this.decoder = packed.decoder;
    /** @type {Network | null} */
    this.network = null;
  }

  /** @param {ArrayLike<number>} z @returns {Float32Array} lent until the next call. */
  decode(z) {
    this.network ??= new Network(this.decoder.read());
    return this.network.run(z);
  }

  /** @param {number} item @returns {Posterior} */
  posterior(item) {
    const [i, j] = [2 * item, 2 * item + 1];
    return { mu: [this.mu[i], this.mu[j]], sigma: [this.sigma[i], this.sigma[j]] };
  }
}
