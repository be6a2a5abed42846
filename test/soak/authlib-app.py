"""An application that signs people in by Authlib and Flask, as Authlib's guide has it. Its settings are JSON in the first argument."""

import json
import sys
from urllib.parse import urlencode

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.flask_client import OAuth
from authlib.jose import JoseError, JsonWebKey, jwt
from flask import Flask, redirect, request, session, url_for

settings = json.loads(sys.argv[1])
app = Flask(__name__)
app.secret_key = settings["sessionKey"]
app.config.update(SESSION_COOKIE_SECURE=True, SESSION_COOKIE_NAME="authlib")
oauth = OAuth(app)
wisp = oauth.register(
    "wisp",
    client_id=settings["clientId"],
    client_secret=settings["clientSecret"],
    server_metadata_url=settings["issuer"] + "/.well-known/openid-configuration",
    client_kwargs={"scope": settings["scope"], "code_challenge_method": "S256"},
)
# By sid: who is signed in. A cookie alone could not be ended by wisp.
signed_in = {}


def refuse(why):
    return f"refused: {why}", 401


@app.get("/")
def home():
    person = signed_in.get(session.get("sid"))
    if person is None:
        return wisp.authorize_redirect(url_for("callback", _external=True))
    return "inside", 200, {"x-signed-in": person["user"]}


@app.get("/callback")
def callback():
    try:
        token = wisp.authorize_access_token()
        claims = token["userinfo"]
        info = wisp.userinfo(token=token)
    except (OAuthError, JoseError, requests.HTTPError) as error:
        return refuse(f"{type(error).__name__} {error}")
    if info["sub"] != claims["sub"]:
        return refuse("userinfo is somebody else's")
    session["sid"] = claims["sid"]
    signed_in[claims["sid"]] = {
        "user": info["preferred_username"],
        "id_token": token["id_token"],
    }
    return redirect("/")


@app.get("/logout")
def logout():
    person = signed_in.pop(session.pop("sid", None), {})
    query = {"id_token_hint": person.get("id_token", ""), "post_logout_redirect_uri": url_for("bye", _external=True)}
    return redirect(wisp.load_server_metadata()["end_session_endpoint"] + "?" + urlencode(query))


@app.get("/bye")
def bye():
    return "signed out"


@app.post("/back-channel")
def back_channel():
    keys = JsonWebKey.import_key_set(requests.get(wisp.load_server_metadata()["jwks_uri"], timeout=10).json())
    options = {
        "iss": {"essential": True, "value": settings["issuer"]},
        "aud": {"essential": True, "value": settings["clientId"]},
        "events": {"essential": True},
        "jti": {"essential": True},
    }
    try:
        claims = jwt.decode(request.form["logout_token"], keys, claims_options=options)
        claims.validate()
    except JoseError as error:
        return refuse(error)
    if "nonce" in claims or "http://schemas.openid.net/event/backchannel-logout" not in claims["events"]:
        return refuse("not a logout token")
    signed_in.pop(claims["sid"], None)
    return ""


app.run("127.0.0.1", settings["port"], ssl_context=(settings["certFile"], settings["keyFile"]))
