"""OIDC_ISSUER=… OIDC_CLIENT_ID=… OIDC_CLIENT_SECRET=… python3 oidc_sign_in.py <port>"""
import base64
import hashlib
import json
import os
import re
import secrets
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PORT = int(sys.argv[1])
ISSUER = os.environ["OIDC_ISSUER"]
CLIENT_ID = os.environ["OIDC_CLIENT_ID"]
CLIENT_SECRET = os.environ["OIDC_CLIENT_SECRET"]
# 与控制台登记的重定向地址逐字相同。To the letter what the console has as the redirect URI.
REDIRECT_URI = os.environ.get("OIDC_REDIRECT_URI", f"http://127.0.0.1:{PORT}/callback")
BEGUN_AT_MOST = 1000
GOOD_FOR_SECONDS = 600

# 已开始的登录和已登录的人，以 Cookie 里的随机数为键。By the random number in the cookie.
begun, people, lock = {}, {}, threading.Lock()


class SignInFailed(Exception):
    """对方的错误，写给人看。What is wrong with a sign-in, for the person."""


def fetch(url, form=None, headers=None):
    data = urllib.parse.urlencode(form).encode() if form else None
    request = urllib.request.Request(url, data, headers or {})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def endpoint(name):
    provider = fetch(f"{ISSUER}/.well-known/openid-configuration")
    if provider["issuer"] != ISSUER:
        raise ValueError(f"issuer: {provider['issuer']}")
    return provider[name]


def begin(session):
    one = {name: secrets.token_urlsafe(32) for name in ("state", "nonce", "verifier")}
    with lock:
        # 没有走完的登录不会无限增加。Sign-ins that nobody finished do not pile up.
        if len(begun) >= BEGUN_AT_MOST:
            begun.pop(next(iter(begun)))
        begun[session] = {**one, "at": time.time()}
    challenge = base64.urlsafe_b64encode(hashlib.sha256(one["verifier"].encode()).digest()).rstrip(b"=").decode()
    query = urllib.parse.urlencode({
        "response_type": "code", "client_id": CLIENT_ID, "redirect_uri": REDIRECT_URI,
        "scope": "openid profile email", "state": one["state"], "nonce": one["nonce"],
        "code_challenge": challenge, "code_challenge_method": "S256",
    })
    return f"{endpoint('authorization_endpoint')}?{query}"


def finish(session, query):
    with lock:
        one = begun.pop(session, None)
    if not one or time.time() - one["at"] > GOOD_FOR_SECONDS or query.get("state") != one["state"]:
        raise SignInFailed("登录不是从这个浏览器开始的，或已过期 / not begun in this browser, or too late")
    if query.get("iss", ISSUER) != ISSUER:
        raise SignInFailed("iss")
    if "error" in query:
        raise SignInFailed(f"{query['error']} {query.get('error_description', '')}")
    pair = ":".join(urllib.parse.quote(part, safe="") for part in (CLIENT_ID, CLIENT_SECRET))
    form = {
        "grant_type": "authorization_code", "code": query.get("code", ""),
        "redirect_uri": REDIRECT_URI, "code_verifier": one["verifier"],
    }
    try:
        basic = {"authorization": "Basic " + base64.b64encode(pair.encode()).decode()}
        tokens = fetch(endpoint("token_endpoint"), form, basic)
    except urllib.error.HTTPError as error:
        if error.code >= 500:
            raise
        raise SignInFailed(json.load(error).get("error_description", "")) from error
    return {"claims": claims_of(tokens["id_token"], one["nonce"]), "id_token": tokens["id_token"]}


def claims_of(id_token, nonce):
    """令牌由服务器直接从令牌端点取得，TLS 已证明它来自谁，所以不必再验签（OpenID Connect Core 3.1.3.7）。
    The token came straight from the token endpoint, so that TLS says whose it is, and no signature need be checked."""
    claims = json.loads(base64.urlsafe_b64decode(id_token.split(".")[1] + "=="))
    audience = claims.get("aud")
    is_ours = CLIENT_ID in (audience if isinstance(audience, list) else [audience])
    if claims.get("iss") != ISSUER or not is_ours or claims.get("nonce") != nonce or claims["exp"] < time.time():
        raise SignInFailed("id_token")
    return claims


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(url.query))
        found = re.search(r"(?:^|; )session=([\w-]{43})(?:;|$)", self.headers.get("cookie") or "")
        session = found.group(1) if found else ""
        try:
            self.answer(url.path, session, query)
        except SignInFailed as error:
            self.show(400, f"没有登录 / not signed in: {error}")
        except (OSError, ValueError, KeyError) as error:
            print(error, file=sys.stderr)
            self.show(502, "暂时不能登录 / try again later")

    def answer(self, path, session, query):
        person = people.get(session)
        if path == "/sign-in":
            fresh = secrets.token_urlsafe(32)
            self.go(begin(fresh), fresh)
        elif path == "/callback":
            signed_in = finish(session, query)
            # 登录后换一个会话号，旧的号码不再有用。Another number after signing in, so that an old one is worth nothing.
            fresh = secrets.token_urlsafe(32)
            people[fresh] = signed_in
            self.go("/", fresh)
        elif path == "/sign-out":
            people.pop(session, None)
            hint = {"id_token_hint": person["id_token"]} if person else {}
            self.go(f"{endpoint('end_session_endpoint')}?{urllib.parse.urlencode({'client_id': CLIENT_ID, **hint})}", "")
        elif path != "/":
            self.show(404, "没有这一页 / no such page")
        elif person:
            # sub 是这个人不变的编号，用它做主键。sub is this person's number for good: make it the key.
            self.show(200, f"{person['claims']['sub']} {person['claims'].get('name', '')}")
        else:
            self.go("/sign-in")

    def go(self, to, cookie=None):
        self.send_response(302)
        self.send_header("location", to)
        self.send_header("cache-control", "no-store")
        if cookie is not None:
            secure = "; Secure" if REDIRECT_URI.startswith("https:") else ""
            self.send_header("set-cookie", f"session={cookie}; Path=/; HttpOnly; SameSite=Lax{secure}")
        self.end_headers()

    def show(self, status, text):
        self.send_response(status)
        self.send_header("content-type", "text/plain; charset=utf-8")
        self.send_header("cache-control", "no-store")
        self.end_headers()
        self.wfile.write(f"{text}\n".encode())

    def log_message(self, *_):
        """地址里有授权码，不写进日志。Addresses have codes in them, which belong in no log."""


ThreadingHTTPServer(("127.0.0.1", PORT), Handler).serve_forever()
