// What decodes for a component: a network in the browser, or the server where the model is too large for that.
//
// Served codes are decoded by a component of their own (served.js), in a part of the page that runs again without the
// rest. It and the component that asks meet here, under the name of a channel, whichever comes first.

import { Network } from '../runtime/network.js';

/** @import { Decoder } from '../messages.js' */

const channels = new Map();

/**
 * A channel between the one component that asks for codes and the one that has them decoded:
 *   wanted  {model, code} asked for last; null before the first;
 *   look    called when there is something new to decode;
 *   show    called with {model, code, values} of each answer.
 */
export function servedChannel(name) {
  if (!channels.has(name)) channels.set(name, { wanted: null, look: null, show: null });
  return channels.get(name);
}

/**
 * Decodes codes by what a message brings: a network, or the name of a decoder that the server runs.
 *
 * @param {(values: Float32Array, code: ArrayLike<number>) => void} show draws a decoded item and the code it is of: at
 *   once where the browser decodes, else when an answer comes, which may be of an earlier code than the last one asked
 *   for. The values are lent: copy them to keep them.
 */
export function createDecoder(show) {
  let model;
  let network = null;
  let channel = null;
  let shape = null;

  const receive = (answer) => {
    if (answer.model === model) show(answer.values, answer.code);
  };

  function leave() {
    if (channel?.show === receive) channel.show = null;
    channel = null;
  }

  return {
    /**
     * Take the decoder of a message; true where it is another one than before.
     *
     * @param {Decoder} decoder
     */
    update({ pack, served }) {
      const name = served ? served.model : pack?.digest;
      if (served) {
        if (channel !== servedChannel(served.channel)) leave();
        channel = servedChannel(served.channel);
        channel.show = receive;
      } else leave();
      if (name === model) return false;
      model = name;
      network = !served && pack ? new Network(pack.read()) : null;
      shape = served ? served.shape : (network?.outputShape ?? null);
      return true;
    },

    /** Of one decoded item; null where there is no decoder. */
    get shape() {
      return shape;
    },

    get isServed() {
      return channel !== null;
    },

    /** Have a code decoded and shown. The newest one wins: of several that wait for the server, only the last is sent. */
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
