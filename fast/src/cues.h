/* The diplomatic cues of a text read in context: stancekit/features/_cue_tokens.py, _cue_scan.py and _cue_reading.py
   over numbered words. The lists of words, the lexicon and all weights come from there; here is the reading alone. */
#ifndef STANCEKIT_CUES_H
#define STANCEKIT_CUES_H

#include "chunks.h"

/* What the tables name, in the order of stancekit/features/_cue_kernel.py. */

enum { /* Facts of a token: _cue_tokens.Facts */
    F_THE = 1 << 0,
    F_MENTION = 1 << 1,
    F_CAPITAL = 1 << 2,
    F_PLAIN = 1 << 3,
    F_CLASSED = 1 << 4,
    F_DATED = 1 << 5,
    F_KNOWN = 1 << 6,
    F_OPENING = 1 << 7,
    F_YIELDING = 1 << 8,
    F_SHOUTED = 1 << 9,
    F_STOP = 1 << 10,
    F_OPENS = 1 << 11,
    F_WORDLIKE = 1 << 12,
    F_ABBREVIATION = 1 << 13,
    /* of the lower-case word alone */
    L_FUNCTION = 1 << 14,
    L_CUE = 1 << 15,
    L_BEFORE_IS = 1 << 16,
    L_ASK = 1 << 17
};

#define SETS(X)                                                                                                        \
    X(ED) X(YEAR) X(NUMBER) X(LINK) X(ING) X(NAME) X(MENTION) X(NOT) X(NO) X(NOR) X(BUT) X(WHETHER) X(HAVE)             \
    X(QUESTION_MARK) X(EXCLAMATION_MARK) X(CONCERNED) X(FULL_STOP) X(ALWAYS) X(BE) X(BEFORE_NOUN) X(BEFORE_VERB)        \
    X(FIRST_PERSON) X(INTENSIFIER) X(RARELY_VERB) X(AFTER_CONCERNED) X(SUBJECT_PRONOUN) X(NAME_LINK)                    \
    X(RESOLUTION_OPENING) X(QUESTION_OPENING) X(SIDES) X(NOT_ONLY) X(NO_DOUBT) X(BEGINS_CLAUSE) X(SENTENCE_BREAK)       \
    X(BUT_FOR) X(PAST_BE) X(PRESENT_BE) X(YET_OR_RATHER)

#define CONTEXTS(X)                                                                                                    \
    X(CONCEDED) X(AFTER_CONTRAST) X(RELATIVE) X(CONDITIONAL) X(UNDER_CONCERN) X(UNDER_ENDORSEMENT) X(BEFORE_CONTRAST)   \
    X(HEDGED) X(OBLIGED) X(FUTURE) X(EMBEDDED) X(NEGATED) X(DOUBLY_NEGATED) X(OPENING) X(FIRST_PERSON) X(ACTOR)         \
    X(PRONOUN) X(IMPERSONAL) X(NO_SUBJECT) X(PASSIVE) X(QUOTED) X(REPORTED) X(VERB) X(PRESENT) X(PAST) X(NOUN)          \
    X(QUALITY) X(PHRASE) X(WEAK) X(STRONG) X(INTENSIFIED) X(QUESTION) X(MAIN) X(COMBATED)

#define COLUMNS(X)                                                                                                     \
    X(YEARS) X(NUMBERS) X(LINK) X(COMMAS) X(QUESTION) X(EXCLAMATION) X(I) X(WE) X(OUR) X(INSTITUTIONS) X(PRONOUNS)      \
    X(IMPERSONAL) X(NEGATORS) X(CONTRAST) X(CONCESSION) X(CONDITION) X(CANNOT) X(COUNTERFACTUAL) X(HEDGE)               \
    X(OBLIGATION) X(FUTURE) X(FIRST_PERSON_OBLIGATION) X(FIRST_PERSON_FUTURE) X(SAYING) X(SAYING_LAST) X(PAST_BE)       \
    X(PRESENT_BE) X(PASSIVE) X(QUOTATION) X(EVALUATIVE_IT) X(WRONG_COMBATED) X(CALL_ALL_SIDES) X(CALL_STOP)             \
    X(CALL_OUTCOME) X(SCORE_ENDORSEMENT) X(SCORE_CONCERN) X(SCORE_NEUTRAL) X(MARGIN) X(NO_CUE) X(NO_STANCE) X(MIXED)    \
    X(ONLY_ENDORSEMENT) X(ONLY_CONCERN) X(FIRST_ENDORSEMENT) X(FIRST_CONCERN) X(LAST_ENDORSEMENT) X(LAST_CONCERN)       \
    X(STRONGEST_ENDORSEMENT) X(STRONGEST_CONCERN) X(STRONG_ENDORSEMENT_ONLY) X(STRONG_CONCERN_ONLY) X(WEAK_ONLY)        \
    X(EARLY_STANCE) X(SHORT) X(MEDIUM) X(LONG) X(VERY_LONG) X(OPENS_FIRST_PERSON) X(OPENS_NAME) X(OPENS_RESOLUTION)     \
    X(SIDES_SPEAK) X(QUESTION_REAL) X(NO_OBJECTION)

#define KINDS(X)                                                                                                       \
    X(NEGATOR) X(CONTRAST) X(CONCESSION) X(CONDITION) X(HEDGE) X(OBLIGATION) X(FUTURE) X(RELATIVE) X(THAT)              \
    X(FIRST_SINGULAR) X(FIRST_PLURAL) X(FIRST_POSSESSIVE) X(PRONOUN) X(IMPERSONAL) X(ACTOR) X(SAYING) X(COMBAT) X(BE)   \
    X(COMMA) X(STOP) X(QUOTE) X(DETERMINER) X(WAVER) X(CAUSE) X(OTHER)

#define LIMITS(X)                                                                                                      \
    X(NEGATION_REACH) X(MODAL_REACH) X(COMBAT_REACH) X(CALL_REACH) X(ABBREVIATION) X(SHORT) X(MEDIUM) X(LONG) X(SUM)

#define AS_SET(name) S_##name,
#define AS_CONTEXT(name) C_##name,
#define AS_COLUMN(name) N_##name,
#define AS_KIND(name) K_##name,
#define AS_LIMIT(name) M_##name,
enum { SETS(AS_SET) N_SETS };
enum { CONTEXTS(AS_CONTEXT) N_CONTEXTS };
enum { COLUMNS(AS_COLUMN) N_COLUMNS };
enum { K_NONE, KINDS(AS_KIND) N_KINDS }; /* from 1, as the members of _cue_words.Word */
enum { LIMITS(AS_LIMIT) N_LIMITS };

enum { /* an entry of the lexicon: flags */
    E_VERB = 1 << 0,
    E_NOUN = 1 << 1,
    E_ADJECTIVE = 1 << 2,
    E_CALL = 1 << 3,
    E_BALANCE = 1 << 4,
    E_DEMAND = 1 << 5,
    E_COMBATABLE = 1 << 6,
    E_NEGATING = 1 << 7,
    E_NO_OBJECTION = 1 << 8,
    E_IT_IS = 1 << 9
};

typedef struct {
    int32_t polarity, strength, form, column, flags;
} LexiconEntry;

typedef struct {
    uint64_t sets;
    int32_t facts, kind;
    int32_t root;                    /* of the cues that begin with it, or ABSENT */
    int32_t counted_from, counted_to; /* the columns that count it */
    int32_t unused;
} WordEntry;

typedef struct {
    int32_t as_verb, as_other; /* entries or ABSENT */
} Reading;

typedef struct CueScratch CueScratch;

typedef struct {
    Strings words; /* word -> number */
    WordEntry *vocabulary; /* by the number of a word */
    int32_t n_words, n_features;
    int32_t *counted; /* columns that count words */
    /* the trie of cues */
    Pairs nodes;
    Reading *readings;
    LexiconEntry *entries;
    int32_t columns[N_COLUMNS], limits[N_LIMITS], name, mention;
    int32_t context_columns[2][N_CONTEXTS]; /* of endorsement and of concern, ABSENT for none */
    double damping[N_CONTEXTS];
    uint64_t not_main;
    uint8_t *kinds_of_feature; /* 0 sum, 1 flag, 2 score */
    uint64_t seed;
    CueScratch *spare; /* not in use; guarded by the interpreter lock */
} Cues;

typedef struct {
    int32_t number; /* ABSENT outside the vocabulary */
    int32_t token;
    uint64_t sets;
} Word;

typedef struct {
    int32_t entry, first, polarity;
    uint64_t contexts;
    double weight;
} Cue;

/* What one thread works with. */
struct CueScratch {
    Chunks chunks, shouted_chunks;
    Ints tokens; /* for each token of the text its facts, number of words, and those words */
    int32_t *starts;
    Word *words;
    uint8_t *definite;
    Cue *cues;
    size_t n_tokens, room_starts, n_words, room_words, room_definite, n_cues, room_cues;
    CueScratch *next;
};

void cues_close(Cues *cues);
CueScratch *cue_scratch_open(const Cues *cues);
void cue_scratch_close(CueScratch *scratch);

/* Writes the n_features of a text. -1: no memory, or Python raised. */
int cues_row(const Cues *cues, CueScratch *scratch, Asker *asker, Span text, int shouted, double *row);

#endif
