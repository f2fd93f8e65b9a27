// The decoder runtime: reads a pack (see pack.py) and runs its layers on one item at a time.
//
// Everything is allocated when a pack is opened, sized from its own shapes; a call allocates nothing. All weights and
// buffers come from the kernel's `allocate` and all heavy arithmetic goes through its `matmul`, so that a kernel with
// memory of its own can take the place of the one below.

/** Plain JavaScript kernel. */
const javascriptKernel = {
  /** Zeroed float32 memory that `matmul` can read and write. */
  allocate(length) {
    return new Float32Array(length);
  },

  /**
   * out = a b + bias, row-major: out (rows, columns), a (rows, inner), b (inner, columns), bias (rows) or null.
   * `out` must not overlap the inputs.
   */
  matmul(out, a, b, bias, rows, inner, columns) {
    if (columns === 1) matrixTimesVector(out, a, b, bias, rows, inner);
    else matrixTimesMatrix(out, a, b, bias, rows, inner, columns);
  },
};

function matrixTimesVector(out, a, b, bias, rows, inner) {
  let row = 0;
  // Four rows at a time: four independent sums, one load of b[k] for all.
  for (; row + 3 < rows; row += 4) {
    const a0 = row * inner, a1 = a0 + inner, a2 = a1 + inner, a3 = a2 + inner;
    let s0 = 0, s1 = 0, s2 = 0, s3 = 0;
    for (let k = 0; k < inner; k++) {
      const x = b[k];
      s0 += a[a0 + k] * x;
      s1 += a[a1 + k] * x;
      s2 += a[a2 + k] * x;
      s3 += a[a3 + k] * x;
    }
    if (bias) {
      s0 += bias[row];
      s1 += bias[row + 1];
      s2 += bias[row + 2];
      s3 += bias[row + 3];
    }
    out[row] = s0;
    out[row + 1] = s1;
    out[row + 2] = s2;
    out[row + 3] = s3;
  }
  for (; row < rows; row++) {
    const a0 = row * inner;
    let sum = bias ? bias[row] : 0;
    for (let k = 0; k < inner; k++) sum += a[a0 + k] * b[k];
    out[row] = sum;
  }
}

function matrixTimesMatrix(out, a, b, bias, rows, inner, columns) {
  let row = 0;
  for (; row + 3 < rows; row += 4) fourRows(out, a, b, bias, row, inner, columns);
  for (; row < rows; row++) oneRow(out, a, b, bias ? bias[row] : 0, row, inner, columns, 0);
}

/** Tiles of 4 x 4 outputs: eight loads serve sixteen multiply-adds. */
function fourRows(out, a, b, bias, row, inner, columns) {
  const a0 = row * inner, a1 = a0 + inner, a2 = a1 + inner, a3 = a2 + inner;
  const d0 = bias ? bias[row] : 0, d1 = bias ? bias[row + 1] : 0;
  const d2 = bias ? bias[row + 2] : 0, d3 = bias ? bias[row + 3] : 0;
  let column = 0;
  for (; column + 3 < columns; column += 4) {
    let c00 = d0, c01 = d0, c02 = d0, c03 = d0;
    let c10 = d1, c11 = d1, c12 = d1, c13 = d1;
    let c20 = d2, c21 = d2, c22 = d2, c23 = d2;
    let c30 = d3, c31 = d3, c32 = d3, c33 = d3;
    for (let k = 0, at = column; k < inner; k++, at += columns) {
      const b0 = b[at], b1 = b[at + 1], b2 = b[at + 2], b3 = b[at + 3];
      let x = a[a0 + k];
      c00 += x * b0;
      c01 += x * b1;
      c02 += x * b2;
      c03 += x * b3;
      x = a[a1 + k];
      c10 += x * b0;
      c11 += x * b1;
      c12 += x * b2;
      c13 += x * b3;
      x = a[a2 + k];
      c20 += x * b0;
      c21 += x * b1;
      c22 += x * b2;
      c23 += x * b3;
      x = a[a3 + k];
      c30 += x * b0;
      c31 += x * b1;
      c32 += x * b2;
      c33 += x * b3;
    }
    let o = row * columns + column;
    out[o] = c00;
    out[o + 1] = c01;
    out[o + 2] = c02;
    out[o + 3] = c03;
    o += columns;
    out[o] = c10;
    out[o + 1] = c11;
    out[o + 2] = c12;
    out[o + 3] = c13;
    o += columns;
    out[o] = c20;
    out[o + 1] = c21;
    out[o + 2] = c22;
    out[o + 3] = c23;
    o += columns;
    out[o] = c30;
    out[o + 1] = c31;
    out[o + 2] = c32;
    out[o + 3] = c33;
  }
  if (column < columns) {
    oneRow(out, a, b, d0, row, inner, columns, column);
    oneRow(out, a, b, d1, row + 1, inner, columns, column);
    oneRow(out, a, b, d2, row + 2, inner, columns, column);
    oneRow(out, a, b, d3, row + 3, inner, columns, column);
  }
}

/** One row of outputs from `column` on. */
function oneRow(out, a, b, start, row, inner, columns, column) {
  const a0 = row * inner;
  const o = row * columns;
  for (; column + 3 < columns; column += 4) {
    let c0 = start, c1 = start, c2 = start, c3 = start;
    for (let k = 0, at = column; k < inner; k++, at += columns) {
      const x = a[a0 + k];
      c0 += x * b[at];
      c1 += x * b[at + 1];
      c2 += x * b[at + 2];
      c3 += x * b[at + 3];
    }
    out[o + column] = c0;
    out[o + column + 1] = c1;
    out[o + column + 2] = c2;
    out[o + column + 3] = c3;
  }
  for (; column < columns; column++) {
    let c = start;
    for (let k = 0, at = column; k < inner; k++, at += columns) c += a[a0 + k] * b[at];
    out[o + column] = c;
  }
}

/** Numbers in one item of this shape. */
function sizeOf(shape) {
  return shape.reduce((product, n) => product * n, 1);
}

/**
 * One column for each output position, holding the inputs under the kernel there; zeros outside the picture.
 * columns (C * kh * kw, outHeight * outWidth).
 */
function gatherPatches(columns, x, [channels, height, width], [outHeight, outWidth], [kh, kw], [sh, sw], [ph, pw]) {
  let to = 0;
  for (let c = 0; c < channels; c++) {
    for (let i = 0; i < kh; i++) {
      for (let j = 0; j < kw; j++) {
        for (let row = 0; row < outHeight; row++) {
          const y = row * sh + i - ph;
          if (y < 0 || y >= height) {
            columns.fill(0, to, to + outWidth);
            to += outWidth;
            continue;
          }
          const from = (c * height + y) * width;
          for (let column = 0, at = j - pw; column < outWidth; column++, at += sw) {
            columns[to++] = at >= 0 && at < width ? x[from + at] : 0;
          }
        }
      }
    }
  }
}

/** The reverse: add each patch of `columns` (C * kh * kw, height * width) into out, around its position. */
function scatterPatches(out, columns, [channels, outHeight, outWidth], [height, width], [kh, kw], [sh, sw], [ph, pw]) {
  let from = 0;
  for (let c = 0; c < channels; c++) {
    for (let i = 0; i < kh; i++) {
      for (let j = 0; j < kw; j++) {
        for (let row = 0; row < height; row++) {
          const y = row * sh + i - ph;
          if (y < 0 || y >= outHeight) {
            from += width;
            continue;
          }
          const to = (c * outHeight + y) * outWidth;
          for (let column = 0, at = j - pw; column < width; column++, at += sw, from++) {
            if (at >= 0 && at < outWidth) out[to + at] += columns[from];
          }
        }
      }
    }
  }
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

// Each entry prepares one layer: it gets the layer's header, its weights, where its input lies and what it may use,
// and returns where its output lies and a function that fills it.
const OPERATIONS = {
  linear(layer, weights, input, { kernel }) {
    const [rows, inner] = [layer.out[0], layer.in[0]];
    const output = kernel.allocate(rows);
    return { output, run: () => kernel.matmul(output, weights.weight, input, weights.bias, rows, inner, 1) };
  },

  conv(layer, weights, input, { kernel, scratch }) {
    const [channels, height, width] = layer.out;
    const positions = height * width;
    const inner = layer.in[0] * layer.kernel[0] * layer.kernel[1];
    const output = kernel.allocate(channels * positions);
    const columns = scratch(inner * positions);
    return {
      output,
      run: () => {
        gatherPatches(columns(), input, layer.in, [height, width], layer.kernel, layer.stride, layer.padding);
        kernel.matmul(output, weights.weight, columns(), weights.bias, channels, inner, positions);
      },
    };
  },

  conv_transpose(layer, weights, input, { kernel, scratch }) {
    const [channelsIn, height, width] = layer.in;
    const [channels, outHeight, outWidth] = layer.out;
    const positions = height * width;
    const rows = channels * layer.kernel[0] * layer.kernel[1];
    const output = kernel.allocate(channels * outHeight * outWidth);
    const columns = scratch(rows * positions);
    const area = outHeight * outWidth;
    return {
      output,
      run: () => {
        kernel.matmul(columns(), weights.weight, input, null, rows, channelsIn, positions);
        for (let c = 0; c < channels; c++) output.fill(weights.bias ? weights.bias[c] : 0, c * area, (c + 1) * area);
        scatterPatches(output, columns(), layer.out, [height, width], layer.kernel, layer.stride, layer.padding);
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
    const channels = scale.length;
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
   * @param kernel where memory comes from and matrices are multiplied.
   */
  constructor(bytes, kernel = javascriptKernel) {
    const { header, weights } = readPack(bytes, kernel);
    this.inputShape = header.input;
    this.outputShape = header.output;
    this.input = kernel.allocate(sizeOf(header.input));
    this.steps = [];
    this.connect(header.layers, weights, kernel);
  }

  connect(layers, weights, kernel) {
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
      // An unpooled map relies on the zeros it never writes, so nothing may change it in place.
      isKept: (buffer) => zeroed.has(buffer),
    };
    let value = this.input;
    for (const [index, layer] of layers.entries()) {
      const { output, run } = OPERATIONS[layer.op](layer, weights[index], value, context);
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
function readPack(bytes, kernel) {
  const magic = String.fromCharCode(...bytes.subarray(0, 4));
  if (magic !== 'AEXP') throw new Error('These bytes are not a packed network.');
  const length = new DataView(bytes.buffer, bytes.byteOffset + 4, 4).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  if (header.format !== 1) throw new Error(`This runtime reads packs of format 1, not ${header.format}.`);
  // A Float32Array needs an aligned start, which bytes from a message do not have: hence the copy.
  const body = bytes.slice(8 + length);
  if (body.length < header.weight_bytes) throw new Error('The packed network is cut short.');
  const weights = header.layers.map((layer) => {
    const tensors = {};
    for (const [name, [offset, count]] of Object.entries(layer.tensors)) {
      tensors[name] = kernel.allocate(count);
      tensors[name].set(new Float32Array(body.buffer, offset, count));
    }
    return tensors;
  });
  return { header, weights };
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
