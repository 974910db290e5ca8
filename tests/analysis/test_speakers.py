from __future__ import annotations

from datetime import date

import pytest

from stancekit.analysis.gazetteer import Gazetteer
from stancekit.analysis.sentences import sentences
from stancekit.analysis.speakers import Speaker, document_speaker, speakers

from .conftest import calls

GAZETTEER = Gazetteer.default()


def found(text: str, speaker: str = "", title: str = "", on: date | None = None) -> list[Speaker | None]:
    return speakers(text, sentences(text), GAZETTEER.mentions(text, on=on), speaker, GAZETTEER, title=title)


def last(text: str, speaker: str = "", title: str = "") -> Speaker:
    speaker_ = found(text, speaker, title)[-1]
    assert speaker_ is not None
    return speaker_


def code(speaker: Speaker | None) -> str:
    return "" if speaker is None or speaker.entity is None else speaker.entity.iso3 or speaker.entity.name


@pytest.mark.parametrize(
    ("text", "name", "entity", "actor_type"),
    [
        ("Chile condemned the coup.", "Chile", "CHL", "official"),
        ("The Peruvian foreign minister said it was useful.", "The Peruvian foreign minister", "PER", "official"),
        ("Peru's fisheries ministry has yet to decide on the quota.", "Peru's fisheries ministry", "PER", "official"),
        ("Foreign Minister Ana Quispe of Peru said so.", "Foreign Minister Ana Quispe", "PER", "official"),
        ("Officials in Lima said the quota was too low.", "Officials in Lima", "PER", "official"),
        ("NATO welcomed the vote.", "NATO", "North Atlantic Treaty Organization", "international organisation"),
        ("Peru's main opposition party rejected the quota.", "Peru's main opposition party", "", "party or group"),
        ("Opposition leader Ana Quispe rejected the quota.", "Ana Quispe", "", "party or group"),
        ("The head of the Chilean fishermen said so.", "The head of the Chilean fishermen", "", "private"),
        ("Senators of the opposition say they will object.", "Senators of the opposition", "", "party or group"),
        ("Fishermen in Callao asked for a delay.", "Fishermen in Callao", "", "private"),
        ("A spokesman for the shippers was against it.", "A spokesman for the shippers", "", "private"),
        ("A Peruvian newspaper called the deal absurd.", "A Peruvian newspaper", "", "expert or media"),
        ("Chile, which has no quota, objected.", "Chile", "CHL", "official"),
        ("In Lima, a government spokeswoman praised the deal.", "a government spokeswoman", "PER", "official"),
        ("In Lima the Ministry of Food praised the deal.", "the Ministry of Food", "PER", "official"),
        ("After two days of talks, Chile accepted the text.", "Chile", "CHL", "official"),
        ("On its arrival the Chilean delegation praised the text.", "the Chilean delegation", "CHL", "official"),
        ("LIMA, May 3 -- Chile accepted the text.", "Chile", "CHL", "official"),
        ("In Chile's view the text is weak.", "Chile's view", "CHL", "official"),
        ("The Chilean position was clear.", "The Chilean position", "CHL", "official"),
        ("The text was welcomed by Chile.", "Chile", "CHL", "official"),
        ("The text is fair, according to the Chilean embassy.", "the Chilean embassy", "CHL", "official"),
        ("Diplomats said Chile opposed the text.", "Chile", "CHL", "official"),
        ("The text is weak, the Chilean delegate said.", "the Chilean delegate", "CHL", "official"),
        ("The text, a Chilean delegate added, is weak.", "a Chilean delegate", "CHL", "official"),
        ("Chile, Peru and Bolivia welcomed the text.", "Chile, Peru and Bolivia", "", "official"),
        ("Gazprom accused the company of theft.", "Gazprom", "", ""),
        ("A note from the Chilean ministry praised it.", "A note from the Chilean ministry", "CHL", "official"),
    ],
)  # fmt: skip
def test_one_sentence(text: str, name: str, entity: str, actor_type: str):
    speaker = last(text)
    assert (speaker.name, code(speaker), speaker.actor_type) == (name, entity, actor_type)
    assert speaker.start is not None
    assert speaker.end is not None
    assert text[speaker.start : speaker.end].endswith(name)


@pytest.mark.parametrize(
    "text",
    [
        "The price of salt has doubled.",
        "Trade came to 96 million dollars.",
        "She declined to comment.",
        "It is not clear who will pay.",
        "The decision was explained on Monday.",
        "African questions",
    ],
)
def test_nobody_is_guessed(text: str):
    assert found(text) == [None]


@pytest.mark.parametrize(
    ("text", "name", "entity"),
    [
        ("Anna Kask, the Estonian minister, came. She praised Chile.", "Anna Kask", "EST"),
        ("The Estonian minister, Anna Kask, came. Ms. Kask praised Chile.", "Anna Kask", "EST"),
        ("Anna Kask, who leads the Estonian delegation, came. Kask praised Chile.", "Anna Kask", "EST"),
        ("Estonian President Anna Kask met Mr. Jan Roo. The president praised him.", "President Anna Kask", "EST"),
        ("Ms. Anna Kask of Estonia met Mr. Jan Roo of Latvia. He said Chile was right.", "Jan Roo", "LVA"),
        ("Estonia abstained. Its delegate praised Chile.", "Its delegate", "EST"),
        ("Estonia abstained. It was grateful to Chile.", "Estonia", "EST"),
        ("Estonia, Latvia and Malta abstained. They praised Chile.", "Estonia, Latvia and Malta", ""),
        ("Malta's transport ministry abstained. The ministry praised it.", "Malta's transport ministry", "MLT"),
        ("Malta abstained. The island praised Chile.", "Malta", "MLT"),
        ("The European Union abstained. The bloc praised Chile.", "The European Union", "European Union"),
        ("The International Monetary Fund met. Loans rose. The Fund praised Chile.",
         "The International Monetary Fund", "International Monetary Fund"),
        ("TALLINN, May 3 -- Snow fell. The Foreign Ministry praised Chile.", "The Foreign Ministry", "EST"),
        ("Estonia abstained. A spokesman praised Chile.", "A spokesman", "EST"),
        ("Malta has one buyer and would like two. Its farm minister, Anna Kask, praised Chile.", "Anna Kask", "MLT"),
    ],
)  # fmt: skip
def test_what_points_back(text: str, name: str, entity: str):
    assert (last(text).name, code(last(text))) == (name, entity)


def test_a_title_tells_whose_ministry_it_is():
    text = "Interior Minister Sok Dara thanked Russian President Ivan Petrov."
    assert code(last(text, title="Phnom Penh Thanks Moscow")) == "KHM"


@pytest.mark.parametrize(
    "text",
    [
        '"We waited," said Karl Roos, an Estonian envoy. "It was long."',
        '"We waited. It was long," the Estonian envoy, Karl Roos, told reporters.',
        '"We waited. It was long," Estonian envoy Karl Roos said.',
        'Karl Roos, the Estonian envoy, was brief. "It was long. We are tired."',
        '“We waited.\n\n“It was long,” said Karl Roos, the Estonian envoy.',
    ],
)  # fmt: skip
def test_every_sentence_of_a_quotation_is_its_source_s(text: str):
    assert {code(speaker) for speaker in found(text)} == {"EST"}
    assert {speaker.name for speaker in found(text) if speaker} == {"Karl Roos"}


@pytest.mark.parametrize(
    ("sentence", "entity"),
    [
        ("We thank the Chair.", "EST"),
        ("The road is long, and much has been left undone.", "EST"),
        ("My delegation supports the text of Chile.", "EST"),
        ("The Chilean delegates are able people.", "EST"),
        ("Chile has proposed a wording, which we accept.", "EST"),
        ("Chile opposes the text.", "CHL"),
        ("The representative of Chile told us that the text was weak.", "CHL"),
        ("Any minister could agree to that.", "EST"),
        ("The Government has taken no decision.", "EST"),
    ],
)
def test_a_speech_is_its_speaker_s_unless_others_take_a_stand(sentence: str, entity: str):
    assert code(last(sentence, "Delegation of Estonia")) == entity


def test_questions_and_answers():
    text = (
        "Question: Is the road open?\n\nAnswer: It is.\n\nThe work was hard.\n\nQ: Chile objected.\n\nA: We regret it."
    )
    assert [code(each) for each in found(text, "Foreign Ministry of Estonia")] == ["", "EST", "EST", "CHL", "EST"]


def test_a_label_names_who_speaks():
    text = "Ms. Anna Kask: The road is open.\n\nWe are glad."
    assert [speaker.name for speaker in found(text, "Parliament of Estonia") if speaker] == ["Anna Kask"] * 2
    assert {code(speaker) for speaker in found(text, "Parliament of Estonia")} == {"EST"}


def test_a_clause_before_a_colon_is_no_label():
    assert last("The Chilean envoy took another line: the road must stay open.").name == "The Chilean envoy"


@pytest.mark.parametrize("speaker", ["Governments of Chile and Peru", ""])
def test_both_sides_of_a_communiqué(speaker: str):
    text = (
        "The Chilean side was brief. The Peruvian side objected. The two sides thanked the host. They will meet again."
    )
    names = [each.name for each in found(text, speaker) if each]
    assert names[:2] == ["The Chilean side", "The Peruvian side"]
    assert names[2:] == [speaker or "Chile and Peru"] * 2
    assert [code(each) for each in found(text, speaker)] == ["CHL", "PER", "", ""]


@pytest.mark.parametrize(
    ("speaker", "entity", "actor_type"),
    [
        ("Foreign Ministry of Chile", "CHL", "official"),
        ("Chile", "CHL", "official"),
        ("European Commission", "European Commission", "international organisation"),
        ("Rosa Bru, economist, Tunis", "", "expert or media"),
        ("Governments of Chile and Peru", "", "official"),
        ("Rosa Bru", "", ""),
    ],
)
def test_the_document_s_speaker(speaker: str, entity: str, actor_type: str):
    expected = document_speaker(speaker, GAZETTEER)
    assert expected is not None
    assert (expected.name, code(expected), expected.actor_type) == (speaker, entity, actor_type)


def test_the_date_decides_which_state_speaks():
    text = "We welcome the text."
    [then] = speakers(text, sentences(text), [], "Delegation of Yugoslavia", on=date(1962, 5, 9))
    assert code(then) == "YUCS"


def test_a_document_without_a_speaker_has_none():
    assert document_speaker(" ", GAZETTEER) is None


def test_no_text_no_speakers():
    assert found("") == []


@pytest.mark.parametrize(
    "piece",
    [
        "Chile, Peru, ",
        "the minister ",
        '"a" said he, ',
        "A. B. Caro, an envoy, said. ",
        "The Fund said so. The dean did. ",
        "In Lima the ",
        "Q: ",
    ],
)
def test_work_is_linear(piece: str):
    def work(times: int) -> int:
        text = piece * times
        mentions = GAZETTEER.mentions(text)
        bounds = sentences(text)
        return calls(lambda: speakers(text, bounds, mentions, "", GAZETTEER))

    assert work(800) < 6 * work(200)


def test_a_sentence_without_a_verb_names_who_acts_at_its_start_only():
    assert found("Of peace with Chile.") == [None]
    assert code(last("Chile against the text.")) == "CHL"
