// A map's end of the channel that links it to the other components of the page.

import { channel } from '../shared/channel.js';

/** @import { Line, Listener, Messages } from '../shared/channel.js' */

/** @param {{[Kind in keyof Messages]: (detail: Messages[Kind]) => void}} hears what to do with each kind of message. */
export function createLink(hears) {
  let name = '';
  /** @type {Line | null} */
  let line = null;
  let leave = () => {};
  let hovered = -1;
  return {
    /** @param {string} newName of the channel; empty for none. */
    join(newName) {
      if (newName === name) return;
      name = newName;
      leave();
      line = name ? channel(name) : null;
      leave = line ? line.subscribe((kind, detail) => hears[kind](detail)) : () => {};
    },
    /** @type {Listener} */
    publish: (kind, detail) => line?.publish(kind, detail),
    /** @param {number} position of the item under the pointer, or -1. */
    hover(position) {
      if (position === hovered) return;
      hovered = position;
      line?.publish('hover', { position });
    },
  };
}
