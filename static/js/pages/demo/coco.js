/** Objects as a COCO file, made in the page: masks as RLE, in the pixels of their images. */

/** @typedef {import("../../core/types.js").Annotation} Annotation */
/** @typedef {import("../../core/types.js").ImageInfo} ImageInfo */

/** @param {readonly ImageInfo[]} images @param {readonly Annotation[]} annotations */
export function cocoOf(images, annotations) {
  const names = [...new Set(annotations.map(({ label }) => label))];
  const numbers = new Map(images.map(({ id }, i) => [id, i + 1]));
  return {
    info: { description: "Segmented with Samphire" },
    images: images.map(({ name, width, height }, i) => ({ id: i + 1, file_name: name, width, height })),
    categories: names.map((name, i) => ({ id: i + 1, name })),
    annotations: annotations.map(({ image_id, label, rle, area, bbox, predicted_iou, stability_score }, i) => ({
      id: i + 1,
      image_id: numbers.get(image_id),
      category_id: names.indexOf(label) + 1,
      segmentation: rle,
      area,
      bbox,
      iscrowd: 0,
      ...(predicted_iou === null ? {} : { predicted_iou }),
      ...(stability_score === null ? {} : { stability_score }),
    })),
  };
}
