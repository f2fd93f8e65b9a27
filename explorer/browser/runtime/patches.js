// Convolutions as matrix products: patches of a picture gathered into columns, and scattered back.

/**
 * For a band of output rows, one column for each output position, holding the inputs under the kernel there; zeros
 * outside the picture. columns (C * kh * kw, rows of the band * outWidth).
 */
export function gatherPatches(
  columns,
  x,
  [channels, height, width],
  [top, bottom],
  outWidth,
  [kh, kw],
  [sh, sw],
  [ph, pw],
) {
  let to = 0;
  for (let c = 0; c < channels; c++) {
    for (let i = 0; i < kh; i++) {
      for (let j = 0; j < kw; j++) {
        const [first, last] = inside(width, outWidth, j, sw, pw);
        for (let row = top; row < bottom; row++) {
          const y = row * sh + i - ph;
          if (y < 0 || y >= height) {
            columns.fill(0, to, to + outWidth);
            to += outWidth;
            continue;
          }
          let from = (c * height + y) * width + first * sw + j - pw;
          let column = 0;
          for (; column < first; column++) columns[to++] = 0;
          for (; column < last; column++, from += sw) columns[to++] = x[from];
          for (; column < outWidth; column++) columns[to++] = 0;
        }
      }
    }
  }
}

/** The reverse, for one channel: add each patch of `columns` (kh * kw, height * width) into out, around its position. */
export function scatterPatches(out, columns, [outHeight, outWidth], [height, width], [kh, kw], [sh, sw], [ph, pw]) {
  let from = 0;
  for (let i = 0; i < kh; i++) {
    for (let j = 0; j < kw; j++) {
      const [first, last] = inside(outWidth, width, j, sw, pw);
      for (let row = 0; row < height; row++, from += width) {
        const y = row * sh + i - ph;
        if (y < 0 || y >= outHeight) continue;
        let to = y * outWidth + first * sw + j - pw;
        for (let column = first; column < last; column++, to += sw) out[to] += columns[from + column];
      }
    }
  }
}

/** Steps whose place in a row of `length`, step * stride + offset - padding, lies inside it: [first, one past the last]. */
function inside(length, steps, offset, stride, padding) {
  const first = Math.min(steps, Math.max(0, Math.ceil((padding - offset) / stride)));
  const last = Math.ceil((length + padding - offset) / stride);
  return [first, Math.min(steps, Math.max(first, last))];
}
