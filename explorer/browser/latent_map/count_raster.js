// A picture of many points by their counts: each pixel has the mean colour of the points on it, the stronger the more.

import { UNFADED } from './point_style.js';

/** @import { PointIndex } from './point_index.js' */
/** @import { Fade } from './scatter.js' */

const PART = 16_384; // points between two looks at the clock
const WIDENED = 4; // pixels of a point that is two wide and two high
const ALONE = 0.85; // opacity of a point that shares its pixel with none, where no pixel has more

/**
 * Where a raster looks: pixel = place * scale + shift, on each axis.
 *
 * @typedef {{scaleX: number, shiftX: number, scaleY: number, shiftY: number}} Mapping
 */

/**
 * Points in the order of an index' cells, so that those in sight lie in few ranges.
 *
 * @typedef {{places: Float32Array, groups: Uint16Array, chosen: Uint8Array | null, index: PointIndex}} CellPoints
 */

/**
 * Opacity of a pixel by its count: even steps of the logarithm, from a point alone to the pixel with most.
 *
 * @param {number} count 1 or more.
 * @param {number} most of all pixels.
 */
export function strength(count, most) {
  const alone = ALONE / (1 + Math.log10(most));
  return most > 1 ? alone + ((1 - alone) * Math.log(count)) / Math.log(most) : alone;
}

/**
 * The pixels that a point covers, relative to its own: a square where it is small, else a disc.
 *
 * @param {number} side in pixels.
 * @returns {[dx: number, dy: number][]}
 */
export function stamp(side) {
  const whole = Math.max(1, Math.round(side));
  const first = -Math.floor((whole - 1) / 2);
  /** @type {[number, number][]} */
  const pixels = [];
  const middle = first + (whole - 1) / 2;
  for (let dy = first; dy < first + whole; dy++) {
    for (let dx = first; dx < first + whole; dx++) {
      if (whole < 3 || Math.hypot(dx - middle, dy - middle) <= whole / 2) pixels.push([dx, dy]);
    }
  }
  return pixels;
}

/** Sums of colours and counts, pixel by pixel; a drawing can be made in parts. */
export class CountRaster {
  /**
   * @param {number} width in pixels.
   * @param {number} height in pixels.
   */
  constructor(width, height) {
    this.width = width;
    this.height = height;
    this.sums = new Uint32Array(4 * width * height); // red, green, blue and count
    this.most = 0;
  }

  clear() {
    this.sums.fill(0);
  }

  /**
   * Begin to count the points in sight into an empty raster, of which those with `flag` as their mark alone if it is given.
   *
   * Points of two pixels each way, as very many are, are counted on one pixel; all pixels are widened at the end.
   *
   * @param {CellPoints} points
   * @param {Uint8Array} palette RGBA of each class; transparent where it is hidden.
   * @param {Mapping} mapping
   * @param {number} side of a point, in pixels.
   * @param {number | null} flag
   * @returns {(isLate: () => boolean) => boolean} goes on until late; true when all are counted.
   */
  counting(points, palette, mapping, side, flag) {
    const { index } = points;
    const pixels = stamp(side);
    const reach = Math.ceil(side);
    const ranges = index.ranges(
      (-reach - mapping.shiftX) / mapping.scaleX,
      (this.width + reach - mapping.shiftX) / mapping.scaleX,
      (this.height + reach - mapping.shiftY) / mapping.scaleY,
      (-reach - mapping.shiftY) / mapping.scaleY,
    );
    const touched = pixels.length === WIDENED ? new Uint8Array(this.height) : null;
    /** @type {number[]} */
    const onEdge = []; // points with a part of theirs alone in sight, where all are widened
    let range = 0;
    let at = ranges.length ? ranges[0] : 0;
    return (isLate) => {
      while (range < ranges.length) {
        const end = Math.min(ranges[range + 1], at + PART);
        if (pixels.length > WIDENED) this.#stamp(points, palette, mapping, pixels, flag, at, end);
        else this.#count(points, palette, mapping, flag, at, end, touched, onEdge);
        at = end;
        if (at === ranges[range + 1]) {
          range += 2;
          at = ranges[range];
        }
        if (range < ranges.length && isLate()) return false;
      }
      if (touched) this.#widen(touched);
      for (const k of onEdge) this.#stamp(points, palette, mapping, pixels, flag, k, k + 1);
      return true;
    };
  }

  /**
   * Count points on one pixel each.
   *
   * @param {CellPoints} points
   * @param {Uint8Array} palette
   * @param {Mapping} mapping
   * @param {number | null} flag
   * @param {number} from
   * @param {number} to
   * @param {Uint8Array | null} touched gets the rows with points; null where points are one pixel.
   * @param {number[]} onEdge gets the points left of the raster or above it that reach into it.
   */
  #count({ places, groups, chosen }, palette, { scaleX, shiftX, scaleY, shiftY }, flag, from, to, touched, onEdge) {
    const { sums, width, height } = this;
    for (let k = from; k < to; k++) {
      if (flag !== null && chosen && chosen[k] !== flag) continue;
      const colour = 4 * groups[k];
      if (!palette[colour + 3]) continue;
      const x = Math.floor(places[2 * k] * scaleX + shiftX);
      const y = Math.floor(places[2 * k + 1] * scaleY + shiftY);
      if (x < 0 || y < 0 || x >= width || y >= height) {
        if (touched && x >= -1 && y >= -1 && x < width && y < height) onEdge.push(k);
        continue;
      }
      if (touched) touched[y] = 1;
      const pixel = 4 * (y * width + x);
      sums[pixel] += palette[colour];
      sums[pixel + 1] += palette[colour + 1];
      sums[pixel + 2] += palette[colour + 2];
      sums[pixel + 3]++;
    }
  }

  /**
   * Give each pixel what is counted on it, on its left and above both: each point is then two pixels wide and high.
   *
   * @param {Uint8Array} touched rows with points.
   */
  #widen(touched) {
    const { sums } = this;
    const row = 4 * this.width;
    for (let y = touched.length - 1; y >= 0; y--) {
      if (!touched[y]) continue;
      for (let at = (y + 1) * row - 1; at >= y * row + 4; at--) sums[at] += sums[at - 4];
      // The row below has been widened already, and takes this one's sums before they take those above.
      if (y + 1 < touched.length) for (let at = y * row; at < (y + 1) * row; at++) sums[at + row] += sums[at];
    }
  }

  /**
   * Count points on each of several pixels.
   *
   * @param {CellPoints} points
   * @param {Uint8Array} palette
   * @param {Mapping} mapping
   * @param {[number, number][]} pixels of a point.
   * @param {number | null} flag
   * @param {number} from
   * @param {number} to
   */
  #stamp({ places, groups, chosen }, palette, { scaleX, shiftX, scaleY, shiftY }, pixels, flag, from, to) {
    const { sums, width, height } = this;
    const offsets = Int32Array.from(pixels.flat());
    for (let k = from; k < to; k++) {
      if (flag !== null && chosen && chosen[k] !== flag) continue;
      const colour = 4 * groups[k];
      if (!palette[colour + 3]) continue;
      const x = Math.floor(places[2 * k] * scaleX + shiftX);
      const y = Math.floor(places[2 * k + 1] * scaleY + shiftY);
      for (let p = 0; p < offsets.length; p += 2) {
        const px = x + offsets[p];
        const py = y + offsets[p + 1];
        if (px < 0 || py < 0 || px >= width || py >= height) continue;
        const pixel = 4 * (py * width + px);
        sums[pixel] += palette[colour];
        sums[pixel + 1] += palette[colour + 1];
        sums[pixel + 2] += palette[colour + 2];
        sums[pixel + 3]++;
      }
    }
  }

  /**
   * Put what was counted into a picture, over what it holds there.
   *
   * @param {Uint8ClampedArray} rgba of the same size.
   * @param {CountRaster | null} without some of the points, which are left out; of the same size.
   * @param {Fade} fade
   */
  paint(rgba, without = null, [red, green, blue, share] = UNFADED) {
    const { sums } = this;
    const out = without?.sums ?? null;
    let most = 0;
    for (let at = 3; at < sums.length; at += 4) {
      const count = out ? sums[at] - out[at] : sums[at];
      if (count > most) most = count;
    }
    this.most = most;
    const towards = [255 * share * red, 255 * share * green, 255 * share * blue];
    for (let at = 0; at < sums.length; at += 4) {
      const count = out ? sums[at + 3] - out[at + 3] : sums[at + 3];
      if (!count) continue;
      for (let c = 0; c < 3; c++) {
        const mean = (out ? sums[at + c] - out[at + c] : sums[at + c]) / count;
        rgba[at + c] = mean * (1 - share) + towards[c];
      }
      rgba[at + 3] = 255 * strength(count, most);
    }
  }
}
