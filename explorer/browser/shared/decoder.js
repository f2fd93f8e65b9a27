// What decodes for a component: a network in the browser, or the server where the model is too large for that.
//
// Codes for the server are handed to a component of their own (served/), in a part of the page that runs again without
// the rest.

import { AnyNetwork } from '../runtime/any_network.js';
import { servedChannel } from './served_channel.js';

/** @import { Decoder } from '../messages.js' */
/** @import { Decoded, ServedChannel } from './served_channel.js' */

/**
 * @param {(values: Float32Array, code: ArrayLike<number>) => void} show draws a decoded item and the code it is of: at
 *   once where the browser decodes, else when an answer comes, which may be of an earlier code than the last one asked
 *   for. The values are lent: copy them to keep them.
 */
export function createDecoder(show) {
  let model = '';
  /** @type {AnyNetwork | null} */
  let network = null;
  /** @type {ServedChannel | null} */
  let channel = null;
  /** @type {number[] | null} */
  let shape = null;

  /** @param {Decoded} answer */
  const receive = (answer) => {
    if (answer.model === model) show(answer.values, answer.code);
  };

  function leave() {
    if (channel?.show === receive) channel.show = null;
    channel = null;
  }

  return {
    /**
     * Decode with this from now on; true where it is another decoder than before.
     *
     * @param {Decoder} decoder
     */
    update({ pack, served }) {
      if (!served || channel !== servedChannel(served.channel)) leave();
      if (served) {
        channel = servedChannel(served.channel);
        channel.show = receive;
      }
      const name = served?.model ?? pack?.digest ?? '';
      if (name === model) return false;
      model = name;
      network = pack ? new AnyNetwork(pack.read()) : null;
      shape = served?.shape ?? network?.outputShape ?? null;
      return true;
    },

    /** Of one decoded item; null where there is no decoder. */
    get shape() {
      return shape;
    },

    get isServed() {
      return channel !== null;
    },

    /**
     * Have a code decoded and shown. The newest one wins: of several that wait for the server, only the last is sent.
     *
     * @param {Float32Array} code
     */
    decode(code) {
      if (network) show(network.run(code), code);
      else if (channel) {
        channel.wanted = { model, code: Array.from(code) };
        channel.look?.();
      }
    },

    destroy: leave,
  };
}
