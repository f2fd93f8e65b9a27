// Where the map looks: its centre in map units, and map units for each CSS pixel.

import { boundsOf } from './point_index.js';

/** @import { Bounds } from './point_index.js' */

/** @typedef {[x: number, y: number]} Place in map units. */

/** @typedef {[left: number, bottom: number, right: number, top: number]} Sight in map units. */

/** @typedef {[x: number, y: number]} Pixel in CSS pixels from the map's left upper corner. */

const EDGE = 0.06; // share of the view left free around the points
const NEAREST_ZOOM = 500; // times closer than all points in sight
const FARTHEST_ZOOM = 4; // times farther

export class MapView {
  x = 0;
  y = 0;
  unit = 1;
  width = 0; // of the map in CSS pixels, as is its height
  height = 0;
  bounds = boundsOf([]); // of all points
  moved = false; // by the user: until then all points stay in sight when the map is resized

  /**
   * @param {number} x
   * @param {number} y
   * @returns {Pixel}
   */
  toScreen(x, y) {
    return [(x - this.x) / this.unit + this.width / 2, this.height / 2 - (y - this.y) / this.unit];
  }

  /**
   * @param {number} px
   * @param {number} py
   * @returns {Place}
   */
  toData(px, py) {
    return [this.x + (px - this.width / 2) * this.unit, this.y - (py - this.height / 2) * this.unit];
  }

  /**
   * @param {number} x
   * @param {number} y
   */
  sees(x, y) {
    const [px, py] = this.toScreen(x, y);
    return px >= 0 && py >= 0 && px <= this.width && py <= this.height;
  }

  /**
   * Map units for each pixel at which a rectangle is in sight, with a free edge.
   *
   * @param {Bounds} rectangle
   */
  unitFor({ left, right, bottom, top }) {
    const free = 1 - 2 * EDGE;
    return Math.max((right - left) / (this.width * free || 1), (top - bottom) / (this.height * free || 1));
  }

  get wholeUnit() {
    return this.unitFor(this.bounds) || 1;
  }

  showAll() {
    this.centre(this.bounds);
    this.unit = this.wholeUnit;
    this.moved = false;
  }

  /**
   * Bring a rectangle into sight, farther away only if it would not fit.
   *
   * @param {Bounds} rectangle
   */
  moveTo(rectangle) {
    this.centre(rectangle);
    this.unit = Math.max(this.unit, this.unitFor(rectangle));
    this.moved = true;
  }

  /**
   * Bring a rectangle into sight so that it fills the view, at least one way.
   *
   * @param {Bounds} rectangle
   */
  lookAt(rectangle) {
    const { left, right, bottom, top } = rectangle;
    this.centre(rectangle);
    this.unit = Math.max((right - left) / this.width, (top - bottom) / this.height);
    this.moved = true;
  }

  /** What is in sight. @returns {Sight} */
  get sight() {
    const [left, top] = this.toData(0, 0);
    const [right, bottom] = this.toData(this.width, this.height);
    return [left, bottom, right, top];
  }

  /** @param {Bounds} rectangle */
  centre({ left, right, bottom, top }) {
    this.x = (left + right) / 2;
    this.y = (bottom + top) / 2;
  }

  /**
   * Zoom so that what is at a pixel stays there.
   *
   * @param {number} px
   * @param {number} py
   * @param {number} factor more than 1 goes farther away.
   */
  zoomAt(px, py, factor) {
    const [x, y] = this.toData(px, py);
    const whole = this.wholeUnit;
    this.unit = Math.min(whole * FARTHEST_ZOOM, Math.max(whole / NEAREST_ZOOM, this.unit * factor));
    this.x = x - (px - this.width / 2) * this.unit;
    this.y = y + (py - this.height / 2) * this.unit;
    this.moved = true;
  }

  /**
   * @param {number} dx CSS pixels.
   * @param {number} dy CSS pixels.
   */
  pan(dx, dy) {
    this.x -= dx * this.unit;
    this.y += dy * this.unit;
    this.moved = true;
  }

  /**
   * What a drawing of another view needs to lie where this view has it: left and top in CSS pixels, and scale.
   *
   * @param {MapView} before
   */
  shiftFrom(before) {
    const scale = before.unit / this.unit;
    const dx = (before.x - this.x) / this.unit;
    const dy = (this.y - before.y) / this.unit;
    return [dx + ((1 - scale) * this.width) / 2, dy + ((1 - scale) * this.height) / 2, scale];
  }

  copy() {
    return Object.assign(new MapView(), this);
  }
}
