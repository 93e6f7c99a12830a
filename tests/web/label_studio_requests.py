"""Requests as Label Studio sends them to an ML backend. Their shape follows `label_studio/ml/api_connector.py` and the
backends in label-studio-ml-backend (predict, setup, webhook; results of smart key points and rectangles); the values
are made up."""

CONFIG = """
<View>
  <Image name="image" value="$image" zoom="true"/>
  <BrushLabels name="strokes" toName="image">
    <Label value="Cat" background="#d55e00"/>
    <Label value="Dog" background="#0072b2"/>
  </BrushLabels>
  <KeyPointLabels name="points" toName="image" smart="true">
    <Label value="Cat"/>
    <Label value="Dog"/>
  </KeyPointLabels>
  <RectangleLabels name="boxes" toName="image" smart="true">
    <Label value="Cat"/>
    <Label value="Dog"/>
  </RectangleLabels>
</View>
"""
SETUP = {
    "project": "1.1714742010",
    "schema": CONFIG,
    "hostname": "http://localhost:8080",
    "access_token": "6f2a0c1b9d8e7f60514233241506978899aabbcc",
    "extra_params": None,
}
KEY_POINT = {
    "original_width": 4000,
    "original_height": 3000,
    "image_rotation": 0,
    "value": {
        "x": 48.5,
        "y": 61.25,
        "width": 0.4,
        "labels": ["Cat"],
        "keypointlabels": ["Cat"],
    },
    "is_positive": True,
    "id": "k3yP01nt01",
    "from_name": "points",
    "to_name": "image",
    "type": "keypointlabels",
    "origin": "manual",
}
RECTANGLE = {
    "original_width": 4000,
    "original_height": 3000,
    "image_rotation": 0,
    "value": {
        "x": 50,
        "y": 50,
        "width": 10,
        "height": 10,
        "rotation": 0,
        "rectanglelabels": ["Dog"],
    },
    "id": "r3ct4ngl3a",
    "from_name": "boxes",
    "to_name": "image",
    "type": "rectanglelabels",
    "origin": "manual",
}
STROKE = {  # an earlier answer, which comes along in drafts and annotations
    "original_width": 40,
    "original_height": 30,
    "image_rotation": 0,
    "value": {"format": "rle", "rle": [0, 1, 2, 3] * 5000, "brushlabels": ["Cat"]},
    "id": "aBcDeFgHiJ",
    "from_name": "strokes",
    "to_name": "image",
    "type": "brushlabels",
    "origin": "prediction",
}


def predicting(image: str, *drawn: dict, config: str = CONFIG) -> dict:
    """What is sent when somebody has drawn something with a smart tool; nothing drawn: predictions ahead."""
    task = {
        "id": 17,
        "data": {"image": image},
        "meta": {},
        "created_at": "2026-03-01T09:30:00.000000Z",
        "updated_at": "2026-03-01T09:30:00.000000Z",
        "is_labeled": False,
        "overlap": 1,
        "inner_id": 1,
        "total_annotations": 0,
        "cancelled_annotations": 0,
        "total_predictions": 0,
        "comment_count": 0,
        "unresolved_comment_count": 0,
        "project": 1,
        "file_upload": 5,
        "annotations": [{"id": 3, "completed_by": 1, "result": [STROKE], "was_cancelled": False}],
        "predictions": [],
        "drafts": [{"id": 4, "user": "ann@example.com", "result": [STROKE], "lead_time": 4.2}],
    }
    context = {"result": [*drawn]} if drawn else None
    return {
        "tasks": [task],
        "project": "1.1714742010",
        "label_config": config,
        "params": {
            "login": None,
            "password": None,
            "hostname": "http://localhost:8080",
            "context": context,
        },
    }


WEBHOOK = {
    "action": "START_TRAINING",
    "project": {"id": 1, "title": "Pets", "label_config": CONFIG},
}
