// The legend of a map: the classes, each a button that shows or hides its items.

import { el } from '../shared/dom.js';

/** @import { Points } from '../messages.js' */

const SHOWN = 216; // opacity of a point, 0 to 255

/** @param {() => void} onChange */
export function createLegend(onChange) {
  const element = el('div', { class: 'legend', role: 'group', 'aria-label': 'Classes shown' });
  /** @type {boolean[]} */
  let visible = [];
  /** @type {string[]} */
  let colours = [];

  function press() {
    [...element.children].forEach((button, group) => button.setAttribute('aria-pressed', String(visible[group])));
  }

  /**
   * @param {number} group
   * @param {boolean} only
   */
  function toggle(group, only) {
    if (only) visible = visible.map((_, i) => i === group);
    else visible[group] = !visible[group];
    // Hiding the last one would leave an empty map, so that shows all again.
    if (!visible.some(Boolean)) visible.fill(true);
    press();
    onChange();
  }

  /**
   * @param {string} name
   * @param {number} group
   */
  function button(name, group) {
    const dot = el('span', { class: 'dot', style: `background: ${colours[group % colours.length]}` });
    const title = `Click: show or hide ${name}. Double click: only ${name}`;
    /** @param {MouseEvent} event */
    const click = (event) => toggle(group, event.detail >= 2 || event.shiftKey);
    return el('button', { type: 'button', class: 'class', title, click }, dot, name);
  }

  return {
    element,

    /** @param {number} group */
    shows: (group) => visible[group],

    showsAll: () => visible.every(Boolean),

    /**
     * @param {Points} points
     * @param {boolean} afresh show all classes again.
     */
    describe(points, afresh) {
      const names = points.names.length ? points.names : [''];
      colours = points.palette;
      if (afresh || visible.length !== names.length) visible = names.map(() => true);
      element.hidden = names.length < 2;
      element.replaceChildren(...names.map(button));
      press();
    },

    /** RGBA bytes for each class; transparent where it is hidden. */
    palette() {
      const rgba = new Uint8Array(4 * visible.length);
      visible.forEach((shown, group) => {
        const value = Number.parseInt(colours[group % colours.length].slice(1), 16);
        rgba.set([value >> 16, (value >> 8) & 255, value & 255, shown ? SHOWN : 0], 4 * group);
      });
      return rgba;
    },
  };
}
