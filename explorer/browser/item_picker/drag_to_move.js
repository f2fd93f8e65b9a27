// Tiles that are dragged to another place in their list.

/** Calls `move(from, to)` when a tile of a list has been dragged by its picture to another place. */
export function dragToMove(list, move) {
  let from = -1;
  let to = -1;
  const clear = () => {
    for (const tile of list.children) tile.classList.remove('dragged', 'target');
  };
  const nearestTo = (event) => {
    const gaps = Array.from(list.children, (tile) => {
      const box = tile.getBoundingClientRect();
      return Math.hypot(event.clientX - (box.left + box.right) / 2, event.clientY - (box.top + box.bottom) / 2);
    });
    return gaps.indexOf(Math.min(...gaps));
  };
  list.addEventListener('pointerdown', (event) => {
    const grip = event.target.closest('.grip');
    if (!grip || event.button !== 0) return;
    from = to = [...list.children].indexOf(grip.parentElement);
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
