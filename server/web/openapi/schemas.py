"""The JSON objects of the API as JSON Schema."""

from typing import Any

Schema = dict[str, Any]


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _string(description: str, **more: Any) -> Schema:
    return {"type": "string", "description": description, **more}


def _integer(description: str, **more: Any) -> Schema:
    return {"type": "integer", "description": description, **more}


def _number(description: str, **more: Any) -> Schema:
    return {"type": "number", "description": description, **more}


def _or_null(schema: Schema) -> Schema:
    return {**schema, "type": [schema["type"], "null"]}


def _list(items: Schema, description: str, **more: Any) -> Schema:
    return {"type": "array", "items": items, "description": description, **more}


def _object(
    description: str, properties: dict[str, Schema], required: tuple[str, ...] | None = None
) -> Schema:
    """All properties are required unless told otherwise."""
    needed = list(properties) if required is None else list(required)
    return {"type": "object", "description": description, "properties": properties, "required": needed}


def _about(name: str, description: str) -> Schema:
    return {**ref(name), "description": description}


def _about_or_null(name: str, description: str) -> Schema:
    return {"anyOf": [ref(name), {"type": "null"}], "description": description}


def type_of(schema: Schema) -> str:
    """A schema's type in a word or two, for people."""
    if "anyOf" in schema:
        return " or ".join(type_of(each) for each in schema["anyOf"])
    if "$ref" in schema:
        return schema["$ref"].rsplit("/", 1)[-1]
    kind = schema.get("type", "any")
    if isinstance(kind, list):
        return " or ".join(kind)
    return f"list of {type_of(schema['items'])}" if kind == "array" and "items" in schema else kind


_BOX = {"minItems": 4, "maxItems": 4}
_ANNOTATION: dict[str, Schema] = {
    "id": _string("Made by the client (8 to 36 letters, digits, - and _) or by the server."),
    "project_id": _string("The project it was made in."),
    "image_id": _string("The image it lies on."),
    "label": _string("What it is, 1 to 100 characters."),
    "color": _string("Its colour.", pattern="^#[0-9a-f]{6}$"),
    "rle": _about("RLE", "The mask."),
    "area": _integer("Pixels in the mask."),
    "bbox": _list({"type": "integer"}, "[x, y, width, height] in pixels.", **_BOX),
    "attributes": {"type": "object", "description": "By name: text, a number, or true or false."},
    "z": _integer("Greater lies above; above all others when left out."),
    "prompts": _list(ref("PromptStep"), "What the person did, in order."),
    "segmenter": _or_null(_string("Id of the segmenter that made the mask.")),
    "weights": _or_null(_string("SHA-256 of its weights.")),
    "candidate": _or_null(_integer("Decoder token of the candidate that was accepted, 0 to 3.")),
    "predicted_iou": _or_null(_number("The decoder's own estimate.")),
    "stability_score": _or_null(_number("area(logit > 1) / area(logit > -1).")),
    "version": _integer("1, and one more with every change."),
    "created_at": _string("UTC.", format="date-time"),
    "updated_at": _string("UTC.", format="date-time"),
}
_WRITABLE = (
    "label",
    "color",
    "rle",
    "attributes",
    "z",
    "prompts",
    "segmenter",
    "weights",
    "candidate",
    "predicted_iou",
    "stability_score",
)

SCHEMAS: dict[str, Schema] = {
    "Error": _object(
        "Every failure.",
        {
            "ok": {"const": False, "type": "boolean", "description": "Always false."},
            "error": _object(
                "What went wrong. A version conflict also carries `current`.",
                {
                    "code": _string("A word for programs."),
                    "message": _string("A sentence for people."),
                    "hint": _string("What to do about it."),
                },
            ),
        },
    ),
    "Embedding": _object(
        "What the encoder made of an image, or where that stands.",
        {
            "segmenter": _string("Id of the segmenter."),
            "weights": _string("SHA-256 of its weights."),
            "state": _string("How far it is.", enum=["none", "queued", "running", "ready", "failed"]),
            "position": _or_null(_integer("Place in the queue, 1 is next.")),
            "seconds_left": _or_null(_number("Estimate from recent encodings.")),
            "bytes": _or_null(_integer("Size as stored, compressed.")),
            "url": _string("Where its bytes are."),
            "error": {"anyOf": [{"type": "object"}, {"type": "null"}], "description": "Why it failed."},
        },
    ),
    "Image": _object(
        "An uploaded picture.",
        {
            "id": _string("Its id."),
            "name": _string("File name, cleaned."),
            "width": _integer("Pixels, after the EXIF rotation."),
            "height": _integer("Pixels, after the EXIF rotation."),
            "bytes": _integer("Size of the upload."),
            "format": _string("Of the upload.", enum=["JPEG", "PNG", "WEBP", "BMP", "TIFF", "GIF"]),
            "sha256": _string("Of the upload."),
            "created_at": _string("UTC.", format="date-time"),
            "file_url": _string("The picture as browsers show it."),
            "thumbnail_url": _string("At most 256 pixels long."),
            "annotation_count": _integer("How many annotations it has."),
            "embedding": _about("Embedding", "Of the configured segmenter."),
            "existing": {
                "type": "boolean",
                "description": "After an upload: the same bytes were here already.",
            },
        },
        (
            "id",
            "name",
            "width",
            "height",
            "bytes",
            "format",
            "sha256",
            "created_at",
            "file_url",
            "thumbnail_url",
            "annotation_count",
            "embedding",
        ),
    ),
    "ImagePage": _object(
        "Some images, the newest first.",
        {"images": _list(ref("Image"), "The images."), "total": _integer("How many there are in all.")},
    ),
    "RLE": _object(
        "A mask as COCO run-length encoding: column-major, compressed as pycocotools does.",
        {
            "size": _list({"type": "integer"}, "[height, width] of the image.", minItems=2, maxItems=2),
            "counts": _string("The runs."),
        },
    ),
    "PromptStep": _object(
        'One step: {"kind": "point", "x", "y", "label"}, {"kind": "box", "box"}, {"kind": "mask", "token"}.',
        {
            "kind": _string("Which of the three.", enum=["point", "box", "mask"]),
            "x": _number("Image pixels."),
            "y": _number("Image pixels."),
            "label": _integer("1 include, 0 exclude.", enum=[0, 1]),
            "box": _list({"type": "number"}, "[x0, y0, x1, y1], image pixels.", **_BOX),
            "token": _integer("Decoder token whose logits were fed back.", minimum=0, maximum=3),
        },
        ("kind",),
    ),
    "Annotation": _object("An accepted mask.", _ANNOTATION),
    "NewAnnotation": _object(
        "An annotation to create. Other fields are ignored.",
        {name: _ANNOTATION[name] for name in ("id", *_WRITABLE)},
        ("label", "color", "rle"),
    ),
    "AnnotationChange": _object(
        "Fields to change.",
        {"version": _integer("The version the change is based on.")}
        | {name: _ANNOTATION[name] for name in _WRITABLE},
        ("version",),
    ),
    "AnnotationList": _object(
        "An image's annotations.", {"annotations": _list(ref("Annotation"), "Oldest first.")}
    ),
    "Prompt": _object(
        "What to segment: at least a point, a box or a mask.",
        {
            "points": _list(
                _list({"type": "number"}, "One point.", minItems=3, maxItems=3),
                "[[x, y, label], ...]: label 1 include, 0 exclude; image pixels.",
            ),
            "box": {
                "anyOf": [_list({"type": "number"}, "Corners.", **_BOX), {"type": "null"}],
                "description": "[x0, y0, x1, y1], image pixels.",
            },
            "mask_from": _or_null(
                _string("mask_id of an earlier candidate to refine, of the same segmenter.")
            ),
            "segmenter": _or_null(_string("Id of a segmenter; the configured one when left out.")),
            "all": {"type": "boolean", "description": "All four masks of the decoder, in token order."},
        },
        (),
    ),
    "Candidate": _object(
        "A mask the decoder offers.",
        {
            "token": _integer("0: the single-mask token; 1 to 3: whole, part, sub-part."),
            "rle": _about("RLE", "The mask at full size."),
            "predicted_iou": _number("The decoder's own estimate."),
            "stability_score": _number("area(logit > 1) / area(logit > -1)."),
            "area": _integer("Pixels in the mask."),
            "bbox": _list({"type": "integer"}, "[x, y, width, height] in pixels.", **_BOX),
            "mask_id": _string("For mask_from of a later prompt."),
        },
    ),
    "Prediction": _object(
        "The answer to a prompt.",
        {
            "candidates": _list(ref("Candidate"), "In the order they are offered."),
            "best": _integer("Index into candidates of the one to take when nobody chooses."),
            "prediction": _string("Id of this prediction."),
            "segmenter": _string("Id of the segmenter that made the masks."),
            "weights": _string("SHA-256 of its weights."),
            "timing_ms": {"type": "object", "description": "wait, decode, masks, total: milliseconds."},
        },
    ),
    "Network": _object(
        "A network that browsers run.",
        {"url": _string("Where it is."), "bytes": _integer("Its size, uncompressed.")},
    ),
    "Quality": _object(
        "How well a segmenter segments the objects of a dataset: mean IoU.",
        {
            "dataset": _string("Its name."),
            "objects": _number("How many objects it has."),
            "one_click": _number("The first choice after one click in the middle."),
            "best_of_three": _number("The best of the three candidates after it."),
            "box": _number("After the object's box."),
        },
    ),
    "Segmenter": _object(
        "An installed segmenter: an encoder and the decoder made for it.",
        {
            "id": _string("Its id."),
            "title": _string("Its name, for people."),
            "weights": _string("SHA-256 of both networks' weights."),
            "licence": _string("SPDX."),
            "resize": _string(
                "How the encoder sees a picture: its longest side scaled to 1024, or squeezed into a square.",
                enum=["longest_side", "square"],
            ),
            "prepare": _about("Network", "Run once for an image."),
            "decoder": _about("Network", "Run for every click."),
            "encoder_bytes": _integer("Size of the encoder, which stays on the server."),
            "encoder_seconds": _or_null(_number("Median of its recent encodings on this machine.")),
            "quality": _about_or_null("Quality", "As measured by `samphire eval`."),
            "default": {"type": "boolean", "description": "Whether it is the configured one."},
        },
    ),
    "SegmenterList": _object(
        "What there is to choose from.", {"segmenters": _list(ref("Segmenter"), "All that are installed.")}
    ),
    "Status": _object(
        "What the server is.",
        {
            "ok": {"type": "boolean", "description": "Always true."},
            "version": _string("Of Samphire."),
            "segmenter": _string("Id of the configured segmenter."),
            "segmenters": _list(ref("Segmenter"), "All that are installed."),
            "outdated_embeddings": _integer(
                "How many embeddings older weights of an installed segmenter made. They are made anew in the "
                "background."
            ),
            "limits": {"type": "object", "description": "max_upload_bytes, max_pixels, max_side."},
        },
    ),
}
