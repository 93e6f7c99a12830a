"""Fine-tuning of SAM's mask decoder on people's annotations. Needs torch; the running server never imports it."""
