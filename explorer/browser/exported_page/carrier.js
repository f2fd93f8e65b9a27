// Reads the messages that carrier.py has written into a page.

const ALPHABET = Array.from({ length: 94 }, (_, i) => i + 33).filter(
  (code) => !'<"\\'.includes(String.fromCharCode(code)),
);
const GROUP = 13; // bits in two letters

/**
 * The bytes that letters stand for.
 *
 * @param {string} text
 * @param {number} start of the letters in it.
 * @param {number} length in bytes.
 */
export function bytesOf(text, start, length) {
  const values = new Uint8Array(128);
  ALPHABET.forEach((code, value) => {
    values[code] = value;
  });
  const bytes = new Uint8Array(length);
  for (let i = start, at = 0, bits = 0, n = 0; at < length; i += 2) {
    bits = (bits << GROUP) | (values[text.charCodeAt(i)] * ALPHABET.length + values[text.charCodeAt(i + 1)]);
    for (n += GROUP; n >= 8 && at < length; at++) {
      n -= 8;
      bytes[at] = bits >> n;
    }
    bits &= (1 << n) - 1;
  }
  return bytes;
}

/**
 * The messages in a text, each as the bytes of its envelope.
 *
 * @param {string} text
 * @returns {Promise<Uint8Array[]>}
 */
export async function readMessages(text) {
  const gap = text.indexOf(' ');
  const packed = new Blob([bytesOf(text, gap + 1, Number(text.slice(0, gap)))]);
  const stream = packed.stream().pipeThrough(new DecompressionStream('gzip'));
  return messagesIn(new Uint8Array(await new Response(stream).arrayBuffer()));
}

/** @param {Uint8Array} content the index, and all pieces. */
export function messagesIn(content) {
  let at = 4 + new DataView(content.buffer, content.byteOffset).getUint32(0, true);
  /** @type {{pieces: [length: number, width: number][], messages: number[][]}} */
  const index = JSON.parse(new TextDecoder().decode(content.subarray(4, at)));
  const pieces = index.pieces.map(([length, width]) => {
    at += length;
    return together(content.subarray(at - length, at), width);
  });
  return index.messages.map((numbers) => {
    const parts = numbers.map((number) => pieces[number]);
    const message = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let end = 0;
    for (const part of parts) {
      message.set(part, end);
      end += part.length;
    }
    return message;
  });
}

/**
 * Numbers whose first bytes came first, then their second ones.
 *
 * @param {Uint8Array} bytes
 * @param {number} width of a number.
 */
function together(bytes, width) {
  const n = bytes.length / width;
  if (width === 1 || !Number.isInteger(n)) return bytes;
  const numbers = new Uint8Array(bytes.length);
  for (let k = 0; k < width; k++) for (let i = 0; i < n; i++) numbers[i * width + k] = bytes[k * n + i];
  return numbers;
}
