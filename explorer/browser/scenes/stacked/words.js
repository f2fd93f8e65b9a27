// What is said in the scene.

import { hat, norm, sub, sup } from '../../stage/formula.js';

/** @import { Words } from '../../stage/frame.js' */

/** @type {Words} */
export const WORDS = {
  symbols: {
    unit: { sign: () => sub('h', 'k'), says: 'a unit of layer k: the one that is pointed at, or kept' },
    encoder: { sign: () => sub('W', ['e', 'k']), says: 'the weights of the encoder’s layers, W_e1 to the code' },
    decoder: { sign: () => sub('W', ['d', 'k']), says: 'the weights of the decoder’s layers, W_d1 to the picture' },
    mirror: {
      sign: () => sup(sub('W', 'e'), 'T'),
      says: 'the encoder’s weights as a decoder with tied ones uses them',
    },
    code: { sign: () => 'z', says: 'the code: the smallest layer' },
    data: { sign: () => 'x', says: 'the picture' },
    rebuilt: { sign: () => hat('x'), says: 'what comes back' },
    error: { sign: () => 'L', says: 'the reconstruction error, over held-out items' },
  },
  formula: (s) => [
    s.unit, '= s (', s.encoder, sub('h', 'k−1'), '+', sub('b', 'k'), ')',
  ], // biome-ignore format: as it is read
  text: (s) => [
    [
      'Each layer is an autoencoder of the layer before: ', s.encoder, ' makes fewer numbers of it, down to the code ',
      s.code, ', and the layers ', s.decoder, ' lead back. A unit ', s.unit, ' is excited by what looks like its weights. ',
      'For units further in, the picture is the product of the weight matrices up to it, without the bends between them.',
    ],
    [
      'With tied weights each matrix of the decoder is one of the encoder’s, turned around, ', s.mirror, ': the two pictures ',
      'of a unit are the same, by half as many numbers.',
    ],
    [
      'The film is of two other models with the same first weights: one is trained layer by layer, then as a whole, the ',
      'other at once, for as many epochs. While layers are missing, the error ', s.error, ' = ',
      sup(norm(s.data, '−', s.rebuilt), '2'), ' is that of the outer ones alone.',
    ],
  ], // biome-ignore format: as it is read
  question: 'Which of the two trainings is ahead at the end of the film?',
};
