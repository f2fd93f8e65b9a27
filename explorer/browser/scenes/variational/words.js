// What is said in the scene.

import { hat } from '../../stage/formula.js';

/** @import { Words } from '../../stage/frame.js' */

/** @type {Words} */
export const WORDS = {
  symbols: {
    x: { sign: () => 'x', says: 'the picture that is encoded' },
    mu: { sign: () => 'μ', says: 'the middle of its cloud of codes, from the encoder' },
    sigma: { sign: () => 'σ', says: 'how wide its cloud is along each axis, from the encoder' },
    epsilon: { sign: () => 'ε', says: 'the chance in it: two draws from a standard normal' },
    z: { sign: () => 'z', says: 'the code that is drawn, and decoded' },
    rebuilt: { sign: () => hat('x'), says: 'what the decoder makes of the code' },
    posterior: { sign: () => 'q', says: 'the posterior: the cloud of codes of this picture' },
    prior: { sign: () => ['N (0, I)'], says: 'the prior: the one cloud that all of them together should fill' },
    error: {
      sign: () => ['− log p (x | z)'],
      says: 'reconstruction: how surprising x is to what was decoded, in nats',
    },
    kl: { sign: () => ['KL'], says: 'KL divergence: what this cloud costs because it is not the prior, in nats' },
    beta: { sign: () => 'β', says: 'what a nat of KL counts in training' },
  },
  formula: (s) => [
    s.z, '=', s.mu, '+', s.sigma, '·', s.epsilon, ',', s.epsilon, '∼', s.prior, '; ',
    'L =', s.error, '+', s.beta, s.kl, '(', s.posterior, '‖', s.prior, ')',
  ], // biome-ignore format: as it is read
  text: (s) => [
    [
      'Between the codes of a plain autoencoder most places decode to nothing. Here the encoder gives a cloud for each picture ', s.x, ', by ', s.mu, ' and ', s.sigma, ', and the decoder ',
      'must make a good ', s.rebuilt, ' of any code drawn from it. So codes that are close to each other decode alike.',
    ],
    [
      s.kl, ' is what is paid for a cloud unlike ', s.prior, '. Each small chart shows one number of the code: log density ',
      'of ', s.posterior, ' and of ', s.prior, ' where a draw falls; the area between the two is ', s.kl, '. With β = 1, −L is the ELBO (evidence lower bound): log p(x) is at least that.',
    ],
  ], // biome-ignore format: as it is read
  question:
    'With β = 0 no cloud costs anything, with β = 16 a nat of KL is dear: at which of the two do samples from the prior look like digits?',
};
