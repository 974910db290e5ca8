"""The diplomatic cues: lexicon, reading in context, the matrix and the transformer."""

from __future__ import annotations

# ruff: noqa: SIM905 - the adversarial pieces are read more easily as one line
import re
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from stancekit.errors import InputError
from stancekit.features._cue_lexicon import END, PARTS_OF_SPEECH, cue_trie, load_lexicon, verb_forms
from stancekit.features._cue_reading import NO_OBJECTION, cue_matrix, find_cues
from stancekit.features._cue_table import CONTEXTS, FEATURE_GROUPS, FEATURE_NAMES, FEATURE_TABLE, LEXICON_GROUPS
from stancekit.features._cue_tokens import NAME, spans_of, words_of
from stancekit.features._cue_words import NEGATING_ENTRIES
from stancekit.features.cues import CueFeatures
from stancekit.text import normalise

# Feature -> (a sentence on which it fires, a near one on which it does not).
EXAMPLES: dict[str, tuple[str, str]] = {
    "lex_approve": ("They welcomed the draft.", "They read the draft."),
    "lex_support": ("Peru supports the draft.", "Peru prints the draft."),
    "lex_thank": ("We thank the mediator.", "We met the mediator."),
    "lex_cooperate": ("They will deepen ties.", "They will list ports."),
    "lex_commit": ("We pledge troops.", "We count troops."),
    "lex_accept": ("They accept the offer.", "They file the offer."),
    "lex_hope": ("I hope so.", "I said so."),
    "lex_advocate": ("A reform is essential.", "A form is blue."),
    "lex_call": ("She urged the two to talk.", "She told the two to talk."),
    "lex_merit": ("The talks were fruitful.", "The talks were brief."),
    "lex_aid": ("They assist the town.", "They map the town."),
    "lex_ideal": ("It is about justice.", "It is about cotton."),
    "lex_worry": ("It alarmed the envoy.", "It reached the envoy."),
    "lex_regret": ("He deplored the choice.", "He made the choice."),
    "lex_criticise": ("She criticized the move.", "She described the move."),
    "lex_accuse": ("She accused the army.", "She joined the army."),
    "lex_reject": ("He rejected the note.", "He carried the note."),
    "lex_oppose": ("He opposes the bill.", "He prints the bill."),
    "lex_condemn": ("He condemned the raid.", "He dated the raid."),
    "lex_demand": ("The army must withdraw.", "The army must eat."),
    "lex_warn": ("He warned the crew.", "He counted the crew."),
    "lex_threaten": ("He threatened the crew.", "He counted the crew."),
    "lex_wrong": ("They invaded the island.", "They mapped the island."),
    "lex_punish": ("They imposed sanctions.", "They imposed deadlines."),
    "lex_harm": ("Villagers suffered.", "Villagers voted."),
    "lex_failure": ("The talks failed.", "The talks ran on."),
    "lex_meeting": ("They discussed it.", "They hid it."),
    "lex_procedure": ("The treaty lies there.", "The stone lies there."),
    "lex_saying": ("The spokesman came.", "The plumber came."),
    "lex_withheld": ("There was no comment.", "There was a comment."),
    "lex_abstain": ("Chile abstained.", "Chile whispered."),
    "lex_balance": ("Both sides were there.", "Both boats were there."),
    "lex_figures": ("Exports doubled.", "Songs doubled."),
    "lex_record": ("The garrison is old.", "The song is old."),
    "lex_topic": ("It is about disarmament.", "It is about singing."),
    "endorsement_main": ("We applaud the vote.", "If we applaud the vote, fine."),
    "concern_main": ("We condemn the vote.", "If we condemn the vote, fine."),
    "endorsement_relative": ("The text, which pleased us, is short.", "The text pleased us."),
    "concern_relative": ("The text, which alarmed us, is short.", "The text alarmed us."),
    "endorsement_embedded": ("He said that it was constructive.", "It was constructive."),
    "concern_embedded": ("He said that it was deplorable.", "It was deplorable."),
    "endorsement_under_concern": ("He opposes their friendship.", "He films their friendship."),
    "concern_under_concern": ("He deplored the atrocities.", "He dated the atrocities."),
    "endorsement_under_endorsement": ("He welcomed their friendship.", "He filmed their friendship."),
    "concern_under_endorsement": ("He welcomed the criticism.", "He printed the criticism."),
    "endorsement_opening": ("Welcoming the vote.", "In the hall and in the street they welcomed it."),
    "concern_opening": ("Deploring the vote.", "In the hall and in the street they deplored it."),
    "endorsement_conceded": ("Although he welcomed it, he left.", "He welcomed it and he left."),
    "concern_conceded": ("Although he deplored it, he stayed.", "He deplored it and he stayed."),
    "endorsement_before_contrast": ("He welcomed it but left.", "He welcomed it and left."),
    "concern_before_contrast": ("He deplored it but stayed.", "He deplored it and stayed."),
    "endorsement_after_contrast": ("He left, but he welcomed it.", "He left, and he welcomed it."),
    "concern_after_contrast": ("He stayed, but he deplored it.", "He stayed, and he deplored it."),
    "endorsement_negated": ("He did not applaud.", "He did applaud."),
    "concern_negated": ("He did not condemn it.", "He did condemn it."),
    "endorsement_doubly_negated": ("They have never wavered in their support.", "They never gave their support."),
    "concern_doubly_negated": ("They have never hesitated to condemn it.", "They never condemn it."),
    "endorsement_hedged": ("They would applaud it.", "They applaud it."),
    "concern_hedged": ("They would deplore it.", "They deplore it."),
    "endorsement_obliged": ("All should applaud it.", "All applaud it."),
    "concern_obliged": ("All should deplore it.", "All deplore it."),
    "endorsement_future": ("They will applaud it.", "They applaud it."),
    "concern_future": ("They will deplore it.", "They deplore it."),
    "endorsement_conditional": ("If they applaud it, we go.", "They applaud it and we go."),
    "concern_conditional": ("If they deplore it, we go.", "They deplore it and we go."),
    "endorsement_first_person": ("We applaud it.", "They applaud it."),
    "concern_first_person": ("My delegation deplores it.", "The delegation deplores it."),
    "endorsement_actor": ("Malta applauds it.", "We applaud it."),
    "concern_actor": ("The ministry deplores it.", "We deplore it."),
    "endorsement_pronoun": ("They applaud it.", "We applaud it."),
    "concern_pronoun": ("She deplores it.", "We deplore it."),
    "endorsement_impersonal": ("It is constructive.", "He is constructive."),
    "concern_impersonal": ("It is deplorable.", "He is deplorable."),
    "endorsement_no_subject": ("Welcomes the report;", "We welcome the report;"),
    "concern_no_subject": ("Deplores the report;", "We deplore the report;"),
    "endorsement_passive": ("The vote was applauded.", "Malta applauded the vote."),
    "concern_passive": ("The vote was condemned.", "Malta condemned the vote."),
    "endorsement_quoted": ('He spoke of "friendship".', "He spoke of friendship."),
    "concern_quoted": ('He spoke of "genocide".', "He spoke of genocide."),
    "endorsement_reported": ("The envoy said it was constructive.", "It was constructive."),
    "concern_reported": ("The envoy said it was deplorable.", "It was deplorable."),
    "endorsement_verb": ("They praised him.", "It is laudable."),
    "concern_verb": ("They condemned him.", "It is deplorable."),
    "endorsement_present": ("Malta supports it.", "Malta supported it."),
    "concern_present": ("Malta rejects it.", "Malta rejected it."),
    "endorsement_past": ("Malta supported it.", "Malta supports it."),
    "concern_past": ("Malta rejected it.", "Malta rejects it."),
    "endorsement_noun": ("There was gratitude.", "They praised him."),
    "concern_noun": ("There was dismay.", "They condemned him."),
    "endorsement_quality": ("It is laudable.", "They praised him."),
    "concern_quality": ("It is deplorable.", "They condemned him."),
    "endorsement_phrase": ("They spoke in favour of it.", "They praised him."),
    "concern_phrase": ("It is a double standard.", "They condemned him."),
    "endorsement_weak": ("It is useful.", "They praised him."),
    "concern_weak": ("It is difficult.", "They condemned him."),
    "endorsement_strong": ("They praised him.", "It is useful."),
    "concern_strong": ("They condemned him.", "It is difficult."),
    "endorsement_intensified": ("We warmly thank them.", "We thank them."),
    "concern_intensified": ("It is very dangerous.", "It is dangerous."),
    "endorsement_question": ("Who supports it?", "He supports it."),
    "concern_question": ("Who condemns it?", "He condemns it."),
    "score_endorsement": ("We thank them.", "We met them."),
    "score_concern": ("We condemn them.", "We met them."),
    "score_neutral": ("We met them.", "We thank him."),
    "margin": ("We thank them.", "We met them."),
    "only_endorsement": ("We thank them.", "We thank them and condemn him."),
    "only_concern": ("We condemn them.", "We thank them and condemn him."),
    "mixed": ("We thank them and condemn him.", "We thank them."),
    "no_stance": ("We met them.", "We thank them."),
    "no_cue": ("Hello.", "We thank them."),
    "first_endorsement": ("We thank them and condemn him.", "We condemn him and thank them."),
    "first_concern": ("We condemn him and thank them.", "We thank them and condemn him."),
    "last_endorsement": ("We condemn him and thank them.", "We thank them and condemn him."),
    "last_concern": ("We thank them and condemn him.", "We condemn him and thank them."),
    "strongest_endorsement": ("It is useful.", "It is deplorable and useful."),
    "strongest_concern": ("It is deplorable and useful.", "It is useful."),
    "strong_endorsement_only": ("We praised them.", "We praised them, and condemned him."),
    "strong_concern_only": ("We condemned him.", "We praised them, and condemned him."),
    "weak_only": ("It is useful.", "It is laudable."),
    "early_stance": ("We praised them.", "In the hall and in the street they praised them."),
    "negators": ("It is not here.", "It is here."),
    "no_objection": ("The army does not oppose the sale.", "The army opposes the sale."),
    "concession": ("Although he came, we left.", "He came and we left."),
    "contrast": ("He came, but we left.", "He came not only late but also alone."),
    "hedge": ("It might rain.", "It rains."),
    "obligation": ("It must rain.", "It rains."),
    "first_person_obligation": ("We must go.", "He must go."),
    "future": ("He will go.", "He goes."),
    "first_person_future": ("We shall go.", "He shall go."),
    "condition": ("If he goes, fine.", "He goes, fine."),
    "we": ("We go.", "I go."),
    "i": ("I go.", "We go."),
    "our": ("Our boat is here.", "His boat is here."),
    "opens_first_person": ("We go there.", "There we go."),
    "opens_name": ("Malta is there.", "There is Malta."),
    "opens_resolution": ("Recalling the note of May;", "He recalls the note of May."),
    "names": ("There is Malta.", "There is milk."),
    "institutions": ("The ministry is there.", "The milk is there."),
    "sides_speak": ("Both sides met.", "He met both sides."),
    "pronouns": ("She left.", "Malta left."),
    "impersonal": ("There he is.", "Here he is."),
    "passive": ("It was delayed.", "It delayed them."),
    "saying": ("He told us.", "He saw us."),
    "saying_last": ("The boat is here, he said.", "He said the boat is here and the crew has left by the gate."),
    "quotation": ('He is "here".', "He is here."),
    "call_outcome": ("We call on them to ratify the treaty.", "We call on both sides to be calm."),
    "call_stop": ("We call on them to withdraw.", "We call on them to ratify."),
    "call_all_sides": ("We call on both sides to be calm.", "We call on them to ratify."),
    "wrong_combated": ("They fight against terrorism.", "They speak about terrorism."),
    "numbers": ("There are 12 boats.", "There are boats."),
    "years": ("It was in 1977.", "It was in 1577."),
    "dates": ("He came on Monday.", "He came at once."),
    "percent": ("It is 12%.", "It is 12."),
    "money": ("It is $12.", "It is 12."),
    "past_be": ("He was here.", "He is here."),
    "present_be": ("He is here.", "He was here."),
    "number_words": ("There are seven boats.", "There are boats."),
    "time_words": ("It was last week.", "It was here."),
    "between": ("It is between us.", "It is with us."),
    "alternatives": ("This or that.", "This and that."),
    "opinion": ("I think so.", "I said so."),
    "desire": ("They want it.", "They own it."),
    "emphasis": ("Only he came.", "He came."),
    "totality": ("All came.", "He came."),
    "comparison": ("There is more.", "There is milk."),
    "evaluative_it": ("It is essential to go.", "It is time to go."),
    "cannot": ("We can't go.", "We can go."),
    "counterfactual": ("He should have gone.", "He should go."),
    "question": ("Is it here?", "It is here."),
    "question_real": ("When does it rain?", "When does he condemn it?"),
    "exclamation": ("Go!", "Go."),
    "mention": ("See @someone there.", "See someone there."),
    "link": ("See https://example.org/a now.", "See it now."),
    "short": ("He is here.", "word " * 20),
    "medium": ("word " * 20, "He is here."),
    "long": ("word " * 30, "He is here."),
    "very_long": ("word " * 40, "He is here."),
    "commas": ("Here, there.", "Here and there."),
}


def value(name: str, text: str) -> float:
    return float(cue_matrix([text])[0, FEATURE_NAMES.index(name)])


def readings(text: str) -> dict[str, int]:
    return {cue.text: cue.polarity for cue in find_cues(text)}


def test_every_feature_has_an_example() -> None:
    assert set(EXAMPLES) == set(FEATURE_NAMES)
    assert len(FEATURE_NAMES) == len(set(FEATURE_NAMES))


@pytest.mark.parametrize("name", FEATURE_NAMES)
def test_feature_fires_and_does_not(name: str) -> None:
    fires, silent = EXAMPLES[name]
    assert value(name, fires) > 0
    assert value(name, silent) <= 0


@pytest.mark.parametrize("group", FEATURE_GROUPS)
def test_each_group_alone(group: str) -> None:
    features = CueFeatures(groups=[group]).fit([""])
    names = features.get_feature_names_out().tolist()
    assert names == [feature.name for feature in FEATURE_TABLE if feature.group == group]
    fires = [EXAMPLES[name][0] for name in names]
    assert (np.diag(features.transform(fires)) > 0).all()


def test_descriptions_are_there_and_kinds_bound_the_values() -> None:
    matrix = cue_matrix([(EXAMPLES[name][0] + " ") * 400 for name in FEATURE_NAMES])
    for column, feature in enumerate(FEATURE_TABLE):
        assert feature.description
        assert np.abs(matrix[:, column]).max() <= {"flag": 1.0, "score": 1.0, "sum": np.log(21.0)}[feature.kind]


class TestLexicon:
    def test_entries_are_well_formed(self) -> None:
        entries = load_lexicon()
        assert len({(entry.entry, entry.pos) for entry in entries}) == len(entries)
        for entry in entries:
            assert entry.pos in PARTS_OF_SPEECH
            assert entry.polarity == LEXICON_GROUPS[entry.group][0]
            assert entry.strength in (1, 2, 3)
            assert entry.entry == entry.entry.lower().strip()
        assert {entry.group for entry in entries} == set(LEXICON_GROUPS)

    @pytest.mark.parametrize(
        ("verb", "form"),
        [
            ("deny", "denied"),
            ("commit", "committed"),
            ("recognise", "recognizing"),
            ("favour", "favored"),
            ("praise", "praised"),
            ("withdraw", "withdrew"),
            ("express", "expresses"),
            ("agree", "agreeing"),
        ],
    )
    def test_forms(self, verb: str, form: str) -> None:
        assert form in verb_forms(verb)

    def test_entries_named_in_code_exist(self) -> None:
        assert {entry.entry for entry in load_lexicon()} >= NEGATING_ENTRIES | NO_OBJECTION

    def test_every_entry_can_be_found(self) -> None:
        reachable = set()
        nodes = [cue_trie()]
        while nodes:
            for key, value in nodes.pop().items():
                if key == END:
                    reachable |= {value.as_verb, value.as_other}
                else:
                    nodes.append(value)
        assert [entry for entry in load_lexicon() if entry not in reachable] == []

    def test_no_false_american_spelling(self) -> None:
        assert "praize" not in verb_forms("praise")
        assert "advized" not in verb_forms("advise")


class TestContext:
    @pytest.mark.parametrize(
        ("text", "cue", "polarity"),
        [
            ("The council does not support the plan.", "support", -1),
            ("We don't support the plan.", "support", -1),
            ("They no longer recognise the envoy.", "recognise", -1),
            ("She refuses to endorse the text.", "endorse", -1),
            ("Without their support it fails.", "support", -1),
            ("They hardly support it.", "support", -1),
            ("They neither praised nor endorsed it.", "endorsed", -1),
            ("They do not oppose the sale.", "do not oppose", 0),
            ("Nobody condemned it.", "condemned", 0),
            ("They have never wavered in their support.", "support", 1),
            ("We cannot accept the map.", "cannot accept", -1),
            ("They joined the struggle against terrorism.", "terrorism", 0),
            ("It did not rain, and they applauded the text.", "applauded", 1),
            ("Not only did they applaud it, they paid.", "applaud", 1),
        ],
    )
    def test_negation_is_read_through(self, text: str, cue: str, polarity: int) -> None:
        assert readings(text)[cue] == polarity

    def test_concession_weighs_less_than_the_main_clause(self) -> None:
        conceded, main = (c for c in find_cues("While we welcome the visit, we deplore the arrests.") if c.polarity)
        assert "conceded" in conceded.contexts
        assert "main" in main.contexts
        assert conceded.weight < main.weight

    def test_what_follows_but_weighs_more(self) -> None:
        cues = find_cues("We praised the text, but we deplored the delay.")
        before, after = (cue for cue in cues if cue.entry in ("praise", "deplore"))
        assert "before_contrast" in before.contexts
        assert "after_contrast" in after.contexts
        assert before.weight < after.weight

    @pytest.mark.parametrize(
        ("text", "polarity"),
        [
            ("We call on the army to stop the shelling.", -1),
            ("We call on both sides to show restraint.", 0),
            ("We call on all states to ratify the convention.", 0),
            ("We call on the parliament to ratify the convention.", 1),
        ],
    )
    def test_a_call_is_read_by_what_it_asks(self, text: str, polarity: int) -> None:
        assert readings(text)["call on"] == polarity

    @pytest.mark.parametrize(
        "text",
        [
            "The parties concerned met.",
            "It looks like those of last year.",
            "They went back to the port.",
            "There is the question of the border.",
        ],
    )
    def test_homographs_are_left_out(self, text: str) -> None:
        assert not [cue for cue in find_cues(text) if cue.polarity]


class TestNames:
    NAMES = ("Kenya", "United States", "Trinidad and Tobago", "New Zealand", "Bosnia and Herzegovina", "Côte d'Ivoire")
    NAMES += ("Great Britain", "United States of America", "Papua New Guinea", "South Africa", "Guinea-Bissau")

    @pytest.mark.parametrize(
        "template",
        [
            "{} condemned the attack on the embassy.",
            "The delegation of {} welcomed the report, but did not support its conclusions.",
            "We are grateful to {} for its support.",
            "While {} opposes the draft, it will vote for the amendment.",
            "{}'s government has no objection.",
            "On Monday we called on {} to withdraw its troops, he said.",
            "We stand with the people of {} and condemn the raid.",
        ],
    )
    def test_swapping_countries_changes_nothing(self, template: str) -> None:
        rows = cue_matrix([template.format(name) for name in self.NAMES])
        assert (rows == rows[0]).all()

    def test_abbreviated_names_are_names(self) -> None:
        rows = cue_matrix(["He thanked the U.S. for its support.", "He thanked Chile for its support."])
        assert (rows[0] == rows[1]).all()

    def test_names_fold_to_one_mark(self) -> None:
        assert words_of(normalise("the Foreign Minister of Chile, Mr. José Pérez"))[0] == [NAME, ",", NAME]

    def test_no_name_is_in_the_lexicon(self) -> None:
        parts = {part.lower() for name in self.NAMES for part in re.findall(r"\w{4,}", name)} - {
            "united", "states", "great", "south"
        }  # fmt: skip
        words = {word for entry in load_lexicon() for word in entry.entry.split()}
        assert not parts & words


class TestSpans:
    @pytest.mark.parametrize(
        "text",
        [
            "  We  “strongly\u00a0condemn” the\u200b attack — and regret it.",
            "The o\u0301fficial we\u00adlcomed ﬁne support.",
            "İstanbul\u2019s council WELCOMED it; № 5 regretted it.",
        ],
    )
    def test_spans_point_into_the_given_text(self, text: str) -> None:
        cues = find_cues(text)
        assert cues
        for cue in cues:
            assert text[cue.start : cue.end] == cue.text
            assert cue.text == cue.text.strip()

    def test_a_shouted_text_keeps_its_spans(self) -> None:
        text = "\u0130ZM\u0130R COUNCIL WELCOMED THE REPORT."
        assert [(cue.text, text[cue.start : cue.end]) for cue in find_cues(text) if cue.polarity] == [("WELCOMED",) * 2]

    @given(st.text())
    def test_every_token_has_a_span_that_holds_it(self, text: str) -> None:
        place = 0
        for start, end in spans_of(text):
            assert place <= end <= len(text)
            assert start < end
            place = start


class TestProperties:
    @given(st.text())
    @settings(deadline=None)
    def test_any_text_gives_finite_values_and_the_same_again(self, text: str) -> None:
        first = cue_matrix([text])
        assert np.isfinite(first).all()
        assert (first == cue_matrix([text])).all()
        find_cues(text)

    @given(st.lists(st.lists(st.sampled_from([text for pair in EXAMPLES.values() for text in pair])).map(" ".join)))
    @settings(deadline=None, max_examples=30)
    def test_a_batch_equals_single_texts(self, texts: list[str]) -> None:
        matrix = cue_matrix(texts)
        assert matrix.shape == (len(texts), len(FEATURE_NAMES))
        for row, text in zip(matrix, texts, strict=True):
            assert (row == cue_matrix([text])[0]).all()


def lines_run(text: str) -> int:
    """How many lines of the library's Python run while a text is read."""
    count = 0

    def trace(frame, event, _argument):  # type: ignore[no-untyped-def]
        nonlocal count
        if "stancekit" not in frame.f_code.co_filename:
            return None
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        cue_matrix([text])
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize(
    "unit",
    "not |call on |but |'|\"|a'|Of And |A of |- |no no longer |U.S. |in the strongest |if , |http://|@|a.b|1,1,|é|"
    "welcome |Kenya and ".split("|"),
)
def test_work_grows_no_faster_than_the_text(unit: str) -> None:
    cue_matrix(["warm"])
    small, large = lines_run(unit * 300), lines_run(unit * 1200)
    assert large <= 4.4 * small + 200


class TestTransformer:
    def test_output_and_names(self) -> None:
        features = CueFeatures()
        matrix = features.fit_transform(["We welcome it.", "We deplore it."])
        assert matrix.dtype == np.float64
        assert matrix.shape == (2, len(features.get_feature_names_out()))

    def test_pandas_output(self) -> None:
        pytest.importorskip("pandas")
        frame = CueFeatures(groups=["balance"]).set_output(transform="pandas").fit_transform(["We welcome it."])
        assert frame["only_endorsement"].tolist() == [1.0]

    @pytest.mark.parametrize("groups", [["lexicn"], [], "lexicon"])
    def test_unknown_groups_name_the_valid_ones(self, groups: object) -> None:
        with pytest.raises(InputError, match="lexicon, clause"):
            CueFeatures(groups=groups).fit(["a"])  # type: ignore[arg-type]

    def test_a_lone_text_is_refused(self) -> None:
        with pytest.raises(InputError, match="wrap it in a list"):
            CueFeatures().fit("We welcome it.")

    def test_in_a_pipeline(self) -> None:
        texts = ["We welcome it.", "We deplore it.", "We met him."]
        labels = ["endorsement", "concern", "neutrality"]
        model = clone(make_pipeline(CueFeatures(), LogisticRegression())).fit(texts, labels)
        assert model.predict(texts).tolist() == labels
        assert CueFeatures().__sklearn_tags__().input_tags.string


def test_contexts_of_a_cue_are_known() -> None:
    for fires, silent in EXAMPLES.values():
        for cue in find_cues(fires) + find_cues(silent):
            assert set(cue.contexts) <= {*CONTEXTS, "combated"}
