"""The idempotency keys in PostgreSQL: every change is one statement and one commit."""
import contextlib
import json
import queue

import psycopg2

import settings

TASK_NAME = "generate_image_vertex_ai_task"

# Made in the process that uses it, so after any fork. Last in, first out: few connections do most of the work.
_idle = queue.LifoQueue()

CLAIM = """
    with prior as materialized (
        select task_id, status,
               status = %(failed)s or (status <> %(completed)s
                   and coalesce(locked_at, created_at, '-infinity') < now() - make_interval(secs => %(timeout)s)) as is_free
        from idempotency_keys where idempotency_key = %(key)s and task_name = %(task_name)s
        for update
    ), claimed as (
        insert into idempotency_keys as k (idempotency_key, task_name, workflow_id, created_at, locked_at, status, task_id)
        select %(key)s, %(task_name)s, %(workflow_id)s, now(), now(), %(processing)s, %(task_id)s
        from (select 1) as one left join prior on true
        on conflict (idempotency_key, task_name) do update
        set workflow_id = excluded.workflow_id, created_at = excluded.created_at, locked_at = excluded.locked_at,
            status = excluded.status, task_id = excluded.task_id, result_payload = null, error_payload = null
        where (select is_free from prior)
        returning k.task_id
    )
    select exists (select from claimed), prior.task_id::text from (select 1) as one left join prior on true
"""


@contextlib.contextmanager
def connection():
    """A connection whose transaction is committed in the end: a new one, or one of the pool."""
    if not settings.POOLED:
        made = psycopg2.connect(settings.DSN)
        try:
            with made:
                yield made
        finally:
            made.close()
        return

    try:
        pooled = _idle.get_nowait()
    except queue.Empty:
        pooled = psycopg2.connect(settings.DSN)
    try:
        with pooled:
            yield pooled
    except psycopg2.OperationalError:
        pooled.close()
        raise
    _idle.put(pooled)


def claim(key, workflow_id, task_id):
    """Whether the key is now the task's, and otherwise whose it is."""
    with connection() as c, c.cursor() as cursor:
        cursor.execute(CLAIM, {
            "key": key, "task_name": TASK_NAME, "workflow_id": workflow_id, "task_id": task_id,
            "processing": settings.PROCESSING, "completed": settings.COMPLETED, "failed": settings.FAILED,
            "timeout": settings.LOCK_TIMEOUT})
        return cursor.fetchone()


def is_owner(key, task_id):
    with connection() as c, c.cursor() as cursor:
        cursor.execute(
            "select 1 from idempotency_keys where idempotency_key = %s and task_name = %s and task_id = %s and status = %s",
            (key, TASK_NAME, task_id, settings.PROCESSING))
        return cursor.fetchone() is not None


def finish(key, task_id, status, result=None, error=None):
    with connection() as c, c.cursor() as cursor:
        cursor.execute(
            """update idempotency_keys set status = %s, locked_at = null, result_payload = %s, error_payload = %s
               where idempotency_key = %s and task_name = %s and task_id = %s and status = %s""",
            (status, result and json.dumps(result), error and json.dumps(error), key, TASK_NAME, task_id, settings.PROCESSING))
        return cursor.rowcount == 1
