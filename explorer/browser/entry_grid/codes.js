// Grids of entries as codes, and colours that can be read on them.

/**
 * The code of a grid: the numbers of its entries side by side, channel by channel.
 *
 * @param {ArrayLike<number>} numbers of the entries, row by row.
 * @param {Float32Array} codebook all entries one after the other.
 * @param {number} size of an entry.
 * @param {Float32Array} code is overwritten.
 */
export function fillCode(numbers, codebook, size, code) {
  const places = numbers.length;
  for (let place = 0; place < places; place++) {
    for (let d = 0; d < size; d++) code[d * places + place] = codebook[numbers[place] * size + d];
  }
}

/**
 * Black or white, whichever is read better on a colour.
 *
 * @param {string} colour as #rrggbb.
 */
export function inkOn(colour) {
  const [red, green, blue] = [1, 3, 5].map((i) => {
    const share = Number.parseInt(colour.slice(i, i + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  // Contrast with black is (L + 0.05) / 0.05, with white 1.05 / (L + 0.05).
  return (luminance + 0.05) ** 2 > 1.05 * 0.05 ? '#000000' : '#ffffff';
}

/**
 * Where an arrow key goes in a grid; -1 for nowhere.
 *
 * @param {string} key
 * @param {number} from place, row by row.
 * @param {number} width places in a row.
 * @param {number} places
 */
export function placeAfter(key, from, width, places) {
  const column = from % width;
  if (key === 'ArrowLeft') return column ? from - 1 : -1;
  if (key === 'ArrowRight') return column < width - 1 ? from + 1 : -1;
  if (key === 'ArrowUp') return from >= width ? from - width : -1;
  if (key === 'ArrowDown') return from + width < places ? from + width : -1;
  if (key === 'Home') return from - column;
  return key === 'End' ? from - column + width - 1 : -1;
}
