"""Calls wisp by encrypted packets; written from web/docs/content/en/build/packet-format.md alone.

usage: client.py URL DEVTOKEN DEVICEID SUITE PATH PLAIN
Prints the opened answer; ends with 1 and a reason on standard error for an answer that cannot be trusted.
"""
import base64
import hashlib
import hmac
import json
import os
import sys
import time
import urllib.request

from cryptography.hazmat.primitives import hashes, padding, serialization
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

url, token, device_id, suite, path, plain = sys.argv[1:]


def b64(raw):
    return base64.b64encode(raw).decode()


def post(where, body, headers=None):
    request = urllib.request.Request(
        f"{url}{where}?devToken={token}",
        json.dumps(body).encode(),
        {"content-type": "application/json", **(headers or {})},
    )
    with urllib.request.urlopen(request) as answer:
        return json.loads(answer.read()), answer.headers


def body_of(envelope):
    if envelope["retCode"] != "0":
        sys.exit(envelope["retCode"] + " " + envelope["retMessage"])
    return envelope["body"]


def derive(key, salt, info, length):
    return HKDF(hashes.SHA256(), length, salt, info).derive(key)


def sign(key, text, digest):
    return hmac.new(key, text.encode(), digest).hexdigest()


def encrypt(key, data, head):
    if suite == "gcm":
        iv = os.urandom(12)
        return iv + AESGCM(key).encrypt(iv, data, head.encode())
    iv = os.urandom(16)
    padder = padding.PKCS7(128).padder()
    encryptor = Cipher(algorithms.AES(key), modes.CBC(iv)).encryptor()
    return iv + encryptor.update(padder.update(data) + padder.finalize()) + encryptor.finalize()


def decrypt(key, cipher, head):
    if suite == "gcm":
        return AESGCM(key).decrypt(cipher[:12], cipher[12:], head.encode())
    decryptor = Cipher(algorithms.AES(key), modes.CBC(cipher[:16])).decryptor()
    unpadder = padding.PKCS7(128).unpadder()
    return unpadder.update(decryptor.update(cipher[16:]) + decryptor.finalize()) + unpadder.finalize()


# 1. The master key.
private = X25519PrivateKey.generate()
own = private.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
registered = body_of(post("/api/security/device", {"deviceId": device_id, "publicKey": b64(own)})[0])
wisp = base64.b64decode(registered["publicKey"])
shared = private.exchange(X25519PublicKey.from_public_bytes(wisp))
master = derive(shared, None, b"wisp master" + own + wisp + device_id.encode(), 32)

# 2. The session's keys.
timestamp, nonce = str(int(time.time())), os.urandom(16).hex()
proof = sign(master, "\n".join([suite, device_id, timestamp, nonce]), hashlib.sha256)
wish = {"deviceId": device_id, "suite": suite, "timestamp": timestamp, "nonce": nonce, "proof": proof}
session = body_of(post("/api/security/session", wish)[0])["sessionId"]
salt = bytes.fromhex(nonce)
signing_key = derive(master, salt, b"wisp sign" + session.encode(), 32)
data_key = derive(master, salt, b"wisp data" + session.encode(), 32 if suite == "gcm" else 16)
digest = hashlib.sha256 if suite == "gcm" else hashlib.md5

# 3. The packet.
timestamp, nonce = str(int(time.time())), os.urandom(16).hex()
head = "\n".join(["POST", path, timestamp, nonce])
cipher = b64(encrypt(data_key, plain.encode(), head))
headers = {
    "x-wisp-session": session,
    "x-wisp-timestamp": timestamp,
    "x-wisp-nonce": nonce,
    "x-wisp-signature": sign(signing_key, head + "\n" + cipher, digest),
}
answer, answered = post(path, {"cipher": cipher}, headers)

# 4. The answer.
if "cipher" not in answer:
    if answer["retCode"] == "0":
        sys.exit("a success in the clear")
    sys.exit(answer["retCode"] + " " + answer["retMessage"])
head = "\n".join(["ANSWER", path, answered["x-wisp-timestamp"], nonce])
signature = sign(signing_key, head + "\n" + answer["cipher"], digest)
if answered["x-wisp-nonce"] != nonce or not hmac.compare_digest(signature, answered["x-wisp-signature"]):
    sys.exit("a wrong signature")
print(decrypt(data_key, base64.b64decode(answer["cipher"]), head).decode())
