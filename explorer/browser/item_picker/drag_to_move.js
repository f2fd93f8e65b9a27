// Tiles that are dragged to another place in their list.

/**
 * @param {HTMLElement} list
 * @param {(from: number, to: number) => void} move is called when a tile has been dragged by its picture.
 */
export function dragToMove(list, move) {
  let from = -1;
  let to = -1;

  function clear() {
    for (const tile of list.children) tile.classList.remove('dragged', 'target');
  }

  /** @param {PointerEvent} event */
  function nearestTo(event) {
    const gaps = Array.from(list.children, (tile) => {
      const box = tile.getBoundingClientRect();
      return Math.hypot(event.clientX - (box.left + box.right) / 2, event.clientY - (box.top + box.bottom) / 2);
    });
    return gaps.indexOf(Math.min(...gaps));
  }

  list.addEventListener('pointerdown', (event) => {
    const grip = event.target instanceof Element ? event.target.closest('.grip') : null;
    if (!grip || event.button !== 0) return;
    from = to = [...list.children].findIndex((tile) => tile.contains(grip));
    list.setPointerCapture(event.pointerId);
  });
  list.addEventListener('pointermove', (event) => {
    if (from < 0) return;
    to = nearestTo(event);
    clear();
    if (to === from) return;
    list.children[from].classList.add('dragged');
    list.children[to].classList.add('target');
  });
  list.addEventListener('pointerup', () => {
    clear();
    if (from >= 0 && to !== from) move(from, to);
    from = to = -1;
  });
  list.addEventListener('pointercancel', () => {
    clear();
    from = to = -1;
  });
}
