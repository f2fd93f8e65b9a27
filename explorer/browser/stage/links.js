// Ties symbols, figures and parts of a picture: point at one, and all that share its name light up.

/** @typedef {ReturnType<typeof createLinks>} Links */

export function createLinks() {
  /** @type {Set<() => void>} */
  const listeners = new Set();
  let lit = '';
  return {
    /** The part that is pointed at; empty for none. */
    get lit() {
      return lit;
    },

    /** @param {string} part empty for none. */
    light(part) {
      if (part === lit) return;
      lit = part;
      for (const listener of listeners) listener();
    },

    /** @param {() => void} listener called when another part is lit. */
    onChange(listener) {
      listeners.add(listener);
    },
  };
}

/**
 * Make an element light its part: under the mouse, with the focus, and at a touch.
 *
 * @param {Element} element
 * @param {string} part
 * @param {Links} links
 */
export function tie(element, part, links) {
  element.setAttribute('data-part', part);
  element.setAttribute('tabindex', '0');
  const light = () => links.light(part);
  const leave = () => links.light('');
  for (const name of ['pointerenter', 'focus', 'click']) element.addEventListener(name, light);
  element.addEventListener('blur', leave);
  element.addEventListener('pointerleave', (event) => {
    // A finger that is lifted leaves the symbol lit, until it touches something else.
    if (/** @type {PointerEvent} */ (event).pointerType === 'mouse') leave();
  });
  links.onChange(() => element.classList.toggle('lit', links.lit === part));
}
