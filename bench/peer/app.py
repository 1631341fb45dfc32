"""The Flask app."""
import time
import uuid

from flask import Flask, jsonify, request

import settings
import store
from logs import log, metric
from tasks import celery_app, generate_image_vertex_ai_task

app = Flask(__name__)


def error(status, code, message):
    return jsonify(error_code=code, message=message), status


@app.post("/generate_image")
def generate_image():
    started = time.perf_counter()
    key = request.headers.get("X-Idempotency-Key", "").strip()
    if not key:
        return error(400, "IGA_MISSING_IDEMPOTENCY_KEY", "X-Idempotency-Key is missing.")
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        return error(400, "IGA_MALFORMED_JSON", "The body is not a JSON object.")
    prompt = body.get("prompt")
    if not isinstance(prompt, str) or not prompt.strip():
        return error(400, "IGA_BAD_REQUEST_PROMPT_MISSING", "prompt is missing.")

    workflow_id = request.headers.get("X-Workflow-ID")
    task_id = str(uuid.uuid4())
    won, holder = store.claim(key, workflow_id, task_id)
    if won:
        generate_image_vertex_ai_task.apply_async(
            (key, workflow_id, prompt, body.get("aspect_ratio") or settings.ASPECT_RATIO,
             body.get("add_watermark", settings.WATERMARK), body.get("model_id_override") or settings.MODEL),
            task_id=task_id)
    else:
        task_id = holder
    ids = {"task_id": task_id, "workflow_id": workflow_id, "idempotency_key": key}
    log.info("Accepted: %s", prompt[:50], extra={"fields": ids})
    metric("iga_generate_image_request_count", 1, **ids)
    metric("iga_generate_image_latency_ms", round((time.perf_counter() - started) * 1000, 3), **ids)
    return jsonify(
        message="Image generation task accepted.", task_id=task_id, status_url=f"/v1/tasks/{task_id}",
        idempotency_key_processed=key), 202


@app.get("/v1/tasks/<task_id>")
def task_status(task_id):
    found = celery_app.AsyncResult(task_id)
    meta = found._get_task_meta()  # one look at the backend; .state and .result would be two
    if meta["status"] == "SUCCESS":
        return jsonify(task_id=task_id, status="SUCCESS", result=meta["result"])
    if meta["status"] == "FAILURE":
        return jsonify(
            task_id=task_id, status="FAILURE", result={"error": {"type": "task_failed", "message": str(meta["result"])}})
    return jsonify(task_id=task_id, status=meta["status"], result=None), 202
