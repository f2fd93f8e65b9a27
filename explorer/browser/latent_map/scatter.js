// Draws many points: WebGL2 where there is one, else a plain canvas. Both take the same calls.

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

/**
 * @param {HTMLCanvasElement} canvas
 * @param {boolean} plain never try WebGL2.
 * @returns {{setPoints, setPalette, setChosen, draw, finish, destroy, kind: string}} setChosen(positions): points that stand
 *   out, null for none. draw(view, size, fade): view has the centre in data units, data units per CSS pixel, and the canvas
 *   size; size is the points' diameter in CSS pixels; fade is the colour that points not chosen fade to, with how far, all
 *   in [0, 1]. finish() returns when the drawing is done, for timing it.
 */
export function createScatter(canvas, plain) {
  const gl = plain ? null : canvas.getContext('webgl2', { antialias: false, premultipliedAlpha: true });
  return gl ? webglScatter(canvas, gl) : plainScatter(canvas);
}

const CHOSEN_SIZE = 1.25; // of a chosen point, in sizes of the others

function webglScatter(canvas, gl) {
  // Of all points, and once more of the chosen ones, which are drawn over the faded others.
  const all = { values: new Float32Array(0), array: null, buffer: null };
  const chosen = { values: new Float32Array(0), array: null, buffer: null };
  let colours = null;
  let uniforms = null;
  let lastDraw = null;

  function compile(kind, source) {
    const shader = gl.createShader(kind);
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    return shader;
  }

  function prepare() {
    const program = gl.createProgram();
    gl.attachShader(program, compile(gl.VERTEX_SHADER, VERTEX_SHADER));
    gl.attachShader(program, compile(gl.FRAGMENT_SHADER, FRAGMENT_SHADER));
    gl.linkProgram(program);
    if (!gl.getProgramParameter(program, gl.LINK_STATUS) && !gl.isContextLost()) {
      throw new Error(`The map's shaders do not link: ${gl.getProgramInfoLog(program)}`);
    }
    gl.useProgram(program);
    const names = ['centre', 'scale', 'size', 'fade'];
    uniforms = Object.fromEntries(names.map((name) => [name, gl.getUniformLocation(program, name)]));
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

  function upload(set) {
    gl.bindBuffer(gl.ARRAY_BUFFER, set.buffer);
    gl.bufferData(gl.ARRAY_BUFFER, set.values, gl.STATIC_DRAW);
  }

  function uploadPalette() {
    if (colours) gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, colours.length / 4, 1, 0, gl.RGBA, gl.UNSIGNED_BYTE, colours);
  }

  // The browser may take the context back, for instance when a page holds many.
  const lost = (event) => event.preventDefault();
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

  function drawSet({ array, values }, size, fade) {
    if (!values.length) return;
    gl.bindVertexArray(array);
    gl.uniform1f(uniforms.size, size);
    gl.uniform4f(uniforms.fade, ...fade);
    gl.drawArrays(gl.POINTS, 0, values.length / 3);
  }

  function draw(view, size, fade) {
    lastDraw = [view, size, fade];
    const ratio = canvas.width / view.width;
    gl.viewport(0, 0, canvas.width, canvas.height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.uniform2f(uniforms.centre, view.x, view.y);
    gl.uniform2f(uniforms.scale, 2 / (view.width * view.unit), 2 / (view.height * view.unit));
    const chosenOnly = chosen.values.length > 0;
    drawSet(all, size * ratio, chosenOnly && fade ? fade : [0, 0, 0, 0]);
    drawSet(chosen, CHOSEN_SIZE * size * ratio, [0, 0, 0, 0]);
  }

  let positions = null;
  function setChosen(newPositions) {
    positions = newPositions;
    chosen.values = new Float32Array(3 * (positions?.length ?? 0));
    for (let at = 0; at < chosen.values.length; at++) {
      chosen.values[at] = all.values[3 * positions[Math.floor(at / 3)] + (at % 3)];
    }
    upload(chosen);
  }

  return {
    kind: 'webgl2',
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

function plainScatter(canvas) {
  const context = canvas.getContext('2d');
  let points = new Float32Array(0);
  let groups = [];
  let order = [];
  let chosenOrder = [];
  let positions = null;
  let colours = new Uint8Array(0);

  // By class, so that the fill colour changes once a class.
  const byClass = (indices) => Uint32Array.from(indices).sort((a, b) => groups[a] - groups[b]);

  function setChosen(newPositions) {
    positions = newPositions;
    chosenOrder = byClass(positions ?? []);
  }

  function drawSet(indices, view, side, fade) {
    const ratio = canvas.width / view.width;
    let group = -1;
    for (const i of indices) {
      if (groups[i] !== group) {
        group = groups[i];
        const rgb = [0, 1, 2].map((c) => colours[4 * group + c] + fade[3] * (255 * fade[c] - colours[4 * group + c]));
        context.fillStyle = `rgba(${rgb.map(Math.round)}, ${colours[4 * group + 3] / 255})`;
      }
      if (!colours[4 * group + 3]) continue;
      const x = ((points[2 * i] - view.x) / view.unit + view.width / 2) * ratio;
      const y = (view.height / 2 - (points[2 * i + 1] - view.y) / view.unit) * ratio;
      if (x > -side && y > -side && x < canvas.width + side && y < canvas.height + side) {
        context.fillRect(x - side / 2, y - side / 2, side, side);
      }
    }
  }

  return {
    kind: 'canvas',
    setPoints(newPoints, newGroups) {
      points = newPoints;
      groups = newGroups;
      order = byClass(groups.keys());
      setChosen(positions);
    },
    setChosen,
    setPalette(rgba) {
      colours = rgba;
    },
    draw(view, size, fade) {
      const side = Math.max(1, (size * canvas.width) / view.width);
      context.clearRect(0, 0, canvas.width, canvas.height);
      drawSet(order, view, side, chosenOrder.length && fade ? fade : [0, 0, 0, 0]);
      drawSet(chosenOrder, view, CHOSEN_SIZE * side, [0, 0, 0, 0]);
    },
    finish() {
      context.getImageData(0, 0, 1, 1);
    },
    destroy() {},
  };
}
