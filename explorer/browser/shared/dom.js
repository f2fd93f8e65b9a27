// Small pieces of interface that components are built from.

const SVG_TAGS = ['svg', 'path', 'line', 'rect', 'g', 'text', 'circle'];

/** @typedef {HTMLElementTagNameMap & Pick<SVGElementTagNameMap, 'svg' | 'path' | 'line' | 'rect' | 'g' | 'text' | 'circle'>} Tags */

/** @typedef {string | number | boolean | null | undefined | ((event: any) => void)} Attribute */

/**
 * An element with attributes and children; null, undefined and false leave an attribute or a child out.
 *
 * @template {keyof Tags} Tag
 * @param {Tag} tag
 * @param {Record<string, Attribute>} attributes of which functions become listeners.
 * @param {...(Node | string | number | false | null | undefined)} children
 * @returns {Tags[Tag]}
 */
export function el(tag, attributes = {}, ...children) {
  const isSvg = SVG_TAGS.includes(tag);
  const node = isSvg ? document.createElementNS('http://www.w3.org/2000/svg', tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') node.addEventListener(name, value);
    else if (value !== null && value !== undefined && value !== false) {
      node.setAttribute(name, value === true ? '' : String(value));
    }
  }
  for (const child of children) {
    if (child !== null && child !== undefined && child !== false) {
      node.append(typeof child === 'number' ? String(child) : child);
    }
  }
  return /** @type {Tags[Tag]} */ (node);
}

/**
 * A small line icon, 16 x 16, drawn in the text's colour.
 *
 * @param {string} path
 */
export function icon(path) {
  return el(
    'svg',
    { viewBox: '0 0 16 16', width: 16, height: 16, 'aria-hidden': 'true', class: 'icon' },
    el('path', { d: path, fill: 'none', stroke: 'currentColor', 'stroke-width': 1.5, 'stroke-linecap': 'round' }),
  );
}

export const ICONS = {
  reset: 'M3.5 8a4.5 4.5 0 1 0 1.6-3.4M3.2 2.8v2.6h2.6',
  play: 'M5 3.2v9.6l7.6-4.8z',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  plus: 'M8 3.5v9M3.5 8h9',
  minus: 'M3.5 8h9',
};

let lastId = 0;

/** Distinguishes labels and inputs of several components on one page. */
export function newId() {
  lastId += 1;
  return `live-${lastId}`;
}

/**
 * A value of the page's theme, such as `text-color`.
 *
 * @param {Element} element
 * @param {string} name
 */
export function themeValue(element, name) {
  return getComputedStyle(element).getPropertyValue(`--st-${name}`).trim();
}

/**
 * Calls `work` with the element's width in CSS pixels, at once and whenever it changes.
 *
 * @param {Element} element
 * @param {(width: number) => void} work
 * @returns {() => void} what ends the watch.
 */
export function watchWidth(element, work) {
  const observer = new ResizeObserver(([entry]) => work(entry.contentRect.width));
  observer.observe(element);
  return () => observer.disconnect();
}
