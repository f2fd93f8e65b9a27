// A small menu with its name beside it.

import { el } from '../shared/dom.js';

/**
 * @template {string} Key
 * @param {string} name
 * @param {[Key, string][]} options keys and their words.
 * @param {Key} first that is chosen at first.
 */
export function createMenu(name, options, first) {
  const select = el(
    'select',
    {},
    ...options.map(([value, text]) => el('option', { value, selected: value === first }, text)),
  );
  return {
    element: el('label', { class: 'choice' }, el('span', { class: 'caption' }, name), select),
    /** @returns {Key} */
    value: () => /** @type {Key} */ (select.value),
  };
}
