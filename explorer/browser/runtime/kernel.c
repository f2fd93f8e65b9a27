// The matrix product behind the browser's decoder runtime, in WebAssembly SIMD; kernel.js loads it.
//
// `make wasm` builds kernel.wasm from this file (clang 14 or later, and wasm-ld of the package lld) and writes down in
// kernel.built which compiler made it from which source; a test compares.
//
// It keeps nothing between calls, and touches only the arrays that it is given: kernel.js has checked their lengths.

#include <stddef.h>
#include <wasm_simd128.h>

// Four rows by two vectors: eight sums, two vectors of b and one value of a fit the sixteen registers of x86-64.
enum { LANES = 4, TILE_ROWS = 4 };

// One tile of out = a b + bias: `rows` by `vectors` * LANES values. Both counts are constants wherever this is inlined,
// so that the sums stay in registers.
static inline __attribute__((always_inline)) void tile(float *out, size_t out_stride, const float *a, const float *b,
                                                       const float *bias, size_t inner, size_t b_stride,
                                                       const int rows, const int vectors) {
  v128_t sums[TILE_ROWS][2];
  for (int r = 0; r < rows; r++) {
    for (int v = 0; v < vectors; v++) sums[r][v] = wasm_f32x4_splat(bias ? bias[r] : 0);
  }
  for (size_t k = 0; k < inner; k++, b += b_stride) {
    v128_t values[2];
    for (int v = 0; v < vectors; v++) values[v] = wasm_v128_load(b + v * LANES);
    for (int r = 0; r < rows; r++) {
      v128_t weight = wasm_v128_load32_splat(a + r * inner + k);
      for (int v = 0; v < vectors; v++) sums[r][v] = wasm_f32x4_add(sums[r][v], wasm_f32x4_mul(weight, values[v]));
    }
  }
  for (int r = 0; r < rows; r++) {
    for (int v = 0; v < vectors; v++) wasm_v128_store(out + r * out_stride + v * LANES, sums[r][v]);
  }
}

// `vectors` * LANES columns, all rows. Columns outside, rows inside: the panel of b stays in the first-level cache.
static inline __attribute__((always_inline)) void panel(float *out, size_t out_stride, const float *a, const float *b,
                                                        const float *bias, size_t rows, size_t inner, size_t b_stride,
                                                        const int vectors) {
  size_t row = 0;
  for (; row + TILE_ROWS <= rows; row += TILE_ROWS) {
    tile(out + row * out_stride, out_stride, a + row * inner, b, bias ? bias + row : 0, inner, b_stride, TILE_ROWS,
         vectors);
  }
  for (; row < rows; row++) {
    tile(out + row * out_stride, out_stride, a + row * inner, b, bias ? bias + row : 0, inner, b_stride, 1, vectors);
  }
}

// Single columns, for matrices narrower than a vector.
static void columns_one_by_one(float *out, size_t out_stride, const float *a, const float *b, const float *bias,
                               size_t rows, size_t inner, size_t columns) {
  for (size_t row = 0; row < rows; row++, a += inner, out += out_stride) {
    for (size_t column = 0; column < columns; column++) {
      float sum = bias ? bias[row] : 0;
      for (size_t k = 0; k < inner; k++) sum += a[k] * b[k * columns + column];
      out[column] = sum;
    }
  }
}

static inline v128_t add_product(v128_t sum, const float *a, v128_t x) {
  return wasm_f32x4_add(sum, wasm_f32x4_mul(wasm_v128_load(a), x));
}

// The sum of a vector's lanes and of the products that are left at the end of a row, fewer than a vector.
static float finish(v128_t sums, const float *a, const float *b, size_t left, float bias) {
  float sum = (wasm_f32x4_extract_lane(sums, 0) + wasm_f32x4_extract_lane(sums, 1)) +
              (wasm_f32x4_extract_lane(sums, 2) + wasm_f32x4_extract_lane(sums, 3));
  for (size_t k = 0; k < left; k++) sum += a[k] * b[k];
  return sum + bias;
}

// A matrix times one column. Four rows at a time: four independent sums share each load of b.
static void times_vector(float *out, size_t out_stride, const float *a, const float *b, const float *bias, size_t rows,
                         size_t inner) {
  const size_t whole = inner - inner % LANES;
  size_t row = 0;
  for (; row + 4 <= rows; row += 4) {
    const float *a0 = a + row * inner, *a1 = a0 + inner, *a2 = a1 + inner, *a3 = a2 + inner;
    v128_t s0 = wasm_f32x4_splat(0), s1 = s0, s2 = s0, s3 = s0;
    for (size_t k = 0; k < whole; k += LANES) {
      v128_t x = wasm_v128_load(b + k);
      s0 = add_product(s0, a0 + k, x);
      s1 = add_product(s1, a1 + k, x);
      s2 = add_product(s2, a2 + k, x);
      s3 = add_product(s3, a3 + k, x);
    }
    const size_t left = inner - whole;
    const float *x = b + whole;
    float *o = out + row * out_stride;
    o[0] = finish(s0, a0 + whole, x, left, bias ? bias[row] : 0);
    o[out_stride] = finish(s1, a1 + whole, x, left, bias ? bias[row + 1] : 0);
    o[2 * out_stride] = finish(s2, a2 + whole, x, left, bias ? bias[row + 2] : 0);
    o[3 * out_stride] = finish(s3, a3 + whole, x, left, bias ? bias[row + 3] : 0);
  }
  columns_one_by_one(out + row * out_stride, out_stride, a + row * inner, b, bias ? bias + row : 0, rows - row, inner, 1);
}

// out = a b + bias, row-major: out (rows, columns) with out_stride values from one row to the next, a (rows, inner),
// b (inner, columns), bias (rows) or null. out must not overlap the inputs.
void matmul(float *out, size_t out_stride, const float *a, const float *b, const float *bias, size_t rows, size_t inner,
            size_t columns) {
  if (columns == 1) {
    times_vector(out, out_stride, a, b, bias, rows, inner);
    return;
  }
  if (columns < LANES) {
    columns_one_by_one(out, out_stride, a, b, bias, rows, inner, columns);
    return;
  }
  size_t column = 0;
  for (; column + 2 * LANES <= columns; column += 2 * LANES) {
    panel(out + column, out_stride, a, b + column, bias, rows, inner, columns, 2);
  }
  // What is left takes one vector or two; the last one ends at the last column and repeats some before it.
  for (; column < columns; column += LANES) {
    const size_t from = column + LANES <= columns ? column : columns - LANES;
    panel(out + from, out_stride, a, b + from, bias, rows, inner, columns, 1);
  }
}
