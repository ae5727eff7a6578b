"""What goes out, and what the client makes of what comes back."""

from __future__ import annotations

import base64
import gzip
from urllib.parse import quote, quote_plus

import httpx
import pytest
from answering import BASE, CREATE, KEY, READ, UPDATE, Stream, failure
from hypothesis import given
from hypothesis import strategies as st

from pulumi_smsagents import errors
from pulumi_smsagents.client import MAX_BODY, MAX_LIST, Call
from pulumi_smsagents.client.answers import refused, words

# ---- what goes out ----


def test_a_request_is_signed_and_asks_for_plain_json(connect):
    client, vendor = connect((200, {}))
    client.send(Call("GET", "/v1/agents", query={"organization_id": "a b&c"}, repeatable=True))
    sent = vendor.requests[0]
    assert str(sent.url) == BASE + "/v1/agents?organization_id=a+b%26c"
    assert sent.headers["x-api-key"] == KEY
    assert sent.headers["accept"] == "application/json"
    assert sent.headers["accept-encoding"] == "identity"
    assert sent.headers["user-agent"] == "pulumi-smsagents"
    assert "content-type" not in sent.headers
    assert sent.content == b""


@pytest.mark.parametrize("base", [BASE + "/", BASE + "/prefix", BASE + "/prefix/"])
def test_a_base_url_may_have_a_path(connect, base):
    client, vendor = connect((200, {}), base_url=base)
    client.send(READ)
    assert str(vendor.requests[0].url) == base.rstrip("/") + "/v1/agents"


def test_cookies_and_the_environment_add_nothing(connect, monkeypatch, tmp_path):
    (tmp_path / ".netrc").write_text("machine vendor.example login u password p\n")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    monkeypatch.setenv("HOME", str(tmp_path))
    client, vendor = connect((200, {}, {"set-cookie": "a=b; Path=/"}))
    client.send(READ)
    client.send(READ)
    assert not {"authorization", "cookie"} & vendor.requests[1].headers.keys()


@pytest.mark.parametrize("base", ["https://exa\x00mple.com", "https://a..b", "https://xn--a", "https://exa%mple.com"])
def test_a_base_url_that_cannot_be_called_is_told_and_not_raised(connect, base):
    client, vendor = connect((200, {}), base_url=base)
    try:
        client.send(READ)
    except errors.SmsAgentsError as error:
        assert "base URL" in str(error)  # noqa: PT017 - some of these can be called, and that is fine too
        assert not vendor.requests


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("location", ["https://elsewhere.example/", BASE + "/other", "//elsewhere.example", "http://[bad", "", "\x7f"])
def test_a_redirect_is_not_followed(connect, status, location):
    client, vendor = connect((status, b"", {"location": location}))
    for call in (READ, CREATE):
        error = failure(client, call)
        assert str(error).startswith(f"teli: {call.method} /v1/agents -> {status}: ")
        assert not error.may_have_arrived
    assert len(vendor.requests) == 2
    assert {request.url.host for request in vendor.requests} == {"vendor.example"}


# ---- what comes back ----


@pytest.mark.parametrize(
    ("content", "body"),
    [
        (b'{"a": 1}', {"a": 1}),
        (b"[1, 2]", [1, 2]),
        (b"null", None),
        (b"", None),
        (b" \r\n", None),
        (b"\xef\xbb\xbf{}", {}),
        ('{"a": "ü日"}'.encode(), {"a": "ü日"}),
        (b'{"a": "\xff"}', {"a": "\ufffd"}),
    ],
)
@pytest.mark.parametrize("kind", ["application/json", "text/html", "text/plain; charset=hex", "x/y; charset=utf-16", "", "\xff"])
def test_json_is_read_whatever_the_answer_calls_itself(connect, content, body, kind):
    client, _ = connect(lambda _: httpx.Response(201, headers=[("content-type", kind.encode("latin-1"))], content=content))
    reply = client.send(CREATE)
    assert (reply.status, reply.body) == (201, body)


@pytest.mark.parametrize("content", [b"OK", b"", b"{}", b'{"cut', b"201 - undefined"])
def test_where_no_page_shows_an_answer_any_will_do_but_a_page(connect, content):
    call = Call("POST", "/sms", any_answer=True)
    client, _ = connect((201, content))
    assert client.send(call).status == 201
    client, _ = connect((201, b"<html>Sign in</html>"))
    assert "an HTML page" in str(failure(client, call))
    client, _ = connect((201, {"success": False, "message": "no"}))
    assert isinstance(failure(client, call), errors.ResponseError)


@pytest.mark.parametrize(
    ("content", "seen"),
    [
        (b"<!doctype html><title>Sign in</title>", "an HTML page"),
        (b"  <html>", "an HTML page"),
        (b"hello", "something that is not JSON"),
        (b'{"a": [1, 2', "JSON that is cut off or damaged"),
        (b'{"a": tr', "JSON that is cut off or damaged"),
        (b"[" * 200_000, "JSON that is cut off or damaged"),
        (b'{"a": NaN}', "JSON that is cut off or damaged"),
        (b'{"a": ' + b"9" * 5000 + b"}", "JSON that is cut off or damaged"),
        (b"\x00\x01\x02", "something that is not JSON"),
        (b"\xff\xfe{\x00}\x00", "something that is not JSON"),
    ],
)
def test_a_2xx_that_is_not_json_is_an_error_that_says_what_it_is(connect, content, seen):
    client, vendor = connect((200, content, {"content-type": "application/json", "x-request-id": "r-1"}))
    error = failure(client, CREATE)
    assert isinstance(error, errors.UnexpectedBodyError)
    assert str(error) == f"teli: POST /v1/agents -> 200: expected JSON, got {seen} (request r-1). Check the base URL"
    assert error.may_have_arrived
    assert len(vendor.requests) == 1


@pytest.mark.parametrize(
    ("body", "seen"), [([], "a JSON list"), (None, "an empty answer"), ("x", "a JSON str"), (7, "a JSON int"), (b"", "an empty answer")]
)
def test_an_object_is_asked_for_and_something_else_came(connect, body, seen):
    client, _ = connect((200, body, {"x-request-id": "r-1"}))
    with pytest.raises(errors.UnexpectedBodyError, match=f"expected a JSON object, got {seen}") as caught:
        client.send(READ).object()
    assert caught.value.request_id == "r-1"
    assert client.send(READ).unexpected("no id").may_have_arrived


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"success": False}, "the answer says that it failed"),
        ({"success": False, "error": "No such organisation"}, "No such organisation"),
        ({"status": "error", "message": "Rate limit exceeded"}, "Rate limit exceeded"),
        ({"data": None, "errors": [{"error": "BAD_NUMBER", "message": "Not yours"}]}, "BAD_NUMBER: Not yours"),
        ({"data": {"id": 1}, "errors": ["half of it failed"]}, "half of it failed"),
    ],
)
def test_a_2xx_that_says_it_failed_has_failed(connect, body, said):
    client, vendor = connect((200, body))
    error = failure(client, CREATE)
    assert isinstance(error, errors.ResponseError)
    assert str(error) == f"teli: POST /v1/agents -> 200: {said}"
    assert len(vendor.requests) == 1


@pytest.mark.parametrize(
    "body",
    [{}, {"success": True}, {"errors": None}, {"errors": []}, {"status": "active"}, {"error": ""}, [], "x", {"data": {"success": False}}],
)
def test_a_2xx_that_does_not_say_it_failed_has_not(connect, body):
    client, _ = connect((200, body))
    assert client.send(READ).body == body
    assert not refused(body)


STATUSES = {
    400: errors.InvalidError,
    401: errors.AuthenticationError,
    402: errors.ResponseError,
    403: errors.AuthenticationError,
    404: errors.NotFoundError,
    409: errors.ConflictError,
    418: errors.ResponseError,
    422: errors.InvalidError,
    429: errors.RateLimitError,
    500: errors.ServerError,
    501: errors.ServerError,
    503: errors.ServerError,
    304: errors.ResponseError,
    308: errors.ResponseError,
}


@pytest.mark.parametrize("status", STATUSES)
def test_each_status_has_its_error(connect, status):
    client, _ = connect((status, {"error": "words"}, {"x-request-id": "r-1"}))
    error = failure(client, READ)
    assert type(error) is STATUSES[status]
    assert (error.status, error.request_id) == (status, "r-1")
    assert error.asked == "teli: GET /v1/agents"


def test_the_sentence_of_an_error(connect):
    client, _ = connect((401, {"error": "Invalid API key", "success": False, "powered_by": "Teli"}, {"x-request-id": "r-1"}))
    assert str(failure(client, CREATE)) == "teli: POST /v1/agents -> 401: Invalid API key (request r-1). Set another key"


def test_the_sentences_of_no_answer(connect):
    for fault, call, sentence in [
        (httpx.ConnectError("[Errno 111] Connection refused"), CREATE, "no connection to vendor.example: [Errno 111] Connection refused. "),
        (httpx.ReadTimeout("timed out"), CREATE, "no answer from vendor.example within 30 s; it may have been carried out"),
        (httpx.ReadTimeout("timed out"), READ, "no answer from vendor.example within 30 s. Nothing was changed; run it again"),
        (httpx.ReadError(""), UPDATE, "the connection to vendor.example broke: ReadError; it may have been carried out"),
        (httpx.RemoteProtocolError("closed"), READ, "the connection to vendor.example broke: closed. Nothing was changed; run it again"),
    ]:
        client, _ = connect(fault)
        assert str(failure(client, call)).startswith(f"teli: {call.method} {call.path} -> {sentence}")


@pytest.mark.parametrize("header", ["x-request-id", "X-Request-ID", "request-id", "x-correlation-id"])
def test_the_vendors_request_id_is_shown_and_cleaned(connect, header):
    client, _ = connect(lambda _: httpx.Response(400, headers=[(header, b"r-1\x1b[31m\xe2\x80\xae" + b"9" * 400)]))
    error = failure(client, READ)
    assert error.request_id.startswith("r-1")
    assert error.request_id.isprintable()
    assert len(error.request_id) <= 200


def test_a_request_id_may_stand_in_the_body(connect):
    client, _ = connect((400, {"ctx_id": "c-1\x1b[0m", "message": "no"}))
    assert failure(client, READ).request_id == "c-1"
    client, _ = connect((400, {"ctx_id": {"a": "b"}, "message": "no"}))
    assert failure(client, READ).request_id == ""


SHAPES = {
    "Teli": ({"error": "Agent not found", "success": False, "powered_by": "Teli"}, "Agent not found"),
    "Teli, bare": ({"error": "API key is required"}, "API key is required"),
    "Teli, with detail": ({"error": "Failed", "detail": "campaign gone", "success": False}, "Failed"),
    "Teli, detail only": ({"detail": "campaign gone", "success": False}, "campaign gone"),
    "Bland SMS": ({"data": None, "errors": [{"error": "AUTH_FAILURE", "message": "Unauthorized"}]}, "AUTH_FAILURE: Unauthorized"),
    "Bland SMS, two": ({"data": None, "errors": [{"error": "A", "message": "a"}, {"error": "B", "message": "b"}]}, "A: a; B: b"),
    "Bland calls": ({"status": "error", "message": "Rate limit exceeded"}, "Rate limit exceeded"),
    "Bland calls, list": ({"status": "error", "message": "Invalid", "errors": ["no number", "no task"]}, "no number; no task"),
    "Bland label": ({"error": "Number not found"}, "Number not found"),
    "Bland numbers": ({"Error": "query failed"}, "query failed"),
    "Bland tools": ({"data": None, "errors": [{"code": "BAD_TOOL", "message": "no name"}]}, "BAD_TOOL: no name"),
    "FastAPI": (
        {"detail": [{"loc": ["body", "agents", 0, "id"], "msg": "field required", "type": "value_error.missing"}]},
        "body.agents.0.id: field required",
    ),
    "FastAPI, text": ({"detail": "Not authenticated"}, "Not authenticated"),
    "NestJS": ({"statusCode": 400, "message": "bad area_code", "error": "Bad Request"}, "Bad Request: bad area_code"),
    "NestJS, list": ({"statusCode": 400, "message": ["a must be text", "b is required"], "error": "Bad Request"},
                     "Bad Request: a must be text; b is required"),
    "NestJS, no class": ({"statusCode": 401, "message": "Unauthorized"}, "Unauthorized"),
    "ContactSwing": ({"ctx_id": "c-1", "message": "Missing API keys"}, "Missing API keys"),
    "the same twice": ({"error": "no", "message": "no"}, "no"),
    "nested": ({"error": {"code": "E1", "message": "inner"}}, "E1: inner"),
    "text": ("plain", "plain"),
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_a_vendors_words_are_found_in_every_documented_shape(connect, shape):
    body, said = SHAPES[shape]
    assert words(body) == said
    client, _ = connect((400, body))
    assert str(failure(client, READ)).removesuffix(" (request c-1)") == f"teli: GET /v1/agents -> 400: {said}"


@pytest.mark.parametrize(
    ("content", "kind", "said"),
    [
        (b"Bad gateway, try later", "text/plain", "Bad gateway, try later"),
        (b"<html><h1>502</h1></html>", "text/html", "an HTML page"),
        (b'{"error": "cut o', "application/json", "JSON that is cut off or damaged"),
        (b"", "text/plain", "Bad Gateway"),
        (b"{}", "application/json", "Bad Gateway"),
        (b'{"unknown": "member", "token": "tok_123"}', "application/json", "Bad Gateway"),
        (b"[" * 100_000, "application/json", "JSON that is cut off or damaged"),
        (b"7", "application/json", "Bad Gateway"),
        (b"\x1b[31mred\x1b[0m\nalert", "text/plain", "red alert"),
    ],
)
def test_an_error_without_documented_words_is_told_all_the_same(connect, content, kind, said):
    client, _ = connect((502, content, {"content-type": kind}))
    assert str(failure(client, CREATE)) == f"teli: POST /v1/agents -> 502: {said}"


@pytest.mark.parametrize(
    "body",
    [
        {"error": {"token": "tok_canary_1", "api_key": "tok_canary_1"}},
        {"msg": {"token": "tok_canary_1"}},
        {"detail": [{"loc": [{"token": "tok_canary_1"}], "msg": "bad", "input": "tok_canary_1"}]},
        {"config": {"error": "tok_canary_1"}},
        {"message": 7, "webhook": "tok_canary_1"},
    ],
)
def test_members_that_no_vendor_documents_for_messages_are_not_shown(body):
    assert "tok_canary" not in words(body)


def test_words_nested_without_end_are_left(connect):
    body: object = "deep"
    for _ in range(300):
        body = {"error": [body]}
    client, _ = connect((400, body))
    assert str(failure(client, READ)) == "teli: GET /v1/agents -> 400: Bad Request"


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(
    st.sampled_from(["error", "errors", "message", "detail", "msg", "loc", "code", "Error", "x"]), inner), max_leaves=20))  # fmt: skip
def test_words_are_text_for_any_body(body):
    assert isinstance(words(body), str)
    assert isinstance(refused(body), bool)


@pytest.mark.parametrize(
    "text", ["\x1b[2Jgone\x1b[0m", "two\nlines\r\n", "\u202etxet\u2066", "x" * 100_000, "\x00\x07", f"key {KEY}", KEY[:12] + "…", "\ud83d"]
)
def test_a_vendors_words_are_cleaned_and_cut(connect, text):
    client, _ = connect((400, {"error": text}), (400, {"detail": [{"loc": [text], "msg": text}]}), (400, {"message": [text] * 1000}))
    for _ in range(3):
        error = failure(client, READ)
        assert str(error).isprintable()
        assert len(error.said) <= 200
        assert KEY[:12] not in str(error)
        str(error).encode()


@pytest.mark.parametrize("form", [KEY, quote(KEY, safe=""), base64.b64encode(KEY.encode()).decode(), quote_plus(KEY), KEY[3:15]])
def test_no_error_holds_the_key_whoever_says_it(connect, form):
    """The vendor, its request id, the network below us, or an id in the path."""
    for answer in (
        (401, {"error": f"Invalid API key {form}"}, {"x-request-id": form}),
        (401, f"no {form}".encode(), {"content-type": "text/plain"}),
        httpx.ConnectError(f"cannot send {form}"),
        httpx.ReadError(f"header x-api-key: {form}"),
    ):
        client, _ = connect(answer)
        error = failure(client, Call("POST", f"/v1/agents/{form}"))
        for text in (str(error), repr(error), *map(str, error.args), repr(vars(error)), repr(client), repr(client.account)):
            assert form not in text


# ---- size ----


def test_a_body_up_to_the_cap_is_read_and_one_above_it_is_not(connect):
    padding = MAX_BODY - len(b'{"a": ""}')
    client, _ = connect((200, b'{"a": "' + b"x" * padding + b'"}'))
    assert len(client.send(READ).body["a"]) == padding
    client, vendor = connect((200, b'{"a": "' + b"x" * (padding + 1) + b'"}'))
    error = failure(client, READ)
    assert str(error) == "teli: GET /v1/agents -> the answer is longer than 5 MB and was not read"
    assert isinstance(error, errors.UnexpectedBodyError)
    assert len(vendor.requests) == 1


def test_a_list_of_thousands_is_read_and_an_endless_one_is_not(connect):
    thousands = b'{"agents": "' + b"x" * 3 * MAX_BODY + b'"}'
    client, _ = connect((200, thousands), (200, b"x" * (MAX_LIST + 1)))
    listed = Call("GET", "/v1/agents", repeatable=True, most=MAX_LIST)
    assert len(client.send(listed).body["agents"]) == 3 * MAX_BODY
    assert "longer than 32 MB and was not read" in str(failure(client, listed))


def test_an_endless_body_is_left_at_the_cap(connect):
    read = 0

    def endless():
        nonlocal read
        while True:
            read += 65_536
            yield b"a" * 65_536

    bodies = []

    def answer(_request):
        bodies.append(Stream(endless()))
        return httpx.Response(200, stream=bodies[-1])

    client, vendor = connect(answer)
    assert "5 MB" in str(failure(client, CREATE))
    assert read <= MAX_BODY + 2 * 65_536
    assert len(vendor.requests) == 1
    assert bodies[0].closed


def test_a_gzip_bomb_is_left_at_the_cap(connect):
    """From a server that packs although `accept-encoding: identity` was sent."""
    packed = gzip.compress(b'{"a": "' + b"a" * 50_000_000 + b'"}', 1)
    pieces = [packed[i : i + 1024] for i in range(0, len(packed), 1024)]
    client, _ = connect(lambda _: httpx.Response(200, headers={"content-encoding": "gzip"}, stream=Stream(pieces)))
    assert "5 MB" in str(failure(client, READ))


@pytest.mark.parametrize("encoding", ["gzip, gzip", "gzip,gzip,gzip", "br", "zstd", "x-evil"])
def test_packings_that_could_unpack_without_end_are_not_read(connect, encoding):
    packed = gzip.compress(gzip.compress(b"{}"))
    client, _ = connect(lambda _: httpx.Response(200, headers={"content-encoding": encoding}, stream=Stream([packed])))
    error = failure(client, READ)
    assert "was not asked for" in str(error)
    assert isinstance(error, errors.UnexpectedBodyError)


@pytest.mark.parametrize(("encoding", "pack"), [("gzip", gzip.compress), ("GZIP", gzip.compress), ("identity", bytes), ("", bytes)])
def test_one_ordinary_packing_is_read(connect, encoding, pack):
    client, _ = connect(lambda _: httpx.Response(200, headers={"content-encoding": encoding}, stream=Stream([pack(b'{"a": 1}')])))
    assert client.send(READ).body == {"a": 1}
