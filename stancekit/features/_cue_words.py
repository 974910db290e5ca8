"""Closed classes of function words by which cues are read in context: one list of each."""

from __future__ import annotations

# ruff: noqa: SIM905 - lists of words are read and edited as prose, not as columns of quotation marks
from enum import IntEnum, auto


class Word(IntEnum):
    """What a function word does to the cues around it."""

    NEGATOR = auto()
    CONTRAST = auto()
    CONCESSION = auto()
    CONDITION = auto()
    HEDGE = auto()
    OBLIGATION = auto()
    FUTURE = auto()
    RELATIVE = auto()
    THAT = auto()
    FIRST_SINGULAR = auto()
    FIRST_PLURAL = auto()
    FIRST_POSSESSIVE = auto()
    PRONOUN = auto()
    IMPERSONAL = auto()
    ACTOR = auto()
    SAYING = auto()
    COMBAT = auto()
    BE = auto()
    COMMA = auto()
    STOP = auto()
    QUOTE = auto()
    DETERMINER = auto()
    WAVER = auto()
    CAUSE = auto()
    OTHER = auto()


_CLASSES: dict[Word, str] = {
    Word.NEGATOR: "not no never nor neither without none nobody nothing rarely seldom barely nowhere",
    Word.CONTRAST: "but however nevertheless nonetheless yet rather",
    Word.CONCESSION: "while whilst although though despite notwithstanding whereas",
    Word.CONDITION: "if unless provided whether",
    Word.HEDGE: "would could might may can perhaps possibly",
    Word.OBLIGATION: "should must ought",
    Word.FUTURE: "will shall",
    Word.RELATIVE: "which who whom whose where",
    Word.THAT: "that",
    Word.FIRST_SINGULAR: "i me myself",
    Word.FIRST_PLURAL: "we us ourselves",
    Word.FIRST_POSSESSIVE: "my our ours",
    Word.PRONOUN: "he she they him her them his their",
    Word.IMPERSONAL: "it there this",
    Word.ACTOR: (
        "government governments ministry minister ministers president premier chancellor secretary ambassador envoy "
        "spokesman spokeswoman spokesperson delegation delegations council committee assembly commission parliament "
        "senate congress house union league organization organisation state states nation nations country countries "
        "administration leader leaders leadership official officials authorities authority army regime opposition "
        "party parties side sides coalition movement group bloc members member representative representatives king "
        "queen monarch diplomat diplomats lawmakers senator deputy deputies department embassy court secretariat "
        "presidency cabinet capital capitals neighbours neighbors allies powers power critics analysts experts people "
        "peoples public world conference"
    ),
    Word.SAYING: (
        "said says told tells stated declared announced reported added explained noted replied according wrote "
        "argued claimed maintained contended insisted stressed emphasised emphasized underlined quoted"
    ),
    Word.COMBAT: (
        "against combat combating combatting fight fighting counter countering tackle tackling eliminate eliminating "
        "elimination eradicate eradicating eradication overcome overcoming address addressing resolve resolving reduce "
        "reducing alleviate alleviating mitigate mitigating prevent preventing prevention solve solving "
        "remove removing "
        "ending defeat defeating deter curb suppress suppression protect protecting alleviation reduction non avoid "
        "avoiding struggle abolish abolition rid freedom resist resisting settle"
    ),
    Word.BE: "is are was were be been being am",
    Word.COMMA: ", ( ) -",
    Word.STOP: "; : . ! ?",
    Word.QUOTE: '"',
    Word.DETERMINER: "a an these those its your any some such each every both all more most",
    Word.WAVER: (
        "waver wavered wavers wavering hesitate hesitated hesitates weaken weakened swerve swerved deviate deviated"
    ),
    Word.CAUSE: (
        "because since as so therefore thus hence and or for to of in on at by with from into about than also has have "
        "had do does did"
    ),
}
# Words that are counted and change nothing around them -> the feature that counts them.
_COUNTED: dict[str, str] = {
    "number_words": (
        "two three four five six seven eight nine ten eleven twelve dozen hundred thousand million several some few "
        "about nearly almost half number total around approximately roughly certain various other another"
    ),
    "time_words": (
        "year years month months week weeks day days hours last next ago since until during afternoon morning"
    ),
    "between": "between among",
    "alternatives": "whether or either",
    "opinion": "believe believes believed think thinks view opinion consider considers convinced feel feels conviction",
    "desire": "like want wants wanted wish wishes ask asks asked wished would-be desire desires seek seeks",
    "emphasis": (
        "only nothing nobody single still merely anyone even never ever simply just alone again same own very such "
        "mere so-called supposedly precisely indeed surely obviously clearly"
    ),
    "totality": "all every always full whole entire everything everyone everywhere both",
    "comparison": "more less too enough better worse most least greater higher lower best worst",
}
COUNTED_AS: dict[str, str] = {word: name for name, words in _COUNTED.items() for word in words.split()}

WORD_CLASS: dict[str, Word] = {word: kind for kind, words in _CLASSES.items() for word in words.split()}

FUNCTION_WORDS = frozenset(word for word, kind in WORD_CLASS.items() if kind is not Word.ACTOR)
"""Words of the classes that are never part of a name; "States", "Council" or "Minister" may be."""

NEGATING_ENTRIES = frozenset(
    (
        "no longer;hardly;scarcely;hardly any;lack of;absence of;lack;absence;fail;fail~ to;failure;failure to;"
        "failure of;refuse;refusal;refusal to;decline;unwilling;unwilling to;unwillingness to;unable;"
        "inability;inability to;"
        "reluctant to;reluctance to;cease;deny;denial;far from clear;too slow;yet to;has yet to;have yet to;stop"
    ).split(";")
)
"""Cues that also negate what follows them: "refuses to accept", "no longer supports"."""

NAME_LINKS = frozenset("of and & - . ' de al el bin ibn van von da di du la le".split())
"""Words that may stand between the parts of one name."""

MONTHS_AND_DAYS = frozenset(
    "january february march april may june july august september october november december monday tuesday wednesday "
    "thursday friday saturday sunday".split()
)
DATE_WORDS = MONTHS_AND_DAYS - {"may", "march"} | {"yesterday", "today", "tomorrow", "tonight"}
MONEY = frozenset(
    ["$", "€", "£", "¥", "dollars", "euros", "pounds", "francs", "yen", "rupees", "dlrs", "mln", "billion"]
)
PERCENT = frozenset(["%", "percent", "pct", "cent"])
RESOLUTION_OPENINGS = frozenset(
    "recalling reaffirming noting considering recognizing recognising welcoming deploring condemning expressing "
    "emphasizing emphasising stressing acknowledging aware bearing having taking mindful convinced conscious guided "
    "determined affirming reiterating commending regretting concerned alarmed decides requests urges invites calls "
    "condemns deplores welcomes expresses demands reaffirms recommends notes takes affirms encourages stresses "
    "emphasizes emphasises recognizes recognises underlines commends endorses authorizes authorises appeals declares "
    "approves further strongly deeply gravely also again directs appoints considers".split()
)
QUESTION_OPENINGS = frozenset(
    "why how what who when where which is are was were do does did can could will would should shall have has had "
    "may".split()
)
INTENSIFIERS = frozenset(
    "very deeply strongly firmly fully gravely seriously extremely highly utterly totally completely truly most "
    "greatly profoundly sincerely warmly categorically resolutely unequivocally so".split()
)
KNOWN_OPENINGS = (
    frozenset(
        "after before during under over above through within upon across despite like unlike besides "
        "beyond near off out "
        "up down around along toward towards regarding following given once then now here well let please yes no ok "
        "many much most several one first second third finally lastly moreover furthermore meanwhile later earlier "
        "recently today yesterday tomorrow mr. what's until once thanks even only just still also again each every "
        "both all some such another other as per according asked together indeed perhaps maybe if earlier".split()
    )
    | COUNTED_AS.keys()
    | QUESTION_OPENINGS
    | RESOLUTION_OPENINGS
    | INTENSIFIERS
)
"""Words that open sentences with a capital and name nobody, besides those of the classes and the lexicon."""
