// Codes along paths.

/**
 * Codes along the paths, straight between two frames.
 *
 * @param {Float32Array[]} codes (frames * size) of each path.
 * @param {number} size of a code.
 * @returns {(path: number, share: number) => Float32Array} each call overwrites what the one before gave.
 */
export function codeReader(codes, size) {
  const code = new Float32Array(size);
  return (path, share) => {
    const all = codes[path];
    const n = all.length / size;
    const place = share * (n - 1);
    const frame = Math.min(n - 2, Math.floor(place));
    const from = frame * size;
    for (let i = 0; i < size; i++) {
      code[i] = all[from + i] + (place - frame) * (all[from + size + i] - all[from + i]);
    }
    return code;
  };
}
