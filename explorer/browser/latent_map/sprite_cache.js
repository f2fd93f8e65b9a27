// Sheets of pictures that have come, up to so many pixels: those that were not drawn for longest go first.

/**
 * @typedef {object} Sheet
 * @property {ImageBitmap} bitmap
 * @property {number} columns
 * @property {number} width of one picture, in pixels.
 * @property {number} height
 */

/** @typedef {{sheet: Sheet, slot: number}} Sprite the picture in so many-th place on its sheet. */

/** @typedef {{sheet: Sheet, level: number, positions: ArrayLike<number>, used: number}} Held */

export class SpriteCache {
  /** @param {number} budget pixels of all sheets together; one alone may have more. */
  constructor(budget) {
    this.budget = budget;
    this.pixels = 0;
    this.clock = 0;
    /** @type {Map<number, {held: Held, slot: number}>[]} */
    this.levels = [];
    /** @type {Held[]} */
    this.sheets = [];
  }

  /**
   * @param {number} level
   * @param {ArrayLike<number>} positions of the items on it, in its order.
   * @param {Sheet} sheet
   */
  add(level, positions, sheet) {
    const held = { sheet, level, positions, used: ++this.clock };
    this.levels[level] ??= new Map();
    for (let slot = 0; slot < positions.length; slot++) this.levels[level].set(positions[slot], { held, slot });
    this.sheets.push(held);
    this.pixels += sizeOf(sheet);
    while (this.pixels > this.budget && this.sheets.length > 1) this.#drop();
  }

  /**
   * An item's picture: of this level, else of a finer one, else of the coarser one that is next.
   *
   * @param {number} position
   * @param {number} level
   * @returns {Sprite | null}
   */
  find(position, level) {
    for (const at of [...downFrom(level), ...upFrom(level + 1, this.levels.length)]) {
      const found = this.levels[at]?.get(position);
      if (!found) continue;
      found.held.used = this.clock;
      return { sheet: found.held.sheet, slot: found.slot };
    }
    return null;
  }

  /**
   * Whether an item's picture of this level, or a finer one, is here.
   *
   * @param {number} position
   * @param {number} level
   */
  has(position, level) {
    return downFrom(level).some((at) => this.levels[at]?.has(position));
  }

  /** What is found from now on has been used later than all before. */
  tick() {
    this.clock++;
  }

  clear() {
    for (const { sheet } of this.sheets) sheet.bitmap.close();
    [this.sheets, this.levels, this.pixels] = [[], [], 0];
  }

  #drop() {
    // The newest sheet stays: it is about to be drawn.
    const others = this.sheets.slice(0, -1);
    const oldest = others.reduce((a, b) => (b.used < a.used ? b : a));
    const { level, positions, sheet } = oldest;
    this.sheets.splice(this.sheets.indexOf(oldest), 1);
    for (let slot = 0; slot < positions.length; slot++) {
      if (this.levels[level].get(positions[slot])?.held === oldest) this.levels[level].delete(positions[slot]);
    }
    this.pixels -= sizeOf(sheet);
    sheet.bitmap.close();
  }
}

/** @param {Sheet} sheet */
const sizeOf = ({ bitmap }) => bitmap.width * bitmap.height;

/** @param {number} level */
const downFrom = (level) => Array.from({ length: level + 1 }, (_, i) => level - i);

/**
 * @param {number} from
 * @param {number} end
 */
const upFrom = (from, end) => Array.from({ length: Math.max(0, end - from) }, (_, i) => from + i);
