// How components of one page hear of one another.

/**
 * A code that was made in the browser, with its standard deviations where the model has any.
 *
 * @typedef {{code: ArrayLike<number>, std: ArrayLike<number> | null, label: string}} Place
 */

/**
 * What a map shows, in its units; null where it shows all of its points.
 *
 * @typedef {{sight: [left: number, bottom: number, right: number, top: number] | null}} InSight
 */

/**
 * What can be said: the position of the item under the pointer, or -1; the positions of the items chosen; a code that
 * was made, and that there is none any more; what a map shows.
 *
 * @typedef {{hover: {position: number}, selection: {positions: Uint32Array}, place: Place, unplace: {}, sight: InSight}} Messages
 */

/** @typedef {<Kind extends keyof Messages>(kind: Kind, detail: Messages[Kind]) => void} Listener */

/** @typedef {{listeners: Map<Listener, Line>, place: Place | null, sight: InSight | null}} Channel */

/** @typedef {{publish: Listener, subscribe: (listener: Listener) => () => void}} Line */

/**
 * A line to the other components of the page that use the same name.
 *
 * What this line publishes does not come back to it. Components start in any order, so the last place, and what a map
 * shows, are told to whoever subscribes later.
 *
 * @param {string} name
 * @returns {Line} subscribe returns its undoing.
 */
export function channel(name) {
  // On the window, so that a page's other scripts can listen, too.
  window.explorerChannels ??= new Map();
  const shared = window.explorerChannels.get(name) ?? { listeners: new Map(), place: null, sight: null };
  window.explorerChannels.set(name, shared);
  /** @type {Line} */
  const line = {
    publish(kind, detail) {
      if (kind === 'place') shared.place = /** @type {Place} */ (detail);
      if (kind === 'unplace') shared.place = null;
      if (kind === 'sight') shared.sight = /** @type {InSight} */ (detail);
      for (const [listener, owner] of [...shared.listeners]) if (owner !== line) listener(kind, detail);
    },
    subscribe(listener) {
      shared.listeners.set(listener, line);
      if (shared.place) listener('place', shared.place);
      if (shared.sight) listener('sight', shared.sight);
      return () => shared.listeners.delete(listener);
    },
  };
  return line;
}
