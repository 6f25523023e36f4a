"""Placeholders are stable and do not collide; what is replaced comes back, also in pieces."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from secrets_made import made_secrets

from procoder_tutor.redaction import Hit, Redactor

SECRETS = made_secrets(seed=11, count=300)
KEY = "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----".format(
    "\n".join(["MIIEvQIBADANBgkqhkiG9w0BAQEFAASC"] * 3)
)
DOCUMENT = f'''\
password = "hunter2x!"  # ask ann@post.ch
other = "bob@post.ch"
again = ("hunter2x!", "ann@post.ch")
key = """{KEY}"""
'''

fragments = st.one_of(
    st.text(max_size=12),
    st.sampled_from([made.code for made in SECRETS]),
    st.sampled_from([made.secret for made in SECRETS]),
    st.sampled_from([
        "REDACTED_", "REDACTED_EMAIL_1", "REDACTED_PASSWORD_2", "_1", "1", "RED", "\r\n", "\n", '"',
        "'", "\\", "\\n", "password=", "token: ", "ann@post.ch", "4111111111111111", KEY, "\ud800",
    ]),
)  # fmt: skip
texts = st.lists(fragments, max_size=8).map("".join)


def test_numbers_go_by_first_appearance_and_the_same_secret_keeps_its_own():
    sent = Redactor().redact(DOCUMENT)
    assert sent.text.splitlines()[:3] == [
        'password = "REDACTED_PASSWORD_1"  # ask REDACTED_EMAIL_1',
        'other = "REDACTED_EMAIL_2"',
        'again = ("REDACTED_PASSWORD_1", "REDACTED_EMAIL_1")',
    ]
    assert sent.hits == (
        Hit("password", "REDACTED_PASSWORD_1"),
        Hit("email", "REDACTED_EMAIL_1"),
        Hit("email", "REDACTED_EMAIL_2"),
        Hit("password", "REDACTED_PASSWORD_1"),
        Hit("email", "REDACTED_EMAIL_1"),
        Hit("private-key", "REDACTED_PRIVATE_KEY_1"),
    )


def test_a_new_redactor_derives_the_same_from_the_document():
    answer = Redactor().redact(DOCUMENT).text
    after = Redactor()
    assert after.restore(answer) == answer
    after.redact(DOCUMENT)
    assert after.restore(answer) == DOCUMENT


def test_later_texts_know_the_secrets_of_earlier_ones():
    redactor = Redactor()
    redactor.redact(DOCUMENT)
    asked = redactor.redact("Why is hunter2x! refused, and who is eve@post.ch?")
    assert asked.text == "Why is REDACTED_PASSWORD_1 refused, and who is REDACTED_EMAIL_3?"


def test_known_secrets_of_any_alphabet_and_number_are_found_again(capfd):
    redactor = Redactor()
    secrets = [f"pässwörd-漢字-{number}!" + "x" * 480 for number in range(500)]
    first = "\n".join(f'password = "{secret}"' for secret in secrets)
    assert len(set(redactor.redact(first).hits)) == len(secrets)
    sent = redactor.redact(" ".join(secrets)).text
    assert sent == " ".join(f"REDACTED_PASSWORD_{number + 1}" for number in range(500))
    assert capfd.readouterr() == ("", "")


def test_words_and_parts_of_words_are_not_replaced_elsewhere():
    text = 'password = "trustnoone"\ntrustnoone = nohunter2x!y\n'
    assert Redactor().redact(text).text == (
        'password = "REDACTED_PASSWORD_1"\ntrustnoone = nohunter2x!y\n'
    )


def test_a_placeholder_in_the_original_is_not_given_to_a_secret():
    text = "x = REDACTED_EMAIL_1, REDACTED_REDACTED_EMAIL_2, 'ann@post.ch'"
    redactor = Redactor()
    sent = redactor.redact(text)
    assert sent.text == "x = REDACTED_EMAIL_1, REDACTED_REDACTED_EMAIL_2, 'REDACTED_EMAIL_3'"
    assert redactor.restore(sent.text) == text


def test_nothing_shows_the_secret_but_the_answer():
    redactor = Redactor()
    sent = redactor.redact(DOCUMENT)
    originals = next(iter(vars(redactor.restorer()).values()))
    shown = [repr(redactor), repr(sent), repr(originals), str(redactor.restorer())]
    assert not any("hunter2x" in text or "ann@" in text for text in shown)


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        ("`REDACTED_PASSWORD_1`.", "`hunter2x!`."),
        ("(REDACTED_EMAIL_1), REDACTED_EMAIL_2's", "(ann@post.ch), bob@post.ch's"),
        ("xREDACTED_EMAIL_1_y", "xann@post.ch_y"),
        ("REDACTED_EMAIL_12, REDACTED_", "REDACTED_EMAIL_12, REDACTED_"),
        ("redacted_email_1 REDACTED EMAIL 1", "redacted_email_1 REDACTED EMAIL 1"),
        ("REDACTED_REDACTED_EMAIL_1", "REDACTED_ann@post.ch"),
        ("the key REDACTED_PRIVATE_KEY_1\nis", f"the key {KEY.split('-----')[2].strip()}\nis"),
    ],
)  # fmt: skip
def test_answers_are_restored(answer, shown):
    redactor = Redactor()
    redactor.redact(DOCUMENT)
    assert redactor.restore(answer) == shown
    restorer = redactor.restorer()
    assert "".join(map(restorer.feed, answer)) + restorer.flush() == shown


def test_what_cannot_become_a_placeholder_is_not_held_back():
    redactor = Redactor()
    redactor.redact(DOCUMENT)
    restorer = redactor.restorer()
    pieces = ["Sends to RED", "ACTED_EMAIL_1", " now. ", "REDACTED_EMAIL_1.", "A" * 5, " RE", "AL"]
    assert [restorer.feed(piece) for piece in pieces] == [
        "Sends to ", "", "ann@post.ch now. ", "ann@post.ch.", "AAAAA", " ", "REAL",
    ]  # fmt: skip
    assert restorer.flush() == ""


@given(texts)
@settings(max_examples=300, deadline=None)
def test_any_text_comes_back_as_it_was(text):
    redactor = Redactor()
    sent = redactor.redact(text)
    assert redactor.restore(sent.text) == text
    assert Redactor().redact(text) == sent
    assert all(hit.placeholder in sent.text for hit in sent.hits)


@given(texts, texts, st.data())
@settings(max_examples=300, deadline=None)
def test_any_cutting_into_pieces_gives_the_same(document, answer, data):
    redactor = Redactor()
    answer += redactor.redact(document).text
    cuts = data.draw(st.lists(st.integers(0, len(answer)), max_size=12).map(sorted))
    bounds = [0, *cuts, len(answer)]
    restorer = redactor.restorer()
    pieces = [answer[a:b] for a, b in pairwise(bounds)]
    shown = "".join(map(restorer.feed, pieces)) + restorer.flush()
    assert shown == redactor.restore(answer)
