// What the build makes of files that are no scripts: a style sheet is its text, a compiled kernel its bytes.

declare module '*.css' {
  const text: string;
  export default text;
}

declare module '*.wasm' {
  const bytes: Uint8Array<ArrayBuffer>;
  export default bytes;
}
