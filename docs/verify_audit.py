"""Verifies an audit trail that was exported as JSON Lines: python3 verify_audit.py < HYP24-audit.jsonl"""
import hashlib
import json
import sys

FIELDS = ["chain", "seq", "at", "user_id", "record", "field", "old", "new", "reason"]


def verify(lines):
    previous, count = "", 0
    for count, line in enumerate(lines, start=1):
        entry = json.loads(line)
        values = [previous] + [entry[field] for field in FIELDS]
        text = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
        if entry["seq"] != count or entry["hash"] != hashlib.sha256(text.encode()).hexdigest():
            return f"entry {count} was altered, removed or moved"
        previous = entry["hash"]
    return f"{count} entries, the last with the hash {previous}"


print(verify(sys.stdin))
