// The decoder runtime: reads a pack (see pack.py) and runs its layers on one item at a time.
//
// Everything is allocated when a pack is opened, sized from its own shapes; a call allocates nothing. All weights and
// buffers come from the kernel's `allocate` and all heavy arithmetic goes through its `matmul` (see kernel.js).

/** Numbers in one item of this shape. */
function sizeOf(shape) {
  return shape.reduce((product, n) => product * n, 1);
}

/**
 * For a band of output rows, one column for each output position, holding the inputs under the kernel there; zeros
 * outside the picture. columns (C * kh * kw, rows of the band * outWidth).
 */
function gatherPatches(columns, x, [channels, height, width], [top, bottom], outWidth, [kh, kw], [sh, sw], [ph, pw]) {
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
function scatterPatches(out, columns, [outHeight, outWidth], [height, width], [kh, kw], [sh, sw], [ph, pw]) {
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

const ACTIVATIONS = {
  relu: (v, n) => {
    for (let i = 0; i < n; i++) if (v[i] < 0) v[i] = 0;
  },
  leaky_relu: (v, n, slope) => {
    for (let i = 0; i < n; i++) if (v[i] < 0) v[i] *= slope;
  },
  elu: (v, n, alpha) => {
    for (let i = 0; i < n; i++) if (v[i] < 0) v[i] = alpha * Math.expm1(v[i]);
  },
  silu: (v, n) => {
    for (let i = 0; i < n; i++) v[i] /= 1 + Math.exp(-v[i]);
  },
  tanh: (v, n) => {
    for (let i = 0; i < n; i++) v[i] = Math.tanh(v[i]);
  },
  sigmoid: (v, n) => {
    for (let i = 0; i < n; i++) v[i] = 1 / (1 + Math.exp(-v[i]));
  },
};

const BAND = 65536; // numbers, 256 KB: of a convolution's patches at a time

// Each entry prepares one layer: it gets the layer's header, its weights, where its input lies and what it may use,
// and returns where its output lies and a function that fills it.
const OPERATIONS = {
  linear(layer, weights, input, { kernel }) {
    const [rows, inner] = [layer.out[0], layer.in[0]];
    const output = kernel.allocate(rows);
    return { output, run: () => kernel.matmul(output, weights.weight, input, weights.bias, rows, inner, 1, 1) };
  },

  conv(layer, weights, input, { kernel, scratch }) {
    const [channels, height, width] = layer.out;
    const inner = layer.in[0] * layer.kernel[0] * layer.kernel[1];
    const output = kernel.allocate(channels * height * width);
    // A band of rows at a time, so that its patches stay in the cache: with 64 maps of 64 x 64 they take 9 MB in all.
    const rows = Math.min(height, Math.max(1, Math.floor(BAND / (inner * width))));
    const bands = Array.from({ length: Math.ceil(height / rows) }, (_, band) => {
      const range = [band * rows, Math.min(height, (band + 1) * rows)];
      return { range, part: output.subarray(range[0] * width), positions: (range[1] - range[0]) * width };
    });
    const patches = scratch(inner * rows * width);
    return {
      output,
      run: () => {
        for (const { range, part, positions } of bands) {
          gatherPatches(patches(), input, layer.in, range, width, layer.kernel, layer.stride, layer.padding);
          kernel.matmul(part, weights.weight, patches(), weights.bias, channels, inner, positions, height * width);
        }
      },
    };
  },

  conv_transpose(layer, weights, input, { kernel, scratch }) {
    const [channelsIn, height, width] = layer.in;
    const [channels, outHeight, outWidth] = layer.out;
    const positions = height * width;
    const rows = layer.kernel[0] * layer.kernel[1];
    const output = kernel.allocate(channels * outHeight * outWidth);
    const patches = scratch(rows * positions);
    const maps = Array.from({ length: channels }, (_, c) => ({
      weight: weights.weight.subarray(c * rows * channelsIn, (c + 1) * rows * channelsIn),
      bias: weights.bias ? weights.bias[c] : 0,
      out: output.subarray(c * outHeight * outWidth, (c + 1) * outHeight * outWidth),
    }));
    return {
      output,
      run: () => {
        for (const { weight, bias, out } of maps) {
          kernel.matmul(patches(), weight, input, null, rows, channelsIn, positions, positions);
          out.fill(bias);
          scatterPatches(out, patches(), [outHeight, outWidth], [height, width], layer.kernel, layer.stride, layer.padding);
        }
      },
    };
  },

  upsample(layer, _weights, input, { kernel }) {
    const [channels, height, width] = layer.in;
    const [, outHeight, outWidth] = layer.out;
    const output = kernel.allocate(sizeOf(layer.out));
    const rows = nearestIndices(height, outHeight);
    const columns = nearestIndices(width, outWidth);
    return {
      output,
      run: () => {
        let to = 0;
        for (let c = 0; c < channels; c++) {
          for (let i = 0; i < outHeight; i++) {
            const from = (c * height + rows[i]) * width;
            for (let j = 0; j < outWidth; j++) output[to++] = input[from + columns[j]];
          }
        }
      },
    };
  },

  pool(layer, _weights, input, { kernel }) {
    const [channels, height, width] = layer.in;
    const [, outHeight, outWidth] = layer.out;
    const output = kernel.allocate(sizeOf(layer.out));
    return {
      output,
      run: () => {
        let to = 0;
        for (let c = 0; c < channels; c++) {
          for (let i = 0; i < outHeight; i++) {
            const top = (c * height + 2 * i) * width;
            const bottom = 2 * i + 1 < height ? top + width : top;
            for (let j = 0; j < outWidth; j++) {
              const left = 2 * j;
              const right = left + 1 < width ? left + 1 : left;
              output[to++] = Math.max(input[top + left], input[top + right], input[bottom + left], input[bottom + right]);
            }
          }
        }
      },
    };
  },

  /** Pooling that remembers which position of its channel each maximum came from: the first, among equals. */
  paired_pool(layer, _weights, input, { kernel, switches }) {
    const [channels, height, width] = layer.in;
    const [, outHeight, outWidth] = layer.out;
    const output = kernel.allocate(sizeOf(layer.out));
    const positions = new Int32Array(sizeOf(layer.out));
    switches.set(layer.level, positions);
    return {
      output,
      run: () => {
        let to = 0;
        for (let c = 0; c < channels; c++) {
          const channel = c * height * width;
          for (let i = 0; i < outHeight; i++) {
            for (let j = 0; j < outWidth; j++, to++) {
              let best = 2 * i * width + 2 * j;
              for (let y = 2 * i; y < Math.min(2 * i + 2, height); y++) {
                for (let x = 2 * j; x < Math.min(2 * j + 2, width); x++) {
                  if (input[channel + y * width + x] > input[channel + best]) best = y * width + x;
                }
              }
              positions[to] = best;
              output[to] = input[channel + best];
            }
          }
        }
      },
    };
  },

  paired_unpool(layer, _weights, input, { kernel, switches }) {
    const area = layer.in[1] * layer.in[2];
    const outArea = layer.out[1] * layer.out[2];
    const output = kernel.allocate(sizeOf(layer.out));
    const positions = switches.get(layer.level);
    return {
      output,
      run: () => {
        output.fill(0);
        for (let k = 0; k < positions.length; k++) output[Math.floor(k / area) * outArea + positions[k]] = input[k];
      },
    };
  },

  unpool(layer, _weights, input, { kernel }) {
    const [channels, height, width] = layer.in;
    const [, outHeight, outWidth] = layer.out;
    // The other positions of each window are never written, so they stay zero.
    const output = kernel.allocate(sizeOf(layer.out));
    return {
      output,
      run: () => {
        let from = 0;
        for (let c = 0; c < channels; c++) {
          for (let i = 0; i < height; i++) {
            const to = (c * outHeight + 2 * i) * outWidth;
            for (let j = 0; j < width; j++) output[to + 2 * j] = input[from++];
          }
        }
      },
    };
  },

  affine(layer, weights, input, { kernel }) {
    const { subtract, scale, add } = weights;
    const inner = layer.inner;
    const channels = layer.out[0];
    const output = kernel.allocate(channels * inner);
    return {
      output,
      run: () => {
        for (let c = 0, at = 0; c < channels; c++) {
          for (let i = 0; i < inner; i++, at++) output[at] = (input[at] - subtract[c]) * scale[c] + add[c];
        }
      },
    };
  },

  activation(layer, _weights, input, { kernel, isInput, isKept }) {
    const apply = ACTIVATIONS[layer.kind];
    const size = sizeOf(layer.out);
    if (!isInput(input) && !isKept(input)) return { output: input, run: () => apply(input, size, layer.parameter) };
    const output = kernel.allocate(size);
    return {
      output,
      run: () => {
        output.set(input);
        apply(output, size, layer.parameter);
      },
    };
  },
};

/** Which input each output of nearest upsampling reads; in single precision, as PyTorch computes it. */
function nearestIndices(size, outSize) {
  const scale = Math.fround(size / outSize);
  return Int32Array.from({ length: outSize }, (_, i) => Math.min(Math.floor(Math.fround(i * scale)), size - 1));
}

/** A chain of layers that is ready to run. */
class Network {
  /**
   * @param {Uint8Array} bytes a pack; it may start at any address, its weights are copied.
   * @param {(bytes: number) => object} openKernel where memory comes from and matrices are multiplied.
   */
  constructor(bytes, openKernel = fastestKernel) {
    const { header, body } = readPack(bytes);
    this.inputShape = header.input;
    this.outputShape = header.output;
    // Once to count the memory, once in earnest: a kernel's memory cannot grow under arrays that point into it.
    const counter = countingKernel();
    this.connect(header, body, counter);
    this.kernel = openKernel(counter.bytes);
    this.connect(header, body, this.kernel);
  }

  connect(header, body, kernel) {
    this.input = kernel.allocate(sizeOf(header.input));
    this.steps = [];
    let scratchSize = 0;
    let scratchMemory = null;
    const zeroed = new Set();
    const context = {
      kernel,
      // One scratch for all layers, as large as the largest asks for; it exists once all have asked.
      scratch: (size) => {
        scratchSize = Math.max(scratchSize, size);
        return () => scratchMemory;
      },
      isInput: (buffer) => buffer === this.input,
      // What paired poolings remember, by level.
      switches: new Map(),
      // An unpooled map relies on the zeros it never writes, so nothing may change it in place.
      isKept: (buffer) => zeroed.has(buffer),
    };
    let value = this.input;
    for (const layer of header.layers) {
      const weights = readWeights(layer, body, kernel);
      const { output, run } = OPERATIONS[layer.op](layer, weights, value, context);
      if (layer.op === 'unpool') zeroed.add(output);
      this.steps.push(run);
      value = output;
    }
    scratchMemory = kernel.allocate(scratchSize);
    this.output = value;
  }

  /**
   * Run the chain on one item.
   *
   * @param {ArrayLike<number>} values the item, flattened.
   * @returns {Float32Array} this network's own output buffer: copy it to keep it past the next call.
   */
  run(values) {
    this.input.set(values);
    for (const step of this.steps) step();
    return this.output;
  }
}

/** Header and weights of a pack; throws where it is not one. */
function readPack(bytes) {
  const magic = String.fromCharCode(...bytes.subarray(0, 4));
  if (magic !== 'AEXP') throw new Error('These bytes are not a packed network.');
  const length = new DataView(bytes.buffer, bytes.byteOffset + 4, 4).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  if (header.format !== 1) throw new Error(`This runtime reads packs of format 1, not ${header.format}.`);
  // A Float32Array needs an aligned start, which bytes from a message do not have: hence the copy.
  const body = bytes.slice(8 + length);
  if (body.length < header.weight_bytes) throw new Error('The packed network is cut short.');
  return { header, body };
}

/** One layer's tensors by name, in the kernel's memory. */
function readWeights(layer, body, kernel) {
  const tensors = {};
  for (const [name, [offset, count]] of Object.entries(layer.tensors)) {
    tensors[name] = kernel.allocate(count);
    if (tensors[name].length) tensors[name].set(new Float32Array(body.buffer, offset, count)); // empty while counting
  }
  return tensors;
}

/**
 * Draw one item, values in [0, 1], on a canvas of the item's own size; the style sheet scales it.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {ArrayLike<number>} values (C, H, W) with C = 1 (grey) or 3 (red, green, blue).
 * @param {number[]} shape [C, H, W].
 */
function drawItem(canvas, values, [channels, height, width]) {
  if (canvas.width !== width || canvas.height !== height || !canvas.pixels) {
    canvas.width = width;
    canvas.height = height;
    canvas.pixels = canvas.getContext('2d').createImageData(width, height);
  }
  const pixels = canvas.pixels.data; // Clamps and rounds by itself.
  const area = width * height;
  const green = channels === 3 ? area : 0;
  const blue = 2 * green;
  for (let i = 0, to = 0; i < area; i++, to += 4) {
    pixels[to] = values[i] * 255;
    pixels[to + 1] = values[i + green] * 255;
    pixels[to + 2] = values[i + blue] * 255;
    pixels[to + 3] = 255;
  }
  canvas.getContext('2d').putImageData(canvas.pixels, 0, 0);
}

/**
 * Give a small picture a size on screen at which each of its pixels covers a whole number of device pixels.
 *
 * @param {HTMLElement} element canvas or image.
 * @param {number} width in picture pixels.
 * @param {number} height in picture pixels.
 * @param {number} room CSS pixels that the longer side may take.
 */
function fitPicture(element, width, height, room) {
  const ratio = window.devicePixelRatio || 1;
  const available = (room * ratio) / Math.max(width, height);
  const scale = available >= 1 ? Math.floor(available) : available;
  element.style.width = `${(width * scale) / ratio}px`;
  element.style.height = `${(height * scale) / ratio}px`;
  element.style.imageRendering = scale >= 2 ? 'pixelated' : 'auto';
}
