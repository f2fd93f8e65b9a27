// Where the tensors of a model stand: in columns over the whole width, whatever it is, so that nothing runs off.

/** @import { Tensor } from '../messages.js' */

const [TALLEST, SHORTEST] = [0.72, 0.07]; // of the drawing's height
const EDGE = 36; // pixels beside the middle of the first and of the last tensor

/**
 * A tensor's height grows with the logarithm of its size.
 *
 * @param {readonly Pick<Tensor, 'shape' | 'column' | 'row'>[]} tensors
 * @param {number} width in pixels.
 * @param {number} height
 */
export function layOut(tensors, width, height) {
  const sizes = tensors.map(({ shape }) => Math.log(shape.reduce((product, side) => product * side, 1)));
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
  const columns = Math.max(...tensors.map(({ column }) => column));
  const step = (width - 2 * EDGE) / columns;
  return {
    step,
    bar: Math.max(4, Math.min(18, 0.3 * step)),
    places: tensors.map(({ column, row }, i) => {
      const high = height * (SHORTEST + ((TALLEST - SHORTEST) * (sizes[i] - least)) / (most - least || 1));
      return {
        x: EDGE + column * step,
        y: height * (0.55 + 0.3 * row),
        high: row ? Math.min(high, 0.2 * height) : high,
      };
    }),
  };
}
