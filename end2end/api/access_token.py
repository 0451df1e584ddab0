"""Prints an access token of the demo's administrator: access_token.py BASE_URL."""

import json
import sys
import urllib.request

body = {"email": "ada@example.com", "password": "welcome-to-the-hall"}
request = urllib.request.Request(
    sys.argv[1] + "/api/v1/auth/login",
    data=json.dumps(body).encode(),
    headers={"Content-Type": "application/json"},
)
with urllib.request.urlopen(request, timeout=10) as answer:
    print(json.load(answer)["data"]["access_token"])
