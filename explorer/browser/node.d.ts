// What unit tests use of Node.js. The scripts themselves run in browsers and see none of it.

declare module 'node:test' {
  export default function test(name: string, work: () => void | Promise<void>): void;
}

declare module 'node:assert/strict' {
  const assert: {
    (value: unknown, message?: string): asserts value;
    equal(actual: unknown, expected: unknown, message?: string): void;
    deepEqual(actual: unknown, expected: unknown, message?: string): void;
  };
  export default assert;
}

declare module 'node:zlib' {
  export function gzipSync(content: Uint8Array): Uint8Array;
}
