/**
 * Bytes as text.
 *
 * @param {Uint8Array} bytes
 */
export function toBase64(bytes) {
  let text = '';
  // Piece by piece: a function takes only so many arguments.
  for (let at = 0; at < bytes.length; at += 32768) text += String.fromCharCode(...bytes.subarray(at, at + 32768));
  return btoa(text);
}
