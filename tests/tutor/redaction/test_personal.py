"""Personal data: what is replaced, and what belongs to no person."""

import ast

import pytest

from procoder_tutor.redaction import Redactor

REPLACED = [
    ("mail ann.lee+x@post.ch now", "mail REDACTED_EMAIL_1 now"),
    ("<josé@correo.es>", "<REDACTED_EMAIL_1>"),
    (r'"to\nann@post.ch\n"', r'"to\nREDACTED_EMAIL_1\n"'),
    ("mailto:ann@post.ch.", "mailto:REDACTED_EMAIL_1."),
    ('connect("10.20.30.40", 80)', 'connect("REDACTED_IP_ADDRESS_1", 80)'),
    ("at 192.168.1.77.", "at REDACTED_IP_ADDRESS_1."),
    ("http://[2a02:8071::7]:80/", "http://[REDACTED_IP_ADDRESS_1]:80/"),
    ("2001:db8:1:2:3:4:5:6: up", "REDACTED_IP_ADDRESS_1: up"),
    ("fe80::1ff:fe23:4567:890a", "REDACTED_IP_ADDRESS_1"),
    ("call +44 20 7946 0958", "call +REDACTED_PHONE_1"),
    ("call +1 (415) 555-2671.", "call +REDACTED_PHONE_1."),
    ("tel:+4930123456789", "tel:+REDACTED_PHONE_1"),
    ("(415) 555-2671", "REDACTED_PHONE_1"),
    ("415-555-2671", "REDACTED_PHONE_1"),
    ("Tel. 030 1234567", "Tel. REDACTED_PHONE_1"),
    ("01 42 68 53 00", "REDACTED_PHONE_1"),
    ("card = 4111111111111111", "card = REDACTED_CARD_NUMBER_1"),
    ("card = 4111_1111_1111_1111", "card = REDACTED_CARD_NUMBER_1"),
    ("5500 0055 5555 5559 12/27", "REDACTED_CARD_NUMBER_1 12/27"),
    ("no 1: 3782-822463-10005", "no 1: REDACTED_CARD_NUMBER_1"),
    ('open("/home/annlee/x.txt")', 'open("/home/REDACTED_USER_NAME_1/x.txt")'),
    ("file:///Users/ann.lee/x", "file:///Users/REDACTED_USER_NAME_1/x"),
    (r"r'C:\Users\nora\x'", r"r'C:\Users\REDACTED_USER_NAME_1\x'"),
    (r"'C:\\Users\\nora\\x'", r"'C:\\Users\\REDACTED_USER_NAME_1\\x'"),
]

LEFT = [
    "git@github.com:org/repo.git",
    "weights@grid.mean(axis=0)",
    "src = 'logo@2x.png'",
    "@app.route('/x')\ndef x(): ...",
    "127.0.0.1 and 0.0.0.0 and ::1",
    "mask = '255.255.255.0'",
    "version 1.2.3.4",
    "pkg==10.20.30.40",
    "Version: 10.20.30.40",
    "oid = '1.3.6.1.4.1.311'",
    "x[1::2], y[::-1], z[2000::2]",
    "at 12:34:56 on 2024-01-02T03:04:05",
    "std::vector<int>, abcd::ef",
    "aa:bb:cc:dd:ee:ff",
    "n = 4111111111111112",
    "n = 1700000000000000",
    "x = 0.4111111111111111",
    "x = 4111111111111111.5",
    "h = 0x4111111111111111",
    "x = a + 1000000000",
    "2024-01-02 10:20:30",
    "01 02 03 04 05 06 07 08 09",
    "pi = 3.14159265358979",
    "https://host/home/page",
    "/home/ubuntu/app",
    "'/home/{user}/x'",
    "os.path.expanduser('~/home/x')",
]


@pytest.mark.parametrize(("text", "sent"), REPLACED)
def test_replaced(text, sent):
    redactor = Redactor()
    assert redactor.redact(text).text == sent
    assert redactor.restore(sent) == text


@pytest.mark.parametrize("text", LEFT)
def test_left(text):
    assert Redactor().redact(text).text == text


@pytest.mark.parametrize(
    "code",
    [
        "x = y +14155552671",
        "x = f(+4930123456789)(1)",
        "x = y -4111_1111_1111_1111",
        "x = -4111111111111111 if 4111111111111111 else 0",
        "x = a.b@c.dd",
        "x = a[0].b@c.dd.T",
        "x = 415-555-2671",
        "x = 'http://a:b1c2d3@h'f'{y}'",
        "x = b'ann@post.ch'",
        "x = f'{y}ann@post.ch{z}'",
    ],
)
def test_code_still_parses(code):
    ast.parse(code)
    redactor = Redactor()
    sent = redactor.redact(code).text
    ast.parse(sent)
    assert redactor.restore(sent) == code
