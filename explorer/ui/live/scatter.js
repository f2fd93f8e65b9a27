// Draws many points: WebGL2 where there is one, else a plain canvas. Both take the same calls.

const VERTEX_SHADER = `#version 300 es
  layout(location = 0) in vec2 position;
  layout(location = 1) in float group;
  uniform vec2 centre;
  uniform vec2 scale;
  uniform float size;
  uniform sampler2D palette;
  out vec4 colour;
  void main() {
    colour = texelFetch(palette, ivec2(int(group), 0), 0);
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
 * @returns {{setPoints, setPalette, draw, finish, destroy, kind: string}} draw(view, size): view has the centre in data
 *   units, data units per CSS pixel, and the canvas size; size is the points' diameter in CSS pixels. finish() returns
 *   when the drawing is done, for timing it.
 */
function createScatter(canvas, plain) {
  const gl = plain ? null : canvas.getContext('webgl2', { antialias: false, premultipliedAlpha: true });
  return gl ? webglScatter(canvas, gl) : plainScatter(canvas);
}

function webglScatter(canvas, gl) {
  let count = 0;
  let interleaved = null;
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
    uniforms = Object.fromEntries(['centre', 'scale', 'size'].map((name) => [name, gl.getUniformLocation(program, name)]));
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
    gl.enableVertexAttribArray(0);
    gl.vertexAttribPointer(0, 2, gl.FLOAT, false, 12, 0);
    gl.enableVertexAttribArray(1);
    gl.vertexAttribPointer(1, 1, gl.FLOAT, false, 12, 8);
    gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
  }

  function upload() {
    if (interleaved) gl.bufferData(gl.ARRAY_BUFFER, interleaved, gl.STATIC_DRAW);
    if (colours) {
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, colours.length / 4, 1, 0, gl.RGBA, gl.UNSIGNED_BYTE, colours);
    }
  }

  // The browser may take the context back, for instance when a page holds many.
  const lost = (event) => event.preventDefault();
  const restored = () => {
    prepare();
    upload();
    if (lastDraw) draw(...lastDraw);
  };
  canvas.addEventListener('webglcontextlost', lost);
  canvas.addEventListener('webglcontextrestored', restored);
  prepare();

  function draw(view, size) {
    lastDraw = [view, size];
    const ratio = canvas.width / view.width;
    gl.viewport(0, 0, canvas.width, canvas.height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.uniform2f(uniforms.centre, view.x, view.y);
    gl.uniform2f(uniforms.scale, 2 / (view.width * view.unit), 2 / (view.height * view.unit));
    gl.uniform1f(uniforms.size, size * ratio);
    gl.drawArrays(gl.POINTS, 0, count);
  }

  return {
    kind: 'webgl2',
    setPoints(points, groups) {
      count = groups.length;
      interleaved = new Float32Array(3 * count);
      for (let i = 0; i < count; i++) {
        interleaved[3 * i] = points[2 * i];
        interleaved[3 * i + 1] = points[2 * i + 1];
        interleaved[3 * i + 2] = groups[i];
      }
      upload();
    },
    setPalette(rgba) {
      colours = rgba;
      upload();
    },
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
  let colours = new Uint8Array(0);

  return {
    kind: 'canvas',
    setPoints(newPoints, newGroups) {
      points = newPoints;
      groups = newGroups;
      // By class, so that the fill colour changes once a class.
      order = Uint32Array.from(groups.keys()).sort((a, b) => groups[a] - groups[b]);
    },
    setPalette(rgba) {
      colours = rgba;
    },
    draw(view, size) {
      const ratio = canvas.width / view.width;
      const side = Math.max(1, size * ratio);
      context.clearRect(0, 0, canvas.width, canvas.height);
      let group = -1;
      for (const i of order) {
        if (groups[i] !== group) {
          group = groups[i];
          const [r, g, b, a] = colours.subarray(4 * group, 4 * group + 4);
          context.fillStyle = `rgba(${r}, ${g}, ${b}, ${a / 255})`;
        }
        if (!colours[4 * group + 3]) continue;
        const x = ((points[2 * i] - view.x) / view.unit + view.width / 2) * ratio;
        const y = (view.height / 2 - (points[2 * i + 1] - view.y) / view.unit) * ratio;
        if (x > -side && y > -side && x < canvas.width + side && y < canvas.height + side) {
          context.fillRect(x - side / 2, y - side / 2, side, side);
        }
      }
    },
    finish() {
      context.getImageData(0, 0, 1, 1);
    },
    destroy() {},
  };
}

/** Finds the point nearest to a place: points sorted into the cells of a grid, searched outwards in rings. */
class PointIndex {
  /** @param {Float32Array} points x, y pairs. */
  constructor(points) {
    const count = points.length / 2;
    this.points = points;
    const bounds = boundsOf(points);
    this.left = bounds.left;
    this.bottom = bounds.bottom;
    this.side = Math.max(1, Math.min(512, Math.ceil(Math.sqrt(count / 2))));
    this.cellWidth = (bounds.right - bounds.left) / this.side || 1;
    this.cellHeight = (bounds.top - bounds.bottom) / this.side || 1;
    const cells = new Uint32Array(count);
    this.starts = new Uint32Array(this.side * this.side + 1);
    for (let i = 0; i < count; i++) {
      cells[i] = this.row(points[2 * i + 1]) * this.side + this.column(points[2 * i]);
      this.starts[cells[i] + 1]++;
    }
    for (let c = 0; c < this.side * this.side; c++) this.starts[c + 1] += this.starts[c];
    const next = this.starts.slice();
    this.items = new Uint32Array(count);
    for (let i = 0; i < count; i++) this.items[next[cells[i]]++] = i;
  }

  column(x) {
    return Math.max(0, Math.min(this.side - 1, Math.floor((x - this.left) / this.cellWidth)));
  }

  row(y) {
    return Math.max(0, Math.min(this.side - 1, Math.floor((y - this.bottom) / this.cellHeight)));
  }

  /**
   * @param {(index: number) => boolean} allowed
   * @returns {{index: number, distance: number}} index -1 where nothing is allowed.
   */
  nearest(x, y, allowed) {
    const column = this.column(x);
    const row = this.row(y);
    const step = Math.min(this.cellWidth, this.cellHeight);
    let best = -1;
    let bestSquare = Infinity;
    for (let ring = 0; ring < this.side; ring++) {
      // Whatever lies in this ring is at least so far away (outside the grid even farther).
      if (best >= 0 && ((ring - 1) * step) ** 2 > bestSquare) break;
      for (let r = row - ring; r <= row + ring; r++) {
        if (r < 0 || r >= this.side) continue;
        const edge = r === row - ring || r === row + ring;
        for (let c = column - ring; c <= column + ring; c += edge || ring === 0 ? 1 : 2 * ring) {
          if (c < 0 || c >= this.side) continue;
          const cell = r * this.side + c;
          for (let at = this.starts[cell]; at < this.starts[cell + 1]; at++) {
            const i = this.items[at];
            const square = (this.points[2 * i] - x) ** 2 + (this.points[2 * i + 1] - y) ** 2;
            if (square < bestSquare && allowed(i)) {
              best = i;
              bestSquare = square;
            }
          }
        }
      }
    }
    return { index: best, distance: Math.sqrt(bestSquare) };
  }
}

function boundsOf(points) {
  let [left, right, bottom, top] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < points.length; i += 2) {
    left = Math.min(left, points[i]);
    right = Math.max(right, points[i]);
    bottom = Math.min(bottom, points[i + 1]);
    top = Math.max(top, points[i + 1]);
  }
  return left <= right ? { left, right, bottom, top } : { left: -1, right: 1, bottom: -1, top: 1 };
}
