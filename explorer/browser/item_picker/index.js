// Items chosen by picture: the chosen ones in a row, in an order that can be changed, and shelves of others to add.

import { liveComponent } from '../shared/component.js';
import { el, ICONS, icon, newId } from '../shared/dom.js';
import { whenCalm } from '../shared/timing.js';
import { dragToMove } from './drag_to_move.js';
import { spriteSheet } from './sprite_sheet.js';
import css from './style.css';

/** @import { Create, ItemPicker } from '../messages.js' */

const TILE_PX = 64;

const ARROWS = {
  left: 'M10 3.5 5.5 8l4.5 4.5',
  right: 'M6 3.5 10.5 8 6 12.5',
  remove: 'M4 4l8 8M12 4l-8 8',
  turn: 'M3 6h9M9.5 3.5 12 6l-2.5 2.5M13 10H4M6.5 7.5 4 10l2.5 2.5',
};

/** @type {Create<'item_picker'>} */
function createItemPicker(root, report) {
  const row = el('ol', { class: 'chosen', 'aria-label': 'Chosen items, in order' });
  const turn = el(
    'button',
    { type: 'button', click: () => change([...chosen].reverse()) },
    icon(ARROWS.turn),
    'Turn around',
  );
  const count = el('span', { class: 'quiet' });
  const more = el(
    'button',
    { type: 'button', 'aria-expanded': 'false', click: () => showShelves(shelvesBox.hidden) },
    icon(ICONS.plus),
    'Add items',
  );
  const tabs = el('div', { class: 'tabs', role: 'group', 'aria-label': 'Where to choose from' });
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
  root.append(row, el('div', { class: 'about' }, more, turn, count), shelvesBox, spoken);

  /** @type {ItemPicker} */
  let header;
  let settings = '';
  let chosen = []; // {name, caption, sprite: its number on the sheet, or -1 while the server has not sent one}
  let shelves = [];
  let open = '';
  let stamp = 0;
  const sheet = spriteSheet();

  const tell = whenCalm(() => report('picked', { names: chosen.map((item) => item.name), stamp }), 150);

  function change(items, focus = null) {
    chosen = items;
    // The clock, so that a picker made anew does not repeat the stamps of the last.
    stamp = Math.max(stamp + 1, Date.now());
    show();
    spoken.textContent = `${chosen.length} chosen: ${chosen.map((item) => item.caption).join(', ')}`;
    if (focus)
      row.children[focus.index]
        ?.querySelector(`[data-does=${focus.does}]:not(:disabled), button:not(:disabled)`)
        ?.focus();
    tell();
  }

  function addItem(item) {
    if (chosen.length < header.most) change([...chosen, item]);
  }

  function addNumber(event) {
    event.preventDefault();
    const value = number.valueAsNumber;
    if (!Number.isInteger(value) || value < 0 || value >= header.rows) {
      number.setCustomValidity(`A whole number from 0 to ${(header.rows - 1).toLocaleString('en-US')}`);
      number.reportValidity();
      return;
    }
    number.value = '';
    addItem({ name: String(value), caption: `row ${value.toLocaleString('en-US')}`, sprite: -1 });
  }
  number.addEventListener('input', () => number.setCustomValidity(''));

  function move(from, to, does) {
    const items = [...chosen];
    items.splice(to, 0, ...items.splice(from, 1));
    change(items, does && { index: to, does });
  }

  function chosenTile(item, i) {
    const act = (does, name, enabled, work) =>
      el(
        'button',
        {
          type: 'button',
          class: 'plain',
          'data-does': does,
          'aria-label': `${name} ${item.caption}`,
          title: name,
          disabled: !enabled,
          click: work,
        },
        icon(ARROWS[does]),
      );
    return el(
      'li',
      {},
      el(
        'div',
        { class: 'grip', title: 'Drag to move' },
        el('span', { class: 'place' }, String(i + 1)),
        sheet.tile(item, TILE_PX),
      ),
      el('div', { class: 'caption' }, item.caption),
      el(
        'div',
        { class: 'acts' },
        act('left', 'Move left', i > 0, () => move(i, i - 1, 'left')),
        act('remove', 'Remove', true, () =>
          change(
            chosen.filter((_, j) => j !== i),
            { index: Math.min(i, chosen.length - 2), does: 'remove' },
          ),
        ),
        act('right', 'Move right', i < chosen.length - 1, () => move(i, i + 1, 'right')),
      ),
    );
  }

  function show() {
    row.replaceChildren(...chosen.map(chosenTile));
    const full = chosen.length >= header.most;
    count.textContent = full
      ? `${header.most} chosen, which is as many as there can be`
      : `${chosen.length} of at most ${header.most} chosen`;
    turn.disabled = chosen.length < 2;
    add.disabled = full;
    tabs.replaceChildren(
      ...shelves.map((s) =>
        el(
          'button',
          { type: 'button', 'aria-pressed': String(s.title === open), click: () => openShelf(s.title) },
          s.title,
        ),
      ),
    );
    const items = shelves.find((s) => s.title === open);
    shelf.replaceChildren(
      ...(items?.items.map((item) =>
        el(
          'button',
          {
            type: 'button',
            class: 'pick',
            'aria-label': `Add ${item.caption}`,
            title: item.caption,
            disabled: full,
            click: () => addItem(item),
          },
          sheet.tile(item, TILE_PX * 0.75),
          sheet.has() ? null : item.caption,
        ),
      ) ?? []),
      ...(items && !items.items.length ? [el('span', { class: 'caption' }, items.empty)] : []),
    );
  }

  function showShelves(shown) {
    shelvesBox.hidden = !shown;
    more.setAttribute('aria-expanded', String(shown));
    more.setAttribute('aria-pressed', String(shown));
  }

  function openShelf(title) {
    open = title;
    show();
    tabs.querySelector('[aria-pressed=true]')?.focus();
  }

  dragToMove(row, (from, to) => move(from, to, null));

  return {
    update(message) {
      const newSettings = JSON.stringify(message);
      if (newSettings === settings) return;
      settings = newSettings;
      header = message;
      sheet.read(message.sprites);
      let sprite = 0;
      const numbered = (items) => items.map((item) => ({ ...item, sprite: sprite++ }));
      const kept = numbered(header.chosen);
      shelves = header.shelves.map((s) => ({ ...s, items: numbered(s.items) }));
      if (!shelves.some((s) => s.title === open)) open = shelves[0]?.title ?? '';
      if (header.chosen.length < 2) showShelves(true); // there is nothing else to do then
      number.max = header.rows - 1;
      byNumber.hidden = header.rows === 0;
      if (header.stamp >= stamp) chosen = kept;
      else {
        // The page answers an older change: the choice stays, with pictures from the new sheet.
        const known = new Map([...shelves.flatMap((s) => s.items), ...kept].map((item) => [item.name, item.sprite]));
        chosen = chosen.map((item) => ({ ...item, sprite: known.get(item.name) ?? -1 }));
      }
      show();
    },

    destroy() {
      tell.cancel();
      sheet.destroy();
    },
  };
}

export default liveComponent(createItemPicker, css);
