"""The Celery task."""
import hashlib
import time

from celery import Celery

import cloud
import settings
import store
from logs import log, metric

celery_app = Celery("iga", broker=settings.BROKER, backend=settings.BACKEND)
celery_app.conf.task_track_started = True  # callers are promised the status STARTED

if settings.GEVENT:
    # Lets other greenlets run while PostgreSQL is at work.
    import psycopg2.extensions
    from gevent.socket import wait_read, wait_write

    def _wait(connection):
        while True:
            state = connection.poll()
            if state == psycopg2.extensions.POLL_OK:
                return
            (wait_read if state == psycopg2.extensions.POLL_READ else wait_write)(connection.fileno())

    psycopg2.extensions.set_wait_callback(_wait)


@celery_app.task(bind=True, name=store.TASK_NAME)
def generate_image_vertex_ai_task(self, key, workflow_id, prompt, aspect_ratio, watermark, model):
    task_id = self.request.id
    ids = {"task_id": task_id, "workflow_id": workflow_id, "idempotency_key": key}
    started = time.perf_counter()
    if not store.is_owner(key, task_id):
        return {
            "status": "PROCESSING_CONFLICT", "idempotency_key": key,
            "message": "Task with this idempotency key is already processing or recently completed with a conflict."}
    try:
        called = time.perf_counter()
        image, content_type = cloud.generate(prompt, aspect_ratio, watermark, model)
        metric("iga_vertexai_call_latency_ms", round((time.perf_counter() - called) * 1000, 3), **ids)
        name = f"{settings.PREFIX}iga_req_{hashlib.sha256(key.encode()).hexdigest()[:32]}.png"
        uploading = time.perf_counter()
        url = cloud.upload(name, image, content_type, task_id)
        metric("iga_gcs_upload_latency_ms", round((time.perf_counter() - uploading) * 1000, 3), **ids)
        result = {"image_url": url, "prompt_used": prompt, "model_version": f"vertex-ai-{model}"}
        store.finish(key, task_id, settings.COMPLETED, result=result)
    except Exception as error:
        store.finish(key, task_id, settings.FAILED, error={"type": "task_failed", "message": str(error)})
        raise
    metric("iga_task_processing_ms", round((time.perf_counter() - started) * 1000, 3), **ids)
    log.info("The image is stored as %s", url, extra={"fields": ids})
    return result
