// The JSON objects of the API, made by `python -m server.openapi.browser_types` of the structs in
// server/features/*/schema.py.

/** What went wrong. Some errors carry more, as a version conflict its `current`. */
export interface ErrorShape {
  /** A word for programs. */
  code: string;
  /** A sentence for people. */
  message: string;
  /** What to do about it. */
  hint: string;
}

/** Every failure. */
export interface Error {
  /** Always false. */
  ok: false;
  /** What went wrong. */
  error: ErrorShape;
}

/** A request that undoes what was done. */
export interface Undo {
  /** Of the request. */
  method: string;
  /** Its address. */
  url: string;
  /** Its JSON, where it has one. */
  body?: Record<string, unknown>;
}

/** How to restore what was deleted. */
export interface Undoable {
  /** The request to send. */
  restore: Undo;
  /** Until when that can be done, UTC. */
  until: string;
}

/** Which of the bands and values of a 16-bit, floating or many-band image are shown. */
export interface Rendering {
  /** What becomes black and white: found by what the image holds, the whole range of its samples, or two values. */
  range?: "auto" | "full" | [number, number];
  /** One for grey, three for red, green and blue, counted from 1; null for the usual. */
  bands?: number[] | null;
}

/** An uploaded picture. */
export interface Image {
  /** Its id. */
  id: string;
  /** File name, cleaned. */
  name: string;
  /** Pixels, after the EXIF rotation. */
  width: number;
  /** Pixels, after the EXIF rotation. */
  height: number;
  /** Size of the upload. */
  bytes: number;
  /** Of the upload. */
  format: string;
  /** Of the upload. */
  sha256: string;
  /** UTC. */
  created_at: string;
  /** How deep samples are shown, where somebody chose it. */
  rendering: Rendering | null;
  /** Changes with the rendering; empty for an image as it comes. */
  version: string;
  /** The picture as browsers show it. */
  file_url: string;
  /** At most 256 pixels long. */
  thumbnail_url: string;
  /** How many annotations it has. */
  annotation_count: number;
  /** Of the segmenter in use. */
  embedding: Embedding;
  /** After an upload: the same bytes were here already. */
  existing?: boolean;
}

/** An image that is to be put into the bucket by whoever has it. */
export interface NewUpload {
  /** Its size. */
  bytes: number;
}

/** Where to put it with `PUT`, all of its bytes and no others, within 15 minutes. */
export interface DirectUpload {
  /** Its id, to say that it is there. */
  id: string;
  /** The address in the bucket; it needs no other sign-in. */
  url: string;
  /** The Content-Type to send, whatever the image is. */
  content_type: string;
}

/** An image that has reached the bucket. */
export interface Uploaded {
  /** Its file name. */
  name: string;
  /** Whether folders in the name are part of it. */
  folders?: boolean;
}

/** Whose news are wanted, or no more. */
export interface Watch {
  /** Id of the image. */
  image: string;
  /** Id of the project whose annotations are told of. */
  project?: string;
  /** Whose embedding the answer tells of; the configured one's when left out. */
  segmenter?: string | null;
}

/** How the embedding of the image stands, and the project. */
export interface Watched {
  /** Of the segmenter that was named, or the configured one. */
  embedding: Embedding;
  /** The number of the last event of the project. */
  seq: number;
}

/** Some images, the newest first. */
export interface ImagePage {
  /** The images. */
  images: Image[];
  /** How many there are in all. */
  total: number;
}

/** What the encoder made of an image, or where that stands. */
export interface Embedding {
  /** Id of the segmenter whose encoder makes it. */
  segmenter: string;
  /** SHA-256 that it carries: `encoding` of each segmenter that decodes it. */
  weights: string;
  /** How far it is. */
  state: "none" | "queued" | "running" | "ready" | "failed";
  /** Place in the queue, 1 is next. */
  position: number | null;
  /** Estimate from recent encodings. */
  seconds_left: number | null;
  /** Size as stored, compressed. */
  bytes: number | null;
  /** Where its bytes are. */
  url: string;
  /** The window of the image that it is of; null: the whole image. */
  window: string | null;
  /** Why it failed. */
  error: ErrorShape | null;
}

/** News of an image's embedding. */
export interface EmbeddingNews {
  /** Id of the segmenter whose encoder makes it. */
  segmenter: string;
  /** SHA-256 that it carries: `encoding` of each segmenter that decodes it. */
  weights: string;
  /** How far it is. */
  state: "none" | "queued" | "running" | "ready" | "failed";
  /** Place in the queue, 1 is next. */
  position: number | null;
  /** Estimate from recent encodings. */
  seconds_left: number | null;
  /** Size as stored, compressed. */
  bytes: number | null;
  /** Where its bytes are. */
  url: string;
  /** The window of the image that it is of; null: the whole image. */
  window: string | null;
  /** Why it failed. */
  error: ErrorShape | null;
  /** Id of the image. */
  image: string;
}

/** Whose an image is to work on. */
export interface Assigned {
  /** Id of the account. */
  account: string;
  /** Until when, for one out of the common queue, UTC; null: for good. */
  until: string | null;
  /** How far they are, where annotators do not see each other's work; to others than them. */
  state?: "new" | "in_progress" | "returned" | "attention" | "skipped" | "done" | "accepted";
}

/** A picture in a project; the same one may be in others, with other annotations. */
export interface ProjectImage {
  /** Its id. */
  id: string;
  /** Its name in the project, with the folders it came in. */
  name: string;
  /** Pixels, after the EXIF rotation. */
  width: number;
  /** Pixels, after the EXIF rotation. */
  height: number;
  /** Size of the upload. */
  bytes: number;
  /** Of the upload. */
  format: string;
  /** Of the upload. */
  sha256: string;
  /** UTC. */
  created_at: string;
  /** How deep samples are shown, where somebody chose it. */
  rendering: Rendering | null;
  /** Changes with the rendering; empty for an image as it comes. */
  version: string;
  /** The picture as browsers show it. */
  file_url: string;
  /** At most 256 pixels long. */
  thumbnail_url: string;
  /** How many annotations it has. */
  annotation_count: number;
  /** Of the segmenter in use. */
  embedding: Embedding;
  /** After an upload: the same bytes were here already. */
  existing?: boolean;
  /** The project it is in. */
  project_id: string;
  /** How far work on it is. */
  state: "new" | "in_progress" | "returned" | "attention" | "skipped" | "done" | "accepted";
  /** UTC. */
  added_at: string;
  /** When its state was last changed, UTC. */
  updated_at: string;
  /** Whose it is to work on. */
  assigned: Assigned[];
  /** Id of the account that last said it is done. */
  submitted_by: string | null;
  /** Id of the account that last accepted or returned it. */
  reviewed_by: string | null;
  /** When that was, UTC. */
  reviewed_at: string | null;
  /** What the reviewer said. */
  review_note: string | null;
  /** Threads of comments on it that are not resolved. */
  open_threads: number;
  /** Whether objects were changed since it was accepted. */
  changed_since_review: boolean;
  /** Whether annotators, who are not told, are compared with its common objects; to managers. */
  gold: boolean;
}

/** Some images of a project. */
export interface ProjectImagePage {
  /** In the order asked for. */
  images: ProjectImage[];
  /** The cursor of the following page; null on the last one. */
  next: string | null;
  /** How many images are in each state. */
  counts: StateCounts;
}

/** What to change: one or both. */
export interface ProjectImageChange {
  /** Its new state. */
  state?: "new" | "in_progress" | "attention" | "skipped" | "done";
  /** How to show it in every project that has it; null as it comes. Its embeddings are recreated. */
  rendering?: Rendering | null;
}

/** Images, and one of "state", "remove", "restore" and "gold"; or "states" alone. */
export interface BulkChange {
  /** Ids of images. */
  ids?: string[];
  /** Their new state. */
  state?: "new" | "in_progress" | "attention" | "skipped" | "done";
  /** Take them out of the project; you can restore them for 30 days. */
  remove?: true;
  /** Restore removed ones, with their annotations. */
  restore?: true;
  /** Whether annotators, who are not told, are compared with their common objects. */
  gold?: boolean;
  /** Ids of images under the state they get: what undoing a change of states sends. */
  states?: {[K in "new" | "in_progress" | "attention" | "skipped" | "done" | "returned"]?: string[]};
}

/** What was done. */
export interface BulkAnswer {
  /** How many images it concerned. */
  changed: number;
  /** How to undo it; left out when nothing can be. */
  restore?: Undo;
  /** Of removed ones: until when that can be done, UTC. */
  until?: string;
}

/** Where an image stands in a listing. */
export interface Queue {
  /** Id of the image before it. */
  previous: string | null;
  /** Ids of those after it, which are encoded ahead. */
  next: string[];
  /** How many images of the listing stand before it or are it; 0 without an image. */
  position: number;
  /** How many images are listed. */
  total: number;
  /** If asked for: those before it, itself even if not listed, those after it. */
  images?: ProjectImage[];
}

/** An image that was removed from a project. */
export interface RemovedImage {
  /** Its id. */
  id: string;
  /** Its name in the project. */
  name: string;
  /** How far work on it was. */
  state: "new" | "in_progress" | "returned" | "attention" | "skipped" | "done" | "accepted";
  /** Pixels, after the EXIF rotation. */
  width: number;
  /** Pixels, after the EXIF rotation. */
  height: number;
  /** Size of the upload. */
  bytes: number;
  /** How many annotations it has. */
  annotation_count: number;
  /** At most 256 pixels long. */
  thumbnail_url: string;
  /** UTC. */
  removed_at: string;
  /** Until when it can be restored, UTC. */
  until: string;
}

/** Some removed images. */
export interface TrashPage {
  /** The one removed last comes first. */
  images: RemovedImage[];
  /** What `after` is for the following page; null on the last one. */
  next: string | null;
  /** How many there are in all. */
  total: number;
}

/** Some removed images, or all. */
export interface TrashChoice {
  /** Ids of images. */
  ids?: string[];
  /** All of them. */
  all?: true;
}

/** Images to export. */
export interface NewSelection {
  /** Ids of images. */
  ids: string[];
}

/** What a project works with. */
export interface ProjectSettings {
  /** Id of a segmenter; null: the configured one. */
  segmenter: string | null;
  /** Which keys do what. */
  key_preset: "samphire" | "cvat" | "labelme";
  /** Whether an image whose objects lack a required attribute cannot be marked as done. */
  require_attributes: boolean;
  /** Minutes for which an image out of the common queue is somebody's, since they worked on it last. */
  lease_minutes: number;
  /** Whether images that are done are submitted to reviewers, who accept or return them. */
  review: boolean;
  /** How many people annotate each image. From 2 on, annotators do not see each other's work; objects that are there stay common to all others. */
  annotators_per_image: number;
  /** One in so many images that the queue gives to an annotator is a gold one; 0: none. Only managers are told. */
  gold_every: number;
  /** Whether masks are proposed for images before anybody opens them. */
  propose_ahead: boolean;
  /** Of those, drafts are shown whose predicted IoU is at least this. */
  propose_threshold: number;
}

/** What the project is to work with; only what is named is changed. */
export interface SettingsChange {
  /** Id of a segmenter; null: the configured one. */
  segmenter?: string | null;
  /** Which keys do what. */
  key_preset?: "samphire" | "cvat" | "labelme";
  /** Whether an image whose objects lack a required attribute cannot be marked as done. */
  require_attributes?: boolean;
  /** Minutes for which an image out of the common queue is somebody's, since they worked on it last. */
  lease_minutes?: number;
  /** Whether images that are done are submitted to reviewers, who accept or return them. */
  review?: boolean;
  /** How many people annotate each image. From 2 on, annotators do not see each other's work; objects that are there stay common to all others. */
  annotators_per_image?: number;
  /** One in so many images that the queue gives to an annotator is a gold one; 0: none. Only managers are told. */
  gold_every?: number;
  /** Whether masks are proposed for images before anybody opens them. */
  propose_ahead?: boolean;
  /** Of those, drafts are shown whose predicted IoU is at least this. */
  propose_threshold?: number;
}

/** How many images are in each state. */
export interface StateCounts {
  /** Images that are new. */
  new: number;
  /** Images that are in_progress. */
  in_progress: number;
  /** Images that are returned. */
  returned: number;
  /** Images that are attention. */
  attention: number;
  /** Images that are skipped. */
  skipped: number;
  /** Images that are done. */
  done: number;
  /** Images that are accepted. */
  accepted: number;
}

/** What people work on. */
export interface ProjectSummary {
  /** Its id. */
  id: string;
  /** 1 to 200 characters. */
  name: string;
  /** A few lines. */
  description: string;
  /** What it works with. */
  settings: ProjectSettings;
  /** UTC. */
  created_at: string;
  /** UTC. */
  archived_at: string | null;
  /** UTC. */
  deleted_at: string | null;
  /** How many images are in each state. */
  counts: StateCounts;
  /** How many images it has. */
  image_count: number;
  /** How many annotations it has. */
  annotation_count: number;
  /** Addresses of thumbnails of its first images. */
  covers: string[];
  /** What you are in it: each role may do what those before it may. */
  role: "viewer" | "annotator" | "reviewer" | "manager" | "owner";
}

/** A project with its guidelines. */
export interface Project {
  /** Its id. */
  id: string;
  /** 1 to 200 characters. */
  name: string;
  /** A few lines. */
  description: string;
  /** What it works with. */
  settings: ProjectSettings;
  /** UTC. */
  created_at: string;
  /** UTC. */
  archived_at: string | null;
  /** UTC. */
  deleted_at: string | null;
  /** How many images are in each state. */
  counts: StateCounts;
  /** How many images it has. */
  image_count: number;
  /** How many annotations it has. */
  annotation_count: number;
  /** Addresses of thumbnails of its first images. */
  covers: string[];
  /** What you are in it: each role may do what those before it may. */
  role: "viewer" | "annotator" | "reviewer" | "manager" | "owner";
  /** How to annotate, Markdown. */
  guidelines: string;
  /** The same as HTML that holds no scripts, styles or pictures. */
  guidelines_html: string;
}

/** Projects. */
export interface ProjectList {
  /** The default one, then the newest first. */
  projects: ProjectSummary[];
}

/** Fields to change. */
export interface ProjectChange {
  /** A few lines. */
  description?: string;
  /** How to annotate, Markdown. */
  guidelines?: string;
  /** What is to be changed of them. */
  settings?: SettingsChange;
  /** 1 to 200 characters. */
  name?: string;
}

/** A project to create. */
export interface NewProject {
  /** A few lines. */
  description?: string;
  /** How to annotate, Markdown. */
  guidelines?: string;
  /** What is to be changed of them. */
  settings?: SettingsChange;
  /** 1 to 200 characters. */
  name: string;
}

/** Something to say of an object besides its label. */
export interface LabelAttribute {
  /** 1 to 100 characters. */
  name: string;
  /** What is said. */
  type: "text" | "number" | "choice" | "flag";
  /** Whether it must be said. */
  required: boolean;
  /** What to choose from, for type "choice" only. */
  choices?: string[];
}

/** Something to say of an object besides its label. */
export interface NewLabelAttribute {
  /** 1 to 100 characters. */
  name: string;
  /** What is said. */
  type: "text" | "number" | "choice" | "flag";
  /** Whether it must be said. */
  required?: boolean;
  /** What to choose from, for type "choice" only. */
  choices?: string[];
}

/** What an object can be. */
export interface Label {
  /** Its id. */
  id: string;
  /** 1 to 100 characters, the only one of this name. */
  name: string;
  /** Its colour. */
  color: string;
  /** 1 to 9 or a letter, the only one with it. */
  key: string | null;
  /** What the label stands for. */
  description: string;
  /** What it is listed under, the supercategory of COCO; "" for none. */
  group: string;
  /** What is asked of its objects, each under another name. */
  attributes: LabelAttribute[];
}

/** The labels of a project, in their order. */
export interface LabelList {
  /** All of them. */
  labels: Label[];
  /** One more with every change of the list. */
  version: number;
}

/** How much the labels of a project are used. */
export interface LabelUses {
  /** By the id of a label, how many objects have it, on all images, those in the trash included; labels that none has are left out. */
  objects: Record<string, number>;
}

/** A label that a project is to have. */
export interface NewLabel {
  /** Its id; null, or left out, for a new one. */
  id?: string | null;
  /** 1 to 100 characters, the only one of this name. */
  name: string;
  /** Its colour. */
  color: string;
  /** 1 to 9 or a letter, the only one with it. */
  key?: string | null;
  /** What the label stands for. */
  description?: string;
  /** What it is listed under, the supercategory of COCO; "" for none. Left out, it stays as it was. */
  group?: string | null;
  /** What is asked of its objects, each under another name. */
  attributes?: NewLabelAttribute[];
  /** Ids of labels whose annotations get this one. */
  replaces?: string[];
}

/** The labels a project is to have, and no others. */
export interface NewLabelList {
  /** All of them. */
  labels: NewLabel[];
  /** The version of the list this was made from. */
  version: number;
}

/** A mask as COCO run-length encoding: column-major, compressed as pycocotools does. */
export interface RLE {
  /** [height, width] of the image. */
  size: [number, number];
  /** The runs. */
  counts: string;
}

/** A point. */
export interface PointStep {
  kind: "point";
  /** Image pixels. */
  x: number;
  /** Image pixels. */
  y: number;
  /** 1 include, 0 exclude. */
  label: 0 | 1;
  /** [x, y, width, height] of the crop of an automatic mask; left out: the whole image. */
  crop_box?: [number, number, number, number];
}

/** A box. */
export interface BoxStep {
  kind: "box";
  /** [x0, y0, x1, y1], image pixels. */
  box: [number, number, number, number];
}

/** A mask that was fed back. */
export interface MaskStep {
  kind: "mask";
  /** Decoder token whose logits were fed back; 4: of the mask before. */
  token: number;
  /** The window of the image in which that mask was decoded; left out: the whole image. */
  window?: string;
}

/** An accepted mask. */
export interface Annotation {
  /** By name: text, a number, or true or false. */
  attributes: Record<string, string | number | boolean | null>;
  /** Greater lies above. */
  z: number;
  /** What the person did, in order; the first is no mask. */
  prompts: (PointStep | BoxStep | MaskStep)[];
  /** Id of the segmenter that made the mask. */
  segmenter: string | null;
  /** SHA-256 of its weights. */
  weights: string | null;
  /** The window of the image in which its mask was decoded; null: the whole image. */
  window: string | null;
  /** Decoder token of the candidate that was accepted; 4: the mask before the last prompt was kept. */
  candidate: number | null;
  /** The decoder's own estimate. */
  predicted_iou: number | null;
  /** area(logit > 1) / area(logit > -1). */
  stability_score: number | null;
  /** IoU of the mask with the best other candidate there was. */
  candidates_iou: number | null;
  /** Made by the client (8 to 36 letters, digits, - and _) or by the server. */
  id: string;
  /** The project it was made in. */
  project_id: string;
  /** The image it lies on. */
  image_id: string;
  /** The label that says what it is. */
  label_id: string;
  /** The name of its label, 1 to 100 characters. */
  label: string;
  /** The colour of its label. */
  color: string;
  /** The mask. */
  rle: RLE;
  /** Pixels in the mask. */
  area: number;
  /** [x, y, width, height] in pixels. */
  bbox: [number, number, number, number];
  /** Grows with every change, also over a deletion that is undone. */
  version: number;
  /** UTC. */
  created_at: string;
  /** UTC. */
  updated_at: string;
  /** Id of the account that made it; null: older, or of a server without accounts. */
  created_by: string | null;
  /** Id of the account that changed it last. */
  updated_by: string | null;
}

/** An annotation to create. Other fields are ignored. */
export interface NewAnnotation {
  /** By name: text, a number, or true or false. */
  attributes?: Record<string, string | number | boolean | null> | null;
  /** Greater lies above; null: above all others. */
  z?: number | null;
  /** What the person did, in order; the first is no mask. */
  prompts?: (PointStep | BoxStep | MaskStep)[] | null;
  /** Id of the segmenter that made the mask. */
  segmenter?: string | null;
  /** SHA-256 of its weights. */
  weights?: string | null;
  /** The window of the image in which its mask was decoded; null: the whole image. */
  window?: string | null;
  /** Decoder token of the candidate that was accepted; 4: the mask before the last prompt was kept. */
  candidate?: number | null;
  /** The decoder's own estimate. */
  predicted_iou?: number | null;
  /** area(logit > 1) / area(logit > -1). */
  stability_score?: number | null;
  /** IoU of the mask with the best other candidate there was. */
  candidates_iou?: number | null;
  /** Of a label of the project. Where it has none, its name counts: null, left out, or gone. */
  label_id?: string | null;
  /** The name of its label, 1 to 100 characters. */
  label?: string;
  /** Of a label that is new to the project. */
  color?: string;
  /** Made by the client (8 to 36 letters, digits, - and _) or by the server. */
  id?: string | null;
  /** The mask. */
  rle: RLE;
  /** To restore one that was deleted: what the answer 409 annotation_deleted tells. */
  version?: number | null;
}

/** Fields to change. */
export interface AnnotationChange {
  /** By name: text, a number, or true or false. */
  attributes?: Record<string, string | number | boolean | null> | null;
  /** Greater lies above. */
  z?: number;
  /** What the person did, in order; the first is no mask. */
  prompts?: (PointStep | BoxStep | MaskStep)[] | null;
  /** Id of the segmenter that made the mask. */
  segmenter?: string | null;
  /** SHA-256 of its weights. */
  weights?: string | null;
  /** The window of the image in which its mask was decoded; null: the whole image. */
  window?: string | null;
  /** Decoder token of the candidate that was accepted; 4: the mask before the last prompt was kept. */
  candidate?: number | null;
  /** The decoder's own estimate. */
  predicted_iou?: number | null;
  /** area(logit > 1) / area(logit > -1). */
  stability_score?: number | null;
  /** IoU of the mask with the best other candidate there was. */
  candidates_iou?: number | null;
  /** Of a label of the project. Where it has none, its name counts: null, left out, or gone. */
  label_id?: string | null;
  /** The name of its label, 1 to 100 characters. */
  label?: string;
  /** Of a label that is new to the project. */
  color?: string;
  /** The version the change is based on. */
  version: number;
  /** The mask. */
  rle?: RLE;
}

/** An image's annotations. */
export interface AnnotationList {
  /** Oldest first. */
  annotations: Annotation[];
}

/** How sure an annotation's mask is. */
export interface Certainty {
  /** Id of the annotation. */
  id: string;
  /** Grows with every change, also over a deletion that is undone. */
  version: number;
  /** The lowest known of predicted IoU, stability score, and (1 + IoU) / 2 with the next-best candidate and with the nearest proposal; null: none is known, as of what was drawn by hand. */
  certainty: number | null;
}

/** How sure the masks on an image are. */
export interface CertaintyList {
  /** The least certain first; those of which nothing is known last. */
  objects: Certainty[];
}

/** Something that happened in a project. What else it has depends on what happened: see the socket. */
export interface Event {
  /** What happened. */
  event: "annotation:changed" | "annotation:deleted" | "annotations:imported" | "annotations:agreed" | "annotations:segmented" | "assignments:changed" | "comment:changed" | "comment:deleted" | "image:changed" | "images:added" | "images:changed" | "images:removed" | "images:restored" | "images:deleted" | "labels:changed" | "links:changed" | "project:changed" | "project:deleted" | "project:restored";
  /** Id of the project. */
  project: string;
  /** Counts in the project, without gaps. */
  seq: number;
  /** Who did it: "owner", "machine", or "account:" or "visitor:" and the id, whose name the list of members has; without the id for visitors who look or try. */
  actor: string;
  /** UTC. */
  at: string;
  /** Id of the image that it is about, if it is about one. */
  image?: string;
}

/** What happened since. */
export interface EventList {
  /** The oldest first: 500 or 2 MB, then ask for the rest. */
  events: Event[];
  /** The number of the last event of the project. */
  seq: number;
}

/** An annotation is new or changed. */
export interface AnnotationChanged {
  /** What happened. */
  event: "annotation:changed" | "annotation:deleted" | "annotations:imported" | "annotations:agreed" | "annotations:segmented" | "assignments:changed" | "comment:changed" | "comment:deleted" | "image:changed" | "images:added" | "images:changed" | "images:removed" | "images:restored" | "images:deleted" | "labels:changed" | "links:changed" | "project:changed" | "project:deleted" | "project:restored";
  /** Id of the project. */
  project: string;
  /** Counts in the project, without gaps. */
  seq: number;
  /** Who did it: "owner", "machine", or "account:" or "visitor:" and the id, whose name the list of members has; without the id for visitors who look or try. */
  actor: string;
  /** UTC. */
  at: string;
  /** Id of the image. */
  image: string;
  /** As it was then. */
  annotation: Annotation;
}

/** An annotation is deleted. */
export interface AnnotationDeleted {
  /** What happened. */
  event: "annotation:changed" | "annotation:deleted" | "annotations:imported" | "annotations:agreed" | "annotations:segmented" | "assignments:changed" | "comment:changed" | "comment:deleted" | "image:changed" | "images:added" | "images:changed" | "images:removed" | "images:restored" | "images:deleted" | "labels:changed" | "links:changed" | "project:changed" | "project:deleted" | "project:restored";
  /** Id of the project. */
  project: string;
  /** Counts in the project, without gaps. */
  seq: number;
  /** Who did it: "owner", "machine", or "account:" or "visitor:" and the id, whose name the list of members has; without the id for visitors who look or try. */
  actor: string;
  /** UTC. */
  at: string;
  /** Id of the image. */
  image: string;
  /** Its id. */
  id: string;
  /** The version that was deleted. */
  version: number;
}

/** An import has added annotations to an image, or changed some. */
export interface AnnotationsImported {
  /** What happened. */
  event: "annotation:changed" | "annotation:deleted" | "annotations:imported" | "annotations:agreed" | "annotations:segmented" | "assignments:changed" | "comment:changed" | "comment:deleted" | "image:changed" | "images:added" | "images:changed" | "images:removed" | "images:restored" | "images:deleted" | "labels:changed" | "links:changed" | "project:changed" | "project:deleted" | "project:restored";
  /** Id of the project. */
  project: string;
  /** Counts in the project, without gaps. */
  seq: number;
  /** Who did it: "owner", "machine", or "account:" or "visitor:" and the id, whose name the list of members has; without the id for visitors who look or try. */
  actor: string;
  /** UTC. */
  at: string;
  /** Id of the image. */
  image: string;
  /** How many. */
  count: number;
}

/** A comment is new, changed or deleted, or its thread is resolved or open again. What it says is asked for. */
export interface CommentTold {
  /** What happened. */
  event: "annotation:changed" | "annotation:deleted" | "annotations:imported" | "annotations:agreed" | "annotations:segmented" | "assignments:changed" | "comment:changed" | "comment:deleted" | "image:changed" | "images:added" | "images:changed" | "images:removed" | "images:restored" | "images:deleted" | "labels:changed" | "links:changed" | "project:changed" | "project:deleted" | "project:restored";
  /** Id of the project. */
  project: string;
  /** Counts in the project, without gaps. */
  seq: number;
  /** Who did it: "owner", "machine", or "account:" or "visitor:" and the id, whose name the list of members has; without the id for visitors who look or try. */
  actor: string;
  /** UTC. */
  at: string;
  /** Id of the image. */
  image: string;
  /** Its id. */
  id: string;
  /** Id of its thread. */
  thread: string;
}

/** Common annotations of an image were made of several people's, or that was undone. */
export interface AnnotationsAgreed {
  /** What happened. */
  event: "annotation:changed" | "annotation:deleted" | "annotations:imported" | "annotations:agreed" | "annotations:segmented" | "assignments:changed" | "comment:changed" | "comment:deleted" | "image:changed" | "images:added" | "images:changed" | "images:removed" | "images:restored" | "images:deleted" | "labels:changed" | "links:changed" | "project:changed" | "project:deleted" | "project:restored";
  /** Id of the project. */
  project: string;
  /** Counts in the project, without gaps. */
  seq: number;
  /** Who did it: "owner", "machine", or "account:" or "visitor:" and the id, whose name the list of members has; without the id for visitors who look or try. */
  actor: string;
  /** UTC. */
  at: string;
  /** Id of the image. */
  image: string;
  /** How many are there now because of that. */
  count: number;
  /** How many were deleted for it. */
  deleted: number;
}

/** A job has made masks on an image, of its boxes or of everything there is; or that was undone. */
export interface AnnotationsSegmented {
  /** What happened. */
  event: "annotation:changed" | "annotation:deleted" | "annotations:imported" | "annotations:agreed" | "annotations:segmented" | "assignments:changed" | "comment:changed" | "comment:deleted" | "image:changed" | "images:added" | "images:changed" | "images:removed" | "images:restored" | "images:deleted" | "labels:changed" | "links:changed" | "project:changed" | "project:deleted" | "project:restored";
  /** Id of the project. */
  project: string;
  /** Counts in the project, without gaps. */
  seq: number;
  /** Who did it: "owner", "machine", or "account:" or "visitor:" and the id, whose name the list of members has; without the id for visitors who look or try. */
  actor: string;
  /** UTC. */
  at: string;
  /** Id of the image. */
  image: string;
  /** How many annotations are new or changed. */
  count: number;
  /** How many were deleted. */
  deleted: number;
  /** Whether that undid an earlier job. */
  undone?: boolean;
}

/** An image has another state in the project, or is shown differently. */
export interface ImageChanged {
  /** What happened. */
  event: "annotation:changed" | "annotation:deleted" | "annotations:imported" | "annotations:agreed" | "annotations:segmented" | "assignments:changed" | "comment:changed" | "comment:deleted" | "image:changed" | "images:added" | "images:changed" | "images:removed" | "images:restored" | "images:deleted" | "labels:changed" | "links:changed" | "project:changed" | "project:deleted" | "project:restored";
  /** Id of the project. */
  project: string;
  /** Counts in the project, without gaps. */
  seq: number;
  /** Who did it: "owner", "machine", or "account:" or "visitor:" and the id, whose name the list of members has; without the id for visitors who look or try. */
  actor: string;
  /** UTC. */
  at: string;
  /** Id of the image. */
  image: string;
  /** The new one. */
  state?: "new" | "in_progress" | "returned" | "attention" | "skipped" | "done" | "accepted";
  /** The one before. */
  was?: "new" | "in_progress" | "returned" | "attention" | "skipped" | "done" | "accepted";
  /** What a reviewer said of it. */
  decision?: "accept" | "return" | "reopen";
  /** It follows from the states of several annotators, or for them from a review. */
  follows?: boolean;
  /** Whose work was reviewed: an account's id. */
  submitted_by?: string | null;
  /** Its objects were changed after it was accepted. */
  changed_since_review?: boolean;
  /** How it is shown now. */
  rendering?: Rendering | null;
}

/** Images were added to a project, removed, restored, or deleted out of its trash. */
export interface ImagesMoved {
  /** What happened. */
  event: "annotation:changed" | "annotation:deleted" | "annotations:imported" | "annotations:agreed" | "annotations:segmented" | "assignments:changed" | "comment:changed" | "comment:deleted" | "image:changed" | "images:added" | "images:changed" | "images:removed" | "images:restored" | "images:deleted" | "labels:changed" | "links:changed" | "project:changed" | "project:deleted" | "project:restored";
  /** Id of the project. */
  project: string;
  /** Counts in the project, without gaps. */
  seq: number;
  /** Who did it: "owner", "machine", or "account:" or "visitor:" and the id, whose name the list of members has; without the id for visitors who look or try. */
  actor: string;
  /** UTC. */
  at: string;
  /** Ids of images. */
  images: string[];
}

/** Images have another state in the project. */
export interface ImagesChanged {
  /** What happened. */
  event: "annotation:changed" | "annotation:deleted" | "annotations:imported" | "annotations:agreed" | "annotations:segmented" | "assignments:changed" | "comment:changed" | "comment:deleted" | "image:changed" | "images:added" | "images:changed" | "images:removed" | "images:restored" | "images:deleted" | "labels:changed" | "links:changed" | "project:changed" | "project:deleted" | "project:restored";
  /** Id of the project. */
  project: string;
  /** Counts in the project, without gaps. */
  seq: number;
  /** Who did it: "owner", "machine", or "account:" or "visitor:" and the id, whose name the list of members has; without the id for visitors who look or try. */
  actor: string;
  /** UTC. */
  at: string;
  /** Ids of images. */
  images: string[];
  /** The new one. */
  state: "new" | "in_progress" | "returned" | "attention" | "skipped" | "done" | "accepted";
  /** How many of them are done and were not. */
  submitted?: number;
}

/** Images of a project are other people's to work on. */
export interface AssignmentsChanged {
  /** What happened. */
  event: "annotation:changed" | "annotation:deleted" | "annotations:imported" | "annotations:agreed" | "annotations:segmented" | "assignments:changed" | "comment:changed" | "comment:deleted" | "image:changed" | "images:added" | "images:changed" | "images:removed" | "images:restored" | "images:deleted" | "labels:changed" | "links:changed" | "project:changed" | "project:deleted" | "project:restored";
  /** Id of the project. */
  project: string;
  /** Counts in the project, without gaps. */
  seq: number;
  /** Who did it: "owner", "machine", or "account:" or "visitor:" and the id, whose name the list of members has; without the id for visitors who look or try. */
  actor: string;
  /** UTC. */
  at: string;
  /** Ids of images. */
  images: string[];
  /** Ids of the accounts whose they are now; none: nobody's. */
  to?: string[];
}

/** What became of a label. */
export interface LabelChange {
  /** merged: its objects got another. */
  what: "added" | "renamed" | "merged" | "removed";
  /** What it is called; of a merged one, the other label. */
  name: string;
  /** What it was called. */
  was?: string;
}

/** The labels of a project were changed. */
export interface LabelsChanged {
  /** What happened. */
  event: "annotation:changed" | "annotation:deleted" | "annotations:imported" | "annotations:agreed" | "annotations:segmented" | "assignments:changed" | "comment:changed" | "comment:deleted" | "image:changed" | "images:added" | "images:changed" | "images:removed" | "images:restored" | "images:deleted" | "labels:changed" | "links:changed" | "project:changed" | "project:deleted" | "project:restored";
  /** Id of the project. */
  project: string;
  /** Counts in the project, without gaps. */
  seq: number;
  /** Who did it: "owner", "machine", or "account:" or "visitor:" and the id, whose name the list of members has; without the id for visitors who look or try. */
  actor: string;
  /** UTC. */
  at: string;
  /** Of the list. */
  version: number;
  /** By the id of a label that is gone, the id of the one its objects have. */
  merged: Record<string, string>;
  /** The first 100, but for colours, keys and attributes. */
  changes?: LabelChange[];
}

/** A share link of the project was made or revoked. */
export interface LinksChanged {
  /** What happened. */
  event: "annotation:changed" | "annotation:deleted" | "annotations:imported" | "annotations:agreed" | "annotations:segmented" | "assignments:changed" | "comment:changed" | "comment:deleted" | "image:changed" | "images:added" | "images:changed" | "images:removed" | "images:restored" | "images:deleted" | "labels:changed" | "links:changed" | "project:changed" | "project:deleted" | "project:restored";
  /** Id of the project. */
  project: string;
  /** Counts in the project, without gaps. */
  seq: number;
  /** Who did it: "owner", "machine", or "account:" or "visitor:" and the id, whose name the list of members has; without the id for visitors who look or try. */
  actor: string;
  /** UTC. */
  at: string;
  /** Its id, which leads nowhere. */
  link: string;
  /** What happened. */
  what: "made" | "revoked";
  /** What whoever follows it may. */
  link_kind: "view" | "try" | "annotate" | "review";
}

/** Fields of a project were changed. */
export interface ProjectChanged {
  /** What happened. */
  event: "annotation:changed" | "annotation:deleted" | "annotations:imported" | "annotations:agreed" | "annotations:segmented" | "assignments:changed" | "comment:changed" | "comment:deleted" | "image:changed" | "images:added" | "images:changed" | "images:removed" | "images:restored" | "images:deleted" | "labels:changed" | "links:changed" | "project:changed" | "project:deleted" | "project:restored";
  /** Id of the project. */
  project: string;
  /** Counts in the project, without gaps. */
  seq: number;
  /** Who did it: "owner", "machine", or "account:" or "visitor:" and the id, whose name the list of members has; without the id for visitors who look or try. */
  actor: string;
  /** UTC. */
  at: string;
  /** Their names. */
  fields: string[];
}

/** What is different. */
export interface HistoryChange {
  /** Of an object; the last four: of the project's labels. */
  what: "mask" | "label" | "order" | "attribute" | "added" | "renamed" | "merged" | "removed";
  /** Of the attribute. */
  name?: string;
  /** What it was: a name, a value, or pixels of a mask. Null: nothing. */
  before: unknown;
  /** What it is. */
  after: unknown;
}

/** Somebody did something. */
export interface HistoryEntry {
  what: "created" | "imported" | "changed" | "restored" | "deleted" | "objects_imported" | "consensus" | "segmented" | "unsegmented" | "state" | "accepted" | "returned" | "reopened" | "changed_after_review" | "rendering" | "assigned" | "commented" | "comment_deleted" | "images_added" | "images_removed" | "images_restored" | "images_deleted" | "labels" | "link_made" | "link_revoked" | "project" | "project_deleted" | "project_restored";
  /** UTC. */
  at: string;
  /** Id of the account; null: of a server without accounts, or its commands. */
  by: string | null;
  /** Number of the project's event. */
  seq?: number;
  /** Id of the image. */
  image?: string;
  /** Id of the object. */
  annotation?: string;
  /** The object's, after this. */
  version?: number;
  /** What the object's label is called, or was. */
  label?: string;
  /** The version that it is again. */
  restored_from?: number;
  /** Whether this version can be looked at and restored. */
  kept?: boolean;
  /** What is different. */
  changes?: HistoryChange[];
  /** How many images, or objects. */
  count?: number;
  /** The new state. */
  state?: "new" | "in_progress" | "returned" | "attention" | "skipped" | "done" | "accepted";
  /** The state before. */
  was?: "new" | "in_progress" | "returned" | "attention" | "skipped" | "done" | "accepted";
  /** Ids of the accounts whose the images are now. */
  to?: string[];
  /** Names of the project's fields. */
  fields?: string[];
  /** Id of the account to whose work, which other annotators do not see, it was done; left out for them. */
  layer?: string;
}

/** What happened. */
export interface HistoryPage {
  /** The newest first. */
  entries: HistoryEntry[];
  /** `before` of the next page; null: this is the last. */
  next: number | null;
  /** Names of the accounts, by id; also of those that are disabled. */
  people: Record<string, string>;
  /** Names of the images, by id, but for those that were removed. */
  images: Record<string, string>;
}

/** A version of an object that it is to be again. */
export interface Restore {
  /** The one to restore. */
  version: number;
  /** The present one; of a deleted object what annotation_deleted tells. */
  base: number;
}

/** A moment. */
export interface ImageRestore {
  /** All objects of the image are to be as they were then. */
  at: string;
  /** When what is undone had ended, as its answer says: what was done since stays. */
  undoes?: string;
}

/** An image whose objects are as they were. */
export interface ImageRestored {
  /** All of them, the oldest first. */
  annotations: Annotation[];
  /** How many objects were changed, deleted or restored. */
  changed: number;
  /** How to undo it; left out when nothing was changed. */
  restore?: Undo;
}

/** What somebody did on a day. */
export interface NumbersOfDay {
  /** A day of UTC, as 2026-01-31. */
  day: string;
  /** Objects they drew. */
  made: number;
  /** Changes of objects. */
  changed: number;
  /** Objects they deleted. */
  deleted: number;
  /** As that of all days. */
  active_seconds: number;
}

/** What somebody did, and how their images stand now. */
export interface NumbersOfPerson {
  /** Id of the account; null: of a server without accounts. */
  account: string | null;
  /** Their name. */
  name: string;
  /** Objects they drew; imported ones do not count. */
  made: number;
  /** Changes of objects, restored ones included. */
  changed: number;
  /** Objects they deleted. */
  deleted: number;
  /** How often they said that an image is done. */
  submitted: number;
  /** How often a reviewer accepted what they submitted. */
  accepted: number;
  /** How often a reviewer returned it. */
  returned: number;
  /** Their own decisions as a reviewer. */
  reviewed: number;
  /** Estimated: the time between what they did, without pauses of more than 2 minutes. */
  active_seconds: number;
  /** Drawn in an active hour; null: active for less than a minute. */
  objects_per_hour: number | null;
  /** Images that are theirs now and not done. */
  assigned: number;
  /** Images they submitted that wait for a reviewer now. */
  waiting: number;
  /** Images they submitted that were changed since accepted. */
  changed_after_review: number;
  /** Those on which they did something. */
  days: NumbersOfDay[];
}

/** What people did in a project. */
export interface Numbers {
  /** The first day. */
  first: string;
  /** The last day, included. */
  last: string;
  /** By name: all members and who else did any of this; or only oneself. */
  people: NumbersOfPerson[];
}

/** Where somebody is, from now on; other pages of the same person come after this one. */
export interface Here {
  /** Id of the project; "default" when it is left out. */
  project?: string;
  /** Id of the image that is open. */
  image?: string | null;
  /** Id of the selected object. */
  object?: string | null;
  /** The tool in hand. */
  tool?: string | null;
}

/** Where the pointer is. */
export interface Pointed {
  /** x and y in image pixels; null when it has left the image. */
  at: [number, number] | null;
}

/** A place of the image that others are to look at. */
export interface Look {
  /** x and y in image pixels. */
  at: [number, number];
}

/** What of the image somebody has on screen. */
export interface Viewed {
  /** x and y of the middle, and how many image pixels the shorter side shows. */
  at: [number, number, number];
}

/** Whose view is wanted. */
export interface Follow {
  /** Number of the person; null for nobody's. */
  person?: number | null;
}

/** The objects that somebody is editing now. */
export interface Hold {
  /** Id of the project; "default" when it is left out. */
  project?: string;
  /** Their ids, all of them; those left out are released. */
  objects: string[];
}

/** Somebody who is in a project now; all pages of an account are one person, who is where the latest is. */
export interface Person {
  /** Number of the person, as long as they are here. */
  n: number;
  /** Id of the account; empty on a server without accounts. */
  account: string;
  /** What the account is called. */
  name: string;
  /** Id of the image that is open. */
  image: string | null;
  /** Id of the selected object. */
  object: string | null;
  /** The tool in hand. */
  tool: string | null;
}

/** Somebody has left the project. */
export interface PersonLeft {
  /** Number of the person. */
  n: number;
}

/** Who is in the project, and what is being edited on the image. */
export interface Present {
  /** Number of who asks. */
  me: number;
  /** All of them. */
  people: Person[];
  /** By the id of an object, the number of who edits it. */
  held: Record<string, number>;
  /** How many follow the view of who asks. */
  followers: number;
}

/** Pointers that moved. */
export interface Cursors {
  /** For each: number of the person, x, y in image pixels; the number alone when it has left. */
  at: number[][];
}

/** Somebody wants others to look at a place. */
export interface Looking {
  /** Number of the person. */
  n: number;
  /** x and y in image pixels. */
  at: number[];
}

/** What somebody who is followed has on screen. */
export interface View {
  /** Number of the person. */
  n: number;
  /** x and y of the middle, and the span of the shorter side. */
  at: number[];
}

/** How many follow one's view; it need be told while there are some. */
export interface Followed {
  /** How many. */
  followers: number;
}

/** What is being edited on the image, all of it. */
export interface Held {
  /** By the id of an object, the number of who edits it. */
  held: Record<string, number>;
}

/** What one holds; whatever else was asked for is another page's until that lets go, or does not say so for 30 s. */
export interface HoldAnswer {
  /** Ids of objects. */
  mine: string[];
}

/** What to segment: at least a point, a box or a mask. */
export interface Prompt {
  /** [[x, y, label], ...]: label 1 include, 0 exclude; image pixels. */
  points?: ([number, number, number])[] | null;
  /** [x0, y0, x1, y1], image pixels. */
  box?: [number, number, number, number] | null;
  /** mask_id of an earlier candidate to refine, of the same segmenter. */
  mask_from?: string | null;
  /** Id of a segmenter; the configured one when left out. */
  segmenter?: string | null;
  /** The window of the image to decode in, as "1-0-2"; "auto": the smallest with room for the object; left out: the whole image. The first prompt in a window waits until that is encoded. */
  window?: string | null;
  /** All four masks of the decoder, in token order. */
  all?: boolean;
}

/** A mask the decoder offers. */
export interface Candidate {
  /** 0: the single-mask token; 1 to 3: whole, part, sub-part. */
  token: number;
  /** The mask at full size. */
  rle: RLE;
  /** The decoder's own estimate. */
  predicted_iou: number;
  /** area(logit > 1) / area(logit > -1). */
  stability_score: number;
  /** Pixels in the mask. */
  area: number;
  /** [x, y, width, height] in pixels. */
  bbox: [number, number, number, number];
  /** For mask_from of a later prompt. */
  mask_id: string;
}

/** The answer to a prompt. */
export interface Prediction {
  /** In the order they are offered. */
  candidates: Candidate[];
  /** Index into candidates of the one to take when nobody chooses. */
  best: number;
  /** Id of this prediction. */
  prediction: string;
  /** Id of the segmenter that made the masks. */
  segmenter: string;
  /** SHA-256 of its weights. */
  weights: string;
  /** The window that they were decoded in; null: the whole image. */
  window: string | null;
  /** wait, decode, masks, total: milliseconds. */
  timing_ms: Record<string, number>;
}

/** What to segment, over the socket: answered with logits. */
export interface PredictRequest {
  /** Id of the image. */
  image: string;
  /** Id of a segmenter; the configured one when left out. */
  segmenter?: string | null;
  /** The window of the image to decode in; left out: the whole image. */
  window?: string | null;
  /** [[x, y, label], ...]: label 1 include, 0 exclude; image pixels. */
  points?: ([number, number, number])[] | null;
  /** [x0, y0, x1, y1], image pixels. */
  box?: [number, number, number, number] | null;
  /** Bytes of the logits to refine, as they were sent, or null. */
  mask_input?: unknown;
  /** A number that the answer repeats. */
  seq?: number | null;
}

/** All four masks as logits. Its lists have an entry for each. */
export interface PredictLogits {
  /** That of the request. */
  seq: number | null;
  /** The decoder's own estimates. */
  predicted_iou: number[];
  /** area(logit > 1) / area(logit > -1), of the exact logits. */
  stability_score: number[];
  /** The share of the picture, of the exact logits. */
  area_fraction: number[];
  /** The IoU with the mask sent, else of the mask's bounding box with the box. */
  agreement: number[];
  /** [4, height, width] of the logits. */
  shape: number[];
  /** Packed and deflated. */
  logits: ArrayBuffer;
  /** Id of the segmenter that made the masks. */
  segmenter: string;
  /** SHA-256 of its weights. */
  weights: string;
  /** wait, decode, pack, total: milliseconds. */
  timing_ms: Record<string, number>;
}

/** Settings of the automatic mask generator, with the reference's names and values. */
export interface ProposalSettings {
  /** Look coarsely first, then closely where something was found. */
  fast?: boolean;
  /** The image is asked at so many points a side. */
  points_per_side?: number;
  /** Least IoU that the decoder predicts. */
  pred_iou_thresh?: number;
  /** Least stability score. */
  stability_score_thresh?: number;
  /** Of masks whose boxes have a greater IoU, only the best is kept. */
  box_nms_thresh?: number;
  /** So many times the image is also cut into smaller crops. */
  crop_n_layers?: number;
  /** Smaller parts and holes are removed; in pixels. */
  min_mask_region_area?: number;
}

/** A run to start. */
export interface ProposalRun {
  /** Look coarsely first, then closely where something was found. */
  fast?: boolean;
  /** The image is asked at so many points a side. */
  points_per_side?: number;
  /** Least IoU that the decoder predicts. */
  pred_iou_thresh?: number;
  /** Least stability score. */
  stability_score_thresh?: number;
  /** Of masks whose boxes have a greater IoU, only the best is kept. */
  box_nms_thresh?: number;
  /** So many times the image is also cut into smaller crops. */
  crop_n_layers?: number;
  /** Smaller parts and holes are removed; in pixels. */
  min_mask_region_area?: number;
  /** Id of a segmenter; the project's when left out. */
  segmenter?: string | null;
}

/** A mask that may become an object. Create the object with the proposal's id: then it is taken. */
export interface Proposal {
  /** Its id, and the object's that is made of it. */
  id: string;
  /** The mask. */
  rle: RLE;
  /** Pixels in the mask. */
  area: number;
  /** [x, y, width, height] in pixels. */
  bbox: [number, number, number, number];
  /** The decoder's own estimate. */
  predicted_iou: number;
  /** area(logit > 1) / area(logit > -1). */
  stability_score: number;
  /** [x, y] that the decoder was given, image pixels. */
  point: number[];
  /** [x, y, width, height] of the crop it was found in. */
  crop_box: number[];
}

/** An image's proposals that are neither taken nor dropped. */
export interface ProposalList {
  /** The highest predicted IoU first. */
  proposals: Proposal[];
  /** Id of the segmenter that made them; null: nothing was proposed. */
  segmenter: string | null;
  /** SHA-256 of its weights. */
  weights: string | null;
  /** With which they were made. */
  settings: ProposalSettings | null;
  /** Whether the run came to its end. */
  complete: boolean;
  /** Whether they were made before the image was opened. */
  ahead: boolean;
  /** UTC. */
  created_at: string | null;
  /** Id of the account that asked for them. */
  created_by: string | null;
  /** Whether a run is under way. */
  running: boolean;
}

/** Proposals to drop, and dropped ones to restore. */
export interface ProposalChange {
  /** Ids of proposals; others are ignored. */
  drop?: string[];
  /** Ids of proposals; others are ignored. */
  restore?: string[];
}

/** A line of a run's answer. */
export interface ProposalNews {
  /** Of the run: the last three are those of its last line. */
  state: "encoding" | "running" | "complete" | "stopped" | "failed";
  /** 0 to 1. */
  progress: number;
  /** Found since the line before. */
  found: Proposal[];
  /** Id of the segmenter. */
  segmenter: string;
  /** SHA-256 of its weights. */
  weights: string;
  /** In the last line: the ids of those that are left when duplicates are removed. */
  kept?: string[];
  /** Why it failed. */
  error?: ErrorShape;
}

/** A label of the files. */
export interface FileLabel {
  /** As they call it. */
  name: string;
  /** How many have it. */
  objects: number;
}

/** Files on their way into a project. */
export interface ImportSummary {
  /** Its id. */
  id: string;
  /** The project the files go into. */
  project_id: string;
  /** What was imported, as it was called. */
  source: string;
  /** The format of its annotations; null: only pictures are imported. */
  format: string | null;
  /** Whether what can be read is imported though the rest cannot. */
  keep_going: boolean;
  /** Whether to leave out annotations of missing images. */
  skip_missing: boolean;
  /** Whether it asks what labels are that the project has not. */
  ask_labels: boolean;
  /** Labels of the project by what the files call them; null leaves their objects out. */
  label_map: Record<string, string | null> | null;
  /** What is asked for: the import goes on when it is resumed with a `label_map`. */
  file_labels: FileLabel[] | null;
  /** Objects that have the id of one imported before, in COCO, SA-1B or Label Studio, and differ from it: they are added beside it, skipped, or replace it. */
  existing: "add" | "skip" | "replace";
  /** The format its annotations were read in, once that is known. */
  read_as: string | null;
  /** Why it was read in that format, where that was found out. */
  evidence: string | null;
  /** stopped: may go on later; failed: nothing, or nothing more, can be imported. */
  state: "queued" | "running" | "done" | "failed" | "stopped";
  /** How many files there are, once that is known. */
  total: number | null;
  /** Pictures that are new to the project. */
  added: number;
  /** Pictures that were there already. */
  known: number;
  /** What could not be imported. */
  failed: number;
  /** Notes that do not stop the import: what was adjusted, and what was left out because it can never be imported. */
  noted: number;
  /** Files with nothing to import. */
  skipped: number;
  /** Images that are read, and come into the project when all of their dataset can. */
  checked: number;
  /** Annotations that were added or replaced. */
  objects: number;
  /** Of the file that was sent, while it is kept to be imported or resumed. */
  bytes: number;
  /** Why it stopped or failed. */
  error: string | null;
  /** UTC. */
  created_at: string;
  /** UTC. */
  updated_at: string;
}

/** What is wrong with a file, or with something in it. */
export interface ImportProblem {
  /** For `after`. */
  position: number;
  /** Of the file. */
  name: string;
  /** noted: it was imported all the same. */
  status: "failed" | "noted";
  /** Where, what was found, what was expected. */
  message: string | null;
}

/** An import with what is wrong with single files. */
export interface Import {
  /** Its id. */
  id: string;
  /** The project the files go into. */
  project_id: string;
  /** What was imported, as it was called. */
  source: string;
  /** The format of its annotations; null: only pictures are imported. */
  format: string | null;
  /** Whether what can be read is imported though the rest cannot. */
  keep_going: boolean;
  /** Whether to leave out annotations of missing images. */
  skip_missing: boolean;
  /** Whether it asks what labels are that the project has not. */
  ask_labels: boolean;
  /** Labels of the project by what the files call them; null leaves their objects out. */
  label_map: Record<string, string | null> | null;
  /** What is asked for: the import goes on when it is resumed with a `label_map`. */
  file_labels: FileLabel[] | null;
  /** Objects that have the id of one imported before, in COCO, SA-1B or Label Studio, and differ from it: they are added beside it, skipped, or replace it. */
  existing: "add" | "skip" | "replace";
  /** The format its annotations were read in, once that is known. */
  read_as: string | null;
  /** Why it was read in that format, where that was found out. */
  evidence: string | null;
  /** stopped: may go on later; failed: nothing, or nothing more, can be imported. */
  state: "queued" | "running" | "done" | "failed" | "stopped";
  /** How many files there are, once that is known. */
  total: number | null;
  /** Pictures that are new to the project. */
  added: number;
  /** Pictures that were there already. */
  known: number;
  /** What could not be imported. */
  failed: number;
  /** Notes that do not stop the import: what was adjusted, and what was left out because it can never be imported. */
  noted: number;
  /** Files with nothing to import. */
  skipped: number;
  /** Images that are read, and come into the project when all of their dataset can. */
  checked: number;
  /** Annotations that were added or replaced. */
  objects: number;
  /** Of the file that was sent, while it is kept to be imported or resumed. */
  bytes: number;
  /** Why it stopped or failed. */
  error: string | null;
  /** UTC. */
  created_at: string;
  /** UTC. */
  updated_at: string;
  /** At most 200; `after` continues. */
  problems: ImportProblem[];
}

/** The latest imports. */
export interface ImportList {
  /** The newest first. */
  imports: ImportSummary[];
}

/** How to go on; what is left out stays as it was. */
export interface ImportResume {
  /** The format of its annotations; "auto", or "none" for images only. */
  format?: string | null;
  /** Whether what can be read is imported though the rest cannot. */
  keep_going?: boolean;
  /** Whether to leave out annotations of missing images. */
  skip_missing?: boolean;
  /** Whether it asks what labels are that the project has not. */
  ask_labels?: boolean;
  /** Labels of the project by what the files call them; null leaves their objects out. */
  label_map?: Record<string, string | null> | null;
  /** Objects that have the id of one imported before, in COCO, SA-1B or Label Studio, and differ from it: they are added beside it, skipped, or replace it. */
  existing?: "add" | "skip" | "replace";
}

/** A format of annotations. */
export interface FormatInfo {
  /** As in addresses. */
  id: string;
  /** What people call it. */
  title: string;
  /** Whether it can be imported. */
  reads: boolean;
  /** Whether it can be exported to. */
  writes: boolean;
  /** Of a file in it; zip when it is several. */
  extension: string;
  /** Whether each image has a file of its own. */
  several: boolean;
  /** Whether it says who made an object, if that is asked for; else provenance.csv does. */
  keeps_details: boolean;
}

/** The formats there are. */
export interface FormatList {
  /** All of them. */
  formats: FormatInfo[];
}

/** What is lost of an annotation. */
export interface Loss {
  /** The name of its image. */
  image: string;
  /** Its id; null: of the image itself. */
  annotation: string | null;
  /** holes, parts, attributes, score, name, prompts or pixels. */
  kind: string;
  /** A sentence. */
  what: string;
}

/** What a format cannot carry. */
export interface Losses {
  /** How many images there are to export. */
  images: number;
  /** How many annotations they have. */
  objects: number;
  /** How many objects lose what, by kind. */
  counts: Record<string, number>;
  /** The first 1000. */
  losses: Loss[];
}

/** How far the file of an export is. */
export interface ExportStanding {
  /** Its name, to ask for it again and to download it, while the project goes on changing. */
  file: string;
  /** ready: downloading it begins at once. */
  state: "making" | "ready";
  /** How many images have been read. */
  images: number;
  /** How many there are. */
  total: number;
}

/** Images to export. */
export interface Selected {
  /** What stands for them in addresses, for a day. */
  selected: string;
}

/** A network that browsers run. */
export interface Network {
  /** Where it is. */
  url: string;
  /** Its size, uncompressed. */
  bytes: number;
}

/** How well a segmenter segments the objects of a dataset: mean IoU. */
export interface Quality {
  /** Its name. */
  dataset: string;
  /** How many objects it has. */
  objects: number;
  /** The first choice after one click in the middle. */
  one_click: number;
  /** The best of the three candidates after it. */
  best_of_three: number;
  /** After the object's box. */
  box: number;
}

/** Where a trained segmenter comes from. */
export interface TrainedFrom {
  /** Id of the segmenter whose decoder was trained further. */
  segmenter: string;
  /** How many images it was trained on. */
  images: number | null;
  /** How many objects they have. */
  objects: number | null;
  /** When, as ISO 8601. */
  at: string | null;
}

/** An installed segmenter: an encoder and the decoder made for it. */
export interface Segmenter {
  /** Its id. */
  id: string;
  /** Its name, for people. */
  title: string;
  /** SHA-256 of both networks' weights. */
  weights: string;
  /** Id of the segmenter whose encoder makes its embeddings: its own, or one with the same encoder. */
  encoder: string;
  /** SHA-256 that its embeddings carry. Segmenters with the same one share their embeddings. */
  encoding: string;
  /** SPDX. */
  licence: string;
  /** How the encoder sees a picture: its longest side scaled to 1024, or squeezed into a square. */
  resize: "longest_side" | "square";
  /** Run once for an image. */
  prepare: Network;
  /** Run for every click. */
  decoder: Network;
  /** Size of the encoder, which stays on the server. */
  encoder_bytes: number;
  /** Median of its recent encodings on this machine. */
  encoder_seconds: number | null;
  /** As measured by `samphire eval`. */
  quality: Quality | null;
  /** null: it was not trained here. */
  trained_from: TrainedFrom | null;
  /** Whether it is the configured one. */
  default: boolean;
}

/** What there is to choose from. */
export interface SegmenterList {
  /** All that are installed. */
  segmenters: Segmenter[];
}

/** A segmenter of the catalogue that is not installed. */
export interface Pull {
  /** Its id. */
  id: string;
  /** Its name, for people. */
  title: string;
  /** SPDX. */
  licence: string;
  /** What has to be downloaded. */
  download_bytes: number;
  /** As measured by `samphire eval`. */
  quality: Quality | null;
  /** The command that installs Python packages which are missing. */
  needs: string | null;
  /** failed: see `error`; starting it again goes on. */
  state: "available" | "running" | "failed";
  /** What is being done, while it is running. */
  step: "asking" | "downloading" | "building" | "testing" | null;
  /** How much has arrived. */
  bytes: number;
  /** Why it failed. Told to who may start it again. */
  error: ErrorShape | null;
}

/** What can be installed. */
export interface PullList {
  /** Those of the best quality first. */
  pulls: Pull[];
  /** Whether this client may start and stop them. */
  allowed: boolean;
  /** What does the same on the server's machine, followed by an id. */
  command: string;
}

/** Which segmenter. */
export interface NewPull {
  /** Id of a segmenter of the catalogue. */
  segmenter: string;
}

/** Something that can go. */
export interface CanGo {
  /** exports: exported files, which are recreated when needed; imports: files of failed or stopped imports, which then cannot be resumed; downloads: unfinished downloads of segmenters; embeddings: embeddings, which are recreated when needed; deleted: deleted images, which then cannot be restored; quarantine: files that are not in the database, which then cannot be recovered. */
  what: string;
  /** Room it takes. */
  bytes: number;
}

/** The disk of the data folder. */
export interface Storage {
  /** What is free there. */
  free_bytes: number;
  /** How large it is. */
  total_bytes: number;
  /** What `samphire doctor --free` lets go. */
  can_go: CanGo[];
}

/** How large an upload may be. */
export interface Limits {
  /** Of a file. */
  max_upload_bytes: number;
  /** Of a picture. */
  max_pixels: number;
  /** Its width, and its height, in pixels. */
  max_side: number;
}

/** What the server is. */
export interface Status {
  /** Always true. */
  ok: true;
  /** Of Samphire. */
  version: string;
  /** Id of the configured segmenter. */
  segmenter: string;
  /** All that are installed. */
  segmenters: Segmenter[];
  /** How many embeddings older weights of an installed segmenter made. They are renewed in the background. null: it is not for you to know. */
  outdated_embeddings: number | null;
  /** What it takes. */
  limits: Limits;
  /** What room there is. null: it is not for you to know. */
  storage: Storage | null;
}

/** A person. */
export interface Account {
  /** Its id. */
  id: string;
  /** As others read it. */
  name: string;
  /** Whether it is an administrator's, who may do everything on this server. */
  is_admin: boolean;
}

/** An OpenID Connect provider that people may sign in with. */
export interface OfferedProvider {
  /** As people call it. */
  name: string;
  /** Below the server's address: a page that leads there; `?next=` names the one to show afterwards. */
  path: string;
}

/** A visit by a share link. */
export interface Visit {
  /** Of the visitor, on what they do. */
  id: string;
  /** What the link allows. */
  kind: "view" | "try" | "annotate" | "review";
  /** Id of the project. */
  project: string;
  /** Id of the one image that it is of; null: all of the project. */
  image: string | null;
  /** Whether the project is theirs alone, to add images to. */
  sandbox: boolean;
  /** Of the visitor, as others read it; empty: nothing that they do is saved. */
  name: string;
}

/** Who asks. */
export interface Visitor {
  /** local: whoever sits at the server's machine, without an account; team: people sign in. */
  mode: "local" | "team";
  /** Whom the cookie or the API token is of; null: nobody is signed in. */
  account: Account | null;
  /** null: people sign in with a password only. */
  oidc: OfferedProvider | null;
  /** By which link somebody came; null: who asks did not. */
  visit: Visit | null;
}

/** Who signs in. */
export interface Credentials {
  /** Of the account. */
  name: string;
  /** The one it has. */
  password: string;
}

/** Which sign-ins end. */
export interface SignOut {
  /** All of the account, not only this one. */
  everywhere: boolean;
}

/** Another name. */
export interface AccountChange {
  /** 1 to 64 characters, none that cannot be seen; within a word of one alphabet. */
  name: string;
}

/** Another password. */
export interface PasswordChange {
  /** The one it has. */
  current: string;
  /** 10 to 1000 characters, whichever. */
  new: string;
}

/** A browser that is signed in. */
export interface SignIn {
  /** Its id. */
  id: string;
  /** As it named itself; may be empty. */
  browser: string;
  /** UTC. */
  created_at: string;
  /** When it was used, to the hour. */
  seen_at: string;
  /** When it ends by itself. */
  expires_at: string;
  /** Whether this request came with it. */
  current: boolean;
}

/** Browsers that are signed in. */
export interface SignInList {
  /** The one that was used last first. */
  sign_ins: SignIn[];
}

/** What a program sends as `Authorization: Bearer`. */
export interface ApiToken {
  /** Its id. */
  id: string;
  /** What it is for. */
  name: string;
  /** The most it may do. */
  scope: "read" | "write" | "manage";
  /** UTC. */
  created_at: string;
  /** When it was used, to the hour; null: never. */
  used_at: string | null;
  /** Until when it works. */
  expires_at: string;
}

/** A new token. */
export interface MadeApiToken {
  /** Its id. */
  id: string;
  /** What it is for. */
  name: string;
  /** The most it may do. */
  scope: "read" | "write" | "manage";
  /** UTC. */
  created_at: string;
  /** When it was used, to the hour; null: never. */
  used_at: string | null;
  /** Until when it works. */
  expires_at: string;
  /** What the program sends; it is never shown again. */
  secret: string;
}

/** Tokens of an account. */
export interface ApiTokenList {
  /** The newest first. */
  tokens: ApiToken[];
}

/** A token to make. */
export interface NewApiToken {
  /** What it is for: 1 to 100 characters. */
  name: string;
  /** read: looks; write: annotates and adds images too; manage: changes projects and members too. Never more than the account may. */
  scope: "read" | "write" | "manage";
  /** How long it works. */
  days: number;
}

/** A link that somebody was sent. */
export interface InvitationSecret {
  /** What its address has after the #. */
  secret: string;
}

/** What a link is for. */
export interface OpenedInvitation {
  /** new: to make an account; password: to give one a new password. */
  purpose: "new" | "password";
  /** Of the account that gets a password. */
  name: string | null;
  /** Name of the project that it leads into. */
  project: string | null;
  /** What whoever follows it becomes in the project. */
  role: "viewer" | "annotator" | "reviewer" | "manager" | "owner" | null;
  /** Whether it is an administrator's, who may do everything on this server. */
  is_admin: boolean;
  /** Whether it is this server's first account, which owns all there is. */
  is_first: boolean;
}

/** What a link is followed with. */
export interface Acceptance {
  /** What its address has after the #. */
  secret: string;
  /** 10 to 1000 characters, whichever. */
  password: string;
  /** Of the new account, where it makes one. */
  name?: string;
}

/** Where a link has led. */
export interface JoinedProject {
  /** Id of the project. */
  project: string;
}

/** An account, as administrators see it. */
export interface AccountSummary {
  /** Its id. */
  id: string;
  /** As others read it. */
  name: string;
  /** Whether it is an administrator's, who may do everything on this server. */
  is_admin: boolean;
  /** Whether somebody can sign in; else a link gives it a password. */
  has_password: boolean;
  /** UTC. */
  created_at: string;
  /** When somebody used it, to the hour; null: never. */
  seen_at: string | null;
  /** Since when nobody can use it; null: everybody who can sign in. */
  disabled_at: string | null;
}

/** The accounts of this server. */
export interface AccountList {
  /** In the order of their names. */
  accounts: AccountSummary[];
}

/** An account to make. */
export interface NewAccount {
  /** 1 to 64 characters, none that cannot be seen; within a word of one alphabet. */
  name: string;
  /** 10 to 1000 characters, whichever. */
  password?: string;
  /** Whether it is an administrator's, who may do everything on this server. */
  is_admin?: boolean;
}

/** What an account is to be. */
export interface AccountRights {
  /** Whether it is an administrator's, who may do everything on this server. */
  is_admin: boolean;
}

/** A link to make. */
export interface NewInvitation {
  /** Whether the account that it makes is an administrator's. */
  is_admin: boolean;
}

/** A link that works once. */
export interface InvitationLink {
  /** Below the server's address; what follows the # is the secret, which is never shown again. */
  path: string;
  /** Until when it works. */
  expires_at: string;
}

/** A link that works still; its secret is known only to who made it, and whom they sent it to. */
export interface OpenLink {
  /** Its id, which leads nowhere. */
  id: string;
  /** new: to make an account; password: to give one a new password. */
  purpose: "new" | "password";
  /** Of the account that gets a password. */
  name: string | null;
  /** Whether the account that it makes is an administrator's. */
  is_admin: boolean;
  /** Id of the project that it leads into. */
  project_id: string | null;
  /** Name of that project. */
  project: string | null;
  /** What whoever follows it becomes in the project. */
  role: "viewer" | "annotator" | "reviewer" | "manager" | "owner" | null;
  /** Name of whoever made it; null: a command on the server's machine. */
  invited_by: string | null;
  /** UTC. */
  created_at: string;
  /** Until when it works. */
  expires_at: string;
}

/** Links that nobody has followed yet. */
export interface OpenLinkList {
  /** The newest first. */
  links: OpenLink[];
}

/** Somebody at the sign-in provider, whose account this is here. */
export interface Identity {
  /** Its id. */
  id: string;
  /** Address of the provider. */
  issuer: string;
  /** As the provider calls them; may be empty. */
  name: string;
  /** UTC. */
  created_at: string;
  /** When it last signed in; null: never. */
  used_at: string | null;
}

/** Identities that sign in to an account. */
export interface IdentityList {
  /** The oldest first. */
  identities: Identity[];
}

/** Where to go on. */
export interface ProviderAddress {
  /** At the sign-in provider; the browser that asked must open it. */
  address: string;
}

/** Somebody who works on a project. */
export interface Member {
  /** Id of the account. */
  id: string;
  /** Of the account. */
  name: string;
  /** What the account may do in the project: each role may do what those before it may. */
  role: "viewer" | "annotator" | "reviewer" | "manager" | "owner";
  /** UTC. */
  added_at: string;
}

/** Who works on a project. */
export interface MemberList {
  /** In the order of their names. */
  members: Member[];
  /** Names by id of account: of the members, and of others whose deeds the project's events tell. */
  names: Record<string, string>;
}

/** Somebody to have in a project. */
export interface NewMember {
  /** Id of an account, or its whole name. */
  account: string;
  /** What the account may do in the project: each role may do what those before it may. */
  role: "viewer" | "annotator" | "reviewer" | "manager" | "owner";
}

/** What a member is to be; or whoever follows a link. */
export interface NewRole {
  /** What the account may do in the project: each role may do what those before it may. */
  role: "viewer" | "annotator" | "reviewer" | "manager" | "owner";
}

/** A share link of a project. */
export interface Link {
  /** Its id, which leads nowhere. */
  id: string;
  /** view: looks; try: segments, and nothing is saved; annotate: saves under the visitor's name; review: accepts and returns images, too. */
  kind: "view" | "try" | "annotate" | "review";
  /** Id of the one image that it is of; null: all of the project. */
  image: string | null;
  /** Name of that image in the project. */
  image_name: string | null;
  /** What it is for; whoever follows it reads it, too. */
  name: string;
  /** Whether it takes a password. */
  has_password: boolean;
  /** Name of whoever made it; null: a command on the server's machine. */
  made_by: string | null;
  /** UTC. */
  created_at: string;
  /** Until when it works. */
  expires_at: string;
  /** With kind try, of no image: each visitor gets a project of their own to add images to, gone after a day at most. */
  sandbox: boolean;
  /** How many visits may begin by it; null: any number. */
  max_uses: number | null;
  /** How many visits have begun by it. */
  uses: number;
  /** When the last began; null: none did. */
  used_at: string | null;
  /** When it was revoked; null: it was not. */
  revoked_at: string | null;
  /** used_up: no other visit begins, those that have go on; ended: what it leads to is gone, or its maker may not make it any more. */
  state: "works" | "used_up" | "expired" | "revoked" | "ended";
}

/** The share links of a project. */
export interface LinkList {
  /** The newest first; those that have ended, too. */
  links: Link[];
  /** How many of a project may work at once. */
  most: number;
}

/** A new share link. */
export interface MadeLink {
  /** Its id, which leads nowhere. */
  id: string;
  /** view: looks; try: segments, and nothing is saved; annotate: saves under the visitor's name; review: accepts and returns images, too. */
  kind: "view" | "try" | "annotate" | "review";
  /** Id of the one image that it is of; null: all of the project. */
  image: string | null;
  /** Name of that image in the project. */
  image_name: string | null;
  /** What it is for; whoever follows it reads it, too. */
  name: string;
  /** Whether it takes a password. */
  has_password: boolean;
  /** Name of whoever made it; null: a command on the server's machine. */
  made_by: string | null;
  /** UTC. */
  created_at: string;
  /** Until when it works. */
  expires_at: string;
  /** With kind try, of no image: each visitor gets a project of their own to add images to, gone after a day at most. */
  sandbox: boolean;
  /** How many visits may begin by it; null: any number. */
  max_uses: number | null;
  /** How many visits have begun by it. */
  uses: number;
  /** When the last began; null: none did. */
  used_at: string | null;
  /** When it was revoked; null: it was not. */
  revoked_at: string | null;
  /** used_up: no other visit begins, those that have go on; ended: what it leads to is gone, or its maker may not make it any more. */
  state: "works" | "used_up" | "expired" | "revoked" | "ended";
  /** Below the server's address; it holds the secret, and is never shown again. */
  path: string;
}

/** A share link to make. */
export interface NewLink {
  /** view: looks; try: segments, and nothing is saved; annotate: saves under the visitor's name; review: accepts and returns images, too. */
  kind: "view" | "try" | "annotate" | "review";
  /** How long it works. */
  days: number;
  /** What it is for; whoever follows it reads it, too. */
  name?: string;
  /** Id of the one image that it is of; null: all of the project. */
  image?: string | null;
  /** With kind try, of no image: each visitor gets a project of their own to add images to, gone after a day at most. */
  sandbox?: boolean;
  /** How many visits may begin by it; null: any number. */
  max_uses?: number | null;
  /** What whoever follows it must type: 6 to 1000 characters; null: nothing. */
  password?: string | null;
}

/** A share link that is followed. */
export interface LinkToOpen {
  /** What its address has after /s/. */
  token: string;
  /** Where it takes one. */
  password?: string | null;
  /** Of the visitor, where what they do is saved. */
  name?: string;
}

/** Where a share link leads. */
export interface OpenedLink {
  /** Below the server's address: of the page to go on to. */
  path: string;
}

/** Images, and whose they are to be: nobody else's. */
export interface NewAssignments {
  /** Ids of images. */
  ids?: string[];
  /** Every image that is nobody's and not done. */
  all?: true;
  /** Ids of the accounts that share them evenly; none: they become nobody's. */
  to?: string[];
  /** Ids of images under the account whose they are: what undoing sends. */
  given?: Record<string, string[]>;
  /** With `given`: the same for those that are the account's for a while. */
  leased?: Record<string, string[]>;
}

/** What was done. */
export interface AssignmentAnswer {
  /** How many images changed hands. */
  changed: number;
  /** How to undo it; left out when nothing was done. */
  restore?: Undo;
}

/** Images to give back. */
export interface GivenBack {
  /** Ids of images that are one's own. */
  ids: string[];
}

/** The next image of the common queue. */
export interface Taken {
  /** Null: no image is left that is nobody's. */
  image: ProjectImage | null;
  /** Until when it is yours unless you work on it, UTC. */
  until: string | null;
}

/** What somebody has. */
export interface Share {
  /** Id of the account; null: nobody. */
  account: string | null;
  /** How many of their images are in each state. */
  images: StateCounts;
}

/** Who has what. */
export interface Shares {
  /** Those who have something; nobody comes last. */
  shares: Share[];
}

/** What a reviewer says of an image that is done. */
export interface Decision {
  /** `reopen` takes the last decision back: the image is as it was submitted. */
  decision: "accept" | "return" | "reopen";
  /** What is to be done, for who gets it back. */
  note?: string;
}

/** What somebody said. */
export interface Comment {
  /** Made by the client, or by the server. */
  id: string;
  /** Plain text, in which `<@ID>` mentions an account; empty once it is deleted. */
  text: string;
  /** Id of the account that wrote it; null: on a server without accounts. */
  created_by: string | null;
  /** UTC. */
  created_at: string;
  /** When its text was last changed, UTC. */
  edited_at: string | null;
  /** It was deleted, and is kept because of the replies. */
  deleted: boolean;
}

/** A comment and the replies to it. It is about an object, a spot, or else the whole image. */
export interface Thread {
  /** Of its first comment. */
  id: string;
  /** The image it is on. */
  image_id: string;
  /** The object it is about; it may be deleted since. Null: none. */
  annotation_id: string | null;
  /** Of the spot it is about, in pixels of the image; null: none. */
  x: number | null;
  /** Of the same spot. */
  y: number | null;
  /** When it was resolved, UTC; null: it is open. */
  resolved_at: string | null;
  /** Id of the account that resolved it. */
  resolved_by: string | null;
  /** The first, then the replies in the order they were written. */
  comments: Comment[];
}

/** What was said about an image. */
export interface ThreadList {
  /** The oldest first. */
  threads: Thread[];
  /** By id of account, the names of who wrote, resolved and is mentioned in them. */
  names: Record<string, string>;
}

/** A comment to add: a reply if it has a `thread`, else the first of a new one. */
export interface NewComment {
  /** Made by the client (8 to 36 letters, digits, - and _) or by the server. */
  id?: string | null;
  /** Plain text. `<@ID>` mentions the member of the project whose account has this id. */
  text: string;
  /** Id of the thread that it replies to. */
  thread?: string | null;
  /** Of the spot it is about, in pixels of the image. */
  x?: number | null;
  /** Of the same spot. */
  y?: number | null;
  /** Id of the object of the image that it is about; needs `x` and `y` too. */
  annotation_id?: string | null;
}

/** One's own comment, in other words; or whether its thread is resolved. */
export interface CommentChange {
  /** Plain text. `<@ID>` mentions the member of the project whose account has this id. */
  text?: string;
  /** Of the thread that it is in. */
  resolved?: boolean;
}

/** Something that concerns an account. */
export interface InboxItem {
  /** Greater is newer. */
  id: number;
  /** A comment mentions the account, replies where it wrote, or is about an image that it submitted or has to work on; or such an image was returned. */
  kind: "mention" | "reply" | "image" | "returned";
  /** UTC. */
  at: string;
  /** Whether it was marked as read. */
  read: boolean;
  /** Id of the account that did it. */
  by: string | null;
  /** The name of that account. */
  by_name: string | null;
  /** The project it is in. */
  project_id: string;
  /** The name of the project. */
  project: string;
  /** The image it is about. */
  image_id: string;
  /** The name of the image. */
  image: string;
  /** Id of the thread of comments; null: the image was returned. */
  thread: string | null;
  /** The comment, or what the reviewer said. */
  text: string;
}

/** Some of what concerns an account. */
export interface InboxPage {
  /** The newest first; they are kept for 90 days. */
  items: InboxItem[];
  /** By id of account, the names of who is mentioned in them. */
  names: Record<string, string>;
  /** How many of all were not read; 100 stands for any more. */
  unread: number;
  /** What `before` is for the following page; null on the last one. */
  next: number | null;
}

/** How much of an inbox was not read. */
export interface Unread {
  /** 100 stands for any more. */
  unread: number;
}

/** What was read: some items, all up to one, or what is about a thread. */
export interface Read {
  /** Ids of items. */
  ids?: number[];
  /** Id of the newest item that is read. */
  up_to?: number;
  /** Id of the project of a thread. */
  project?: string;
  /** Id of the thread. */
  thread?: string;
}

/** How alike two or more people segmented. Means are over matched objects: those with a mask IoU of at least 0.5. */
export interface Figures {
  /** How many objects were compared, counted once for each pair of people. */
  objects: number;
  /** Pairs of them that are one object. */
  matched: number;
  /** Panoptic quality of all labels together: same objects, same labels, same pixels. */
  agreement: number;
  /** Of finding the same objects, whatever their labels. */
  f1: number | null;
  /** Mean mask IoU. */
  iou: number | null;
  /** Mean boundary IoU. */
  boundary_iou: number | null;
  /** Mean Dice coefficient. */
  dice: number | null;
  /** Krippendorff's alpha of the labels of matched objects; null: not defined. */
  alpha: number | null;
}

/** A person's objects on gold images, against the truth. */
export interface GoldScore {
  /** Gold images they are done with. */
  images: number;
  /** Of finding the true objects, whatever their labels. */
  f1: number | null;
  /** Mean mask IoU of those found. */
  iou: number | null;
  /** Part of those found that has the true label. */
  same_label: number | null;
  /** True objects that they have not got. */
  missed: number;
  /** Objects of theirs that are none of the true ones. */
  extra: number;
}

/** A person, with all they share images with. */
export interface PersonAgreement {
  /** Id of the account. */
  account: string;
  /** Images they and somebody else are done with. */
  images: number;
  figures: Figures;
  /** Null: they have done no gold image. */
  gold: GoldScore | null;
}

/** Two people. */
export interface PairAgreement {
  /** Id of the account. */
  first: string;
  /** Id of the account. */
  second: string;
  /** Images both are done with. */
  images: number;
  figures: Figures;
}

/** What one called by one label, and another by another. */
export interface Confusion {
  /** Id of the other label. */
  label: string;
  /** Matched pairs of objects. */
  count: number;
}

/** A label, over all pairs of people. */
export interface LabelAgreement {
  /** Its id. */
  label: string;
  /** As if there were no other labels; alpha: of being this label's, or another's. */
  figures: Figures;
  /** What others called the same objects, the most frequent first. */
  confused: Confusion[];
}

/** How alike the people of a project segment, as of when it was last worked out. */
export interface AgreementReport {
  /** Whether it is being worked out anew. */
  state: "none" | "queued" | "running" | "failed";
  /** Of the images that have to be compared, how many were. */
  done: number;
  /** How many have to be. */
  total: number;
  /** Whether nothing has changed in the project since. */
  current: boolean;
  /** When it was, UTC; null: never. */
  at: string | null;
  /** Images compared. */
  images: number;
  /** Images left out: comparing their masks would take minutes. */
  too_complex: number;
  /** Over all pairs of people; alpha: over all people at once. */
  figures: Figures;
  people: PersonAgreement[];
  /** Those who agree least first. */
  pairs: PairAgreement[];
  /** In the order of the project's labels. */
  labels: LabelAgreement[];
}

/** An image, and how alike it was segmented. */
export interface ImageAgreement {
  /** As it is now; its objects are the common ones. */
  image: ProjectImage;
  /** Accounts that are done with it. */
  people: string[];
  /** Of the two who agree least there: an account, or "common" for the truth. */
  first: string;
  /** Of those two: the other account. */
  second: string;
  /** Over all pairs, the truth of a gold image included. */
  figures: Figures;
}

/** Some images of those that were compared. */
export interface ImageAgreementPage {
  /** Those with the least agreement first. */
  images: ImageAgreement[];
  /** How many there are in all. */
  total: number;
}

/** Two people's object. */
export interface MatchedPair {
  /** Id of the first one's annotation. */
  first: string;
  /** Id of the second one's. */
  second: string;
  /** Mask IoU. */
  iou: number;
  /** Boundary IoU. */
  boundary_iou: number;
  same_label: boolean;
}

/** Two people on an image. */
export interface PairOnImage {
  /** Id of the account; "common": the truth of a gold image. */
  first: string;
  /** Id of the account. */
  second: string;
  figures: Figures;
  /** The least alike first. */
  matches: MatchedPair[];
  /** Ids of the first one's annotations that match none. */
  only_first: string[];
  /** Ids of the second one's. */
  only_second: string[];
}

/** Everybody's objects of an image, two by two, as they are now. */
export interface ImageComparison {
  /** Accounts that are done with it. */
  people: string[];
  /** Those who agree least first. */
  pairs: PairOnImage[];
}

/** Common objects to make of several people's. */
export interface NewConsensus {
  /** `majority` of those who marked an object, pixel by pixel, or `staple`. */
  method: "majority" | "staple";
  /** Ids of common objects to delete; needed where there are any. Empty: all stay, but for those of a consensus before that nobody has changed. */
  replace?: string[];
}

/** Common objects to make on all images that everybody is done with and that have none. */
export interface NewConsensusRun {
  /** `majority` of those who marked an object, pixel by pixel, or `staple`. */
  method: "majority" | "staple";
}

/** What was made at one time. */
export interface ConsensusRun {
  /** Its id. */
  id: string;
  /** How. */
  method: "majority" | "staple";
  /** Id of the account that had it made. */
  account: string | null;
  /** When, UTC. */
  at: string;
  /** How many images have something of it. */
  images: number;
  /** How to undo it; objects changed since then stay. */
  restore: Undo;
}

/** What was made on one image. */
export interface ConsensusAnswer {
  /** How many objects. */
  made: number;
  /** How many were deleted. */
  replaced: number;
  /** How to undo it; left out when nothing was done. */
  restore?: Undo;
}

/** How far the making of common objects on many images is, or its undoing. */
export interface ConsensusStanding {
  state: "none" | "queued" | "running" | "failed";
  /** How many images. */
  done: number;
  /** Of how many. */
  total: number;
  /** Images that everybody is done with and that have no common objects. */
  ready: number;
  /** The last one that can be undone. */
  last: ConsensusRun | null;
}

/** Masks to make of all objects that are nothing but a box. */
export interface NewBoxRun {
  /** Id of the segmenter; the project's when left out. */
  segmenter?: string;
}

/** Masks to make of everything there is on the images of a project that are not finished. */
export interface NewAutomaticRun {
  /** Look coarsely first, then closely where something was found. */
  fast?: boolean;
  /** The image is asked at so many points a side. */
  points_per_side?: number;
  /** Least IoU that the decoder predicts. */
  pred_iou_thresh?: number;
  /** Least stability score. */
  stability_score_thresh?: number;
  /** Of masks whose boxes have a greater IoU, only the best is kept. */
  box_nms_thresh?: number;
  /** So many times the image is also cut into smaller crops. */
  crop_n_layers?: number;
  /** Smaller parts and holes are removed; in pixels. */
  min_mask_region_area?: number;
  /** Id of the segmenter; the project's when left out. */
  segmenter?: string;
  /** Name of the label of the objects that are made, on images without any; null: proposals are made, which nobody needs to take, on images without any. */
  label?: string | null;
}

/** Masks that a job makes, or made. */
export interface MaskRun {
  /** Its id. */
  id: string;
  /** Of boxes, or of everything on the images. */
  kind: "boxes" | "automatic";
  /** A paused or failed one can be resumed. */
  state: "queued" | "running" | "paused" | "failed" | "done" | "undoing";
  /** Id of the segmenter. */
  segmenter: string;
  /** Id of the label of automatic objects; null: of none, or they are proposals. */
  label: string | null;
  /** Id of the account that started it. */
  account: string | null;
  /** When it was started, UTC. */
  at: string;
  /** How many images are done. */
  done: number;
  /** Of how many. */
  total: number;
  /** How many objects or proposals were made, or boxes turned into masks. */
  objects: number;
  /** How many of them a person should look at, and nobody has yet. */
  unsure: number;
  /** How many images could not be segmented. */
  failed: number;
  /** While it runs. */
  images_per_minute: number | null;
  /** While it runs. */
  seconds_left: number | null;
  /** Why it failed. */
  error: ErrorShape | null;
  /** How to undo it; objects that were changed since stay. */
  restore: Undo;
}

/** What jobs can make masks of in a project, and how far the latest is. */
export interface MaskRunStanding {
  /** Objects that are nothing but a box; 0 while a job runs. */
  boxes: number;
  /** Images with such objects. */
  boxed_images: number;
  /** The latest; null: there was none, or it was undone. */
  run: MaskRun | null;
}

/** An object whose new mask a person should look at. */
export interface UnsureMask {
  /** Its image. */
  image_id: string;
  /** The name of its image. */
  image: string;
  /** Id of the annotation. */
  id: string;
  /** The name of its label. */
  label: string;
  /** `empty`: no mask was found, it is still a box; `unstable`: a slightly different threshold gives another mask; `outside`: part of the mask lies outside the box; `full`: it fills the box. */
  doubts: ("empty" | "unstable" | "outside" | "full")[];
  /** The decoder's own estimate. */
  predicted_iou: number | null;
  /** area(logit > 1) / area(logit > -1). */
  stability_score: number | null;
}

/** An image that could not be segmented. */
export interface FailedImage {
  /** Its name. */
  image: string;
  /** Why. */
  problem: string;
}

/** What a person should look at after a job. */
export interface MaskRunReport {
  /** By the names of their images, at most 500. */
  unsure: UnsureMask[];
  /** At most 100. */
  failed: FailedImage[];
}

/** A segmenter to train on the objects of a project. */
export interface NewTraining {
  /** `choice`: which of the candidate masks comes first, for few images; `tokens`: also the decoder's mask tokens and the small networks behind them; `decoder`: all of the mask decoder; `lora`: as `tokens`, and adapters in the image encoder, which needs a GPU. */
  what: "choice" | "tokens" | "decoder" | "lora";
  /** Id of the new segmenter: a new one, or one that was trained in this project, which it then replaces. */
  id: string;
  /** Display name. null: derived from the project's name. */
  title?: string | null;
  /** Name of the label whose objects count; null: those of all. */
  label?: string | null;
  /** Id of the segmenter it starts from; the project's when left out. */
  segmenter?: string;
  /** Time limit in minutes; null: none. */
  minutes?: number | null;
}

/** What a training would learn from, and how long it would take. */
export interface TrainingEstimate {
  /** Images with objects that count. */
  images: number;
  /** Number of these objects. */
  objects: number;
  /** Images that would be used; very large projects are sampled. */
  used: number;
  /** Minimum number of images with objects. */
  least: number;
  /** Images that have to be encoded first. */
  to_encode: number;
  /** Estimated total time in seconds. */
  seconds: number;
  /** Whether that was measured on this server, at the latest training of the same kind. */
  measured: boolean;
  /** Whether `lora` is possible from this segmenter; `no_gpu`: not on this server; `unreadable`: not from this one, whose encoder's weights can't be read back. */
  encoder: "possible" | "no_gpu" | "unreadable";
  /** Command that installs the missing Python packages; null: none are missing. */
  needs: string | null;
}

/** A point of the curve. */
export interface TrainingPoint {
  /** After so many steps. */
  step: number;
  /** Focal and dice loss of the masks, 20 to 1. */
  loss: number | null;
  /** Mean of the mean IoUs after one and after three clicks on validation images, used only to pick the best step; null: not measured at this step. */
  validation: number | null;
}

/** How many there are of each. */
export interface TrainingSplit {
  /** Used for training. */
  training: number;
  /** Used for evaluation; an image's objects are never split. */
  held_out: number;
}

/** How well a segmenter segments the held-out objects. */
export interface TrainingFigures {
  /** Mean IoU after 1, 2, 3 ... clicks. */
  miou: number[];
  /** Mean number of clicks to reach IoU 0.85, at most 10. */
  noc_85: number | null;
  /** Mean number of clicks to reach IoU 0.9, at most 10. */
  noc_90: number | null;
  /** Mean IoU after the object's box. */
  box: number | null;
  /** Mean boundary IoU after one click. */
  boundary: number | null;
}

/** A held-out object that the trained segmenter segments badly. */
export interface HardObject {
  /** The name of its image. */
  image: string;
  /** Which object in the image. */
  object: string;
  /** IoU after one click, before the training. */
  before: number;
  /** The same, after it. */
  after: number;
}

/** Outcome of a training. */
export interface TrainingResult {
  /** Whether the new segmenter was better and was installed. */
  installed: boolean;
  /** Why, in a sentence. */
  reason: string;
  /** Of the mean of the IoUs after one click and after three, on held-out images. */
  gain: number;
  /** The gain's standard error over the images; null: of a single image. */
  error: number | null;
  /** SHA-256 of the new segmenter's weights; null: it is not installed. */
  weights: string | null;
  /** Images. */
  images: TrainingSplit;
  /** Objects. */
  objects: TrainingSplit;
  /** Of the segmenter it started from. */
  before: TrainingFigures;
  /** Of the new one. */
  after: TrainingFigures;
  /** How long it trained and measured. */
  seconds: number;
  /** How many steps it trained. */
  steps: number;
  /** The worst first. */
  worst: HardObject[];
  /** How long it trained. */
  training_seconds: number | null;
}

/** A training of a segmenter on a project's objects. */
export interface Training {
  /** Its id. */
  id: string;
  /** `choice`: which of the candidate masks comes first, for few images; `tokens`: also the decoder's mask tokens and the small networks behind them; `decoder`: all of the mask decoder; `lora`: as `tokens`, and adapters in the image encoder, which needs a GPU. */
  what: "choice" | "tokens" | "decoder" | "lora";
  /** A paused or failed one can be resumed. */
  state: "queued" | "running" | "paused" | "failed" | "done";
  /** What it does while it is running: images are encoded; objects read; the old segmenter measured; the new one trained, measured, and installed if it is better. */
  step: "encoding" | "reading" | "before" | "training" | "after" | "installing" | null;
  /** How much of that is done, from 0 to 1. */
  part: number | null;
  /** Until all of it is done. */
  seconds_left: number | null;
  /** While it is queued: 1 for the next. */
  position: number | null;
  /** Id of the new segmenter. */
  segmenter: string;
  /** Its display name. */
  title: string;
  /** Id of the segmenter it starts from. */
  base: string;
  /** Name of the label whose objects count; null: those of all. */
  label: string | null;
  /** Time limit in minutes; null: none. */
  minutes: number | null;
  /** Images it learns from and is measured on; 0 before they are gathered. */
  images: number;
  /** Objects on them. */
  objects: number;
  /** Id of the account that started it. */
  account: string | null;
  /** When it was started, UTC. */
  at: string;
  /** When it was done, UTC. */
  ended_at: string | null;
  /** Its outcome, once it is done. */
  result: TrainingResult | null;
  /** Why it failed. */
  error: ErrorShape | null;
}

/** A training with its curve. */
export interface TrainingDetails {
  /** Its id. */
  id: string;
  /** `choice`: which of the candidate masks comes first, for few images; `tokens`: also the decoder's mask tokens and the small networks behind them; `decoder`: all of the mask decoder; `lora`: as `tokens`, and adapters in the image encoder, which needs a GPU. */
  what: "choice" | "tokens" | "decoder" | "lora";
  /** A paused or failed one can be resumed. */
  state: "queued" | "running" | "paused" | "failed" | "done";
  /** What it does while it is running: images are encoded; objects read; the old segmenter measured; the new one trained, measured, and installed if it is better. */
  step: "encoding" | "reading" | "before" | "training" | "after" | "installing" | null;
  /** How much of that is done, from 0 to 1. */
  part: number | null;
  /** Until all of it is done. */
  seconds_left: number | null;
  /** While it is queued: 1 for the next. */
  position: number | null;
  /** Id of the new segmenter. */
  segmenter: string;
  /** Its display name. */
  title: string;
  /** Id of the segmenter it starts from. */
  base: string;
  /** Name of the label whose objects count; null: those of all. */
  label: string | null;
  /** Time limit in minutes; null: none. */
  minutes: number | null;
  /** Images it learns from and is measured on; 0 before they are gathered. */
  images: number;
  /** Objects on them. */
  objects: number;
  /** Id of the account that started it. */
  account: string | null;
  /** When it was started, UTC. */
  at: string;
  /** When it was done, UTC. */
  ended_at: string | null;
  /** Its outcome, once it is done. */
  result: TrainingResult | null;
  /** Why it failed. */
  error: ErrorShape | null;
  /** Point by point. */
  curve: TrainingPoint[];
}

/** The trainings of a project. */
export interface TrainingList {
  /** The newest first, at most 200. */
  trainings: Training[];
  /** Command that installs the missing Python packages; null: none are missing. */
  needs: string | null;
}

/** Progress or end of a training. */
export interface TrainingTold {
  /** Id of the project. */
  project: string;
  /** As it is now. */
  training: Training;
}

/** A new point of the curve. Discard points already received with the same or a later step. */
export interface TrainingPointTold {
  /** Id of the project. */
  project: string;
  /** Id of the training. */
  training: string;
  /** The point. */
  point: TrainingPoint;
}

/** Subscribe to a project's trainings. */
export interface WatchTrainings {
  /** Id of the project. */
  project: string;
}

/** An address that receives a project's events. */
export interface Webhook {
  /** Its id. */
  id: string;
  /** Where deliveries are sent: a public http or https address, or one in `outgoing_networks`. */
  url: string;
  /** The kinds of events it receives; null: all, including future kinds. */
  events: ("annotation:changed" | "annotation:deleted" | "annotations:imported" | "annotations:agreed" | "annotations:segmented" | "assignments:changed" | "comment:changed" | "comment:deleted" | "image:changed" | "images:added" | "images:changed" | "images:removed" | "images:restored" | "images:deleted" | "labels:changed" | "links:changed" | "project:changed" | "project:deleted" | "project:restored")[] | null;
  /** UTC. */
  created_at: string;
  /** Id of the account that added it or changed it last; null: none. */
  created_by: string | null;
  /** Number of the last event that was delivered or skipped. */
  seq: number;
  /** Number of failed attempts in a row. */
  failures: number;
  /** When the first of these failed, UTC. */
  failing_since: string | null;
  /** When the next attempt is due after a failure, UTC. */
  next_at: string | null;
  /** When it was paused, UTC; null: it is not. */
  paused_at: string | null;
  /** Why: a sentence. */
  paused_because: string | null;
}

/** A webhook with its signing secret, which is shown only here. */
export interface NewSecret {
  /** Its id. */
  id: string;
  /** Where deliveries are sent: a public http or https address, or one in `outgoing_networks`. */
  url: string;
  /** The kinds of events it receives; null: all, including future kinds. */
  events: ("annotation:changed" | "annotation:deleted" | "annotations:imported" | "annotations:agreed" | "annotations:segmented" | "assignments:changed" | "comment:changed" | "comment:deleted" | "image:changed" | "images:added" | "images:changed" | "images:removed" | "images:restored" | "images:deleted" | "labels:changed" | "links:changed" | "project:changed" | "project:deleted" | "project:restored")[] | null;
  /** UTC. */
  created_at: string;
  /** Id of the account that added it or changed it last; null: none. */
  created_by: string | null;
  /** Number of the last event that was delivered or skipped. */
  seq: number;
  /** Number of failed attempts in a row. */
  failures: number;
  /** When the first of these failed, UTC. */
  failing_since: string | null;
  /** When the next attempt is due after a failure, UTC. */
  next_at: string | null;
  /** When it was paused, UTC; null: it is not. */
  paused_at: string | null;
  /** Why: a sentence. */
  paused_because: string | null;
  /** whsec_ and 32 bytes in base64. */
  secret: string;
}

/** The webhooks of a project. */
export interface WebhookList {
  /** Oldest first. */
  webhooks: Webhook[];
}

/** A webhook to add. */
export interface NewWebhook {
  /** Where deliveries are sent: a public http or https address, or one in `outgoing_networks`. */
  url: string;
  /** The kinds of events it receives; null: all, including future kinds. */
  events?: ("annotation:changed" | "annotation:deleted" | "annotations:imported" | "annotations:agreed" | "annotations:segmented" | "assignments:changed" | "comment:changed" | "comment:deleted" | "image:changed" | "images:added" | "images:changed" | "images:removed" | "images:restored" | "images:deleted" | "labels:changed" | "links:changed" | "project:changed" | "project:deleted" | "project:restored")[] | null;
}

/** What to change. */
export interface WebhookChange {
  /** Where deliveries are sent: a public http or https address, or one in `outgoing_networks`. */
  url?: string;
  /** The kinds of events it receives; null: all, including future kinds. */
  events?: ("annotation:changed" | "annotation:deleted" | "annotations:imported" | "annotations:agreed" | "annotations:segmented" | "assignments:changed" | "comment:changed" | "comment:deleted" | "image:changed" | "images:added" | "images:changed" | "images:removed" | "images:restored" | "images:deleted" | "labels:changed" | "links:changed" | "project:changed" | "project:deleted" | "project:restored")[] | null;
  /** Whether it is paused. False continues where it stopped. */
  paused?: boolean;
}

/** A delivery to a webhook. */
export interface Delivery {
  /** Its id, in the header webhook-id; the same for each attempt. */
  id: string;
  /** again: redelivered on request. */
  kind: "events" | "again" | "ping";
  /** waiting: for the first or next attempt; failed: given up. */
  state: "waiting" | "delivered" | "failed";
  /** Number of its first event. */
  first_seq: number | null;
  /** Number of its last event. */
  last_seq: number | null;
  /** Number of attempts. */
  attempts: number;
  /** HTTP status of the last response; null: there was none. */
  status: number | null;
  /** Why the last attempt failed: a sentence. */
  reason: string | null;
  /** How long the last response took. */
  seconds: number | null;
  /** UTC. */
  created_at: string;
  /** When the last attempt ended, UTC. */
  ended_at: string | null;
}

/** The latest deliveries to a webhook. */
export interface DeliveryList {
  /** Newest first, at most 50. */
  deliveries: Delivery[];
}

/** The project that a delivery is about. */
export interface ToldProject {
  /** Its id. */
  id: string;
  /** Its current name. */
  name: string;
}

/** The body of a delivery. */
export interface Told {
  /** ping: a test on request. */
  type: "events" | "ping";
  /** When this attempt was made, UTC. */
  timestamp: string;
  /** Id of the webhook. */
  webhook: string;
  /** Its project. */
  project: ToldProject;
  /** What happened, oldest first, as in the event log. */
  events: (Record<string, unknown>)[];
  /** Whether earlier events have expired: reload the project's data. */
  missed: boolean;
}

/** A request from Label Studio. Other fields are ignored. */
export interface LabelStudioRequest {
  /** The labelling interface, XML. */
  label_config?: string;
  /** Tasks, each with "data". */
  tasks?: (Record<string, unknown>)[];
  /** "context" has what was drawn. */
  params?: Record<string, unknown>;
}

/** The backend's health. */
export interface BackendHealth {
  /** UP. */
  status: string;
  /** The backend's name. */
  model_class: string;
}

/** The segmenter's version. */
export interface BackendVersion {
  /** Changes with the segmenter and its weights. */
  model_version: string;
}

/** The available versions. */
export interface BackendVersions {
  /** One version. */
  versions: string[];
  /** Empty. */
  message: string;
}

/** An acknowledgement. */
export interface BackendStatus {
  /** ok. */
  status: string;
}

/** A Label Studio brush region. */
export interface Region {
  /** Id of the region. */
  id: string;
  /** Name of the BrushLabels tag. */
  from_name: string;
  /** Name of the Image tag. */
  to_name: string;
  /** brushlabels. */
  type: string;
  /** Pixels of the upright image. */
  original_width: number;
  /** Pixels of the upright image. */
  original_height: number;
  /** 0. */
  image_rotation: number;
  /** format, rle and brushlabels. */
  value: Record<string, unknown>;
  /** The predicted IoU. */
  score: number;
  /** False. */
  readonly: boolean;
}

/** The prediction for a task. */
export interface BackendPrediction {
  /** One region. */
  result: Region[];
  /** The predicted IoU. */
  score: number;
  /** Version of the segmenter. */
  model_version: string;
}

/** Predictions for tasks. */
export interface BackendPredictions {
  /** One for a task with a drawing. */
  results: BackendPrediction[];
}
