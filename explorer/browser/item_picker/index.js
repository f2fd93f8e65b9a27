// Items chosen by picture: the chosen ones in a row, in an order that can be changed, and shelves of others to add.

import { liveComponent } from '../shared/component.js';
import { el, ICONS, icon, newId } from '../shared/dom.js';
import { createSprites } from '../shared/sprites.js';
import { whenCalm } from '../shared/timing.js';
import { dragToMove } from './drag_to_move.js';
import css from './style.css';

/** @import { Create, Item, ItemPicker } from '../messages.js' */

/** @typedef {Item & {sprite: number}} Tile an item with its number on the sheet; -1 while the server has not sent one. */

const TILE_PX = 64;
const ARROWS = {
  left: 'M10 3.5 5.5 8l4.5 4.5',
  right: 'M6 3.5 10.5 8 6 12.5',
  remove: 'M4 4l8 8M12 4l-8 8',
  reverse: 'M3 6h9M9.5 3.5 12 6l-2.5 2.5M13 10H4M6.5 7.5 4 10l2.5 2.5',
};

/** @type {Create<'item_picker'>} */
function createItemPicker(root, report) {
  const row = el('ol', { class: 'chosen', 'aria-label': 'Chosen items, in order' });
  const reverse = el(
    'button',
    { type: 'button', click: () => change([...chosen].reverse()) },
    icon(ARROWS.reverse),
    'Reverse the order',
  );
  const count = el('span', { class: 'quiet' });
  const more = el(
    'button',
    { type: 'button', 'aria-expanded': 'false', click: () => showShelves(Boolean(shelvesBox.hidden)) },
    icon(ICONS.plus),
    'Add items',
  );
  const tabs = el('div', { class: 'tabs', role: 'group', 'aria-label': 'Groups of items' });
  const shelf = el('div', { class: 'shelf' });
  const id = newId();
  const number = el('input', { type: 'number', id, min: 0, step: 1, inputmode: 'numeric' });
  const add = el('button', { type: 'submit' }, icon(ICONS.plus), 'Add');
  const byNumber = el(
    'form',
    { class: 'by-number', submit: addNumber },
    el('label', { for: id }, 'Row number'),
    number,
    add,
  );
  const spoken = el('div', { class: 'only-read', 'aria-live': 'polite' });
  const shelvesBox = el('div', { class: 'shelves', hidden: true }, el('div', { class: 'from' }, tabs, byNumber), shelf);
  root.append(row, el('div', { class: 'about' }, more, reverse, count), shelvesBox, spoken);

  const sprites = createSprites();
  /** @type {Tile[]} */
  let chosen = [];
  /** @type {{title: string, items: Tile[], empty: string}[]} */
  let shelves = [];
  let [most, rows] = [0, 0];
  let settings = '';
  let open = ''; // title of a shelf
  let stamp = 0;

  const tell = whenCalm(() => report('picked', { names: chosen.map((item) => item.name), stamp }), 150);

  /**
   * @param {Tile[]} items
   * @param {{index: number, does: string}} [focus] the button that gets the focus: of which tile, and which one.
   */
  function change(items, focus) {
    chosen = items;
    // The clock, so that a picker made anew does not repeat the stamps of the last.
    stamp = Math.max(stamp + 1, Date.now());
    show();
    spoken.textContent = `${chosen.length} chosen: ${chosen.map((item) => item.caption).join(', ')}`;
    if (focus) focusOn(`li:nth-child(${focus.index + 1}) [data-does=${focus.does}]:not(:disabled)`, focus.index);
    tell();
  }

  /**
   * @param {string} selector
   * @param {number} index of the tile whose first button that can be pressed gets the focus instead.
   */
  function focusOn(selector, index) {
    const button = row.querySelector(selector) ?? row.children[index]?.querySelector('button:not(:disabled)');
    if (button instanceof HTMLElement) button.focus();
  }

  /** @param {Tile} item */
  function addItem(item) {
    if (chosen.length < most) change([...chosen, item]);
  }

  /** @param {SubmitEvent} event */
  function addNumber(event) {
    event.preventDefault();
    const value = number.valueAsNumber;
    if (!Number.isInteger(value) || value < 0 || value >= rows) {
      number.setCustomValidity(`A whole number from 0 to ${(rows - 1).toLocaleString('en-US')}`);
      number.reportValidity();
      return;
    }
    number.value = '';
    addItem({ name: String(value), caption: `row ${value.toLocaleString('en-US')}`, sprite: -1 });
  }
  number.addEventListener('input', () => number.setCustomValidity(''));

  /**
   * @param {number} from
   * @param {number} to
   * @param {string} [does] the button that did it.
   */
  function move(from, to, does) {
    const items = [...chosen];
    items.splice(to, 0, ...items.splice(from, 1));
    change(items, does ? { index: to, does } : undefined);
  }

  /** @param {number} i */
  function remove(i) {
    change(
      chosen.filter((_, j) => j !== i),
      { index: Math.min(i, chosen.length - 2), does: 'remove' },
    );
  }

  /**
   * @param {Tile} item
   * @param {number} i
   */
  function chosenTile(item, i) {
    /**
     * @param {'left' | 'remove' | 'right'} does
     * @param {string} name
     * @param {boolean} enabled
     * @param {() => void} work
     */
    const act = (does, name, enabled, work) => {
      const about = { 'data-does': does, 'aria-label': `${name} ${item.caption}`, title: name, disabled: !enabled };
      return el('button', { type: 'button', class: 'plain', ...about, click: work }, icon(ARROWS[does]));
    };
    const place = el('span', { class: 'place' }, i + 1);
    return el(
      'li',
      {},
      el('div', { class: 'grip', title: 'Drag to move' }, place, sprites.tile(item.sprite, TILE_PX)),
      el('div', { class: 'caption' }, item.caption),
      el(
        'div',
        { class: 'acts' },
        act('left', 'Move left', i > 0, () => move(i, i - 1, 'left')),
        act('remove', 'Remove', true, () => remove(i)),
        act('right', 'Move right', i < chosen.length - 1, () => move(i, i + 1, 'right')),
      ),
    );
  }

  /**
   * @param {Tile} item
   * @param {boolean} disabled
   */
  function shelfTile(item, disabled) {
    const picture = sprites.tile(item.sprite, TILE_PX * 0.75);
    const about = { 'aria-label': `Add ${item.caption}`, title: item.caption, disabled };
    const button = { type: 'button', class: 'pick', ...about, click: () => addItem(item) };
    return el('button', button, picture ?? item.caption);
  }

  function show() {
    row.replaceChildren(...chosen.map(chosenTile));
    const full = chosen.length >= most;
    count.textContent = full ? `${most} chosen, the maximum` : `${chosen.length} of at most ${most} chosen`;
    reverse.disabled = chosen.length < 2;
    add.disabled = full;
    tabs.replaceChildren(
      ...shelves.map(({ title }) =>
        el('button', { type: 'button', 'aria-pressed': String(title === open), click: () => openShelf(title) }, title),
      ),
    );
    const { items, empty } = shelves.find(({ title }) => title === open) ?? { items: [], empty: '' };
    shelf.replaceChildren(...items.map((item) => shelfTile(item, full)));
    if (!items.length) shelf.append(el('span', { class: 'caption' }, empty));
  }

  /** @param {boolean} shown */
  function showShelves(shown) {
    shelvesBox.hidden = !shown;
    more.setAttribute('aria-expanded', String(shown));
    more.setAttribute('aria-pressed', String(shown));
  }

  /** @param {string} title */
  function openShelf(title) {
    open = title;
    show();
    const pressed = tabs.querySelector('[aria-pressed=true]');
    if (pressed instanceof HTMLElement) pressed.focus();
  }

  /**
   * The choice of the page, or, where that answers an older change, the one made here with pictures from the new sheet.
   *
   * @param {ItemPicker} message
   */
  function takeItems(message) {
    let sprite = 0;
    /** @param {Item[]} items */
    const numbered = (items) => items.map((item) => ({ ...item, sprite: sprite++ }));
    const kept = numbered(message.chosen);
    shelves = message.shelves.map((each) => ({ ...each, items: numbered(each.items) }));
    if (message.stamp >= stamp) {
      chosen = kept;
      return;
    }
    const known = new Map([...shelves.flatMap(({ items }) => items), ...kept].map((item) => [item.name, item.sprite]));
    chosen = chosen.map((item) => ({ ...item, sprite: known.get(item.name) ?? -1 }));
  }

  dragToMove(row, move);

  return {
    update(message) {
      const newSettings = JSON.stringify(message);
      if (newSettings === settings) return;
      settings = newSettings;
      ({ most, rows } = message);
      sprites.update(message.sprites);
      takeItems(message);
      if (!shelves.some(({ title }) => title === open)) open = shelves[0]?.title ?? '';
      if (message.chosen.length < 2) showShelves(true); // there is nothing else to do then
      number.max = String(rows - 1);
      byNumber.hidden = rows === 0;
      show();
    },

    destroy() {
      tell.cancel();
      sprites.destroy();
    },
  };
}

export default liveComponent(createItemPicker, css);
