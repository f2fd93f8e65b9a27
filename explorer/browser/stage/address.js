// What a scene is set to, in the page's address, so that a link and a reload bring it back. The server hears nothing of it.

import { whenCalm } from '../shared/timing.js';

const NAME = 'set';
const CALM = 150; // milliseconds: browsers refuse an address that changes hundreds of times while a hand moves

/**
 * A setting as a whole number from `low` to `high`; `low` where it is none.
 *
 * @param {string} text
 * @param {number} high
 * @param {number} [low]
 */
export function whole(text, high, low = 0) {
  return Math.min(high, Math.max(low, Math.round(Number(text)) || low));
}

/**
 * The settings of a scene, each a short text without `.`, `:` and `~`; those of the address where it has any.
 *
 * @template {Record<string, string>} Settings
 * @param {string} scene
 * @param {Settings} settings to start with.
 * @returns {{settings: Settings, remember: () => void}} `remember` writes the settings into the address once they
 *   have been calm.
 */
export function remembered(scene, settings) {
  const [owner, ...pairs] = (new URLSearchParams(location.search).get(NAME) ?? '').split('.');
  for (const pair of owner === scene ? pairs : []) {
    const [name, value] = pair.split('~');
    if (name in settings && value !== undefined) Object.assign(settings, { [name]: value });
  }
  const { pathname } = location;
  const remember = whenCalm(() => {
    const address = new URL(location.href);
    if (address.pathname !== pathname) return; // the visitor has gone to another page
    const written = Object.entries(settings).map(([name, value]) => `${name}~${value}`);
    address.searchParams.set(NAME, [scene, ...written].join('.'));
    history.replaceState(history.state, '', address);
  }, CALM);
  return { settings, remember };
}
