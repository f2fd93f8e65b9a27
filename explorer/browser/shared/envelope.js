// The envelope in which Python sends a component its data: a JSON header and sections of bytes (see envelope.py).

/**
 * @typedef {[offset: number, length: number, digest: string]} Section
 */

/**
 * A parsed envelope.
 *
 * @template {object} Header what the component's message says.
 */
export class Envelope {
  /** @param {Uint8Array} bytes as they came in the message, at any address. */
  constructor(bytes) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.start = 4 + view.getUint32(0, true);
    this.bytes = bytes;
    /** @type {Header & {sections: Record<string, Section>}} */
    this.header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, this.start)));
  }

  /** @param {string} name */
  has(name) {
    return name in this.header.sections;
  }

  /**
   * A copy of a section, so that its first byte is aligned for any typed array.
   *
   * @param {string} name
   */
  section(name) {
    const [offset, length] = this.header.sections[name];
    return this.bytes.slice(this.start + offset, this.start + offset + length);
  }

  /**
   * Equal digests mean equal bytes; undefined where there is no such section.
   *
   * @param {string} name
   * @returns {string | undefined}
   */
  digest(name) {
    return this.header.sections[name]?.[2];
  }
}
