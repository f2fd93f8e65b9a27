// A map as colours, the more opaque the hotter; what is usual is not covered.

/**
 * Draw a map on a canvas of its own size.
 *
 * @param {CanvasRenderingContext2D} brush
 * @param {Float32Array} map row by row.
 * @param {number} width of the map.
 * @param {number} usual has no heat.
 * @param {number} threshold has half of it.
 * @param {string[]} colours `#rrggbb`, from none to all.
 */
export function drawHeat(brush, map, width, usual, threshold, colours) {
  const steps = colours.map((colour) => [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16)));
  const full = Math.max(2 * (threshold - usual), 1e-12);
  const picture = brush.createImageData(width, map.length / width);
  const pixels = picture.data; // Clamps and rounds by itself.
  for (let i = 0, to = 0; i < map.length; i++, to += 4) {
    const share = Math.min(1, Math.max(0, (map[i] - usual) / full));
    const at = share * (steps.length - 1);
    const below = Math.min(steps.length - 2, Math.floor(at));
    for (let channel = 0; channel < 3; channel++) {
      const from = steps[below][channel];
      pixels[to + channel] = from + (steps[below + 1][channel] - from) * (at - below);
    }
    pixels[to + 3] = 255 * share;
  }
  brush.putImageData(picture, 0, 0);
}
