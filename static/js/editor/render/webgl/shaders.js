/** GLSL of what is drawn: picture, logits, accepted mask, the lines around one, all masks at once. All place a quad given in image pixels. */

const VERTEX = `#version 300 es
uniform vec4 uRect;    // x, y, width, height in the image frame
uniform vec4 uTurn;    // device pixels per image pixel: x and y of its x axis, then of its y axis
uniform vec2 uOrigin;  // device pixels of the image's origin
uniform vec2 uTarget;  // device pixels
out vec2 vImage;       // image frame
void main() {
  vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1);
  vImage = uRect.xy + corner * uRect.zw;
  vec2 at = uTurn.xy * vImage.x + uTurn.zw * vImage.y + uOrigin;
  vec2 clip = at / uTarget * 2.0 - 1.0;
  gl_Position = vec4(clip.x, -clip.y, 0.0, 1.0);
}`;

// Signed distance to the contour in device pixels is value / |gradient|: fill and outline have one width at every zoom.
const INK = `
uniform vec3 uColor;
uniform vec3 uEdge;    // of the line, outside of the contour
uniform vec3 uEdgeIn;  // and inside
uniform float uFill;
uniform float uOutline;  // width in device pixels, 0 for none
out vec4 color;
void ink(float value, vec2 gradient) {
  float slope = max(length(gradient), 1e-6);
  float distance = value / slope;
  float inside = clamp(distance + 0.5, 0.0, 1.0) * uFill;
  float line = uOutline > 0.0 ? clamp(0.5 * uOutline + 0.5 - abs(distance), 0.0, 1.0) : 0.0;
  float alpha = mix(inside, 1.0, line);
  if (alpha <= 0.0) discard;
  vec3 edge = mix(uEdge, uEdgeIn, clamp(distance + 0.5, 0.0, 1.0));
  color = vec4(mix(uColor, edge, line) * alpha, alpha);
}`;

const PICTURE = `#version 300 es
precision highp float;
uniform sampler2D uImage;
uniform vec2 uPicture;  // image pixels
uniform vec3 uRed;      // shares of the picture's channels in what is shown as red
uniform vec3 uGreen;
uniform vec3 uBlue;
uniform vec2 uAdjust;   // brightness, contrast; 1 as it is
in vec2 vImage;
out vec4 color;
void main() {
  vec3 pixel = texture(uImage, vImage / uPicture).rgb;
  vec3 mixed = vec3(dot(pixel, uRed), dot(pixel, uGreen), dot(pixel, uBlue));
  color = vec4((clamp(mixed * uAdjust.x, 0.0, 1.0) - 0.5) * uAdjust.y + 0.5, 1.0);
}`;

const SHEET = `#version 300 es
precision highp float;
uniform sampler2D uSheet;  // the masks as they lie on screen, its first row the lowest
uniform vec4 uRect;
uniform float uShare;
in vec2 vImage;
out vec4 color;
void main() {
  vec2 at = (vImage - uRect.xy) / uRect.zw;
  color = texture(uSheet, vec2(at.x, 1.0 - at.y)) * uShare;
}`;

const LOGITS = `#version 300 es
precision highp float;
uniform highp sampler2D uLogits;
uniform vec2 uCells;      // columns, rows of logits
uniform vec2 uToCells;    // low-res cells per image pixel
uniform vec2 uPerDevice;  // low-res cells per device pixel
uniform bool uBinary;     // the bare mask: white where a logit is above 0
uniform vec4 uRect;       // what the logits lie over
in vec2 vImage;
${INK}
void main() {
  vec2 last = uCells - 1.0;
  vec2 at = clamp((vImage - uRect.xy) * uToCells - 0.5, vec2(0.0), last);
  ivec2 i = ivec2(at);
  ivec2 j = ivec2(min(vec2(i) + 1.0, last));
  vec2 f = at - vec2(i);
  float a = texelFetch(uLogits, i, 0).r;
  float b = texelFetch(uLogits, ivec2(j.x, i.y), 0).r;
  float c = texelFetch(uLogits, ivec2(i.x, j.y), 0).r;
  float d = texelFetch(uLogits, j, 0).r;
  float value = mix(mix(a, b, f.x), mix(c, d, f.x), f.y);
  if (uBinary) {
    color = vec4(value > 0.0 ? 1.0 : 0.0);
    return;
  }
  ink(value, vec2(mix(b - a, d - c, f.y), mix(c - a, d - b, f.x)) * uPerDevice);
}`;

const MASK = `#version 300 es
precision highp float;
uniform sampler2D uMask;  // coverage of the bounding box with a rim of one empty pixel
uniform vec4 uRect;
uniform vec2 uStep;       // texture coordinates per device pixel
uniform vec3 uRim;
uniform float uRimWidth;  // device pixels
uniform float uShare;     // of fill and rim
in vec2 vImage;
${INK}
void main() {
  vec2 at = (vImage - uRect.xy) / uRect.zw;
  float value = texture(uMask, at).r - 0.5;
  vec2 dx = vec2(uStep.x, 0.0);
  vec2 dy = vec2(0.0, uStep.y);
  float across = texture(uMask, at + dx).r - texture(uMask, at - dx).r;
  float down = texture(uMask, at + dy).r - texture(uMask, at - dy).r;
  vec2 gradient = 0.5 * vec2(across, down);
  if (uOutline > 0.0) {
    ink(value, gradient);
    return;
  }
  float distance = value / max(length(gradient), 1e-6);
  float rim = clamp(uRimWidth + 0.5 - distance, 0.0, 1.0);
  float alpha = clamp(distance + 0.5, 0.0, 1.0) * mix(uFill, 1.0, rim) * uShare;
  if (alpha <= 0.0) discard;
  color = vec4(mix(uColor, uRim, rim) * alpha, alpha);
}`;

const RING = `#version 300 es
precision highp float;
uniform sampler2D uMask;
uniform vec4 uSheet;    // the mask's rectangle in the image frame; what is drawn is larger
uniform vec2 uStep;     // texture coordinates per device pixel
uniform vec3 uEdge;
uniform float uOutline; // device pixels just outside the mask
uniform float uCasing;  // device pixels of a dark line around that, 0 for none
uniform float uSharp;   // device pixels of a texel, 1 if smaller: an edge is one device pixel soft
in vec2 vImage;
out vec4 color;
vec2 at;
float cover(vec2 place) {
  return clamp((texture(uMask, place).r - 0.5) * uSharp + 0.5, 0.0, 1.0);
}
float within(float reach) {
  float most = cover(at);
  for (int i = 0; i < 8; i++) {
    float angle = 0.785398 * float(i);
    most = max(most, cover(at + reach * vec2(cos(angle), sin(angle)) * uStep));
  }
  return most;
}
void main() {
  at = (vImage - uSheet.xy) / uSheet.zw;
  float inside = cover(at);
  float near = within(uOutline);
  float line = near * (1.0 - inside);
  float dark = uCasing > 0.0 ? 0.75 * within(uOutline + uCasing) * (1.0 - near) * (1.0 - inside) : 0.0;
  float alpha = line + dark;
  if (alpha <= 0.0) discard;
  color = vec4(uEdge * line, alpha);
}`;

export const SHADERS = Object.freeze({
  picture: { vertex: VERTEX, fragment: PICTURE },
  logits: { vertex: VERTEX, fragment: LOGITS },
  mask: { vertex: VERTEX.replace("out vec2", "out highp vec2"), fragment: MASK },
  ring: { vertex: VERTEX.replace("out vec2", "out highp vec2"), fragment: RING },
  sheet: { vertex: VERTEX.replace("out vec2", "out highp vec2"), fragment: SHEET },
});
