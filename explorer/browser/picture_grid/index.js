// Small pictures as buttons, cut from one sheet.

import { liveComponent } from '../shared/component.js';
import { el } from '../shared/dom.js';
import css from './style.css';

/** @import { Create, PictureGrid } from '../messages.js' */

/** @type {Create<'picture_grid'>} */
function createPictureGrid(root, report) {
  const grid = el('div', { class: 'picture-grid', role: 'group' });
  root.append(grid);

  /** @type {PictureGrid} */
  let header;
  let sheetDigest = '';
  let address = '';
  let settings = '';
  let buttons = [];
  let picks = 0;

  function cell(i) {
    const { titles, size } = header;
    const { width, height, columns } = header.sheet;
    // Whole-number scaling; a picture larger than its place is shrunk.
    const room = size / Math.max(width, height);
    const scale = room >= 1 ? Math.floor(room) : room;
    const picture = el('span', {
      class: scale >= 1 ? 'picture crisp' : 'picture',
      style: [
        `width: ${width * scale}px`,
        `height: ${height * scale}px`,
        `background-image: url("${address}")`,
        `background-size: ${columns * width * scale}px auto`,
        `background-position: ${-(i % columns) * width * scale}px ${-Math.floor(i / columns) * height * scale}px`,
      ].join('; '),
    });
    return el(
      'button',
      {
        type: 'button',
        class: 'plain cell',
        'aria-label': `${header.label} ${titles[i]}`,
        title: titles[i],
        tabindex: -1,
        click: () => pick(i),
      },
      picture,
    );
  }

  function mark(i) {
    buttons.forEach((button, place) => {
      button.setAttribute('aria-pressed', String(place === i));
      button.tabIndex = place === Math.max(0, i ?? 0) ? 0 : -1;
    });
  }

  function pick(i) {
    mark(i);
    report('picked', { index: i, sheet: sheetDigest, picks: ++picks });
  }

  /** Buttons in a row, as they are laid out now. */
  function perRow() {
    const top = buttons[0].offsetTop;
    const second = buttons.findIndex((button) => button.offsetTop > top);
    return second < 0 ? buttons.length : second;
  }

  grid.addEventListener('keydown', (event) => {
    const from = buttons.indexOf(event.target);
    const steps = {
      ArrowLeft: -1,
      ArrowRight: 1,
      ArrowUp: -perRow(),
      ArrowDown: perRow(),
      Home: -from,
      End: buttons.length - 1 - from,
    };
    const to = from + steps[event.key];
    if (from < 0 || !(to >= 0 && to < buttons.length)) return;
    event.preventDefault();
    buttons[from].tabIndex = -1;
    buttons[to].tabIndex = 0;
    buttons[to].focus();
  });

  return {
    update(message) {
      header = message;
      const newSettings = JSON.stringify(header);
      if (newSettings === settings) return;
      settings = newSettings;
      const { png } = message.sheet;
      if (png.digest !== sheetDigest) {
        sheetDigest = png.digest;
        URL.revokeObjectURL(address);
        address = URL.createObjectURL(new Blob([png.read()], { type: 'image/png' }));
      }
      const hadFocus = grid.contains(grid.getRootNode().activeElement);
      buttons = Array.from({ length: header.titles.length }, (_, i) => cell(i));
      grid.setAttribute('aria-label', header.label);
      grid.style.maxWidth = header.columns ? `${header.columns * (buttonWidth(header.sheet, header.size) + 4)}px` : '';
      grid.replaceChildren(...buttons);
      mark(header.selected);
      if (hadFocus) buttons.find((button) => button.tabIndex === 0)?.focus();
    },

    destroy: () => URL.revokeObjectURL(address),
  };
}

/** CSS pixels that one button takes, with its frame. */
function buttonWidth({ width, height }, size) {
  const room = size / Math.max(width, height);
  return width * (room >= 1 ? Math.floor(room) : room) + 6;
}

export default liveComponent(createPictureGrid, css);
