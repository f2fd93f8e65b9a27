// A pointer that moves along something that runs from left to right.

/**
 * @typedef {object} Hand
 * @property {(share: number) => void} hover a mouse passes over a share from 0 to 1.
 * @property {(share: number) => void} set a pressed pointer is at a share.
 * @property {() => void} release it was let go.
 * @property {() => void} leave the mouse is elsewhere.
 */

/**
 * @param {HTMLElement | SVGElement} element
 * @param {(px: number) => number} shareAt of CSS pixels from the element's left edge.
 * @param {Hand} hand
 */
export function listenToScrubbing(element, shareAt, { hover, set, release, leave }) {
  let held = false;
  /** @param {PointerEvent} event */
  const share = (event) => Math.min(1, Math.max(0, shareAt(event.clientX - element.getBoundingClientRect().left)));
  /** @param {PointerEvent} event */
  const press = (event) => {
    held = true;
    element.setPointerCapture(event.pointerId);
    set(share(event));
  };
  /** @param {PointerEvent} event */
  const move = (event) => {
    if (held) set(share(event));
    else if (event.pointerType === 'mouse') hover(share(event));
  };
  const end = () => {
    if (!held) return;
    held = false;
    release();
  };
  const out = () => {
    if (!held) leave();
  };
  const listeners = { pointerdown: press, pointermove: move, pointerup: end, pointercancel: end, pointerleave: out };
  for (const [name, listener] of Object.entries(listeners)) {
    element.addEventListener(name, /** @type {EventListener} */ (listener));
  }
}
