// Small pictures as buttons, cut from one sheet.

import { liveComponent } from '../shared/component.js';
import { el } from '../shared/dom.js';
import { createSprites } from '../shared/sprites.js';
import css from './style.css';

/** @import { Create, PictureGrid } from '../messages.js' */

const FRAME = 6; // CSS pixels of a button around its picture
const GAP = 4; // between two buttons

/** @type {Create<'picture_grid'>} */
function createPictureGrid(root, report) {
  const grid = el('div', { class: 'picture-grid', role: 'group' });
  root.append(grid);
  const sprites = createSprites();

  let sheet = '';
  let settings = '';
  /** @type {HTMLButtonElement[]} */
  let buttons = [];
  let picks = 0;

  /**
   * @param {PictureGrid} message
   * @param {number} i
   */
  function cell({ label, titles, size }, i) {
    const about = { 'aria-label': `${label} ${titles[i]}`, title: titles[i], tabindex: -1 };
    return el('button', { type: 'button', class: 'plain cell', ...about, click: () => pick(i) }, sprites.tile(i, size));
  }

  /** @param {number | null} selected */
  function mark(selected) {
    buttons.forEach((button, i) => {
      button.setAttribute('aria-pressed', String(i === selected));
      button.tabIndex = i === Math.max(0, selected ?? 0) ? 0 : -1;
    });
  }

  /** @param {number} index */
  function pick(index) {
    mark(index);
    picks += 1;
    report('picked', { index, sheet, picks });
  }

  /** Buttons in a row, as they are laid out now. */
  function perRow() {
    const top = buttons[0].offsetTop;
    const second = buttons.findIndex((button) => button.offsetTop > top);
    return second < 0 ? buttons.length : second;
  }

  grid.addEventListener('keydown', (event) => {
    const from = buttons.findIndex((button) => button.matches(':focus'));
    if (from < 0) return;
    /** @type {Record<string, number>} */
    const steps = {
      ArrowLeft: -1,
      ArrowRight: 1,
      ArrowUp: -perRow(),
      ArrowDown: perRow(),
      Home: -from,
      End: buttons.length - 1 - from,
    };
    const to = from + steps[event.key];
    if (!(to >= 0 && to < buttons.length)) return;
    event.preventDefault();
    buttons[from].tabIndex = -1;
    buttons[to].tabIndex = 0;
    buttons[to].focus();
  });

  return {
    update(message) {
      const newSettings = JSON.stringify(message);
      if (newSettings === settings) return;
      settings = newSettings;
      sheet = message.sheet.png.digest;
      sprites.update(message.sheet);
      const hadFocus = grid.matches(':focus-within');
      buttons = message.titles.map((_, i) => cell(message, i));
      const widest = message.columns && message.columns * (sprites.widthIn(message.size) + FRAME + GAP);
      grid.style.maxWidth = widest ? `${widest}px` : '';
      grid.setAttribute('aria-label', message.label);
      grid.replaceChildren(...buttons);
      mark(message.selected);
      if (hadFocus) buttons.find((button) => button.tabIndex === 0)?.focus();
    },

    destroy: sprites.destroy,
  };
}

export default liveComponent(createPictureGrid, css);
