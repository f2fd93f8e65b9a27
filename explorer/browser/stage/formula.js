// Formulas as MathML, whose symbols are tied to parts of the picture.
//
// What a formula is made of is a string, which is read sign by sign, a node, or a list of both.

import { el } from '../shared/dom.js';
import { tie } from './links.js';

/** @import { Links } from './links.js' */

/** @typedef {string | Node | (string | Node)[]} Piece */

/**
 * A symbol of a scene.
 *
 * @typedef {object} Meaning
 * @property {() => Piece} sign how it is written.
 * @property {string} says what it stands for, in a few words.
 * @property {() => string} [value] what it is in the picture as it stands.
 */

/** @typedef {Readonly<Record<string, Element>>} Symbols each reading gives a new node, to be put anywhere. */

const SPACE = 'http://www.w3.org/1998/Math/MathML';
const SIGNS = /\p{L}+|\d+(?:\.\d+)?|[^\s]/gu;

/**
 * @param {string} tag
 * @param {...Piece} pieces
 */
function math(tag, ...pieces) {
  const node = document.createElementNS(SPACE, tag);
  for (const piece of pieces) node.append(row(piece));
  return node;
}

/**
 * @param {Piece} piece
 * @returns {Node}
 */
function row(piece) {
  if (piece instanceof Node) return piece;
  const node = document.createElementNS(SPACE, 'mrow');
  for (const part of Array.isArray(piece) ? piece : [piece]) {
    if (part instanceof Node) node.append(part);
    else for (const [sign] of part.matchAll(SIGNS)) node.append(leaf(sign));
  }
  return node.childNodes.length === 1 ? node.childNodes[0] : node;
}

/** @param {string} sign */
function leaf(sign) {
  const tag = /\p{L}/u.test(sign) ? 'mi' : /\d/.test(sign) ? 'mn' : 'mo';
  const node = document.createElementNS(SPACE, tag);
  node.textContent = sign;
  if (tag === 'mo') node.setAttribute('stretchy', 'false');
  return node;
}

/** @param {Piece} above @param {Piece} below */
export const frac = (above, below) => math('mfrac', above, below);

/** @param {Piece} base @param {Piece} index */
export const sub = (base, index) => math('msub', base, index);

/** @param {Piece} base @param {Piece} power */
export const sup = (base, power) => math('msup', base, power);

/** @param {Piece} base @param {Piece} index @param {Piece} power */
export const subsup = (base, index, power) => math('msubsup', base, index, power);

/** @param {Piece} base */
export const hat = (base) => math('mover', base, '^');

/** @param {Piece} base */
export const tilde = (base) => math('mover', base, '~');

/** @param {Piece} index */
export const sum = (index) => math('munder', '∑', index);

/** @param {...Piece} inside */
export const norm = (...inside) => math('mrow', '‖', ...inside, '‖');

/**
 * The symbols of a scene, by the names of their parts.
 *
 * @param {Record<string, Meaning>} meanings
 * @param {Links} links
 * @returns {Symbols}
 */
export function createSymbols(meanings, links) {
  const symbols = {};
  for (const [part, { sign, says }] of Object.entries(meanings)) {
    Object.defineProperty(symbols, part, {
      get() {
        const node = math('mrow', sign());
        node.setAttribute('class', 'symbol');
        node.setAttribute('role', 'button');
        node.setAttribute('aria-label', says);
        tie(node, part, links);
        return node;
      },
    });
  }
  return symbols;
}

/**
 * A formula for each equation of a row, so that a narrow screen has them below one another: a comma or a semicolon at the
 * end of a piece ends one, but not in "…,".
 *
 * @param {(string | Node)[]} pieces
 */
export function formula(pieces) {
  /** @type {(string | Node)[][]} */
  const equations = [[]];
  for (const piece of pieces) {
    equations[equations.length - 1].push(piece);
    if (/(^|[^…])[,;] *$/.test(String(piece))) equations.push([]);
  }
  return equations.map((equation) => {
    const node = math('math', equation);
    node.setAttribute('display', 'block');
    return node;
  });
}

/**
 * A paragraph in which symbols may stand.
 *
 * @param {(string | Node)[]} pieces
 */
export function paragraph(pieces) {
  return el('p', {}, ...pieces.map((piece) => (isMath(piece) ? math('math', piece) : piece)));
}

/**
 * @param {string | Node} piece
 * @returns {piece is Element}
 */
function isMath(piece) {
  return piece instanceof Element && piece.namespaceURI === SPACE;
}
