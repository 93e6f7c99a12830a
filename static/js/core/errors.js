/** SamphireError > ApiError, Superseded, DecoderFailed: what callers of this browser code catch. */

/** An error with a code for programs, a sentence for a person and what to do about it. */
export class SamphireError extends Error {
  /** @param {string} code @param {string} message @param {string} [hint] */
  constructor(code, message, hint = "") {
    super(message);
    this.name = new.target.name;
    this.code = code;
    this.hint = hint;
  }
}

/** What any error tells a person: what happened, and what to do about it. @param {unknown} error */
export function sentenceOf(error) {
  const { message, hint } = /** @type {Error & {hint?: string}} */ (error);
  return [message, hint].filter(Boolean).join(" ");
}

/**
 * The server said no, or could not be reached (status 0). `detail` is the whole error object of the answer, `retryAfterS`
 * when the same may succeed, where that is known.
 */
export class ApiError extends SamphireError {
  /** @type {number|null} */
  retryAfterS = null;

  /**
   * @param {string} code @param {string} message @param {string} hint @param {number} status
   * @param {Record<string, unknown>} [detail]
   */
  constructor(code, message, hint, status, detail = {}) {
    super(code, message, hint);
    this.status = status;
    this.detail = detail;
  }
}

/** A newer request took this one's place before it ran; ignore it. */
export class Superseded extends SamphireError {
  constructor() {
    super("superseded", "A newer prompt took this one's place.");
  }
}

/** The decoder in this browser could not do what was asked. */
export class DecoderFailed extends SamphireError {
  /** @param {string} message @param {string} [hint] */
  constructor(message, hint = "") {
    super("decoder_failed", message, hint);
  }
}
