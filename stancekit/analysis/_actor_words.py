"""The words by which an actor, and what it does, are known."""

from __future__ import annotations

from stancekit.analysis import _person_words as persons

# ruff: noqa: SIM905 - lists of words are read and edited as prose, not as columns of quotation marks

_IRREGULAR = {
    "say": "said", "tell": "told", "write": "wrote", "speak": "spoke", "think": "thought", "hold": "held",
    "feel": "felt", "find": "found", "see": "saw", "know": "knew", "understand": "understood", "make": "made",
    "take": "took", "give": "gave", "get": "got", "go": "went", "come": "came", "put": "put", "set": "set",
    "let": "let", "keep": "kept", "leave": "left", "stand": "stood", "seek": "sought", "send": "sent",
    "bring": "brought", "lead": "led", "meet": "met", "swear": "swore", "begin": "began", "forbid": "forbade",
    "withdraw": "withdrew", "draw": "drew", "choose": "chose", "become": "became", "win": "won", "lay": "laid",
    "show": "showed", "pay": "paid", "vow": "vowed", "lend": "lent", "hear": "heard", "lose": "lost", "sell": "sold",
    "buy": "bought", "bear": "bore", "build": "built", "grow": "grew", "rise": "rose", "run": "ran", "sit": "sat",
    "break": "broke", "strike": "struck", "drive": "drove", "cut": "cut", "shut": "shut", "hit": "hit",
    "cost": "cost", "deal": "dealt", "fight": "fought", "teach": "taught", "ban": "banned", "drop": "dropped",
    "stop": "stopped", "rule": "ruled", "overthrow": "overthrew", "throw": "threw", "fall": "fell",
}  # fmt: skip


def _finite(bases: str) -> frozenset[str]:
    """Base, third person and past of each verb."""
    return frozenset(form for base in bases.split() for form in (base, _third_person(base), _past(base)))


def _third_person(base: str) -> str:
    if base[-1] == "y" and base[-2] not in "aeiou":
        return base[:-1] + "ies"
    return base + ("es" if base.endswith(("s", "sh", "ch", "x", "z", "go", "do")) else "s")


def _past(base: str) -> str:
    if base in _IRREGULAR:
        return _IRREGULAR[base]
    if base[-1] == "y" and base[-2] not in "aeiou":
        return base[:-1] + "ied"
    if base in {"admit", "rebut", "permit", "refer", "prefer", "defer", "regret", "concur", "demur", "quip", "plan"}:
        return base + base[-1] + "ed"
    return base + ("d" if base.endswith("e") else "ed")


SAYING = _finite(
    "say tell write speak add state declare announce explain argue claim insist maintain stress emphasise emphasize "
    "underline note remark observe comment reply answer respond reiterate repeat recall affirm reaffirm assert "
    "contend warn caution acknowledge admit concede confirm deny suggest complain predict think believe hold feel "
    "consider describe call report reveal disclose promise pledge vow assure remind ask urge demand charge allege "
    "accuse conclude continue quip joke protest testify estimate hint signal indicate dismiss counter rebut retort "
    "demur find tweet post"
)
"""What introduces what somebody says."""

REPORTING = _finite(
    "say add tell write note explain argue insist maintain continue remark observe comment reply answer respond "
    "recall announce conclude declare state report claim warn stress reiterate acknowledge suggest complain repeat "
    "joke"
)
"""What stands behind reported words: *…, the minister added*."""

TAKING_A_STAND = _finite(
    "support back oppose welcome condemn regret deplore reject praise commend hail applaud congratulate thank "
    "criticise criticize denounce blame protest resent favour favor endorse accept refuse decline approve disapprove "
    "appreciate express voice reserve propose object disagree agree share fear worry hope wish want expect prefer "
    "doubt question recognise recognize appeal invite request recommend threaten honour honor salute admire trust "
    "value regard view see abstain vote reproach greet promise offer stand lack know understand join side seek "
    "endanger defend attack repudiate lament decry caution advocate champion intend await study weigh examine "
    "withhold reassure remain attach like dislike"
) | {"co-sponsored", "co-sponsors"}
"""What an actor does that takes, or declines to take, a position."""

_OTHER_VERBS = _finite(
    "make take give get go come put set let keep leave send bring lead meet swear begin forbid withdraw draw choose "
    "become win lay show pay lend throw fall have do be try decide vow release issue publish adopt turn help use plan "
    "continue follow return arrive visit receive host open close raise press move appear seem need mean stay look "
    "reopen pass sign serve work act count stress point refer prefer defer discuss review examine study contain "
    "describe circulate convey extend deserve carry spend hand summon recall expel hear lose sell buy bear build grow "
    "rise run sit break strike drive shut hit cost deal fight ban dispute suspend drop stop rule elect occupy attend "
    "allow permit block impose lift announce nod shrug shake play join cut concur submit"
) | frozenset(
    "is are was were has had have will would can could may might must shall should do does did isn't aren't wasn't "
    "weren't hasn't hadn't haven't won't wouldn't can't couldn't cannot doesn't don't didn't am ’s".split()
)
NEVER_A_NOUN = frozenset(
    "is are was were has had have will would can could may might must shall should do does did said says told wrote "
    "cannot".split()
)
VERBS = SAYING | TAKING_A_STAND | _OTHER_VERBS
"""Finite verbs that end the subject of a sentence."""

AUXILIARIES = frozenset(
    "is are was were be been being has had have having will would can could may might must shall should do does did "
    "not to yet still never no cannot let make made it clear known given going able by said".split()
)
STANDING = frozenset(
    "concerned worried alarmed grateful pleased glad happy ready willing prepared opposed against satisfied "
    "disappointed sorry uneasy relieved bitter convinced confident committed determined reluctant encouraged dismayed "
    "outraged indignant unhappy impressed careful silent neutral doubtful sceptical wary keen anxious eager hostile "
    "sympathetic favour favor behind".split()
)
"""Adjectives that take a position."""

DETERMINERS = frozenset(
    "the a an this that these those its his her their our my your some several many most both all any no another each "
    "every few two three four five six seven eight nine ten other certain one neither either".split()
)
PREPOSITIONS = frozenset(
    "of in for from at on to with by under over near among between across against about within inside outside along "
    "around behind beyond through during since until after before without representing including".split()
)
BEFORE_ARTICLES = PREPOSITIONS | DETERMINERS | {"and", "or", "than", "as", "half"}
"""What an article stands behind within a noun phrase."""
RELATIVES = frozenset("who which whose whom that where when while although though because if as but and or".split())
OPENERS = frozenset(
    "in at on after before while although though since as for by under with without despite when if during following "
    "from among asked speaking addressing citing according regarding concerning given unlike like besides until "
    "notwithstanding meeting to responding replying writing commenting beyond against throughout within across near "
    "last next outside inside amid because once unless whereas having being noting recalling quoting".split()
)
"""Words with which something opens that stands before the subject."""
ADVERBS = frozenset(
    "however meanwhile but and yet still nevertheless nonetheless also then later earlier today yesterday privately "
    "publicly instead therefore thus moreover furthermore finally lastly similarly likewise again here there now only "
    "even perhaps equally indeed so or nor separately elsewhere already always never ever not just".split()
)

OFFICIALS = frozenset(
    "minister ministers ministry ministries government governments president presidents premier chancellor "
    "vice-president secretary secretaries state-secretary ambassador ambassadors embassy embassies consul consulate "
    "delegate delegates delegation delegations representative representatives envoy envoys diplomat diplomats "
    "negotiator negotiators official officials spokesman spokeswoman spokesperson spokesmen spokespersons parliament "
    "senate congress assembly house lawmaker lawmakers legislator legislators senator senators deputy deputies mp mps "
    "cabinet administration authorities authority army navy military coast guard general generals admiral court "
    "courts judge judges prosecutor prosecutors commissioner department office mission side leader leaders king queen "
    "prince princess emir sultan sheikh governor governors mayor leadership chairman chairwoman chair undersecretary "
    "under-secretary attaché commander commanders troops forces police attorney-general ombudsman regulator junta "
    "presidency palace throne councillor member members adviser advisers aide aides rapporteur monarch crown bench "
    "legislature state states country countries republic kingdom nation nations capital capitals service customs bank "
    "minister-president director director-general director-generals colleague counterpart inspector regime commission "
    "council committee staff treasury island islands neighbours neighbors power powers pm fm backbencher backbenchers "
    "congressman congressmen congresswoman high-commissioner taoiseach politburo secretariat defence defense emirate "
    "sheikhdom federation union people head heads missions counsel secretary-general secretaries-general "
    "under-secretary-general governor-general consul-general consuls-general commander-in-chief bureau electorate "
    "voters auditor-general solicitor-general chargé naval chief captain colonel allies ally mediators mediator "
    "negotiating republics".split()
)
PARTIES = frozenset(
    "bloc alliance party parties opposition rebels rebel movement front guerrillas insurgents faction factions "
    "militia militias "
    "demonstrators protesters separatists nationalists islamists socialists agencies communists conservatives "
    "liberals greens republicans democrats coalition bishops bishop church churches archbishop sandinistas "
    "nationalist imam clergy patriarch ayatollah rabbi trade-union unions unionists workers activists campaigners "
    "campaign association associations federation federations league dissidents exiles exile leftists radicals "
    "militants separatist group groups organisation organisations organization organizations ngo ngos charity "
    "charities chamber society lobby network union resistance".split()
)
EXPERTS = frozenset(
    "analyst analysts economist economists expert experts professor professors scholar scholars historian historians "
    "lecturer researcher researchers scientist scientists academic academics newspaper newspapers daily magazine "
    "editorial editorials journal columnist columnists commentator commentators commentary agency radio television "
    "broadcaster press media journalist journalists editor editors institute think-tank university observers pundit "
    "pundits critics sociologist geologist author authors strategist hydrologists correspondent reporter reporters "
    "weekly paper engineer engineers underwriter".split()
)
PRIVATE = frozenset(
    "trader traders farmer farmers fisherman fishermen exporter exporters importer importers merchant merchants "
    "company companies firm firms industry business businessman businessmen lawyer lawyers resident residents refugee "
    "refugees broker brokers owner owners grower growers planter planters student students teacher teachers "
    "schoolteacher driver drivers shopkeeper shopkeepers villager villagers family families relatives manufacturer "
    "manufacturers shipowner shipowners insurer insurers banker bankers investor investors tourist migrants migrant "
    "herder herders neighbour neighbor widow mother father brother sister doctor nurse crew captain producers "
    "producer operators operator airline airlines shippers shipper hauliers haulier corporation supplier suppliers "
    "customer customers consumers passengers veterans veteran pensioner worker housewife townspeople servant servants "
    "dealers buyers workers men women man woman boy girl youths crowd crowds ranchers millers carriers creditors "
    "bondholders".split()
)
VAGUE = frozenset("source sources report reports agency newspapers diplomats delegates persons".split())
"""Who only passes on what another says or does."""

SPOKESPEOPLE = frozenset("spokesman spokeswoman spokesperson spokesmen spokespersons".split())
STANDING_FOR = SPOKESPEOPLE | frozenset(
    "leader leaders member members senator senators deputy deputies lawmaker lawmakers secretary president head "
    "chairman chairwoman representative representatives lawyer lawyers delegate delegates adviser official officials "
    "director general-secretary secretary-general mps".split()
)
"""Whose type is that of whom they stand for: *a spokesman for the brokers*."""
OF_A_PARTY = frozenset("party opposition rebel guerrilla movement union".split())
"""What a leader or member is not a state's by."""
OF_A_PART = frozenset("regional provincial local municipal exiled rebel shadow city".split())
"""What a government is not a state's by."""
LEADING = frozenset("leads led heads headed represents represented chairs chaired speaks spoke".split())

POSITIONS = frozenset(
    "view views position statement note letter letters communiqué communique message plan policy complaint reply "
    "answer response proposal proposals commentary objection objections reaction attitude offer draft amendment line "
    "stance motion report speech telegram protest appeal demand concern concerns criticism opinion verdict vote "
    "concession refusal decision opposition support reservations".split()
)
"""What an actor has or issues and that speaks for it."""

TITLES = persons.TITLES | frozenset(
    "Rear Mgr Monsignor Citizen Signor Signora Mme M Ato King Queen Prince Princess Sheikh Emir Sultan Prime Foreign "
    "Finance Defence Defense Interior Trade Deputy Vice Acting Former Retired Tan Sri Dato Tun Hon Imam Ayatollah "
    "Grand Grand-Ayatollah Chief Commissioner Commander Brigadier Brig Rabbi Councillor Councillors Chairman Speaker "
    "Spokesman Spokeswoman Spokesperson Federal U Daw Haji Alhaji Pope Field Brigadier-General Vice-President "
    "Secretary-General Under-Secretary Director-General Taoiseach MP".split()
)
"""Words before a name."""
OFFICIAL_TITLES = frozenset(
    "President Premier Chancellor Minister Secretary Senator Sen Congressman Congresswoman Representative Rep "
    "Governor Gov Mayor Ambassador Amb General Gen Lieutenant Lt Colonel Col Major Maj Captain Capt Admiral Adm "
    "Commodore Marshal Judge Justice King Queen Prince Princess Emir Sultan Commissioner Brigadier Councillor "
    "Taoiseach Vice-President Under-Secretary Director-General Spokesman Spokeswoman Spokesperson".split()
)
PARTICLES = frozenset("van von de der den del della di da dos du la le el al bin ibn ben bint wa kalonda y".split())
NOT_A_NAME = frozenset(
    "The A An In At On It He She They We I But And As For From By To With When While After Before Since If This That "
    "These Those His Her Its Their Our My No Not Monday Tuesday Wednesday Thursday Friday Saturday Sunday January "
    "February March April May June July August September October November December Asked According Both Several Some "
    "Many Most Two Three Four Five All Officials Question Answer Western European African Asian Arab Latin Neither "
    "Nothing Nobody Under Over Without Although Though However Meanwhile Earlier Later Yesterday Today Last Next "
    "Former Retired Foreign Finance Defence Defense Interior Deputy Opposition Communist Socialist Liberal "
    "Conservative Democratic National United Security General Cabinet Parliament Senate Congress Assembly Council "
    "Commission Committee Ministry Ministries Department Government Embassy Court Party Union Association Federation "
    "Front Bank Institute League Chamber Company Society University Press Agency House Treasury Office Secretariat "
    "Organization Organisation Group Movement Army Navy Alliance Coalition Islamic Catholic Muslim Christian Orthodox "
    "Kurdish Soviet Mr Mrs Ms Dr Prime Affairs Trade Central Election Supreme Federal State States Royal Chief Public "
    "Fisheries Energy Kremlin North South East West Northern Southern Eastern Asia Africa Europe America".split()
)
"""Capitalised words that are no person's name."""
NAMES_OF_BODIES = frozenset(
    "Parliament Senate Congress Assembly Council Commission Committee Ministry Department Government Embassy Court "
    "Party Union Association Federation Front Bank Institute League Chamber Company Society University Press Agency "
    "House Treasury Office Secretariat Organization Organisation Group Movement Army Navy Alliance Coalition Fund "
    "Foundation Authority Bureau Board Cabinet Delegation Mission Forum Bloc Community Conference Lords Commons "
    "Bundestag Knesset Duma Riksdag Storting Sejm Diet Majlis Saeima Lok Rajya Sabha Élysée Pentagon Guard Command "
    "Kingdom Republic Observatory Watch Amnesty Tribunal Seimas Verkhovna Rada Eduskunta Folketing".split()
)

BOTH_SIDES = (
    "the two sides", "both sides", "the two countries", "both countries", "the two governments", "both governments",
    "both ministers", "the two ministers", "the ministers", "the two leaders", "both leaders", "the leaders", "both",
    "the parties", "both parties", "the two parties", "the two delegations", "both delegations", "the heads of state",
    "the heads of state and government", "the two presidents", "both presidents", "the two heads of state",
    "the sides", "the participants", "the two heads of government", "the prime ministers", "the presidents",
    "the two prime ministers", "the foreign ministers", "the governments", "we", "the delegations", "the commission",
    "the conference", "the heads of delegation", "ministers", "leaders", "heads of state", "the committee",
    "the group",
)  # fmt: skip
"""How a joint communiqué calls those who issue it."""

FEMALE = frozenset("Mrs Ms Miss Mme Madame Signora Señora Frau Dame Lady Queen Princess she her Baroness".split()) | {
    "spokeswoman", "congresswoman", "chairwoman", "businesswoman",
}  # fmt: skip
MALE = frozenset("Mr Sir Lord King Prince Herr Signor Monsieur Señor Father he his".split()) | {
    "spokesman", "congressman", "chairman", "fisherman", "businessman",
}  # fmt: skip

DASHES = frozenset({"--", "—", "–", "-", "•"})
AFTER_SAYING = frozenset(
    "in on at by to from with through over after before during of yesterday today last this late early here when "
    "while as later afterwards but and adding referring speaking monday tuesday wednesday thursday friday saturday "
    "sunday who naming pointing".split()
)
BEFORE_SAYING = frozenset("also then later has had have would have".split())
CONJUNCTIONS = frozenset("and but while though although whereas yet as since because so".split())
NOTHING_BUT_BEING = frozenset("is was are were be been will would could may might must should can has had have".split())
BEING = frozenset("is was are were has had".split())
FIRST_PERSON = frozenset("we i our my us me ours".split())
INDEFINITE = frozenset("a an some many several".split())
NOBODY = frozenset("any one no each every nobody".split())
IN_LABELS = frozenset("of the for and de van von in to on del al".split()) | {"spokesperson", "official", "spokesman"}
PRONOUNS = frozenset("he she they it i we you".split())
NO_STATE_OF_THEIR_OWN = frozenset(
    "governments countries states capitals delegations leaders nations powers members allies neighbours neighbors "
    "ambassadors republics envoys delegates member diplomats diplomat".split()
)
DAYS = frozenset(
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April June July August September "
    "October November December".split()
)
