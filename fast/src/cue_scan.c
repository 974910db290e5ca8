/* The one pass over the words that finds cues and reads the context they stand in (_cue_scan.Scan). */
#include "cue_reading.h"

typedef struct {
    const Cues *cues;
    CueScratch *scratch;
    double *row;
    int subject, clause, modal; /* contexts; clause ABSENT outside one */
    int32_t subject_at, negated_until, modal_until, combat_until, cue_end, clause_start, negations, governor;
    int quoted, reported, embedded, not_only;
} Scan;

static void add(Scan *scan, int column, double amount)
{
    scan->row[scan->cues->columns[column]] += amount;
}

static uint64_t sets_at(const Scan *scan, int32_t i)
{
    return i >= 0 && i < (int32_t)scan->scratch->n_words ? scan->scratch->words[i].sets : 0;
}

/* -- cues ---------------------------------------------------------------------------------------------------------- */

static void negate(Scan *scan, int32_t i, int32_t last)
{
    scan->negations = i <= scan->negated_until ? scan->negations + 1 : 1;
    scan->negated_until = last + scan->cues->limits[M_NEGATION_REACH];
}

static int stands_as_noun(const Scan *scan, int32_t i)
{
    return scan->scratch->definite[i] || HAS(sets_at(scan, i - 1), BEFORE_NOUN);
}

/* Whether a word only looks like the cue: a noun like the verb, "the parties concerned", "like those". */
static int is_misread(const Scan *scan, const LexiconEntry *entry, int32_t i)
{
    uint64_t word = sets_at(scan, i), before = sets_at(scan, i - 1);
    if ((entry->flags & E_VERB) && i > 0 && !HAS(word, ED) && !HAS(word, ING))
        return HAS(word, RARELY_VERB) ? !HAS(before, BEFORE_VERB) : stands_as_noun(scan, i);
    if (HAS(word, CONCERNED)) {
        if (HAS(sets_at(scan, i + 1), AFTER_CONCERNED))
            return 0;
        return i > 0 && !HAS(before, BE) && !HAS(before, INTENSIFIER);
    }
    return 0;
}

/* The longest cue that starts at word i, or ABSENT, and the word after it. */
static int32_t longest(const Scan *scan, int32_t node, int32_t i, int32_t *end)
{
    const Cues *cues = scan->cues;
    const Word *words = scan->scratch->words;
    int32_t size = (int32_t)scan->scratch->n_words, j = i + 1, entry;
    Reading best = cues->readings[node];
    *end = j;
    while (j < size && words[j].number != ABSENT) {
        node = pairs_get(&cues->nodes, node, words[j].number);
        if (node == ABSENT)
            break;
        j++;
        if (cues->readings[node].as_verb != ABSENT || cues->readings[node].as_other != ABSENT) {
            best = cues->readings[node];
            *end = j;
        }
    }
    if (best.as_verb == ABSENT || best.as_other == ABSENT) {
        entry = best.as_verb == ABSENT ? best.as_other : best.as_verb;
    } else if (*end == i + 1) {
        uint64_t word = sets_at(scan, i);
        int after_be = HAS(sets_at(scan, i - 1), BE) && !HAS(word, ED) && !HAS(word, ING);
        entry = after_be || stands_as_noun(scan, i) ? best.as_other : best.as_verb;
    } else {
        entry = best.as_verb;
    }
    if (entry == ABSENT || (*end == i + 1 && is_misread(scan, cues->entries + entry, i)))
        return ABSENT;
    return entry;
}

static uint64_t contexts_at(const Scan *scan, const LexiconEntry *entry, int32_t i)
{
    uint64_t word = sets_at(scan, i), before = sets_at(scan, i - 1);
    uint64_t contexts = BIT(scan->subject) | BIT(entry->form);
    int is_verb = (entry->flags & E_VERB) != 0, past = is_verb && HAS(word, ED);
    if (scan->clause != ABSENT)
        contexts |= BIT(scan->clause);
    if (i <= scan->modal_until)
        contexts |= BIT(scan->modal);
    if (i <= scan->negated_until)
        contexts |= BIT(scan->negations % 2 ? C_NEGATED : C_DOUBLY_NEGATED);
    if (scan->governor != 0)
        contexts |= BIT(scan->governor < 0 ? C_UNDER_CONCERN : C_UNDER_ENDORSEMENT);
    if (scan->embedded)
        contexts |= BIT(C_EMBEDDED);
    if (scan->quoted)
        contexts |= BIT(C_QUOTED);
    if (scan->reported)
        contexts |= BIT(C_REPORTED);
    if (i <= scan->combat_until && (entry->flags & E_COMBATABLE))
        contexts |= BIT(C_COMBATED);
    if (past)
        contexts |= BIT(C_PAST) | (HAS(before, BE) ? BIT(C_PASSIVE) : 0);
    else if (is_verb && !HAS(word, ING))
        contexts |= BIT(C_PRESENT);
    if (HAS(before, INTENSIFIER))
        contexts |= BIT(C_INTENSIFIED);
    if (i < 4)
        contexts |= BIT(C_OPENING);
    return contexts;
}

/* Notes a cue with what is known of its context at this point. */
static int take_cue(Scan *scan, int32_t number, int32_t i, int32_t end)
{
    CueScratch *scratch = scan->scratch;
    const LexiconEntry *entry = scan->cues->entries + number;
    int judged = scan->subject == C_IMPERSONAL && (entry->flags & E_ADJECTIVE) && i - scan->subject_at < 5;
    Cue *cue;
    if (grow((void **)&scratch->cues, &scratch->room_cues, scratch->n_cues + 1, sizeof(Cue)) < 0)
        return -1;
    cue = scratch->cues + scratch->n_cues++;
    cue->entry = number;
    cue->first = i;
    cue->polarity = entry->polarity;
    cue->weight = entry->strength;
    cue->contexts = contexts_at(scan, entry, i);
    if (judged || (entry->flags & E_IT_IS))
        add(scan, N_EVALUATIVE_IT, 1.0);
    scan->cue_end = end;
    if (entry->flags & E_NEGATING)
        negate(scan, i, end - 1);
    if (entry->polarity && entry->strength > 1 && !(entry->flags & E_NOUN) && scan->governor == 0)
        scan->governor = entry->polarity;
    return 0;
}

/* -- what surrounds them ------------------------------------------------------------------------------------------- */

/* Begins a clause in which neither the negation nor the verb before it governs any more. */
static void open_clause(Scan *scan, int clause, int32_t i)
{
    scan->clause = clause;
    scan->clause_start = i;
    scan->negated_until = -1;
    scan->governor = 0;
}

static void comma(Scan *scan, int32_t i)
{
    scan->negated_until = scan->combat_until = -1;
    scan->negations = scan->governor = 0;
    add(scan, N_COMMAS, 1.0);
    if ((scan->clause == C_CONCEDED || scan->clause == C_CONDITIONAL || scan->clause == C_RELATIVE) &&
        i - scan->clause_start > 3) {
        scan->clause = ABSENT;
        scan->subject = C_NO_SUBJECT;
    }
}

static void stop(Scan *scan, uint64_t word)
{
    scan->negated_until = scan->combat_until = scan->modal_until = -1;
    scan->negations = scan->governor = 0;
    if (scan->clause != C_AFTER_CONTRAST)
        scan->clause = ABSENT;
    scan->subject = C_NO_SUBJECT;
    scan->embedded = 0;
    if (HAS(word, QUESTION_MARK))
        add(scan, N_QUESTION, 1.0);
    else if (HAS(word, EXCLAMATION_MARK))
        add(scan, N_EXCLAMATION, 1.0);
}

static void first_person(Scan *scan, int32_t kind)
{
    add(scan, kind == K_FIRST_SINGULAR ? N_I : kind == K_FIRST_PLURAL ? N_WE : N_OUR, 1.0);
    if (kind != K_FIRST_POSSESSIVE || scan->subject == C_NO_SUBJECT)
        scan->subject = C_FIRST_PERSON;
}

static void actor(Scan *scan)
{
    add(scan, N_INSTITUTIONS, 1.0);
    if (scan->subject == C_NO_SUBJECT)
        scan->subject = C_ACTOR;
}

static void third_person(Scan *scan, uint64_t word, int32_t i, int32_t kind)
{
    add(scan, kind == K_PRONOUN ? N_PRONOUNS : N_IMPERSONAL, 1.0);
    if (HAS(word, SUBJECT_PRONOUN)) {
        scan->subject = kind == K_PRONOUN ? C_PRONOUN : C_IMPERSONAL;
        scan->subject_at = i;
    }
}

static void negator(Scan *scan, uint64_t word, int32_t i)
{
    uint64_t following = sets_at(scan, i + 1);
    if (HAS(word, NOT) && HAS(following, NOT_ONLY)) {
        scan->not_only = 1;
    } else if (!(HAS(word, NO) && HAS(following, NO_DOUBT))) {
        add(scan, N_NEGATORS, 1.0);
        if (HAS(word, NOR))
            scan->negations = 0; /* "neither ... nor" denies twice; it does not affirm */
        negate(scan, i, i);
    }
}

/* Whether an ambiguous word contrasts: "yet" and "rather" only where a clause begins. */
static int is_contrast(const Scan *scan, uint64_t word, int32_t i)
{
    if (HAS(word, YET_OR_RATHER))
        return i == 0 || HAS(sets_at(scan, i - 1), BEGINS_CLAUSE);
    if (HAS(word, BUT))
        return i == 0 || !HAS(sets_at(scan, i - 1), BUT_FOR);
    return 1;
}

static void contrast(Scan *scan, uint64_t word, int32_t i)
{
    if (scan->not_only) {
        scan->not_only = 0; /* "not only ... but also" adds; it does not contrast */
        return;
    }
    if (!is_contrast(scan, word, i))
        return;
    add(scan, N_CONTRAST, 1.0);
    if (HAS(word, BUT) || HAS(sets_at(scan, i - 1), SENTENCE_BREAK)) {
        size_t place = scan->scratch->n_cues;
        while (place-- > 0) {
            Cue *cue = scan->scratch->cues + place;
            if (cue->contexts & (BIT(C_BEFORE_CONTRAST) | BIT(C_AFTER_CONTRAST)))
                break;
            cue->contexts |= BIT(C_BEFORE_CONTRAST);
        }
    }
    open_clause(scan, C_AFTER_CONTRAST, i);
    if (HAS(word, BUT))
        scan->subject = C_NO_SUBJECT;
}

static void condition(Scan *scan, uint64_t word, int32_t i)
{
    if (!HAS(word, WHETHER))
        add(scan, N_CONDITION, 1.0);
    scan->clause = C_CONDITIONAL;
    scan->clause_start = i;
    scan->subject = C_NO_SUBJECT;
}

static void modality(Scan *scan, int32_t i, int32_t kind)
{
    uint64_t following = sets_at(scan, i + 1);
    if (HAS(following, NOT))
        add(scan, N_CANNOT, 1.0);
    else if (HAS(following, HAVE) && kind != K_FUTURE)
        add(scan, N_COUNTERFACTUAL, 1.0);
    scan->modal = kind == K_HEDGE ? C_HEDGED : kind == K_OBLIGATION ? C_OBLIGED : C_FUTURE;
    scan->modal_until = i + scan->cues->limits[M_MODAL_REACH];
    add(scan, kind == K_HEDGE ? N_HEDGE : kind == K_OBLIGATION ? N_OBLIGATION : N_FUTURE, 1.0);
    if (scan->subject == C_FIRST_PERSON && kind != K_HEDGE)
        add(scan, kind == K_OBLIGATION ? N_FIRST_PERSON_OBLIGATION : N_FIRST_PERSON_FUTURE, 1.0);
}

static void be(Scan *scan, uint64_t word, int32_t i)
{
    if (HAS(word, PAST_BE))
        add(scan, N_PAST_BE, 1.0);
    else if (HAS(word, PRESENT_BE))
        add(scan, N_PRESENT_BE, 1.0);
    if (HAS(sets_at(scan, i + 1), ED))
        add(scan, N_PASSIVE, 1.0);
}

/* Acts on a word of a class. */
static void handle(Scan *scan, int32_t kind, uint64_t word, int32_t i)
{
    switch (kind) {
    case K_NEGATOR: negator(scan, word, i); break;
    case K_CONTRAST: contrast(scan, word, i); break;
    case K_CONCESSION:
        add(scan, N_CONCESSION, 1.0);
        open_clause(scan, C_CONCEDED, i);
        scan->subject = C_NO_SUBJECT;
        break;
    case K_CONDITION: condition(scan, word, i); break;
    case K_HEDGE:
    case K_OBLIGATION:
    case K_FUTURE: modality(scan, i, kind); break;
    case K_RELATIVE:
        if (i > 0)
            open_clause(scan, C_RELATIVE, i);
        break;
    case K_THAT:
        scan->embedded = 1;
        scan->negated_until = -1;
        scan->governor = 0;
        if (scan->reported)
            scan->subject = C_NO_SUBJECT;
        break;
    case K_FIRST_SINGULAR:
    case K_FIRST_PLURAL:
    case K_FIRST_POSSESSIVE: first_person(scan, kind); break;
    case K_PRONOUN:
    case K_IMPERSONAL: third_person(scan, word, i, kind); break;
    case K_ACTOR: actor(scan); break;
    case K_SAYING:
        add(scan, N_SAYING, 1.0);
        scan->reported = 1;
        if (i >= (int32_t)scan->scratch->n_words - 7)
            add(scan, N_SAYING_LAST, 1.0);
        break;
    case K_COMBAT: scan->combat_until = i + scan->cues->limits[M_COMBAT_REACH]; break;
    case K_BE: be(scan, word, i); break;
    case K_COMMA: comma(scan, i); break;
    case K_STOP: stop(scan, word); break;
    case K_QUOTE:
        scan->quoted = !scan->quoted;
        add(scan, N_QUOTATION, 1.0);
        break;
    case K_WAVER:
        if (i <= scan->negated_until)
            negate(scan, i, i);
        break;
    default: break;
    }
}

static void count_word(Scan *scan, const Word *word)
{
    const Cues *cues = scan->cues;
    int32_t i;
    if (word->number == ABSENT) {
        if (HAS(word->sets, YEAR))
            add(scan, N_YEARS, 1.0);
        else if (HAS(word->sets, NUMBER))
            add(scan, N_NUMBERS, 1.0);
        else if (HAS(word->sets, LINK))
            add(scan, N_LINK, 1.0);
        return;
    }
    for (i = cues->vocabulary[word->number].counted_from; i < cues->vocabulary[word->number].counted_to; i++)
        scan->row[cues->counted[i]] += 1.0;
}

static int read_words(Scan *scan)
{
    static const WordEntry unknown = {0, 0, K_NONE, ABSENT, 0, 0, 0};
    int32_t i, size = (int32_t)scan->scratch->n_words;
    for (i = 0; i < size; i++) {
        const Word *word = scan->scratch->words + i;
        const WordEntry *known = word->number == ABSENT ? &unknown : scan->cues->vocabulary + word->number;
        count_word(scan, word);
        if (known->root != ABSENT && i >= scan->cue_end) {
            int32_t end, entry = longest(scan, known->root, i, &end);
            if (entry != ABSENT && take_cue(scan, entry, i, end) < 0)
                return -1;
        }
        if (known->kind != K_NONE) {
            if (i >= scan->cue_end || HAS(word->sets, ALWAYS))
                handle(scan, known->kind, word->sets, i);
        } else if ((HAS(word->sets, NAME) || HAS(word->sets, MENTION)) && scan->subject != C_FIRST_PERSON) {
            scan->subject = C_ACTOR;
        }
    }
    return 0;
}

/* -- settling ------------------------------------------------------------------------------------------------------ */

/* The polarity of a call by what follows it: all sides alike, an end to something, or an outcome. */
static int32_t call(Scan *scan, size_t place)
{
    const Cue *cues = scan->scratch->cues;
    int32_t reach = scan->cues->limits[M_CALL_REACH], start = cues[place].first;
    size_t i;
    for (i = place + 1; i < scan->scratch->n_cues && i <= place + (size_t)reach; i++) {
        int32_t flags = scan->cues->entries[cues[i].entry].flags;
        if (cues[i].first > start + reach)
            break;
        if (flags & E_BALANCE) {
            add(scan, N_CALL_ALL_SIDES, 1.0);
            return 0;
        }
        if (flags & E_DEMAND) {
            add(scan, N_CALL_STOP, 1.0);
            return -1;
        }
    }
    add(scan, N_CALL_OUTCOME, 1.0);
    return 1;
}

/* Reads negation and calls through, and weighs each cue. */
static void settle(Scan *scan)
{
    int asks = scan->row[scan->cues->columns[N_QUESTION]] > 0;
    size_t place;
    int context;
    for (place = 0; place < scan->scratch->n_cues; place++) {
        Cue *cue = scan->scratch->cues + place;
        const LexiconEntry *entry = scan->cues->entries + cue->entry;
        if (entry->flags & E_CALL) {
            cue->polarity = call(scan, place);
        } else if ((cue->contexts & BIT(C_COMBATED)) && cue->polarity < 0) {
            cue->polarity = 0;
            add(scan, N_WRONG_COMBATED, cue->weight);
        } else if (cue->contexts & BIT(C_NEGATED)) {
            cue->polarity = cue->polarity > 0 ? -1 : 0;
        }
        if (entry->strength == 3)
            cue->contexts |= BIT(C_STRONG);
        else if (entry->strength == 1)
            cue->contexts |= BIT(C_WEAK);
        if (asks)
            cue->contexts |= BIT(C_QUESTION);
        for (context = 0; context < N_CONTEXTS; context++)
            if (cue->contexts & BIT(context))
                cue->weight *= scan->cues->damping[context];
        if (!(cue->contexts & scan->cues->not_main))
            cue->contexts |= BIT(C_MAIN);
    }
}

int find_cues(const Cues *cues, CueScratch *scratch, double *row)
{
    Scan scan = {0};
    scan.cues = cues;
    scan.scratch = scratch;
    scan.row = row;
    scan.subject = C_NO_SUBJECT;
    scan.clause = ABSENT;
    scan.subject_at = scan.negated_until = scan.modal_until = scan.combat_until = scan.cue_end = -1;
    scratch->n_cues = 0;
    if (read_words(&scan) < 0)
        return -1;
    settle(&scan);
    return 0;
}
