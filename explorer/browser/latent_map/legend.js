// The legend of a map.

import { el } from '../shared/dom.js';

/** @import { Points } from '../messages.js' */

/** The classes, each a button that shows or hides its items. */
export function createLegend(onChange) {
  const element = el('div', { class: 'legend', role: 'group', 'aria-label': 'Classes shown' });
  let visible = [];
  let palette = [];

  function press() {
    [...element.children].forEach((button, group) => button.setAttribute('aria-pressed', String(visible[group])));
  }

  function toggle(group, only) {
    if (only) visible = visible.map((_, i) => i === group);
    else visible[group] = !visible[group];
    // Hiding the last one would leave an empty map, so that shows all again.
    if (!visible.some(Boolean)) visible.fill(true);
    press();
    onChange();
  }

  return {
    element,
    shows: (group) => visible[group],

    /** @param {Points} points @param {boolean} afresh */
    describe({ names: classes, palette: colours }, afresh) {
      const names = classes.length ? classes : [''];
      palette = colours;
      if (afresh || visible.length !== names.length) visible = names.map(() => true);
      element.hidden = names.length < 2;
      element.replaceChildren(
        ...names.map((name, group) =>
          el(
            'button',
            {
              type: 'button',
              class: 'class',
              title: `Click: show or hide ${name}. Double click: only ${name}`,
              click: (event) => toggle(group, event.detail >= 2 || event.shiftKey),
            },
            el('span', { class: 'dot', style: `background: ${palette[group % palette.length]}` }),
            name,
          ),
        ),
      );
      press();
    },

    /** RGBA bytes for each class; transparent where it is hidden. */
    palette() {
      const rgba = new Uint8Array(4 * visible.length);
      visible.forEach((shown, group) => {
        const value = parseInt(palette[group % palette.length].slice(1), 16);
        rgba.set([value >> 16, (value >> 8) & 255, value & 255, shown ? 216 : 0], 4 * group);
      });
      return rgba;
    },
  };
}
