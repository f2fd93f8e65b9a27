// Items by the first numbers of their codes, and by as many components of PCA.

import { Network } from '../../runtime/network.js';

/** @import { Ordered } from '../../messages.js' */

/** @param {Ordered} message */
export function codeInOrder(message) {
  const [x, codes, mean, components] = [message.x, message.codes, message.mean, message.components].map((section) =>
    section.read(),
  );
  const [count, most] = message.codes.shape;
  const size = mean.length;
  const network = new Network(message.pack.read());
  const given = new Float32Array(most);
  const projected = new Float32Array(size);

  /** @param {number} item */
  const picture = (item) => x.subarray(item * size, (item + 1) * size);

  /** @param {number} item @param {number} k @returns {Float32Array} lent until the next call. */
  function rebuilt(item, k) {
    given.fill(0);
    given.set(codes.subarray(item * most, item * most + k));
    return network.run(given);
  }

  return {
    /** Numbers in a code. */
    most,
    picture,
    rebuilt,

    /** @param {number} item */
    inside: (item) => Math.min(count - 1, Math.max(0, Math.floor(item))),

    /** @param {number} row pictures in a row. */
    pages: (row) => Math.ceil(count / row),

    /** @param {number} item */
    numbers: (item) => Array.from(codes.subarray(item * most, (item + 1) * most)),

    /** @param {number} item @param {number} k @returns {Float32Array} lent until the next call. */
    byPca(item, k) {
      const values = picture(item);
      projected.set(mean);
      for (let c = 0; c < k; c++) {
        const direction = components.subarray(c * size, (c + 1) * size);
        let along = 0;
        for (let i = 0; i < size; i++) along += (values[i] - mean[i]) * direction[i];
        for (let i = 0; i < size; i++) projected[i] += along * direction[i];
      }
      return projected;
    },
  };
}
