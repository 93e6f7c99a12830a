/**
 * The shapes that travel between rooms. Only types: nothing here runs.
 *
 * Frames: *image frame* is pixels of the uploaded image after EXIF rotation, x right, y down, pixel centres at .5;
 * *input frame* is the 1024x1024 square the encoder saw; *low-res frame* is the decoder's 256x256 logits over it.
 */

/**
 * How a segmenter's encoder sees a picture: its longest side scaled to 1024 and the rest padded, or squeezed to 1024x1024.
 * @typedef {'longest_side'|'square'} Resize
 */

/** @typedef {{x: number, y: number, label: 0|1}} Point  image frame; label 1 includes, 0 excludes */
/** @typedef {[number, number, number, number]} Box  x0, y0, x1, y1 in the image frame */
/**
 * @typedef {{width: number, height: number, data: Float32Array, resize: Resize}} LowRes
 *   logits, row-major, over the first height x width cells of the 256-grid; resize: how the picture lies under them
 */
/**
 * @typedef {{points: Point[], box: Box|null, feedback: LowRes|null}} Prompt
 *   feedback: the chosen candidate's logits of the step before
 */
/** @typedef {{size: [number, number], counts: string}} Rle  COCO compressed RLE; size is [height, width] */

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

/** @typedef {'none'|'queued'|'running'|'ready'|'failed'} EmbeddingState */
/** @typedef {{code: string, message: string, hint: string}} ErrorShape */
/**
 * @typedef {object} EmbeddingInfo
 * @property {string} segmenter
 * @property {string} weights
 * @property {EmbeddingState} state
 * @property {number|null} position  place in the encode queue, 1 is next
 * @property {number|null} seconds_left
 * @property {number|null} bytes
 * @property {string} url
 * @property {ErrorShape|null} error
 */
/** @typedef {{range?: 'auto'|'full'|number[], bands?: number[]|null}} Rendering */
/**
 * @typedef {object} ImageInfo
 * @property {string} id
 * @property {string} name
 * @property {number} width
 * @property {number} height
 * @property {number} bytes
 * @property {string} format
 * @property {string} sha256
 * @property {string} created_at
 * @property {Rendering|null} [rendering]  how deep samples are shown, where somebody chose it
 * @property {string} [version]  changes with the rendering
 * @property {string} file_url
 * @property {string} thumbnail_url
 * @property {number} annotation_count
 * @property {EmbeddingInfo} embedding
 * @property {string} [project_id]  of an image in a project, as are state and updated_at
 * @property {ImageState} [state]
 * @property {string} [added_at]
 * @property {string} [updated_at]
 * @property {boolean} [existing]  the upload was of bytes already known
 */
/**
 * @typedef {{kind: 'point', x: number, y: number, label: 0|1} | {kind: 'box', box: Box} | {kind: 'mask', token: number}} PromptStep
 */
/**
 * @typedef {object} Annotation
 * @property {string} id
 * @property {string} project_id
 * @property {string} image_id
 * @property {string|null} label_id  null until the server has a label of that name
 * @property {string} label
 * @property {string} color  #rrggbb
 * @property {Rle} rle
 * @property {number} area
 * @property {[number, number, number, number]} bbox
 * @property {Record<string, string|number|boolean>} attributes  by name
 * @property {number} z  the greater lies above
 * @property {PromptStep[]} prompts
 * @property {string|null} segmenter  null of what no network made, as are the next four
 * @property {string|null} weights
 * @property {number|null} candidate  decoder token, or 4: the mask that its last prompt refined
 * @property {number|null} predicted_iou
 * @property {number|null} stability_score
 * @property {number} version
 * @property {string} created_at
 * @property {string} updated_at
 */

/** @typedef {{url: string, bytes: number}} GraphInfo  a file for the decoder worker; bytes uncompressed */
/**
 * @typedef {{dataset: string, objects: number, one_click: number, best_of_three: number, box: number}} Quality
 *   mean IoU with the objects of a dataset, as `samphire eval` measured it
 */
/**
 * An installed segmenter.
 * @typedef {object} SegmenterInfo
 * @property {string} id
 * @property {string} title
 * @property {string} weights  sha256 of encoder and decoder, which are one unit
 * @property {string} licence
 * @property {Resize} resize
 * @property {GraphInfo} prepare
 * @property {GraphInfo} decoder
 * @property {number} encoder_bytes
 * @property {number|null} encoder_seconds  median of the pictures encoded on the server's machine
 * @property {Quality|null} quality
 * @property {boolean} default  what is used where nobody chose
 */
/**
 * Which segmenters there are and which makes the masks.
 * @typedef {object} Segmenters
 * @property {readonly SegmenterInfo[]} installed
 * @property {SegmenterInfo} inUse
 * @property {SegmenterInfo|null} next  being made ready to take its place
 * @property {{segmenter: SegmenterInfo, message: string, hint: string}|null} failure  of the latest attempt to change
 * @property {Readonly<Record<string, number>>} decodeMs  usual milliseconds of a mask in this browser, by weights
 */
/**
 * A segmenter that the server can download and install.
 * @typedef {object} SegmenterPull
 * @property {string} id
 * @property {string} title
 * @property {string} licence
 * @property {number} download_bytes
 * @property {Quality|null} quality
 * @property {string|null} needs  the command that installs Python packages which are missing
 * @property {'available'|'running'|'failed'} state
 * @property {'asking'|'downloading'|'building'|'testing'|null} step  while it is running
 * @property {number} bytes  that have arrived
 * @property {ErrorShape|null} error
 */
/**
 * @typedef {{pulls: readonly SegmenterPull[], allowed: boolean, command: string}} PullList
 *   allowed: this page may start them; command: what somebody else may run instead, before an id
 */
/** @typedef {{max_upload_bytes: number, max_pixels: number, max_side: number}} Limits */
/**
 * The JSON in the page's #boot script.
 * @typedef {object} Boot
 * @property {string} version
 * @property {string} static
 * @property {Project|null} project  of the annotate page and of the project's
 * @property {ImageInfo|null} image  of the annotate page
 * @property {SegmenterInfo[]} segmenters
 * @property {string} segmenter  id of the one the page starts with
 * @property {boolean} [pulling]  of the annotate page: a segmenter is being downloaded
 * @property {Limits} limits
 * @property {string[]} languages  that the page can speak
 * @property {Record<string, string>} messages  English -> the page's language; empty in English
 */

/** @typedef {'new'|'in_progress'|'attention'|'skipped'|'done'} ImageState */
/** @typedef {Record<ImageState, number>} StateCounts */
/**
 * @typedef {{segmenter: string|null, key_preset: 'samphire'|'cvat'|'labelme', require_attributes: boolean}} ProjectSettings
 *   require_attributes: what its labels require must be there before an image is done
 */
/**
 * As a listing has it.
 * @typedef {object} ProjectSummary
 * @property {string} id
 * @property {string} name
 * @property {string} description
 * @property {ProjectSettings} settings
 * @property {string} created_at
 * @property {string|null} archived_at
 * @property {string|null} deleted_at
 * @property {StateCounts} counts
 * @property {number} image_count
 * @property {number} annotation_count
 * @property {string[]} covers  addresses of thumbnails
 */
/** @typedef {ProjectSummary & {guidelines: string, guidelines_html: string}} Project */
/**
 * @typedef {{name: string, type: 'text'|'number'|'choice'|'flag', required: boolean, choices: string[]}} LabelAttribute
 */
/**
 * @typedef {{id?: string, name: string, color: string, key: string|null, description: string, group: string, attributes: LabelAttribute[]}} LabelClass
 */
/** @typedef {{labels: LabelClass[], version: number}} LabelList */
/**
 * Where an image stands in a listing.
 * @typedef {{previous: string|null, next: string[], position: number, total: number, images?: ImageInfo[]}} Queue
 *   ids; next: at most three. images, if asked for: those before it, itself even if not listed, those after it
 */

/**
 * Where masks are computed and how fast: what the status chip shows.
 * @typedef {object} Status
 * @property {'starting'|'calibrating'|'ready'|'failed'} phase
 * @property {Where|null} where  null until a first backend is ready
 * @property {number} threads
 * @property {number|null} ms  median of the recent decodes
 * @property {number|null} rttMs  median round trip of a decode on the server, or of a ping
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
