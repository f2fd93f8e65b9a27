// Networks of any layers that a pack may hold, those of models from elsewhere included.

import { fastestKernel } from './kernel.js';
import { Network } from './network.js';
import { ALL_OPERATIONS } from './other_operations.js';

/** @import { Kernel } from './plain_kernel.js' */

/** A network that knows every operation. */
export class AnyNetwork extends Network {
  /**
   * @param {Uint8Array} bytes a pack; it may start at any address, its weights are copied.
   * @param {(bytes: number) => Kernel} openKernel where memory comes from and matrices are multiplied.
   */
  constructor(bytes, openKernel = fastestKernel) {
    super(bytes, openKernel, ALL_OPERATIONS);
  }
}
