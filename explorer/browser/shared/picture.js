// Pictures on canvases and in images.

/**
 * The brush of a canvas.
 *
 * @param {HTMLCanvasElement} canvas
 */
export function brushOf(canvas) {
  const brush = canvas.getContext('2d');
  if (!brush) throw new Error('This canvas is drawn by other means.');
  return brush;
}

/** @param {Uint8Array} png */
export function pngBlob(png) {
  return new Blob([/** @type {BlobPart} */ (png)], { type: 'image/png' });
}

/** An address for PNG bytes, which frees the one before. */
export function pictureAddress() {
  let address = '';
  return {
    get now() {
      return address;
    },

    /** @param {Uint8Array | null} png null for no picture. */
    replace(png) {
      URL.revokeObjectURL(address);
      address = png ? URL.createObjectURL(pngBlob(png)) : '';
    },
  };
}

/**
 * Shows PNG bytes in an <img>.
 *
 * @param {HTMLImageElement} image
 */
export function pictureHolder(image) {
  const address = pictureAddress();
  return {
    /** @param {Uint8Array | null} png null for no picture. */
    show(png) {
      address.replace(png);
      if (png) image.src = address.now;
      else image.removeAttribute('src');
    },
    destroy: () => address.replace(null),
  };
}

/** @type {WeakMap<HTMLCanvasElement, ImageData>} */
const pixelsOf = new WeakMap();

/**
 * Draw one item, values in [0, 1], on a canvas of the item's own size; the style sheet scales it.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {ArrayLike<number>} values (C, H, W): the first three channels are red, green and blue; of fewer, the first is grey.
 * @param {number[]} shape [C, H, W].
 */
export function drawItem(canvas, values, [channels, height, width]) {
  const brush = brushOf(canvas);
  let picture = pixelsOf.get(canvas);
  if (!picture || canvas.width !== width || canvas.height !== height) {
    [canvas.width, canvas.height] = [width, height];
    picture = brush.createImageData(width, height);
    pixelsOf.set(canvas, picture);
  }
  const pixels = picture.data; // Clamps and rounds by itself.
  const area = width * height;
  const green = channels >= 3 ? area : 0;
  const blue = 2 * green;
  for (let i = 0, to = 0; i < area; i++, to += 4) {
    pixels[to] = values[i] * 255;
    pixels[to + 1] = values[i + green] * 255;
    pixels[to + 2] = values[i + blue] * 255;
    pixels[to + 3] = 255;
  }
  brush.putImageData(picture, 0, 0);
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
