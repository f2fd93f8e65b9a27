// Which changes of an address are steps.

/** @typedef {{always: string, filled: string[], chosen: string[]}} Rules */

/**
 * Whether a change of the address is one that Back undoes.
 *
 * @param {boolean} asked whether it would be one without these rules.
 * @param {URL} before
 * @param {URL} after
 * @param {Rules} rules
 * @returns {boolean | null} null: the address is to stay as it is, since the page is being left.
 */
export function isStep(asked, before, after, rules) {
  if (before.pathname !== after.pathname) return asked;
  if (before.searchParams.has(rules.always) && !after.searchParams.has(rules.always)) return null;
  const names = new Set([...before.searchParams.keys(), ...after.searchParams.keys()]);
  const value = (/** @type {URL} */ url, /** @type {string} */ name) => url.searchParams.getAll(name).join('\n');
  const changed = [...names].filter((name) => value(before, name) !== value(after, name));
  // What was chosen goes from the address alone only while its page is left.
  const isLeft = (/** @type {string} */ name) => rules.chosen.includes(name) && !after.searchParams.has(name);
  const isFilled = (/** @type {string} */ name) => rules.filled.includes(name) && !before.searchParams.has(name);
  if (asked && changed.some(isLeft) && changed.every((name) => isLeft(name) || isFilled(name))) return null;
  if (changed.every(isFilled)) return false;
  return asked || changed.some((name) => rules.chosen.includes(name));
}
