// The envelope in which Python sends a component its message: JSON, and sections of bytes (see envelope.py).

/** @import { Section } from '../messages.js' */

const ARRAYS = { Uint8Array, Uint16Array, Uint32Array, Float32Array, Float64Array };

/**
 * Where a section lies after the JSON text, in bytes; the digest of its content; and the array that it holds.
 *
 * @typedef {[offset: number, length: number, digest: string, array: keyof typeof ARRAYS, shape: number[]]} Place
 */

/**
 * The message in an envelope, each section in its place.
 *
 * @param {Uint8Array} bytes as they came, at any address.
 * @returns {any} what the component's type in messages.d.ts says.
 */
export function openMessage(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = 4 + view.getUint32(0, true);
  const text = new TextDecoder().decode(bytes.subarray(4, start));
  return JSON.parse(text, (_, value) => (value?.$section ? sectionOf(value.$section, bytes.subarray(start)) : value));
}

/**
 * @param {Place} place
 * @param {Uint8Array} body all sections.
 * @returns {Section<any>}
 */
function sectionOf([offset, length, digest, array, shape], body) {
  // A copy, so that its first byte is aligned for any typed array.
  const read = () => new ARRAYS[array](body.slice(offset, offset + length).buffer);
  // In the text by which components tell whether a message is another one, its digest stands for it.
  const section = { digest, shape, read, toJSON: () => [digest, shape] };
  return section;
}
