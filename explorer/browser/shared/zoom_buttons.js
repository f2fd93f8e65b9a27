// The buttons that zoom a picture, the same wherever one can be zoomed.

import { el, ICONS, icon } from './dom.js';

export const ZOOMS = 1.5; // a step

/** @typedef {{zoomBy: (factor: number) => void, fitAll: () => void, oneToOne: () => void}} Zooming */

/** @param {Zooming} zooming what they do. */
export function zoomButtons({ zoomBy, fitAll, oneToOne }) {
  /**
   * @param {string} name
   * @param {string} title
   * @param {string} path
   * @param {() => void} click
   */
  const tool = (name, title, path, click) =>
    el('button', { type: 'button', class: 'plain', 'aria-label': name, title, click }, icon(path));
  return [
    tool('Zoom out', 'Zoom out (−)', ICONS.minus, () => zoomBy(1 / ZOOMS)),
    tool('Zoom in', 'Zoom in (+)', ICONS.plus, () => zoomBy(ZOOMS)),
    tool('Fit the picture', 'Fit (0)', ICONS.reset, fitAll),
    el('button', { type: 'button', title: 'One picture pixel a screen pixel (1)', click: oneToOne }, '1:1'),
  ];
}
