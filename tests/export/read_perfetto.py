"""Reads an export by Perfetto's own definitions and says what a trace processor makes of it.

Events are sorted by time and kept in the order of the file where that is the same; slices of a track lie within each
other; a flow leads from each slice that has its id to the next one in time. A name that was not interned, a track
without a descriptor, an end without a beginning or a field that the definitions do not know is an error.
"""
import json
import sys

try:
    from perfetto.protos.perfetto.trace import perfetto_trace_pb2 as pb
except ImportError as error:
    print(error, file=sys.stderr)
    sys.exit(77)


def check_known(message):
    """Every field is known: written anew without unknown ones, a message has the same size."""
    size = message.ByteSize()
    message.DiscardUnknownFields()
    assert message.ByteSize() == size, "unknown fields"


trace = pb.Trace()
trace.ParseFromString(open(sys.argv[1], "rb").read())
check_known(trace)
processes, threads, events = {}, {}, []
names, keys = {}, {}
clocks = None
for order, packet in enumerate(trace.packet):
    assert packet.trusted_packet_sequence_id == 1
    if packet.sequence_flags & pb.TracePacket.SEQ_INCREMENTAL_STATE_CLEARED:
        assert order == 0 and packet.first_packet_on_sequence
        assert packet.trace_packet_defaults.timestamp_clock_id == pb.BUILTIN_CLOCK_MONOTONIC
        assert packet.clock_snapshot.primary_trace_clock == pb.BUILTIN_CLOCK_MONOTONIC
        clocks = {clock.clock_id: clock.timestamp for clock in packet.clock_snapshot.clocks}
    else:
        assert packet.sequence_flags == pb.TracePacket.SEQ_NEEDS_INCREMENTAL_STATE
    for table, entries in [
        (names, packet.interned_data.event_names),
        (keys, packet.interned_data.debug_annotation_names),
    ]:
        for entry in entries:
            assert entry.iid not in table
            table[entry.iid] = entry.name
    if packet.HasField("track_descriptor"):
        track = packet.track_descriptor
        if track.HasField("process"):
            process = processes.setdefault(track.uuid, {"pid": track.process.pid, "name": "", "cmdline": []})
            assert process["pid"] == track.process.pid
            # The first name stays.
            if not process["name"]:
                process["name"] = track.process.process_name
                process["cmdline"] = list(track.process.cmdline)
        else:
            assert track.parent_uuid in processes
            thread = threads.setdefault(track.uuid, {"name": ""})
            # A lane of operations is no thread: it has a name, and is its process's.
            assert track.HasField("thread") != bool(track.name)
            pid = track.thread.pid or processes[track.parent_uuid]["pid"]
            thread.update(pid=pid, tid=track.thread.tid, process=track.parent_uuid)
            thread["name"] = track.name or track.thread.thread_name or thread["name"]
    if packet.HasField("track_event"):
        event = packet.track_event
        assert event.track_uuid in threads, "the track is described before"
        name = names[event.name_iid] if event.name_iid else event.name
        annotations = {}
        for annotation in event.debug_annotations:
            kind = annotation.WhichOneof("value")
            if annotation.dict_entries:
                value = {keys[entry.name_iid]: entry.string_value for entry in annotation.dict_entries}
            elif annotation.array_values:
                value = [item.string_value for item in annotation.array_values]
            else:
                value = getattr(annotation, kind)
            annotations[keys[annotation.name_iid]] = value
        events.append((packet.timestamp, order, event, name, annotations))

slices, instants, flows = [], [], []
stacks, latest, ended = {}, {}, set()
for at, _, event, name, annotations in sorted(events, key=lambda event: event[:2]):
    stack = stacks.setdefault(event.track_uuid, [])
    thread = threads[event.track_uuid]
    if event.type == pb.TrackEvent.TYPE_SLICE_BEGIN:
        place = len(slices)
        slices.append({
            "pid": thread["pid"], "tid": thread["tid"], "name": name, "from": at, "to": None, "depth": len(stack),
            "inside": stack[-1] if stack else None, "categories": list(event.categories), "args": annotations,
        })
        stack.append(place)
    elif event.type == pb.TrackEvent.TYPE_SLICE_END:
        place = stack.pop()
        slices[place]["to"] = at
    else:
        assert event.type == pb.TrackEvent.TYPE_INSTANT
        instants.append({"pid": thread["pid"], "tid": thread["tid"], "name": name, "at": at,
                         "categories": list(event.categories), "args": annotations, "depth": len(stack)})
        continue
    for flow in list(event.flow_ids) + list(event.terminating_flow_ids):
        assert flow not in ended, "a flow that had ended"
        if flow in latest:
            flows.append({"from": latest[flow], "to": place, "id": flow})
        latest[flow] = place
        if flow in event.terminating_flow_ids:
            ended.add(flow)
assert all(not stack for stack in stacks.values()), "slices without an end"
print(json.dumps({
    "clocks": clocks, "processes": list(processes.values()), "threads": list(threads.values()),
    "slices": slices, "instants": instants, "flows": flows,
}))
