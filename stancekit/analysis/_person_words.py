"""Words by which a name is seen to be a person's and not a state's."""

from __future__ import annotations

# ruff: noqa: SIM905 - lists of words are read and edited as prose, not as columns of quotation marks

TITLES = frozenset(
    "Mr Mrs Ms Miss Mx Dr Prof Professor Sir Dame Lord Lady Baroness Baron Count Countess Viscount President Premier "
    "Chancellor Minister Secretary Senator Sen Congressman Congresswoman Representative Rep Governor Gov Mayor "
    "Ambassador Amb General Gen Lieutenant Lt Colonel Col Major Maj Captain Capt Sergeant Sgt Admiral Adm Commodore "
    "Marshal Judge Justice Father Rev Reverend Bishop Archbishop Cardinal Sister Brother Pastor Comrade Herr Frau "
    "Monsieur Madame Señor Señora Don Doña".split()
)
GIVEN_NAMES = frozenset(
    "Aaron Abraham Adam Adrian Alan Albert Alex Alexander Alexandra Alfred Alice Alison Allan Allen Amanda Amy Andrea "
    "Andrew Angela Ann Anna Anne Anthony Antonio Arthur Barbara Barry Ben Benjamin Bernard Beth Betty Bill Bob "
    "Brandon Brenda Brian Bruce Carl Carla Carlos Carol Caroline Catherine Charles Charlotte Chris Christian "
    "Christina Christine Christopher Claire Clara Colin Craig Cynthia Dan Daniel Daniela Dave David Deborah Dennis "
    "Derek Diana Diane Don Donald Donna Dora Doris Dorothy Douglas Duncan Ed Eddie Edgar Edith Edmund Edward Edwin "
    "Eileen Elaine Eleanor Elena Elizabeth Ellen Emily Emma Eric Ernest Ethel Eugene Eva Evelyn Felix Fernando "
    "Frances Francis Frank Fred Frederick Gareth Gary Geoffrey George Gerald Gilbert Gina Gloria Gordon Grace Graham "
    "Greg Gregory Hannah Harold Harriet Harry Harvey Heather Helen Henry Herbert Howard Hugh Ian Irene Iris Isaac "
    "Isabel Ivan Jack Jacob Jacqueline James Jane Janet Jason Jean Jeff Jeffrey Jennifer Jeremy Jerry Jessica Jill "
    "Jim Joan Joe John Jonathan Jorge José Joseph Joshua Juan Judith Julia Julian Julie June Justin Karen Karl Kate "
    "Katherine Kathleen Keith Kelly Ken Kenneth Kevin Kim Larry Laura Lauren Lawrence Leo Leonard Leslie Lewis Linda "
    "Lisa Louis Louise Lucy Luis Luke Lydia Malcolm Manuel Marcus Margaret Maria Marie Marion Mark Martha Martin Mary "
    "Matthew Maurice Max Melissa Michael Michelle Miguel Mike Monica Nancy Natalie Nathan Neil Nicholas Nicole Nigel "
    "Noah Nora Norman Oliver Olivia Oscar Oswald Pamela Patricia Patrick Paul Paula Pauline Pedro Peter Philip "
    "Phillip Phyllis Rachel Ralph Raymond Rebecca Rex Richard Rita Robert Robin Roger Roland Ron Ronald Rosa Rose Roy "
    "Russell Ruth Ryan Sally Sam Samantha Samuel Sandra Sara Sarah Scott Sean Sharon Sheila Shirley Simon Sophia "
    "Sophie Stanley Stella Stephen Steve Steven Stuart Susan Sylvia Teresa Terence Terry Theodore Theresa Thomas Tim "
    "Timothy Tina Tom Tony Tracy Trevor Valerie Vera Vernon Veronica Victor Vincent Virginia Vivian Walter Wayne "
    "Wendy Wilfred William".split()
)
ALSO_GIVEN_NAMES = frozenset(
    "Chad Georgia Israel Jordan Kenya India Malta Cuba Ireland Trinidad Salvador Santiago Sofia Dane Finn".split()
)
"""Names of states that are given names, too; what capitalised word follows tells them apart."""

ALSO_SURNAMES = frozenset("Jordan Ireland Holland England Israel Washington Wellington Kingston".split())
"""Names of states that are surnames, too; what capitalised word stands before tells them apart."""

ORDINARY = frozenset(
    "Foreign Prime President Minister Ministry Government Parliament Defence Defense Army Air Navy Police Embassy "
    "Ambassador King Queen Prince Princess Crown Vice Deputy Deputies Secretary Supreme Central National State Senate "
    "Bank Basin Valley River Strip Border Airport Airlines Airways Red Labour Labor Party Congress Council Committee "
    "Commission Court Office Day Week Times Post Television Radio News Policy Affairs Interior Finance Trade General "
    "Chief Military Security High Premier Health Energy Electric Aerospace Chamber House Republic Peace War Agreement "
    "Treaty Fund Aid Relief Action Campaign Accord Protocol Hashemite Islamic Muslim Arab Jewish Christian The A An "
    "In On At By For From To With And Or But As If When While After Before Since That This These Those He She It They "
    "We His Her Its Their Our I Is Was Are Were Has Had Have Will Would Can Could Shall Should May Might Must Said "
    "Says Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April June July August "
    "September October November December North South East West Northern Southern Eastern Western Greater Northwest "
    "Northeast Southwest Southeast Upper Lower Inner Outer Occupied Free Vichy Today Yesterday Official Q Mr Mrs Ms "
    "Dr Sir Not No Does Did Do Also Calls Urges Warns Condemns Welcomes Backs Rejects Seeks Denies Vows Hails Slams "
    "Accuses Opposes Supports Praises Protests Criticises Criticizes Asks Wants Plans Signs Agrees Joins Votes Offers "
    "Bans Denounces Recalls Expels Closes Opens Reopens Halts Presses Stands Sends Summons Threatens".split()
)
"""Words that are written with a capital beside a state's name, and are no part of a person's."""

AMERICAN_STATES = frozenset({"Georgia"})
CITIES_OF_AMERICAN_STATES = frozenset("Atlanta Augusta Savannah Macon Columbus Marietta Albany Valdosta".split())
