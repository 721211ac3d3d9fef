#!/usr/bin/env python3
"""Sings one server's tone to a rack controller, in the JSON form: all it takes to be heard by NetWatch.

Usage: json-agent.py [HOST [PORT [RACK_ID [SERVER_ID]]]]      (default: 127.0.0.1 9999 0 0)
"""
import json, math, socket, sys, time

host, port, rack, server = (sys.argv[1:] + ["127.0.0.1", "9999", "0", "0"][len(sys.argv) - 1:])[:4]
frequency_hz = 1 + int(rack) + 0.05 * int(server)  # the default frequency plan
rack_controller = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
seq = 0
while True:
    now = time.time()
    sample = {
        "rack_id": int(rack),
        "server_id": int(server),
        "seq": seq,
        "sent_ts": now,
        "wave_sample": math.sin(2 * math.pi * frequency_hz * now),
    }
    rack_controller.sendto(json.dumps(sample).encode(), (host, int(port)))
    seq += 1
    time.sleep(0.05)
