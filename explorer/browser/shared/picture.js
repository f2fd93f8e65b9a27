// Pictures on canvases and in images.

/** Shows PNG bytes in an <img>, and frees their address when they change. */
export function pictureHolder(image) {
  let address = '';
  return {
    show(bytes) {
      URL.revokeObjectURL(address);
      address = bytes ? URL.createObjectURL(new Blob([bytes], { type: 'image/png' })) : '';
      if (address) image.src = address;
      else image.removeAttribute('src');
    },
    destroy: () => URL.revokeObjectURL(address),
  };
}

/**
 * Draw one item, values in [0, 1], on a canvas of the item's own size; the style sheet scales it.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {ArrayLike<number>} values (C, H, W) with C = 1 (grey) or 3 (red, green, blue).
 * @param {number[]} shape [C, H, W].
 */
export function drawItem(canvas, values, [channels, height, width]) {
  if (canvas.width !== width || canvas.height !== height || !canvas.pixels) {
    canvas.width = width;
    canvas.height = height;
    canvas.pixels = canvas.getContext('2d').createImageData(width, height);
  }
  const pixels = canvas.pixels.data; // Clamps and rounds by itself.
  const area = width * height;
  const green = channels === 3 ? area : 0;
  const blue = 2 * green;
  for (let i = 0, to = 0; i < area; i++, to += 4) {
    pixels[to] = values[i] * 255;
    pixels[to + 1] = values[i + green] * 255;
    pixels[to + 2] = values[i + blue] * 255;
    pixels[to + 3] = 255;
  }
  canvas.getContext('2d').putImageData(canvas.pixels, 0, 0);
}

/**
 * Give a small picture a size on screen at which each of its pixels covers a whole number of device pixels.
 *
 * @param {HTMLElement} element canvas or image.
 * @param {number} width in picture pixels.
 * @param {number} height in picture pixels.
 * @param {number} room CSS pixels that the longer side may take.
 */
export function fitPicture(element, width, height, room) {
  const ratio = window.devicePixelRatio || 1;
  const available = (room * ratio) / Math.max(width, height);
  const scale = available >= 1 ? Math.floor(available) : available;
  element.style.width = `${(width * scale) / ratio}px`;
  element.style.height = `${(height * scale) / ratio}px`;
  element.style.imageRendering = scale >= 2 ? 'pixelated' : 'auto';
}
