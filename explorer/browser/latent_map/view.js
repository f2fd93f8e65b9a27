// Where the map looks: its centre in map units, and map units for each CSS pixel.

import { boundsOf } from './point_index.js';

const EDGE = 0.06; // share of the view left free around the points
const NEAREST_ZOOM = 500; // times closer than all points in sight
const FARTHEST_ZOOM = 4; // times farther

export class MapView {
  constructor() {
    [this.x, this.y, this.unit, this.width, this.height] = [0, 0, 1, 0, 0];
    this.bounds = boundsOf([]);
    this.moved = false; // by the user: until then all points stay in sight when the map is resized
  }

  toScreen(x, y) {
    return [(x - this.x) / this.unit + this.width / 2, this.height / 2 - (y - this.y) / this.unit];
  }

  toData(px, py) {
    return [this.x + (px - this.width / 2) * this.unit, this.y - (py - this.height / 2) * this.unit];
  }

  sees(x, y) {
    const [px, py] = this.toScreen(x, y);
    return px >= 0 && py >= 0 && px <= this.width && py <= this.height;
  }

  /** Map units for each pixel at which a rectangle is in sight, with a free edge. */
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

  /** Bring a rectangle into sight, farther away only if it would not fit. */
  moveTo(rectangle) {
    this.centre(rectangle);
    this.unit = Math.max(this.unit, this.unitFor(rectangle));
    this.moved = true;
  }

  centre({ left, right, bottom, top }) {
    this.x = (left + right) / 2;
    this.y = (bottom + top) / 2;
  }

  /** Zoom so that what is at a pixel stays there. */
  zoomAt(px, py, factor) {
    const [x, y] = this.toData(px, py);
    const whole = this.wholeUnit;
    this.unit = Math.min(whole * FARTHEST_ZOOM, Math.max(whole / NEAREST_ZOOM, this.unit * factor));
    this.x = x - (px - this.width / 2) * this.unit;
    this.y = y + (py - this.height / 2) * this.unit;
    this.moved = true;
  }

  pan(dx, dy) {
    this.x -= dx * this.unit;
    this.y += dy * this.unit;
    this.moved = true;
  }

  /** What a drawing of `before` needs to lie where this view has it: [left, top, scale] in CSS pixels. */
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
