"""A reader at a browser without script: cookies, the page last seen, the forms on it."""
import hashlib
import html.parser
import http.client
import json
import urllib.parse
import uuid

TIMEOUT_S = 60  # the longest PDF, beside other stories


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body
        self.text = body.decode("utf-8", "replace")

    def header(self, name):
        return ", ".join(v for k, v in self.headers if k.lower() == name.lower()) or None

    def json(self):
        return json.loads(self.text)

    def digest(self):
        return hashlib.sha256(self.body).hexdigest()


class Forms(html.parser.HTMLParser):
    """The forms of a page with what a browser would send if nobody touched them."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.forms, self._select, self._area, self._option = [], None, None, None
        self.feed(text)
        self.close()

    def _add(self, name, value):
        if self.forms and name:
            self.forms[-1]["fields"].append((name, value))

    def handle_starttag(self, tag, attributes):
        a = dict(attributes)
        if tag == "form":
            self.forms.append({"action": a.get("action") or "", "fields": [], "hidden": []})
        elif tag == "input":
            kind = (a.get("type") or "text").lower()
            if kind in ("submit", "button", "image", "reset", "file"):
                return
            if kind in ("checkbox", "radio") and "checked" not in a:
                return
            self._add(a.get("name"), a.get("value") or ("on" if kind == "checkbox" else ""))
            if kind == "hidden" and self.forms and a.get("name"):
                self.forms[-1]["hidden"].append((a["name"], a.get("value") or ""))
        elif tag == "textarea":
            self._area = [a.get("name"), ""]
        elif tag == "select":
            self._select = {"name": a.get("name"), "options": []}
        elif tag == "option" and self._select is not None:
            self._close_option()
            self._option = [a.get("value"), "", "selected" in a]

    def handle_data(self, data):
        if self._area is not None:
            self._area[1] += data
        elif self._option is not None:
            self._option[1] += data

    def _close_option(self):
        if self._option is not None:
            value = self._option[0] if self._option[0] is not None else self._option[1].strip()
            self._select["options"].append((value, self._option[2]))
            self._option = None

    def handle_endtag(self, tag):
        if tag == "textarea" and self._area is not None:
            self._add(self._area[0], self._area[1].removeprefix("\n"))
            self._area = None
        elif tag == "option":
            self._close_option()
        elif tag == "select" and self._select is not None:
            self._close_option()
            options = self._select["options"]
            chosen = [v for v, selected in options if selected] or [v for v, _ in options[:1]]
            for value in chosen:
                self._add(self._select["name"], value)
            self._select = None


class Client:
    def __init__(self, name):
        self.name, self.cookies, self.page, self.page_path = name, {}, None, "/"

    def _keep_cookies(self, headers):
        for key, line in headers:
            if key.lower() != "set-cookie":
                continue
            pair, *attributes = line.split(";")
            name, _, value = pair.strip().partition("=")
            ended = any(a.strip().lower() in ("max-age=0", "max-age=-1") for a in attributes)
            if ended or not value:
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value

    def request(self, port, method, target, headers=None, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_S)
        sent = {"Accept": "text/html,*/*;q=0.5"}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        if method not in ("GET", "HEAD"):
            sent["Origin"] = f"http://127.0.0.1:{port}"
        sent.update(headers or {})
        try:
            # A person types accents; the address that travels is percent-encoded.
            where = urllib.parse.quote(target, safe="%/?&=+:,;@!$'()*~#[]-._")
            connection.request(method, where, body=body, headers=sent)
            raw = connection.getresponse()
            answer = Answer(raw.status, raw.getheaders(), raw.read())
        finally:
            connection.close()
        self._keep_cookies(answer.headers)
        if (answer.header("Content-Type") or "").startswith("text/html"):
            self.page, self.page_path = answer.text, target
        return answer

    def form_fields(self, target):
        """What the form that posts to target holds on the page last seen; without such a form,
        the hidden fields of the first form that has some: the forgery token is among them."""
        path = urllib.parse.urlsplit(target).path
        forms = Forms(self.page or "").forms
        for form in forms:
            action = urllib.parse.urljoin(self.page_path, form["action"] or self.page_path)
            if urllib.parse.urlsplit(action).path == path:
                return list(form["fields"])
        return next((list(form["hidden"]) for form in forms if form["hidden"]), [])

    def post(self, port, target, fields, headers=None, with_form=True):
        names = {name for name, _ in fields}
        seen = self.form_fields(target) if with_form else []
        pairs = [(k, v) for k, v in seen if k not in names] + fields
        files = [(k, v) for k, v in pairs if isinstance(v, tuple)]
        if files:
            kind, body = multipart(pairs)
        else:
            kind = "application/x-www-form-urlencoded"
            body = urllib.parse.urlencode(pairs).encode()
        return self.request(port, "POST", target, {"Content-Type": kind, **(headers or {})}, body)


def multipart(pairs):
    """pairs of name and text, or name and (file name, bytes)"""
    border = "regia" + uuid.uuid4().hex
    parts = []
    for name, value in pairs:
        head = f'--{border}\r\nContent-Disposition: form-data; name="{name}"'
        if isinstance(value, tuple):
            head += f'; filename="{value[0]}"\r\nContent-Type: application/octet-stream'
            value = value[1]
        else:
            value = value.encode()
        parts.append(head.encode() + b"\r\n\r\n" + value + b"\r\n")
    parts.append(f"--{border}--\r\n".encode())
    return f"multipart/form-data; boundary={border}", b"".join(parts)
