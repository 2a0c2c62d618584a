"""A service of your own that takes Blockbot's access tokens. It asks Blockbot for its public keys and for nothing else.

    ISSUER=http://localhost:3000 AUDIENCE=https://billing.example.com PORT=4000 python3 server.py
"""

import json
import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import jwt

ISSUER = os.environ.get("ISSUER")
AUDIENCE = os.environ.get("AUDIENCE")
# Without AUDIENCE every token would be taken, whomever it is for.
if not ISSUER or not AUDIENCE:
    sys.exit("ISSUER and AUDIENCE: set both")
keys = jwt.PyJWKClient(f"{ISSUER}/.well-known/jwks.json")


def verify(token):
    claims = jwt.decode(
        token,
        keys.get_signing_key_from_jwt(token).key,
        algorithms=["ES256", "EdDSA"],
        issuer=ISSUER,
        audience=AUDIENCE,
        options={"require": ["iss", "aud", "sub", "exp"]},
    )
    # The signature, which held, is over the header too.
    if jwt.get_unverified_header(token).get("typ") != "at+jwt":
        raise jwt.InvalidTokenError("not an access token")
    return claims


class Service(BaseHTTPRequestHandler):
    def do_GET(self):
        scheme, _, bearer = self.headers.get("Authorization", "").partition(" ")
        # From a gate in front (docs/gateway.md), or from the caller.
        token = self.headers.get("X-Identity") or (bearer if scheme.lower() == "bearer" else "")
        if not token:
            return self.answer(401, {"WWW-Authenticate": "Bearer"})
        try:
            claims = verify(token)
        except jwt.PyJWTError as error:
            # Keys that could not be fetched say nothing of the token.
            if isinstance(error.__context__, OSError):
                return self.answer(503, {"Retry-After": "5"})
            return self.answer(401, {"WWW-Authenticate": 'Bearer error="invalid_token"'})
        who = {name: claims.get(name) for name in ("sub", "org", "role")}
        self.answer(200, {"Content-Type": "application/json"}, json.dumps(who).encode())

    def answer(self, status, headers, body=b""):
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "4000"))), Service)
    print(f"listening on {server.server_port}", flush=True)
    server.serve_forever()
