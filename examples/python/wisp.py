"""调用 wisp 的接口，只用标准库。
Calls wisp's API, with the standard library alone."""
import json
import os
import threading
import time
import urllib.error
import urllib.parse
import urllib.request


class WispError(Exception):
    """retCode 不为 0 的回答。An answer whose retCode is not 0."""

    def __init__(self, code, message, request_id):
        super().__init__(f"{code} {message} ({request_id})")
        self.code, self.message, self.request_id = code, message, request_id


class Wisp:
    def __init__(self, url, dev_id, dev_secret):
        self._url, self._account = url, {"devId": dev_id, "devSecret": dev_secret}
        self._token, self._lock = None, threading.Lock()

    @classmethod
    def from_environment(cls):
        return cls(os.environ["WISP_URL"], os.environ["DEV_ID"], os.environ["DEV_SECRET"])

    def get(self, path, **query):
        return self._call(f"{path}?{urllib.parse.urlencode(query)}", None)

    def post(self, path, **body):
        return self._call(path, body)

    def _call(self, path, body):
        token = self._token_after(None)
        try:
            return self._send(path, body, token)
        except WispError as error:
            if error.code != "1004":  # devToken 已失效，换一次新的。The devToken is dead: take a new one, once.
                raise
        return self._send(path, body, self._token_after(token))

    def _token_after(self, dead):
        """所有线程共用一个 devToken。All threads share one devToken."""
        with self._lock:
            if self._token == dead:
                self._token = self._send("/api/token/getDevToken", self._account)["devToken"]
            return self._token

    def _send(self, path, body, token=None):
        headers = {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._url + path, data, headers)
        for waits_left in (3, 2, 1, 0):
            try:
                answer = urllib.request.urlopen(request, timeout=30)
            except urllib.error.HTTPError as error:
                answer = error
            with answer:
                envelope = json.load(answer)
            code = envelope["retCode"]
            if code == "0":
                return envelope["body"]
            # 1010：什么都没有执行，等到 Retry-After 再来。Nothing was done: come back after Retry-After.
            seconds = int(answer.headers.get("Retry-After", 60))
            if code != "1010" or waits_left == 0 or seconds > 60:
                raise WispError(code, envelope["retMessage"], answer.headers["x-request-id"])
            time.sleep(seconds)
