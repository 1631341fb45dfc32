"""Vertex AI and GCS by plain HTTP on connections that are kept: cheaper than Google's client packages, to the peer's favour."""
import base64
import hashlib
import http.client
import json
import threading
import urllib.parse

import settings

_local = threading.local()  # of the greenlet, where gevent has patched it


def _post(host, path, body, content_type):
    connections = _local.__dict__.setdefault("connections", {})
    connection = connections.get(host)
    if connection is None:
        connection = connections[host] = http.client.HTTPConnection(host)
    try:
        connection.request("POST", path, body, {"Content-Type": content_type})
        response = connection.getresponse()
        answer = response.read()
    except (http.client.HTTPException, OSError):
        connection.close()
        raise
    if response.status != 200:
        raise RuntimeError(f"{path}: {response.status} {answer[:200]}")
    return json.loads(answer)


def generate(prompt, aspect_ratio, watermark, model):
    body = json.dumps({
        "instances": [{"prompt": prompt}],
        "parameters": {"sampleCount": 1, "aspectRatio": aspect_ratio, "addWatermark": watermark, "includeRaiReason": True}})
    answer = _post(
        settings.MODEL_HOST,
        f"/v1/projects/{settings.PROJECT}/locations/{settings.LOCATION}/publishers/google/models/{model}:predict",
        body.encode(), "application/json")
    prediction = answer["predictions"][0]
    return base64.b64decode(prediction["bytesBase64Encoded"]), prediction["mimeType"]


def upload(name, image, content_type, task_id):
    """Creates the object, with its checksum and its task's id, only if it is not there."""
    metadata = json.dumps({
        "name": name, "contentType": content_type, "metadata": {"iga_task_id": task_id},
        "md5Hash": base64.b64encode(hashlib.md5(image).digest()).decode()}).encode()
    boundary = b"iga-" + task_id.encode()
    body = b"".join([
        b"--", boundary, b"\r\nContent-Type: application/json; charset=utf-8\r\n\r\n", metadata,
        b"\r\n--", boundary, b"\r\nContent-Type: ", content_type.encode(), b"\r\n\r\n", image,
        b"\r\n--", boundary, b"--\r\n"])
    bucket = urllib.parse.quote(settings.BUCKET, safe="")
    _post(
        settings.BUCKET_HOST, f"/upload/storage/v1/b/{bucket}/o?uploadType=multipart&ifGenerationMatch=0", body,
        "multipart/related; boundary=" + boundary.decode())
    return f"gs://{settings.BUCKET}/{name}"
