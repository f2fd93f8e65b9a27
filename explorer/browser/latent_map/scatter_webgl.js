// Points drawn by WebGL2.

import { CHOSEN_SIZE, UNFADED } from './point_style.js';

/** @import { Fade, Scatter } from './scatter.js' */

/**
 * Three numbers a point, x, y and its class, and where the graphics processor has them.
 *
 * @typedef {{values: Float32Array, array: WebGLVertexArrayObject | null, buffer: WebGLBuffer | null}} PointSet
 */

const VERTEX_SHADER = `#version 300 es
  layout(location = 0) in vec2 position;
  layout(location = 1) in float group;
  uniform vec2 centre;
  uniform vec2 scale;
  uniform float size;
  uniform vec4 fade;
  uniform sampler2D palette;
  out vec4 colour;
  void main() {
    colour = texelFetch(palette, ivec2(int(group), 0), 0);
    colour.rgb = mix(colour.rgb, fade.rgb, fade.a);
    gl_Position = vec4((position - centre) * scale, 0.0, 1.0);
    // A hidden class is moved out of sight, which costs less than discarding its pixels.
    if (colour.a == 0.0) gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
    gl_PointSize = size;
  }`;

const FRAGMENT_SHADER = `#version 300 es
  precision mediump float;
  in vec4 colour;
  uniform highp float size;
  out vec4 fragment;
  void main() {
    float distance = length(gl_PointCoord - 0.5) * size;
    float cover = size < 3.0 ? 1.0 : clamp(size * 0.5 - distance + 0.5, 0.0, 1.0);
    fragment = vec4(colour.rgb, 1.0) * colour.a * cover;
  }`;

/** @returns {PointSet} */
const emptySet = () => ({ values: new Float32Array(0), array: null, buffer: null });

/**
 * @param {HTMLCanvasElement} canvas
 * @param {WebGL2RenderingContext} gl
 * @returns {Scatter}
 */
export function webglScatter(canvas, gl) {
  // Of all points, and once more of the chosen ones, which are drawn over the faded others.
  const all = emptySet();
  const chosen = emptySet();
  /** @type {Uint8Array | null} */
  let colours = null;
  /** @type {Record<'centre' | 'scale' | 'size' | 'fade', WebGLUniformLocation | null>} */
  let uniforms = { centre: null, scale: null, size: null, fade: null };
  /** @type {Parameters<Scatter['draw']> | null} */
  let lastDraw = null;
  /** @type {Uint32Array | null} */
  let positions = null; // of the chosen points

  /**
   * @param {WebGLProgram} program
   * @param {number} kind
   * @param {string} source
   */
  function attach(program, kind, source) {
    const shader = gl.createShader(kind);
    if (!shader) return; // the context is lost
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }

  function prepare() {
    const program = gl.createProgram();
    attach(program, gl.VERTEX_SHADER, VERTEX_SHADER);
    attach(program, gl.FRAGMENT_SHADER, FRAGMENT_SHADER);
    gl.linkProgram(program);
    if (!gl.getProgramParameter(program, gl.LINK_STATUS) && !gl.isContextLost()) {
      throw new Error(`The map's shaders do not link: ${gl.getProgramInfoLog(program)}`);
    }
    gl.useProgram(program);
    uniforms = {
      centre: gl.getUniformLocation(program, 'centre'),
      scale: gl.getUniformLocation(program, 'scale'),
      size: gl.getUniformLocation(program, 'size'),
      fade: gl.getUniformLocation(program, 'fade'),
    };
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    for (const set of [all, chosen]) {
      set.array = gl.createVertexArray();
      set.buffer = gl.createBuffer();
      gl.bindVertexArray(set.array);
      gl.bindBuffer(gl.ARRAY_BUFFER, set.buffer);
      gl.enableVertexAttribArray(0);
      gl.vertexAttribPointer(0, 2, gl.FLOAT, false, 12, 0);
      gl.enableVertexAttribArray(1);
      gl.vertexAttribPointer(1, 1, gl.FLOAT, false, 12, 8);
    }
    gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
  }

  /** @param {PointSet} set */
  function upload(set) {
    gl.bindBuffer(gl.ARRAY_BUFFER, set.buffer);
    gl.bufferData(gl.ARRAY_BUFFER, set.values, gl.STATIC_DRAW);
  }

  function uploadPalette() {
    if (colours?.length)
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, colours.length / 4, 1, 0, gl.RGBA, gl.UNSIGNED_BYTE, colours);
  }

  // The browser may take the context back, for instance when a page holds many.
  const lost = (/** @type {Event} */ event) => event.preventDefault();
  const restored = () => {
    prepare();
    upload(all);
    upload(chosen);
    uploadPalette();
    if (lastDraw) draw(...lastDraw);
  };
  canvas.addEventListener('webglcontextlost', lost);
  canvas.addEventListener('webglcontextrestored', restored);
  prepare();

  /**
   * @param {PointSet} set
   * @param {number} size in device pixels.
   * @param {Fade} fade
   */
  function drawSet({ array, values }, size, fade) {
    if (!values.length) return;
    gl.bindVertexArray(array);
    gl.uniform1f(uniforms.size, size);
    gl.uniform4f(uniforms.fade, ...fade);
    gl.drawArrays(gl.POINTS, 0, values.length / 3);
  }

  /** @type {Scatter['draw']} */
  function draw(view, size, fade) {
    lastDraw = [view, size, fade];
    const ratio = canvas.width / view.width;
    gl.viewport(0, 0, canvas.width, canvas.height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.uniform2f(uniforms.centre, view.x, view.y);
    gl.uniform2f(uniforms.scale, 2 / (view.width * view.unit), 2 / (view.height * view.unit));
    drawSet(all, size * ratio, chosen.values.length ? fade : UNFADED);
    drawSet(chosen, CHOSEN_SIZE * size * ratio, UNFADED);
  }

  /** @type {Scatter['setChosen']} */
  function setChosen(newPositions) {
    positions = newPositions;
    chosen.values = new Float32Array(3 * (positions?.length ?? 0));
    positions?.forEach((position, k) => {
      chosen.values.set(all.values.subarray(3 * position, 3 * position + 3), 3 * k);
    });
    upload(chosen);
  }

  return {
    kind: 'webgl2',
    marginOf: () => 0,
    goOn: () => true,
    most: () => 0,
    setPoints(points, groups) {
      all.values = new Float32Array(3 * groups.length);
      for (let i = 0; i < groups.length; i++) {
        all.values[3 * i] = points[2 * i];
        all.values[3 * i + 1] = points[2 * i + 1];
        all.values[3 * i + 2] = groups[i];
      }
      upload(all);
      setChosen(positions);
    },
    setPalette(rgba) {
      colours = rgba;
      uploadPalette();
    },
    setChosen,
    draw,
    finish() {
      gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
    },
    destroy() {
      canvas.removeEventListener('webglcontextlost', lost);
      canvas.removeEventListener('webglcontextrestored', restored);
      gl.getExtension('WEBGL_lose_context')?.loseContext();
    },
  };
}
