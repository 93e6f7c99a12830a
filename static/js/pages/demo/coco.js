/** Objects as a COCO file, made in the page: the same fields as the server's export writes. */

/** @typedef {import("../../core/types.js").Annotation} Annotation */
/** @typedef {import("../../core/types.js").ImageInfo} ImageInfo */
/** @typedef {import("../../core/types.js").LabelClass} LabelClass */

const CROWD = "iscrowd"; // an attribute that COCO has a field of its own for

/** @param {readonly ImageInfo[]} images @param {readonly LabelClass[]} labels @param {readonly Annotation[]} annotations */
export function cocoOf(images, labels, annotations) {
  const categories = new Map(labels.map(({ name }, i) => [name, i + 1]));
  const drawn = images.flatMap(({ id }, i) => {
    const there = annotations.filter(({ image_id }) => image_id === id).sort((a, b) => a.z - b.z);
    return there.map((each) => ({ ...each, image: i + 1 }));
  });
  return {
    info: { description: "Annotations made with Samphire", version: "1.0" },
    licenses: [],
    categories: labels.map(({ name, color, group, attributes }, i) => ({
      ...{ id: i + 1, name, supercategory: group },
      samphire: { color, attributes },
    })),
    annotations: drawn.map((each, i) => {
      const { image, label, rle, area, bbox, attributes, id, color, prompts, segmenter, weights, window, candidate, predicted_iou, stability_score, candidates_iou, version } = each;
      const { [CROWD]: crowd, ...others } = attributes;
      return {
        id: i + 1,
        image_id: image,
        category_id: categories.get(label),
        segmentation: rle,
        area,
        bbox,
        iscrowd: crowd ? 1 : 0,
        attributes: others,
        samphire: { id, color, prompts, segmenter, weights, window, candidate, predicted_iou, stability_score, candidates_iou, version },
      };
    }),
    images: images.map(({ id, name, width, height, created_at }, i) => ({
      ...{ id: i + 1, file_name: name, width, height, date_captured: created_at },
      samphire: { id },
    })),
  };
}
