"""The environment variables of the replaced service, and some of the bench's own."""
import os

BROKER = os.environ["CELERY_BROKER_URL"]
BACKEND = os.environ["CELERY_RESULT_BACKEND"]
DSN = "host={POSTGRES_HOST} port={POSTGRES_PORT} user={POSTGRES_USER} password={POSTGRES_PASSWORD} dbname={POSTGRES_DB}".format(**os.environ)
BUCKET = os.environ["GCS_BUCKET_NAME"]
PREFIX = os.environ["IGA_GCS_IMAGE_PREFIX"]
PROJECT = os.environ["IGA_VERTEXAI_PROJECT_ID"]
LOCATION = os.environ["IGA_VERTEXAI_LOCATION"]
MODEL = os.environ.get("IGA_VERTEXAI_IMAGE_MODEL_ID", "imagegeneration@006")
ASPECT_RATIO = os.environ.get("IGA_DEFAULT_ASPECT_RATIO", "1:1")
WATERMARK = os.environ.get("IGA_ADD_WATERMARK", "true").lower() == "true"
PROCESSING = os.environ.get("IGA_IDEMPOTENCY_STATUS_PROCESSING", "processing")
COMPLETED = os.environ.get("IGA_IDEMPOTENCY_STATUS_COMPLETED", "completed")
FAILED = os.environ.get("IGA_IDEMPOTENCY_STATUS_FAILED", "failed")
LOCK_TIMEOUT = int(os.environ.get("IGA_IDEMPOTENCY_LOCK_TIMEOUT_SECONDS", "3600"))

# Of the bench: where the fakes are, whether connections are pooled, whether the worker runs greenlets.
MODEL_HOST = os.environ["PEER_MODEL_HOST"]
BUCKET_HOST = os.environ["PEER_BUCKET_HOST"]
POOLED = os.environ.get("PEER_POOLED") == "1"
GEVENT = os.environ.get("PEER_GEVENT") == "1"
