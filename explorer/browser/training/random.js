// Random numbers from a seed: the same as torch.rand and torch.randn give on a processor after torch.manual_seed(seed).

const SIZE = 624; // of the state, in words
const SHIFT = 397;
const BLOCK = 16; // normal numbers that are drawn together

/** Mersenne Twister (MT19937, Matsumoto and Nishimura 1998). */
export class Random {
  /** @param {number} seed a whole number from 0 to 2^32 - 1. */
  constructor(seed) {
    this.state = new Uint32Array(SIZE);
    this.next = SIZE;
    this.state[0] = seed;
    for (let i = 1; i < SIZE; i++) {
      const before = this.state[i - 1];
      this.state[i] = Math.imul(1812433253, before ^ (before >>> 30)) + i;
    }
  }

  /** 32 random bits, as a number from 0 to 2^32 - 1. */
  bits() {
    if (this.next === SIZE) this.#renew();
    let y = this.state[this.next++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  #renew() {
    const { state } = this;
    for (let i = 0; i < SIZE; i++) {
      const y = (state[i] & 0x80000000) | (state[(i + 1) % SIZE] & 0x7fffffff);
      state[i] = state[(i + SHIFT) % SIZE] ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    this.next = 0;
  }

  /** Evenly distributed in [0, 1), in steps of 2^-24. */
  uniform() {
    return (this.bits() & 0xffffff) / 0x1000000;
  }

  /**
   * @param {Float32Array} values filled with numbers evenly distributed in [low, high).
   * @param {number} low
   * @param {number} high
   */
  fillUniform(values, low, high) {
    for (let i = 0; i < values.length; i++) values[i] = this.uniform() * (high - low) + low;
  }

  /**
   * Fill an array with draws from N(0, 1): Box and Muller's pairs (1958), eight at a time.
   *
   * @param {Float32Array} values
   */
  fillNormal(values) {
    for (let from = 0; from < values.length; from += BLOCK) {
      for (let i = 0; i < BLOCK; i++) block[i] = this.uniform();
      for (let i = 0; i < BLOCK / 2; i++) {
        const radius = Math.sqrt(-2 * Math.log(1 - block[i]));
        const angle = 2 * Math.PI * block[i + BLOCK / 2];
        block[i] = radius * Math.cos(angle);
        block[i + BLOCK / 2] = radius * Math.sin(angle);
      }
      for (let i = 0; i < Math.min(BLOCK, values.length - from); i++) values[from + i] = block[i];
    }
  }
}

const block = new Float64Array(BLOCK);
