"""Reads an export as the OTLP request that a collector takes, by OpenTelemetry's own definitions, and says what it holds.

Ids are hexadecimal in OTLP's JSON and base64 in protobuf's: that one difference is bridged here. Fields that the
definitions do not know are errors.
"""
import base64
import json
import sys

try:
    from google.protobuf import json_format
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
except ImportError as error:
    print(error, file=sys.stderr)
    sys.exit(77)


def bridged(value):
    if isinstance(value, list):
        return [bridged(item) for item in value]
    if isinstance(value, dict):
        ids = {"traceId": 32, "spanId": 16, "parentSpanId": 16}
        for key, digits in ids.items():
            if key in value:
                assert len(value[key]) == digits and value[key] == value[key].lower(), value[key]
                value[key] = base64.b64encode(bytes.fromhex(value[key])).decode()
        return {key: bridged(item) for key, item in value.items()}
    return value


def plain(value):
    kind = value.WhichOneof("value")
    if kind == "array_value":
        return [plain(item) for item in value.array_value.values]
    return getattr(value, kind)


def attributes(owner):
    keys = [pair.key for pair in owner.attributes]
    assert len(keys) == len(set(keys)), keys
    return {pair.key: plain(pair.value) for pair in owner.attributes}


text = open(sys.argv[1], encoding="utf-8").read()
assert text.count("\n") == 1 and text.endswith("\n"), "one line"
request = json_format.Parse(json.dumps(bridged(json.loads(text))), ExportTraceServiceRequest())
(resource,) = request.resource_spans
(scope,) = resource.scope_spans
spans = [
    {
        "trace": span.trace_id.hex(),
        "id": span.span_id.hex(),
        "parent": span.parent_span_id.hex(),
        "name": span.name,
        "kind": span.kind,
        "start": span.start_time_unix_nano,
        "end": span.end_time_unix_nano,
        "status": span.status.code,
        "message": span.status.message,
        "attributes": attributes(span),
        "events": [
            {"name": event.name, "at": event.time_unix_nano, "attributes": attributes(event)} for event in span.events
        ],
    }
    for span in scope.spans
]
print(json.dumps({"resource": attributes(resource.resource), "scope": scope.scope.name, "spans": spans}))
