// What the model gets of a drawing and what it makes of it, beside the surface.

import { AnyNetwork } from '../runtime/any_network.js';
import { el } from '../shared/dom.js';
import { itemView } from '../shared/item_view.js';
import { threeDigits } from '../shared/numbers.js';

/** @import { LiveModel } from '../messages.js' */

const NUMBERS = 4; // of the code that are shown

/** @typedef {{code: Float32Array, std: Float32Array | null}} Encoded */

export function createPreview() {
  const given = itemView('The drawing as model input');
  const rebuilt = itemView('What the model makes of the drawing');
  const rebuiltCaption = el('div', { class: 'caption' });
  const rebuiltFigure = el('figure', {}, rebuilt.element, rebuiltCaption);
  const numbers = el('div', { class: 'caption numbers' });
  const element = el(
    'div',
    { class: 'previews' },
    el('figure', {}, given.element, el('div', { class: 'caption' }, 'Model input')),
    rebuiltFigure,
    numbers,
  );

  let digests = '';
  /** @type {{encoder: AnyNetwork, rebuilder: AnyNetwork, fromCode: boolean, latentDim: number} | null} */
  let model = null;
  let reason = ''; // why there is no model

  return {
    element,

    /**
     * @param {LiveModel | null} live
     * @param {string} why there is none.
     */
    take(live, why) {
      reason = why;
      rebuiltFigure.hidden = !live;
      const newDigests = live ? `${live.encoder.digest} ${live.rebuilder.digest}` : '';
      if (newDigests === digests) return;
      digests = newDigests;
      model = live && {
        encoder: new AnyNetwork(live.encoder.read()),
        rebuilder: new AnyNetwork(live.rebuilder.read()),
        fromCode: live.from_code,
        latentDim: live.latent_dim,
      };
    },

    /** @param {number[]} shape of an item. */
    prepare(shape) {
      for (const view of [given, rebuilt]) view.prepare(shape, []);
    },

    /** @param {number} room CSS pixels that the longer side of a picture may take. */
    fit(room) {
      for (const view of [given, rebuilt]) view.fit(room);
    },

    /**
     * @param {Float32Array} item of an empty surface.
     * @param {number} ground brightness of the surface, in [0, 1].
     */
    showEmpty(item, ground) {
      given.show(item);
      rebuilt.show(new Float32Array(item.length).fill(ground));
      rebuiltCaption.textContent = 'Reconstruction';
      numbers.textContent = '';
    },

    /**
     * @param {Float32Array} item
     * @returns {Encoded | null} what the model encodes it to; null where it does not run here.
     */
    show(item) {
      given.show(item);
      if (!model) {
        numbers.textContent = reason;
        return null;
      }
      const output = model.encoder.run(item);
      const code = output.slice(0, model.latentDim);
      const isVariational = output.length > code.length;
      const std = isVariational ? output.slice(code.length).map((logvar) => Math.exp(logvar / 2)) : null;
      const x = model.rebuilder.run(model.fromCode ? code : item);
      const error = x.reduce((sum, value, i) => sum + (value - item[i]) ** 2, 0);
      const shown = Array.from(code.subarray(0, NUMBERS), threeDigits).join(', ');
      rebuilt.show(x);
      rebuiltCaption.textContent = `Reconstruction: squared error ${threeDigits(error)}`;
      numbers.textContent = `Code (${shown}${code.length > NUMBERS ? ', …' : ''})`;
      return { code, std };
    },
  };
}
