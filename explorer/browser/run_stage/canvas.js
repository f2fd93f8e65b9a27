// A canvas as sharp as the screen.

/**
 * Clear it; its size in CSS pixels.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {CanvasRenderingContext2D} brush
 */
export function begin(canvas, brush) {
  const ratio = window.devicePixelRatio || 1;
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== w || canvas.height !== h) [canvas.width, canvas.height] = [w, h];
  brush.setTransform(ratio, 0, 0, ratio, 0, 0);
  brush.clearRect(0, 0, width, height);
  return { width, height };
}

/** @param {HTMLElement} element */
export function fontOf(element) {
  return `12px ${getComputedStyle(element).fontFamily}`;
}
