/**
 * The shapes that travel between rooms. Only types: nothing here runs.
 *
 * Frames: *image frame* is pixels of the uploaded image after EXIF rotation, x right, y down, pixel centres at .5;
 * *input frame* is the 1024x1024 square the encoder saw; *low-res frame* is the decoder's 256x256 logits over it.
 */

/** @typedef {import("./api-types.js").Segmenter["resize"]} Resize */

/** @typedef {{x: number, y: number, label: 0|1}} Point  image frame; label 1 includes, 0 excludes */
/** @typedef {[number, number, number, number]} Box  x0, y0, x1, y1 in the image frame */
/** @typedef {{key: string, x: number, y: number, width: number, height: number}} Window  of a large image: geometry/windows.js */
/**
 * @typedef {{width: number, height: number, data: Float32Array, resize: Resize, within?: Window|null}} LowRes
 *   logits, row-major, over the first height x width cells of the 256-grid; resize: how the picture lies under them;
 *   within: the part of it that does, where it is not the whole
 */
/**
 * @typedef {{points: Point[], box: Box|null, feedback: LowRes|null, within?: Window|null}} Prompt
 *   feedback: the chosen candidate's logits of the step before, of the same window
 */
/** @typedef {import("./api-types.js").RLE} Rle */

/**
 * One mask the decoder offers.
 * @typedef {object} Candidate
 * @property {number} token  0 the single-mask token, 1-3 the three of an ambiguous prompt, 4 the mask of before
 * @property {LowRes} lowRes
 * @property {number} predictedIou
 * @property {number} stability  area(logit > 1) / area(logit > -1) inside the picture
 * @property {number} areaFraction  share of the picture's low-res cells with logit > 0
 * @property {boolean} [previous]  the mask before the last click, kept to go back to
 */

/** @typedef {'webgpu'|'wasm'|'server'} Where */
/**
 * @typedef {{candidates: Candidate[], best: number, where: Where, threads: number, ms: number, segmenter: SegmenterInfo}} Decoded
 *   candidates in offered order; best indexes them
 */
/**
 * @typedef {{rle: Rle, area: number, bbox: [number, number, number, number]}} MaskRle
 *   bbox is x, y, width, height in image pixels
 */

/** @typedef {import("./api-types.js").ErrorShape} ErrorShape */
/** @typedef {import("./api-types.js").Embedding} EmbeddingInfo */
/** @typedef {EmbeddingInfo["state"]} EmbeddingState */
/** @typedef {import("./api-types.js").Rendering} Rendering */
/** @typedef {import("./api-types.js").ProjectImage} ProjectImage */
/** @typedef {import("./api-types.js").Image & Partial<ProjectImage>} ImageInfo  alone, or in a project */
/** @typedef {import("./api-types.js").PointStep | import("./api-types.js").BoxStep | import("./api-types.js").MaskStep} PromptStep */
/**
 * @typedef {Omit<import("./api-types.js").Annotation, "attributes"|"label_id"> & {attributes: Record<string, string|number|boolean>, label_id: string|null}} Annotation
 *   label_id: null until the server has a label of that name; attributes: answers hold no null
 */

/** @typedef {import("./api-types.js").Network} GraphInfo */
/** @typedef {import("./api-types.js").Quality} Quality */
/** @typedef {import("./api-types.js").Segmenter} SegmenterInfo */
/**
 * Which segmenters there are and which makes the masks.
 * @typedef {object} Segmenters
 * @property {readonly SegmenterInfo[]} installed
 * @property {SegmenterInfo} inUse
 * @property {SegmenterInfo|null} next  being made ready to take its place
 * @property {{segmenter: SegmenterInfo, message: string, hint: string}|null} failure  of the latest attempt to change
 * @property {Readonly<Record<string, number>>} decodeMs  usual milliseconds of a mask in this browser, by weights
 */
/** @typedef {import("./api-types.js").Pull} SegmenterPull */
/** @typedef {import("./api-types.js").PullList} PullList */
/** @typedef {import("./api-types.js").Limits} Limits */
/**
 * The JSON in the page's #boot script.
 * @typedef {object} Boot
 * @property {string} version
 * @property {string} static
 * @property {Project|null} project  of the annotate page and of the project's
 * @property {ImageInfo|null} image  of the annotate page
 * @property {SegmenterInfo[]} segmenters
 * @property {string} segmenter  id of the one the page starts with
 * @property {string|null} [provider]  of pages of accounts: with which people can sign in, as they call it
 * @property {string} [next]  of the page where people sign in: where to go then
 * @property {string} [token]  of the page that a link leads to: its secret
 * @property {number} [seq]  of the annotate page: the number of the project's last event when it was made
 * @property {boolean} [pulling]  of the annotate page: a segmenter is being downloaded
 * @property {number} [unread]  of whoever is signed in: items of the inbox
 * @property {Limits} limits
 * @property {string[]} languages  that the page can speak
 * @property {Record<string, string>} messages  English -> the page's language; empty in English
 */

/** @typedef {ProjectImage["state"]} ImageState */
/** @typedef {import("./api-types.js").StateCounts} StateCounts */
/** @typedef {import("./api-types.js").ProjectSettings} ProjectSettings */
/** @typedef {import("./api-types.js").ProjectSummary} ProjectSummary */
/** @typedef {import("./api-types.js").Project} Project */
/** @typedef {import("./api-types.js").LabelAttribute} LabelAttribute */
/** @typedef {Omit<import("./api-types.js").Label, "id"> & {id?: string}} LabelClass  without an id: not saved yet */
/** @typedef {{labels: LabelClass[], version: number}} LabelList */
/** @typedef {import("./api-types.js").Queue} Queue */

/**
 * Where masks are computed and how fast: what the status chip shows.
 * @typedef {object} Status
 * @property {'starting'|'calibrating'|'ready'|'failed'} phase
 * @property {Where|null} where  null until a first backend is ready
 * @property {number} threads
 * @property {number|null} ms  median of the recent decodes
 * @property {number|null} rttMs  round trip of a ping
 * @property {Where|null} forced  by ?decoder= or by the person
 * @property {CalibrationRow[]} calibration
 * @property {string} reason  a sentence: why it runs where it runs
 */
/** @typedef {{where: Where, threads: number, ms: number|null, parity: boolean|null, note: string}} CalibrationRow */

/**
 * What the page is waiting for.
 * @typedef {object} Work
 * @property {'idle'|'queued'|'encoding'|'downloading'|'loading-decoder'|'ready'|'failed'} phase
 * @property {number|null} fraction  0 to 1, null when unknown
 * @property {number} bytes
 * @property {number|null} totalBytes
 * @property {number|null} position  place in the encode queue, 1 is next
 * @property {number|null} secondsLeft
 * @property {WorkError|null} error
 */
/** @typedef {{message: string, hint: string, retry: () => void}} WorkError */

export {};
