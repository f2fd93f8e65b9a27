// Where a picture lies in its frame: how large, and how far moved.

/** @typedef {[x: number, y: number]} Point */

const HIGHEST = 640; // CSS pixels of a picture that fits
const SMALL = 256; // picture pixels: a smaller picture is shown with whole screen pixels
const LARGEST_SCALE = 32; // CSS pixels a picture pixel

export class Viewport {
  /** @type {Point} */
  size = [1, 1]; // of the picture, in its pixels
  /** @type {Point} */
  frame = [1, 1]; // in CSS pixels
  /** @type {Point} */
  offset = [0, 0]; // of the picture's corner from the frame's, in CSS pixels
  scale = 1; // CSS pixels a picture pixel
  fitScale = 1; // at which the whole picture is seen
  pixelRatio = 1; // screen pixels a CSS pixel

  get isZoomed() {
    return this.scale > this.fitScale * 1.001;
  }

  /** Whether the picture's pixels should be seen as squares. */
  get isCrisp() {
    const isSmall = Math.max(...this.size) <= SMALL;
    return (isSmall && this.scale * this.pixelRatio >= 2) || this.scale > this.fitScale * 2;
  }

  /**
   * Show the whole picture.
   *
   * @param {number} width CSS pixels that there are.
   * @param {number} pixelRatio screen pixels a CSS pixel.
   */
  fit(width, pixelRatio) {
    const [w, h] = this.size;
    const room = Math.min(width / w, HIGHEST / h);
    const whole = room * pixelRatio >= 1 ? Math.floor(room * pixelRatio) / pixelRatio : room;
    this.pixelRatio = pixelRatio;
    this.fitScale = this.scale = Math.max(w, h) <= SMALL ? whole : Math.min(room, 1);
    this.frame = [w * this.scale, h * this.scale];
    this.offset = [0, 0];
  }

  /**
   * @param {number} wanted scale.
   * @param {Point} at what stays where it is, in the frame's CSS pixels; its middle by default.
   */
  zoomTo(wanted, at = [this.frame[0] / 2, this.frame[1] / 2]) {
    const least = Math.min(this.fitScale, 1 / this.pixelRatio);
    const next = Math.min(LARGEST_SCALE, Math.max(least, wanted));
    const [x, y] = this.offset;
    const grown = next / this.scale;
    this.offset = [at[0] - (at[0] - x) * grown, at[1] - (at[1] - y) * grown];
    this.scale = next;
    this.moveBy(0, 0);
  }

  /**
   * Move the picture, but not so far that its edge comes into the frame.
   *
   * @param {number} dx in CSS pixels.
   * @param {number} dy in CSS pixels.
   */
  moveBy(dx, dy) {
    const [x, y] = this.offset;
    this.offset = [this.#kept(x + dx, 0), this.#kept(y + dy, 1)];
  }

  /**
   * Follow one finger that moves while another one rests: as far as the middle between them, and as their distance grows.
   *
   * @param {Point} from in the frame's CSS pixels.
   * @param {Point} to
   * @param {Point} other where the other finger is.
   */
  pinch(from, to, other) {
    /** @param {Point} end */
    const spread = (end) => Math.max(1, Math.hypot(end[0] - other[0], end[1] - other[1]));
    this.moveBy((to[0] - from[0]) / 2, (to[1] - from[1]) / 2);
    this.zoomTo((this.scale * spread(to)) / spread(from), [(to[0] + other[0]) / 2, (to[1] + other[1]) / 2]);
  }

  /**
   * The picture pixel at a place in the frame.
   *
   * @param {Point} at in CSS pixels.
   * @returns {Point}
   */
  pixelAt([x, y]) {
    return [(x - this.offset[0]) / this.scale, (y - this.offset[1]) / this.scale];
  }

  /**
   * @param {number} offset
   * @param {0 | 1} axis
   */
  #kept(offset, axis) {
    return Math.min(0, Math.max(this.frame[axis] - this.size[axis] * this.scale, offset));
  }
}
