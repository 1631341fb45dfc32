"""Log lines as one JSON object each, and measurements among them."""
import datetime
import json
import logging
import sys


class JsonLines(logging.Formatter):
    def format(self, record):
        return json.dumps({
            "timestamp": datetime.datetime.utcfromtimestamp(record.created).isoformat() + "Z",
            "level": record.levelname, "logger_name": record.name, "service_name": "iga", "message": record.getMessage(),
            **getattr(record, "fields", {})})


log = logging.getLogger("iga")
log.setLevel(logging.INFO)
log.propagate = False
_handler = logging.StreamHandler(sys.stderr)
_handler.setFormatter(JsonLines())
log.addHandler(_handler)


def metric(name, value, **fields):
    log.info("%s %s", name, value, extra={"fields": {"metric_name": name, "value": value, **fields}})
