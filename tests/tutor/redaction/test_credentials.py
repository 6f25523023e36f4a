"""Passwords, tokens, URLs and headers: what is replaced in code, and what is left."""

import ast

import pytest

from procoder_tutor.redaction import Redactor

DRAWN = "q7Rw2LkZ9vTx4BnC8mYd"

REPLACED = [
    ('password = "hunter2"', 'password = "REDACTED_PASSWORD_1"'),
    ("PASSWORD='trustnoone'", "PASSWORD='REDACTED_PASSWORD_1'"),
    ('db["password"] = "s3cr3t!pw"', 'db["password"] = "REDACTED_PASSWORD_1"'),
    ('{"passwd": "corr3ct"}', '{"passwd": "REDACTED_PASSWORD_1"}'),
    ('login(user="ann", pwd="0penSesame")', 'login(user="ann", pwd="REDACTED_PASSWORD_1")'),
    ('if password == "letme1n":', 'if password == "REDACTED_PASSWORD_1":'),
    ('password: str = "hunter2"', 'password: str = "REDACTED_PASSWORD_1"'),
    ('PASSWORD = b"hunter2"', 'PASSWORD = b"REDACTED_PASSWORD_1"'),
    ('add("--password", default="hunter2")', 'add("--password", default="REDACTED_PASSWORD_1")'),
    (r'text = "{\"password\": \"hunter2\"}"', r'text = "{\"password\": \"REDACTED_PASSWORD_1\"}"'),
    ("# DB_PASSWORD=copper123!", "# DB_PASSWORD=REDACTED_PASSWORD_1"),
    ("password: copper1234", "password: REDACTED_PASSWORD_1"),
    ('"Server=db;Password=c0pper!9;"', '"Server=db;Password=REDACTED_PASSWORD_1;"'),
    ("<password>c0pper!9x</password>", "<password>REDACTED_PASSWORD_1</password>"),
    ("machine h login ann password c0pper9", "machine h login ann password REDACTED_PASSWORD_1"),
    (f'api_key = "{DRAWN}"', 'api_key = "REDACTED_SECRET_1"'),
    (f"client.secret='{DRAWN}'", "client.secret='REDACTED_SECRET_1'"),
    (f'os.getenv("API_TOKEN", "{DRAWN}")', 'os.getenv("API_TOKEN", "REDACTED_SECRET_1")'),
    (f"export SECRET_KEY_PROD={DRAWN}", "export SECRET_KEY_PROD=REDACTED_SECRET_1"),
    (f"f(token={DRAWN})", "f(token=REDACTED_SECRET_1)"),
    ("pg://app:hunter2@db/x", "pg://app:REDACTED_URL_PASSWORD_1@db/x"),
    ("redis://:p%40ss1@h:1/0", "redis://:REDACTED_URL_PASSWORD_1@h:1/0"),
    (f"https://{DRAWN}@git.host/r", "https://REDACTED_URL_SECRET_1@git.host/r"),
    (f"https://h/x?key={DRAWN}&page=2", "https://h/x?key=REDACTED_URL_SECRET_1&page=2"),
    (f"Authorization: Bearer {DRAWN}", "Authorization: Bearer REDACTED_AUTH_HEADER_1"),
    ("Basic YW5uOmh1bnRlcjI=", "Basic REDACTED_AUTH_HEADER_1"),
    (f"X-Api-Key: {DRAWN}", "X-Api-Key: REDACTED_SECRET_1"),
    (f"Cookie: theme=dark; sid={DRAWN}", "Cookie: theme=dark; sid=REDACTED_COOKIE_1"),
]

LEFT = [
    'password = ""',
    'password = "changeme"',
    'password = "password"',
    'password = "<your password>"',
    'password = "your-password-here"',
    'password = "********"',
    'password = "xxxxxxxx"',
    'password = "required"',
    'password = "Enter your password"',
    'password = "{password}"',
    'password = "%s"',
    'password = "%(password)s"',
    'password = "${DB_PASSWORD}"',
    'password = "$DB_PASSWORD"',
    'password = os.environ["DB_PASSWORD"]',
    'password = getpass("Password: ")',
    "password = config.database.password2",
    "def login(user: str, password: str) -> bool: ...",
    "def check(password, hashed=None): ...",
    'token = "IDENTIFIER"',
    'token_type = "bearer_token_type"',
    "token = self.tokens[index + 1]",
    "token=hashlib.sha256(data)",
    'secret_name = "prod/database/main"',
    "max_tokens = 1000000",
    'key = "user:1234:profile"',
    'headers = {"Authorization": f"Bearer {token}"}',
    '"Authorization: Bearer <token>"',
    "basic authentication credentials",
    "http://user:password@host/",
    "http://user:{password}@host/",
    "https://docs.python.org/3/library/functions.html",
    'cookie["path"] = "/"',
    "Set-Cookie: theme=dark; Path=/; Max-Age=3600; HttpOnly",
    'tokens = ("NAME", "NUMBER", "STRING")',
    'password = "REDACTED_PASSWORD_1"',
    "postgres://app:REDACTED_URL_PASSWORD_1@db.internal/x",
]


@pytest.mark.parametrize(("code", "sent"), REPLACED)
def test_replaced(code, sent):
    redactor = Redactor()
    assert redactor.redact(code).text == sent
    assert redactor.restore(sent) == code


@pytest.mark.parametrize("code", LEFT)
def test_left(code):
    assert Redactor().redact(code).text == code


BEGIN, END = "-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----"
LINES = ["MIIEvQIBADANBgkqhkiG9w0BAQEFAASC" + "Ab3/" * 8, "x9Kq" * 16, "Zt+4b=="]

NAME = "REDACTED_PRIVATE_KEY"

KEYS = [
    ("\n".join((BEGIN, *LINES, END)), "\n".join((BEGIN, "REDACTED_PRIVATE_KEY_1", "", "", END))),
    (
        "\r\n".join((BEGIN, *LINES, END)),
        "\r\n".join((BEGIN, "REDACTED_PRIVATE_KEY_1", "", "", END)),
    ),
    (
        f'k = """{BEGIN}\n{LINES[0]}\n{LINES[1]}"""',
        f'k = """{BEGIN}\nREDACTED_PRIVATE_KEY_1\n"""',
    ),
    (
        f'k = "{BEGIN}\\n{LINES[0]}\\n{LINES[2]}\\n{END}\\n"',
        f'k = "{BEGIN}\\nREDACTED_PRIVATE_KEY_1\\n{END}\\n"',
    ),
    (
        f'k = ("{BEGIN}\\n"\n  "{LINES[0]}\\n"\n  "{LINES[1]}\\n"\n  "{END}")',
        f'k = ("{BEGIN}\\n"\n  "{NAME}_1\\n"\n  "{NAME}_2\\n"\n  "{END}")',
    ),
    (
        f"Private-Lines: 2\n{LINES[0]}\n{LINES[1]}\nPrivate-MAC: 00",
        "Private-Lines: 2\nREDACTED_PRIVATE_KEY_1\n\nPrivate-MAC: 00",
    ),
]


@pytest.mark.parametrize(("code", "sent"), KEYS)
def test_private_keys(code, sent):
    redactor = Redactor()
    assert redactor.redact(code).text == sent
    assert redactor.restore(sent) == code


def test_code_about_keys_is_left():
    code = (
        f'def body(text):\n    begin = text.index("{BEGIN}")\n'
        f'    end = text.index("{END}", begin)\n    return text[begin:end].strip()\n'
    )
    ast.parse(code)
    assert Redactor().redact(code).text == code
