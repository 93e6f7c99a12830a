/** A picture in halved sizes, so that no frame scales many megapixels. Each is made when it is first wanted. */

const SMALL = 2_000_000; // pixels that are scaled faster than they are worth halving

export class PictureLevels {
  /** @param {HTMLImageElement} picture */
  constructor(picture) {
    /** @type {Array<HTMLImageElement|HTMLCanvasElement>} */
    this.levels = [picture];
    this.width = picture.naturalWidth;
    this.height = picture.naturalHeight;
  }

  /**
   * The smallest that is at least as fine as what it is drawn at.
   * @param {number} scale  device pixels per pixel of the picture
   */
  at(scale) {
    const wanted = Math.max(0, Math.floor(Math.log2(1 / scale)));
    let level = 0;
    while (level < wanted && (this.width >> level) * (this.height >> level) > SMALL) level++;
    while (this.levels.length <= level) this.levels.push(this.#halved(this.levels.length));
    return this.levels[level];
  }

  /** @param {number} level */
  #halved(level) {
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(this.width / 2 ** level));
    canvas.height = Math.max(1, Math.round(this.height / 2 ** level));
    const brush = canvas.getContext("2d", { alpha: false });
    brush?.drawImage(this.levels[level - 1], 0, 0, canvas.width, canvas.height);
    return canvas;
  }
}
