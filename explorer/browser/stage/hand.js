// A hand on a picture: a mouse, a finger, or the arrow keys, which move a point of their own.

const KEY_STEP = 1 / 40; // of the picture's width, for each press of an arrow key

/**
 * Places are shares of the picture: from its left edge, and from its upper edge.
 *
 * @typedef {object} Hand
 * @property {(x: number, y: number) => void} [point] moved, not pressed; of keys and fingers, too.
 * @property {(x: number, y: number) => void} [press]
 * @property {(x: number, y: number) => void} [drag] moved while pressed.
 * @property {() => void} [release]
 * @property {() => void} [leave] the mouse is elsewhere.
 */

/**
 * Arrow keys move a point; Space or Enter presses it and lifts it again.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {Hand} hand
 */
export function listenToHand(canvas, hand) {
  let isPressed = false;
  let at = { x: 0.5, y: 0.5 };

  /** @param {PointerEvent} event */
  const place = (event) => {
    const box = canvas.getBoundingClientRect();
    at = { x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height };
    return at;
  };
  const lift = () => {
    if (isPressed) hand.release?.();
    isPressed = false;
  };

  canvas.addEventListener('pointerdown', (event) => {
    if (event.button > 0) return;
    canvas.setPointerCapture(event.pointerId);
    isPressed = true;
    const { x, y } = place(event);
    (hand.press ?? hand.point)?.(x, y);
  });
  canvas.addEventListener('pointermove', (event) => {
    const { x, y } = place(event);
    (isPressed ? (hand.drag ?? hand.point) : hand.point)?.(x, y);
  });
  for (const name of ['pointerup', 'pointercancel']) canvas.addEventListener(name, lift);
  canvas.addEventListener('pointerleave', (event) => {
    // A finger that is lifted leaves what it pointed at as it is.
    if (event.pointerType === 'mouse') hand.leave?.();
  });
  canvas.addEventListener('blur', () => {
    lift();
    hand.leave?.();
  });
  canvas.addEventListener('keydown', (event) => {
    /** @type {Record<string, [number, number]>} */
    const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    if (event.key === ' ' || event.key === 'Enter') {
      event.preventDefault();
      if (isPressed) {
        lift();
        return;
      }
      isPressed = true;
      (hand.press ?? hand.point)?.(at.x, at.y);
    } else if (event.key in ways) {
      event.preventDefault();
      const step = event.shiftKey ? 4 * KEY_STEP : KEY_STEP;
      const [dx, dy] = ways[event.key];
      at = { x: Math.min(1, Math.max(0, at.x + dx * step)), y: Math.min(1, Math.max(0, at.y + dy * step)) };
      (isPressed ? (hand.drag ?? hand.point) : hand.point)?.(at.x, at.y);
    }
  });
}
