// The items along the paths: decoded here from codes, or as the server has decoded them, frame by frame.

import { AnyNetwork } from '../runtime/any_network.js';
import { codeReader } from './codes.js';

/** @import { Interpolation } from '../messages.js' */

/**
 * @typedef {object} Frames
 * @property {number[]} shape of an item.
 * @property {(path: number, share: number) => Float32Array} code at a share of a path; lent until the next call.
 * @property {(path: number, share: number) => Float32Array} item there, decoded; lent until the next call.
 */

/**
 * @param {Interpolation} message
 * @returns {Frames}
 */
export function readFrames({ tracks, decoder, decoded }) {
  const code = codeReader(
    tracks.map((track) => track.codes.read()),
    tracks[0].codes.shape[1],
  );
  if (!decoder.pack) {
    const [, n, ...shape] = decoded?.shape ?? [0, 0];
    const all = decoded?.read() ?? new Float32Array(0);
    const size = shape.reduce((product, side) => product * side, 1);
    /**
     * @param {number} path
     * @param {number} share
     */
    const item = (path, share) => {
      const frame = path * n + Math.round(share * (n - 1));
      return all.subarray(frame * size, (frame + 1) * size);
    };
    return { shape, code, item };
  }
  const network = new AnyNetwork(decoder.pack.read());
  return { shape: network.outputShape, code, item: (path, share) => network.run(code(path, share)) };
}
