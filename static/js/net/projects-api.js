/** The part of the HTTP API that is about projects: themselves, their labels and images, what comes in and goes out. */

import { projectImagePath, projectPath } from "./base.js";
import { query } from "./transfers.js";

const RENDER_MS = 300_000; // for reading a large image again

/** @typedef {import("../core/types.js").Annotation} Annotation */
/** @typedef {import("../core/api-types.js").Certainty} Certainty */
/** @typedef {import("../core/types.js").ImageInfo} ImageInfo */
/** @typedef {import("../core/types.js").ImageState} ImageState */
/** @typedef {import("../core/types.js").LabelClass} LabelClass */
/** @typedef {import("../core/types.js").LabelList} LabelList */
/** @typedef {import("../core/types.js").Project} Project */
/** @typedef {import("../core/types.js").ProjectSummary} ProjectSummary */
/** @typedef {import("../core/types.js").Queue} Queue */
/** @typedef {import("../core/types.js").StateCounts} StateCounts */
/** @typedef {import("./transfers.js").TransferOptions} TransferOptions */

/**
 * Which images of a project, in which order; what is empty or left out says nothing.
 * @typedef {object} Selection
 * @property {string} [state]
 * @property {string} [label]
 * @property {string} [search]  in the name
 * @property {string} [score]  has an object whose predicted IoU is below this number
 * @property {string} [person]  id of an account that has to do with it
 * @property {string} [assigned]  id of the account whose it is to work on; "nobody": nobody's
 * @property {string} [sort]  name, added, state, objects, certainty
 * @property {string} [order]  asc, desc
 */
/** @typedef {import("../core/types.js").ProjectImage} ProjectImage */
/** @typedef {import("../core/api-types.js").ProjectImagePage} ProjectImagePage */
/** @typedef {import("../core/api-types.js").Undo} Undo */
/** @typedef {import("../core/api-types.js").Undoable} Undoable */
/** @typedef {import("../core/api-types.js").BulkAnswer} BulkAnswer */
/** @typedef {import("../core/api-types.js").ImportProblem} ImportProblem */
/**
 * @typedef {object} ImportHow
 * @property {string} format  of the annotations; "auto" detects it
 * @property {boolean} keepGoing  import what can be
 * @property {boolean} skipMissing  leave out annotations of images that are not there
 * @property {boolean} askLabels  wait to be told what labels are that the project has not
 * @property {string} existing  objects imported before that differ: add them beside, skip them, or replace
 */
/** @typedef {import("../core/api-types.js").ImportSummary & Partial<import("../core/api-types.js").Import>} ImportInfo  problems: of a single one */
/** @typedef {import("../core/api-types.js").FormatInfo} FormatInfo */
/**
 * @typedef {{split?: string, images?: boolean, provenance?: boolean, file?: string, selected?: string, chosen?: Selection}} ExportOptions
 *   split: as 80/10/10; images: with the pictures; provenance: with who made what; file: the one that was named while it was made; selected: what
 *   `selectImages` named; chosen: only images that match
 */
/** @typedef {import("../core/api-types.js").Loss} Loss */
/** @typedef {import("../core/api-types.js").Losses} Losses */

/**
 * @param {object} parts
 * @param {string} parts.base  prefix of every path
 * @param {(path: string, method?: string, body?: unknown, options?: {signal?: AbortSignal, limitMs?: number}) => Promise<any>} parts.json
 * @param {(path: string, method: string, body?: unknown) => Promise<any>} parts.save  of one change, which others wait for
 * @param {(path: string, body: FormData|Blob, options: TransferOptions, contentType?: string) => Promise<any>} parts.upload
 * @param {ReturnType<typeof import("./direct-uploads.js").createDirectUploads>} parts.uploadDirectly
 */
export function createProjectsApi({ base, json, save, upload, uploadDirectly }) {
  /** @param {ExportOptions} options */
  const exportQuery = ({ split, images, provenance, file, selected, chosen = {} }) => {
    const { state, label, search, score, person, assigned } = chosen;
    return query({ split, images: images ? 1 : undefined, provenance: provenance ? 1 : undefined, file, selected, state, label, search, score, person, assigned });
  };

  return {
    /** @param {'active'|'archived'|'deleted'} [which] @returns {Promise<ProjectSummary[]>} */
    projects: async (which) => (await json("/api/projects" + query({ which }))).projects,
    /** @param {string} projectId @returns {Promise<Project>} */
    project: (projectId) => json(projectPath(projectId)),
    /** What happened since. @param {string} projectId @param {number} since  number of an event @returns {Promise<import("../core/api-types.js").EventList>} */
    events: (projectId, since) => json(`${projectPath(projectId)}/events${query({ since })}`),
    /** @param {Partial<Project> & {name: string}} project @returns {Promise<Project>} */
    createProject: (project) => json("/api/projects", "POST", project),
    /**
     * Only what is named is changed, also among the settings.
     * @param {string} projectId
     * @param {{name?: string, description?: string, guidelines?: string, settings?: Partial<Project["settings"]>}} changes
     * @returns {Promise<Project>}
     */
    changeProject: (projectId, changes) => json(projectPath(projectId), "PATCH", changes),
    /** @param {string} projectId @returns {Promise<Undoable>} */
    deleteProject: (projectId) => json(projectPath(projectId), "DELETE"),
    /** @param {string} projectId @param {boolean} archived @returns {Promise<Project>} */
    archiveProject: (projectId, archived) =>
      json(`${projectPath(projectId)}/${archived ? "archive" : "unarchive"}`, "POST"),
    /** Sends the request the server gave for undoing what was done. @param {Undo} undo @returns {Promise<unknown>} */
    undo: ({ method, url, body }) => json(url, method, body),

    /** @param {string} projectId @returns {Promise<LabelList>} */
    labels: (projectId) => json(`${projectPath(projectId)}/labels`),
    /** How many objects have a label, by its id, on all images. @param {string} projectId @returns {Promise<Record<string, number>>} */
    labelUses: async (projectId) => (await json(`${projectPath(projectId)}/labels/uses`)).objects,
    /**
     * 409 `version_conflict` carries `detail.current`, the list as it is; `replaces`: ids of labels that become this one.
     * @param {string} projectId @param {{labels: Array<LabelClass & {replaces?: string[]}>, version: number}} list
     * @returns {Promise<LabelList>}
     */
    replaceLabels: (projectId, list) => json(`${projectPath(projectId)}/labels`, "PUT", list),

    /**
     * @param {string} projectId @param {Selection & {limit?: number, cursor?: string|null}} selection
     * @returns {Promise<ProjectImagePage>}
     */
    projectImages: (projectId, selection) =>
      json(`${projectPath(projectId)}/images${query({ ...selection })}`),
    /** @param {string} projectId @param {string} imageId @returns {Promise<ProjectImage>} */
    projectImage: (projectId, imageId) => json(projectImagePath(projectId, imageId)),
    /**
     * @param {string} projectId @param {Blob} file @param {string} path  its name, with the folders it came in
     * @param {TransferOptions} [options] @returns {Promise<ProjectImage>}
     */
    async addImage(projectId, file, path, options = {}) {
      const added = await uploadDirectly(projectPath(projectId), file, path, options);
      if (added) return added;
      const form = new FormData();
      if (path.includes("/")) form.append("path", path);
      form.append("file", file, path.split("/").at(-1));
      return upload(`${projectPath(projectId)}/images`, form, options);
    },
    /** @param {string} projectId @param {string} imageId @param {ImageState} state @returns {Promise<ProjectImage>} */
    setImageState: (projectId, imageId, state) => save(projectImagePath(projectId, imageId), "PATCH", { state }),
    /** @param {string} projectId @param {string} imageId @param {{drop: readonly string[], restore: readonly string[]}} words */
    changeProposals: (projectId, imageId, words) => save(`${projectImagePath(projectId, imageId)}/proposals`, "PATCH", words),
    /**
     * Shows its values and bands so, for everybody.
     * @param {string} projectId @param {string} imageId @param {import("../core/types.js").Rendering} rendering
     * @returns {Promise<ProjectImage>}
     */
    renderImage: (projectId, imageId, rendering) =>
      json(projectImagePath(projectId, imageId), "PATCH", { rendering }, { limitMs: RENDER_MS }),
    /** @param {string} projectId @param {string[]} ids @param {ImageState} state @returns {Promise<BulkAnswer>} */
    setImageStates: (projectId, ids, state) =>
      json(`${projectPath(projectId)}/images/bulk`, "POST", { ids, state }),
    /** @param {string} projectId @param {string[]} ids @param {boolean} gold @returns {Promise<{changed: number} & Undoable>} */
    markGold: (projectId, ids, gold) => json(`${projectPath(projectId)}/images/bulk`, "POST", { ids, gold }),
    /** @param {string} projectId @param {string[]} ids @returns {Promise<{changed: number} & Undoable>} */
    removeImages: (projectId, ids) =>
      json(`${projectPath(projectId)}/images/bulk`, "POST", { ids, remove: true }),
    /** Of a visitor's own, for good. @param {string} projectId @param {string} imageId @returns {Promise<BulkAnswer>} */
    removeImage: (projectId, imageId) => json(projectImagePath(projectId, imageId), "DELETE"),
    /**
     * What comes before and after an image of a listing; the next ones are encoded ahead. `images`: how many on either
     * side are described.
     * @param {string} projectId @param {Selection & {after?: string, images?: number, segmenter?: string}} [selection]
     * @returns {Promise<Queue>}
     */
    queue: (projectId, selection = {}) => json(`${projectPath(projectId)}/queue${query({ ...selection })}`),
    /**
     * `layer`: the account whose independent work is wanted.
     * @param {string} projectId @param {string} imageId @param {string} [layer] @returns {Promise<Annotation[]>}
     */
    projectAnnotations: async (projectId, imageId, layer) =>
      (await json(`${projectImagePath(projectId, imageId)}/annotations${query({ layer })}`)).annotations,
    /**
     * How sure its masks are, the least certain first.
     * @param {string} projectId @param {string} imageId @param {string} [layer] @returns {Promise<Certainty[]>}
     */
    certainty: async (projectId, imageId, layer) =>
      (await json(`${projectImagePath(projectId, imageId)}/certainty${query({ layer })}`)).objects,
    /**
     * Creating the same id twice is one annotation.
     * @param {string} projectId @param {string} imageId @param {Partial<Annotation>} annotation
     * @returns {Promise<Annotation>}
     */
    createProjectAnnotation: (projectId, imageId, annotation) =>
      save(`${projectImagePath(projectId, imageId)}/annotations`, "POST", annotation),

    /**
     * A zip or tar archive of pictures.
     * @param {string} projectId @param {File} file @param {TransferOptions} [options] @returns {Promise<ImportInfo>}
     */
    addArchive: (projectId, file, options = {}) =>
      upload(
        `${projectPath(projectId)}/images${query({ name: file.name })}`,
        file,
        options,
        "application/octet-stream",
      ),
    /**
     * Annotations: a file, or an archive of several; format "auto": whichever they are in.
     * @param {string} projectId @param {File} file
     * @param {TransferOptions & ImportHow} options @returns {Promise<ImportInfo>}
     */
    importAnnotations: (projectId, file, { format, keepGoing, skipMissing, askLabels, existing, ...options }) =>
      upload(
        `${projectPath(projectId)}/import/${encodeURIComponent(format)}` +
          query({
            name: file.name,
            keep_going: keepGoing ? 1 : undefined,
            skip_missing: skipMissing ? 1 : undefined,
            ask_labels: askLabels ? 1 : undefined,
            existing,
          }),
        file,
        options,
        "application/octet-stream",
      ),
    /** The newest first. @param {string} projectId @returns {Promise<ImportInfo[]>} */
    imports: async (projectId) => (await json(`${projectPath(projectId)}/imports`)).imports,
    /** @param {string} projectId @param {string} jobId @param {number} [after] position @returns {Promise<ImportInfo>} */
    importJob: (projectId, jobId, after) =>
      json(`${projectPath(projectId)}/imports/${encodeURIComponent(jobId)}${query({ after })}`),
    /**
     * @param {string} projectId @param {string} jobId
     * @param {{keep_going?: boolean, format?: string, label_map?: Record<string, string|null>}} changes  format "none": images only
     * @returns {Promise<ImportInfo>}
     */
    resumeImport: (projectId, jobId, changes) =>
      json(`${projectPath(projectId)}/imports/${encodeURIComponent(jobId)}/resume`, "POST", changes),
    /** Stops it; what was imported stays. @param {string} projectId @param {string} jobId @returns {Promise<ImportInfo>} */
    cancelImport: (projectId, jobId) =>
      json(`${projectPath(projectId)}/imports/${encodeURIComponent(jobId)}/cancel`, "POST"),
    /** Forgets it, and the file that was sent. @param {string} projectId @param {string} jobId @returns {Promise<void>} */
    discardImport: (projectId, jobId) =>
      json(`${projectPath(projectId)}/imports/${encodeURIComponent(jobId)}`, "DELETE"),

    /** The formats annotations are read from and written in. @returns {Promise<FormatInfo[]>} */
    formats: async () => (await json("/api/formats")).formats,
    /** What stands for these images in the options of an export. @param {string} projectId @param {string[]} ids @returns {Promise<string>} */
    selectImages: async (projectId, ids) =>
      (await json(`${projectPath(projectId)}/selections`, "POST", { ids })).selected,
    /** Address of a file to save. @param {string} projectId @param {string} format @param {ExportOptions} [options] */
    projectExportUrl: (projectId, format, options = {}) =>
      `${base}${projectPath(projectId)}/export/${encodeURIComponent(format)}${exportQuery(options)}`,
    /**
     * Has the file made; to be asked again for that file until it is ready, when downloading it begins at once.
     * @param {string} projectId @param {string} format @param {ExportOptions} [options] @param {AbortSignal} [signal]
     * @returns {Promise<import("../core/api-types.js").ExportStanding>}
     */
    prepareExport: (projectId, format, options = {}, signal) =>
      json(
        `${projectPath(projectId)}/export/${encodeURIComponent(format)}/prepare${exportQuery(options)}`,
        "POST",
        undefined,
        { signal },
      ),
    /** Its objects as a picture over its thumbnail. @param {string} projectId @param {string} imageId @param {number} visit  another fetches it anew */
    masksUrl: (projectId, imageId, visit) => `${base}${projectImagePath(projectId, imageId)}/masks.png?visit=${visit}`,
    /** The same of one image. @param {string} projectId @param {string} imageId @param {string} format */
    imageExportUrl: (projectId, imageId, format) =>
      `${base}${projectImagePath(projectId, imageId)}/export/${encodeURIComponent(format)}`,
    /** Of a page that segments the image without a server, with its objects. @param {string} projectId @param {string} imageId */
    bundleUrl: (projectId, imageId) => `${base}${projectPath(projectId)}/bundle${query({ images: imageId, objects: "1" })}`,
    /**
     * @param {string} projectId @param {string} format @param {ExportOptions} [options] @param {AbortSignal} [signal]
     * @returns {Promise<Losses>}
     */
    losses: (projectId, format, options = {}, signal) =>
      json(
        `${projectPath(projectId)}/export/${encodeURIComponent(format)}/losses${exportQuery(options)}`,
        "GET",
        undefined,
        { signal },
      ),
  };
}
