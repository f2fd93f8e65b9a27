// The colour that points fade to where others are chosen.

import { themeValue } from '../shared/dom.js';

/** @import { Fade } from './scatter.js' */

const FADED = 0.8; // how far points that are not chosen take the colour of the background
const FADED_TEXT = 0.15; // share of the text's colour in it

/**
 * What points that are not chosen fade to.
 *
 * @param {HTMLElement} element of the map, for its theme.
 * @returns {Fade}
 */
export function fadeColourOf(element) {
  const text = rgbOf(themeValue(element, 'text-color'));
  const background = rgbOf(themeValue(element, 'background-color'));
  const [red, green, blue] = background.map((value, i) => value + FADED_TEXT * (text[i] - value));
  return [red, green, blue, FADED];
}

/**
 * A colour of any notation as red, green and blue in [0, 1]; grey where it has none.
 *
 * @param {string} colour
 */
function rgbOf(colour) {
  const context = new OffscreenCanvas(1, 1).getContext('2d');
  if (!context) return [0.5, 0.5, 0.5];
  context.fillStyle = '#888888';
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  return Array.from(context.getImageData(0, 0, 1, 1).data.subarray(0, 3), (value) => value / 255);
}
