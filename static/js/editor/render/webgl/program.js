/** Compiles a pair of shaders and sets uniforms by name. */

/** @typedef {{use: () => void, set: (values: Record<string, number|boolean|readonly number[]>) => void}} Program */

/** @param {WebGL2RenderingContext} gl @param {number} type @param {string} source */
function compile(gl, type, source) {
  const shader = /** @type {WebGLShader} */ (gl.createShader(type));
  gl.shaderSource(shader, source);
  gl.compileShader(shader);
  return shader;
}

/**
 * @param {WebGL2RenderingContext} gl
 * @param {{vertex: string, fragment: string}} source
 * @returns {Program}
 */
export function createProgram(gl, { vertex, fragment }) {
  const program = gl.createProgram();
  const shaders = [compile(gl, gl.VERTEX_SHADER, vertex), compile(gl, gl.FRAGMENT_SHADER, fragment)];
  for (const shader of shaders) gl.attachShader(program, shader);
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS) && !gl.isContextLost()) {
    const logs = [gl.getProgramInfoLog(program), ...shaders.map((shader) => gl.getShaderInfoLog(shader))];
    throw new Error(`Shader: ${logs.filter(Boolean).join("; ")}`);
  }
  for (const shader of shaders) gl.deleteShader(shader);
  /** @type {Map<string, WebGLUniformLocation|null>} */
  const places = new Map();

  /** @param {string} name @param {number|boolean|readonly number[]} value */
  function setOne(name, value) {
    if (!places.has(name)) places.set(name, gl.getUniformLocation(program, name));
    const place = /** @type {WebGLUniformLocation|null} */ (places.get(name));
    if (typeof value === "number") gl.uniform1f(place, value);
    else if (typeof value === "boolean") gl.uniform1i(place, Number(value));
    else if (value.length === 2) gl.uniform2fv(place, value);
    else if (value.length === 3) gl.uniform3fv(place, value);
    else gl.uniform4fv(place, value);
  }

  return {
    use: () => gl.useProgram(program),
    set(values) {
      for (const [name, value] of Object.entries(values)) setOne(name, value);
    },
  };
}
