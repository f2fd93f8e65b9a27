import assert from 'node:assert/strict';
import test from 'node:test';
import { assertClose, randomNumbers } from '../testing.js';
import { CountRaster, stamp, strength } from './count_raster.js';
import { PointIndex } from './point_index.js';

const [WIDTH, HEIGHT] = [40, 30];
const MAPPING = { scaleX: 20, shiftX: -5, scaleY: -20, shiftY: 33 };
const PALETTE = Uint8Array.of(200, 100, 0, 216, 0, 50, 250, 216, 9, 9, 9, 0);

/** Points in an index' order, as a scatter keeps them, and each with its class; some lie out of sight. */
function cloud() {
  const random = randomNumbers(4);
  const index = new PointIndex(Float32Array.from({ length: 6000 }, () => random() + 1.5 * random()));
  const places = Float32Array.from({ length: 6000 }, (_, at) => index.points[2 * index.items[at >> 1] + (at & 1)]);
  const groups = Uint16Array.from({ length: 3000 }, (_, k) => k % 3);
  return { index, places, groups, chosen: Uint8Array.from({ length: 3000 }, (_, k) => Number(k % 5 === 0)) };
}

test('each pixel has the count and the mean colour of the points on it, whatever the slices', () => {
  const points = cloud();
  for (const side of [1, 2, 5]) {
    const expected = new Uint32Array(4 * WIDTH * HEIGHT);
    for (let k = 0; k < 3000; k++) {
      if (points.groups[k] === 2) continue; // a hidden class
      const x = Math.floor(points.places[2 * k] * 20 - 5);
      const y = Math.floor(33 - points.places[2 * k + 1] * 20);
      for (const [dx, dy] of stamp(side)) {
        if (x + dx < 0 || x + dx >= WIDTH || y + dy < 0 || y + dy >= HEIGHT) continue;
        const at = 4 * ((y + dy) * WIDTH + x + dx);
        for (let c = 0; c < 3; c++) expected[at + c] += PALETTE[4 * points.groups[k] + c];
        expected[at + 3]++;
      }
    }
    for (const isLate of [() => false, () => true]) {
      const raster = new CountRaster(WIDTH, HEIGHT);
      const goOn = raster.counting(points, PALETTE, MAPPING, side, null);
      let slices = 1;
      while (!goOn(isLate)) slices++;
      if (isLate() && side === 1) assert(slices > 5);
      assert.deepEqual(raster.sums, expected);
    }
  }
});

test('the chosen and the others make up all', () => {
  const points = cloud();
  const sums = [null, 0, 1].map((flag) => {
    const raster = new CountRaster(WIDTH, HEIGHT);
    raster.counting(points, PALETTE, MAPPING, 2, flag)(() => false);
    return raster.sums;
  });
  const [others, chosen] = sums
    .slice(1)
    .map((set) => set.reduce((sum, value, at) => sum + (at % 4 === 3 ? value : 0), 0));
  assert(chosen > 100 && chosen < others / 3); // a fifth of the points
  assert.deepEqual(
    sums[0],
    sums[1].map((sum, at) => sum + sums[2][at]),
  );
});

test('a picture is painted over what is there, the stronger the more points', () => {
  const raster = new CountRaster(3, 1);
  raster.sums.set([0, 0, 0, 0, 200, 100, 0, 1, 2000, 500, 0, 10]);
  const rgba = new Uint8ClampedArray(12).fill(7);
  raster.paint(rgba);
  assert.equal(raster.most, 10);
  assert.deepEqual([...rgba.slice(0, 4)], [7, 7, 7, 7]);
  assert.deepEqual([...rgba.slice(4, 7), ...rgba.slice(8, 11)], [200, 100, 0, 200, 50, 0]);
  assert.equal(rgba[11], 255);
  assertClose(rgba[7], 255 * 0.425, 1);
});

test('where no points share a pixel they look as points do; else in even steps of the logarithm', () => {
  assert.equal(strength(1, 1), 0.85);
  for (const most of [2, 50, 1e6]) {
    assertClose(strength(most, most), 1, 1e-12);
    assert(strength(1, most) > 0.1);
    assertClose(strength(Math.sqrt(most), most), (strength(1, most) + 1) / 2, 1e-12);
  }
});

test('all but the chosen, faded, are what the others make in faded colours', () => {
  const points = cloud();
  /** @type {[number, number, number, number]} */
  const fade = [0.2, 0.4, 1, 0.8];
  const faded = PALETTE.map((value, at) => (at % 4 < 3 ? value + 0.8 * (255 * fade[at % 4] - value) : value));
  const [all, chosen, others] = [null, 1, 0].map((flag) => {
    const raster = new CountRaster(WIDTH, HEIGHT);
    raster.counting(points, flag === 0 ? faded : PALETTE, MAPPING, 2, flag)(() => false);
    return raster;
  });
  const [expected, painted] = [0, 0].map(() => new Uint8ClampedArray(4 * WIDTH * HEIGHT));
  others.paint(expected);
  all.paint(painted, chosen, fade);
  assert.equal(all.most, others.most);
  assert(painted.every((value, at) => Math.abs(value - expected[at]) <= 1));
});
