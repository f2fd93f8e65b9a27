// Hands on the map: a mouse decodes as it moves and pans as it drags; one finger decodes as it drags; two pan and zoom.
// While a tool is on, dragging draws its line instead.

const CLICK_SLOP = 4; // CSS pixels a press may move and still be a click

/** @import { createMapTools } from './tools.js' */
/** @import { MapView, Pixel, Place } from './view.js' */

/**
 * What hands can do.
 *
 * @typedef {object} Handled
 * @property {MapView} view
 * @property {{x: number, y: number}} cursor
 * @property {ReturnType<typeof createMapTools>} tools
 * @property {(x: number, y: number) => void} moveCursor to a place in map units.
 * @property {(px: number, py: number, factor: number) => void} zoomAt a pixel.
 * @property {(dx: number, dy: number) => void} pan by pixels.
 * @property {() => void} reset show all points.
 * @property {(x: number, y: number) => void} select what is at a place.
 * @property {() => void} leave the pointer is elsewhere.
 */

/**
 * @param {HTMLElement} element of the whole map, for the tools' keys.
 * @param {HTMLElement} overlay on which the pointer moves.
 * @param {Handled} map
 */
export function listenToHands(
  element,
  overlay,
  { view, cursor, tools, moveCursor, zoomAt, pan, reset, select, leave },
) {
  /** @type {Map<number, Pixel>} */
  const pressed = new Map(); // pointers
  let moved = 0;

  /**
   * @param {MouseEvent} event
   * @returns {Pixel}
   */
  const place = (event) => {
    const box = overlay.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };

  overlay.addEventListener('pointerdown', (event) => {
    if (event.button > 0) return;
    overlay.setPointerCapture(event.pointerId);
    if (!pressed.size) moved = 0;
    pressed.set(event.pointerId, place(event));
    if (pressed.size > 1) tools.cancel();
    else if (tools.active) tools.begin(view.toData(...place(event)));
    else if (event.pointerType !== 'mouse') moveCursor(...view.toData(...place(event)));
  });

  overlay.addEventListener('pointermove', (event) => {
    const at = place(event);
    const before = pressed.get(event.pointerId);
    if (!before) {
      // A line with corners set by key ends at the keys' cursor, not at a pointer that lies on the map by chance.
      if (!tools.drawing) moveCursor(...view.toData(...at));
      return;
    }
    pressed.set(event.pointerId, at);
    const [dx, dy] = [at[0] - before[0], at[1] - before[1]];
    moved += Math.hypot(dx, dy);
    const other = [...pressed].find(([id]) => id !== event.pointerId)?.[1];
    if (pressed.size === 2 && other) {
      /** @param {Pixel} a */
      const distance = (a) => Math.max(1, Math.hypot(a[0] - other[0], a[1] - other[1]));
      zoomAt((at[0] + other[0]) / 2, (at[1] + other[1]) / 2, distance(before) / distance(at));
      pan(dx / 2, dy / 2);
    } else if (tools.drawing) {
      // Between two frames the hand has been at more places than one.
      const steps = event.getCoalescedEvents?.() ?? [];
      for (const step of steps.length ? steps : [event]) tools.extend(view.toData(...place(step)), view.unit);
    } else if (event.pointerType === 'mouse') {
      if (moved > CLICK_SLOP && !tools.active) pan(dx, dy);
    } else if (!tools.active) {
      moveCursor(...view.toData(...at));
    }
  });

  /** @param {PointerEvent} event */
  const release = (event) => {
    if (!pressed.delete(event.pointerId) || pressed.size) return;
    const done = event.type === 'pointerup';
    if (done && moved <= CLICK_SLOP) {
      tools.cancel();
      select(...view.toData(...place(event)));
    } else if (done && tools.drawing) tools.finish(event);
    else tools.cancel();
  };
  overlay.addEventListener('pointerup', release);
  overlay.addEventListener('pointercancel', release);
  // A finger leaves the map whenever it is lifted; what it found stays marked.
  overlay.addEventListener('pointerleave', (event) => {
    if (event.pointerType === 'mouse') leave();
  });
  overlay.addEventListener('blur', leave);
  overlay.addEventListener('dblclick', reset);
  overlay.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      const lines = event.deltaMode === 1 ? 16 : 1;
      zoomAt(...place(event), Math.exp(0.0015 * lines * event.deltaY));
    },
    { passive: false },
  );

  element.addEventListener('keydown', (event) => {
    if (tools.key(event)) event.preventDefault();
  });

  overlay.addEventListener('keydown', (event) => {
    const far = (event.shiftKey ? 50 : 10) * view.unit;
    /** @type {Record<string, Place>} */
    const moves = { ArrowLeft: [-far, 0], ArrowRight: [far, 0], ArrowUp: [0, far], ArrowDown: [0, -far] };
    if (event.key in moves) {
      const [dx, dy] = moves[event.key];
      tools.follow([cursor.x + dx, cursor.y + dy]);
      moveCursor(cursor.x + dx, cursor.y + dy);
      keepInView();
    } else if (event.key === '+' || event.key === '=') zoomAt(...view.toScreen(cursor.x, cursor.y), 0.8);
    else if (event.key === '-') zoomAt(...view.toScreen(cursor.x, cursor.y), 1.25);
    else if (event.key === '0') reset();
    else if (event.key === 'Enter' && tools.active) tools.corner([cursor.x, cursor.y], event);
    else if (event.key === 'Enter') select(cursor.x, cursor.y);
    else return;
    event.preventDefault();
  });

  function keepInView() {
    const [x, y] = view.toScreen(cursor.x, cursor.y);
    /**
     * @param {number} at
     * @param {number} size
     */
    const over = (at, size) => Math.max(0, at - size + 20) + Math.min(0, at - 20);
    const [dx, dy] = [over(x, view.width), over(y, view.height)];
    if (dx || dy) pan(-dx, -dy);
  }
}
