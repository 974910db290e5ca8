/* From the cues of a text to its features (_cue_reading.py). */
#include "cue_reading.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SUM, FLAG };

void cues_close(Cues *cues)
{
    while (cues->spare != NULL) {
        CueScratch *next = cues->spare->next;
        cue_scratch_close(cues->spare);
        cues->spare = next;
    }
    strings_close(&cues->words);
    pairs_close(&cues->nodes);
    free(cues->vocabulary);
    free(cues->counted);
    free(cues->readings);
    free(cues->entries);
    free(cues->kinds_of_feature);
}

CueScratch *cue_scratch_open(const Cues *cues)
{
    CueScratch *scratch = calloc(1, sizeof *scratch);
    if (scratch == NULL)
        return NULL;
    if (chunks_open(&scratch->chunks, cues->seed) < 0 || chunks_open(&scratch->shouted_chunks, cues->seed) < 0) {
        cue_scratch_close(scratch);
        return NULL;
    }
    return scratch;
}

void cue_scratch_close(CueScratch *scratch)
{
    chunks_close(&scratch->chunks);
    chunks_close(&scratch->shouted_chunks);
    ints_close(&scratch->tokens);
    free(scratch->starts);
    free(scratch->words);
    free(scratch->definite);
    free(scratch->cues);
    free(scratch);
}

static void set(const Cues *cues, double *row, int column, double value)
{
    row[cues->columns[column]] = value;
}

static int by_polarity(const Cue *cue, int endorsement, int concern)
{
    return cue->polarity > 0 ? endorsement : concern;
}

/* What one cue adds to the features of the lexicon and of the contexts. */
static void take(const Cues *cues, const Cue *cue, double *row)
{
    const LexiconEntry *entry = cues->entries + cue->entry;
    int negated = (cue->contexts & BIT(C_NEGATED)) != 0, context;
    int32_t polarity = cue->polarity != 0 ? cue->polarity : negated ? entry->polarity : 0;
    const int32_t *columns;
    if (cue->polarity == entry->polarity || (entry->flags & E_CALL))
        row[entry->column] += cue->weight;
    if (polarity == 0)
        return;
    /* a negation is named by what it turns, the rest by what it becomes */
    if (negated && entry->polarity != 0)
        polarity = entry->polarity;
    columns = cues->context_columns[polarity > 0 ? 0 : 1];
    for (context = 0; context < N_CONTEXTS; context++)
        if ((cue->contexts & BIT(context)) && columns[context] != ABSENT)
            row[columns[context]] += cue->weight;
}

/* The flags that the stanced cues raise together. */
static void weigh_stance(const Cues *cues, const CueScratch *scratch, const double *sums, double *row)
{
    const Cue *first = NULL, *last = NULL, *strongest = NULL;
    int strong_endorsement = 0, strong_concern = 0, weak_only = 1;
    size_t i;
    for (i = 0; i < scratch->n_cues; i++) {
        const Cue *cue = scratch->cues + i;
        if (cue->polarity == 0)
            continue;
        if (first == NULL)
            first = cue;
        last = cue;
        if (strongest == NULL || cue->weight > strongest->weight)
            strongest = cue;
        if (cue->weight >= 2.5) {
            strong_endorsement |= cue->polarity > 0;
            strong_concern |= cue->polarity < 0;
        }
        weak_only &= cues->entries[cue->entry].strength == 1;
    }
    if (first == NULL) {
        set(cues, row, N_NO_STANCE, 1.0);
        return;
    }
    set(cues, row, sums[0] > 0 && sums[1] > 0 ? N_MIXED : sums[0] != 0 ? N_ONLY_ENDORSEMENT : N_ONLY_CONCERN, 1.0);
    set(cues, row, by_polarity(first, N_FIRST_ENDORSEMENT, N_FIRST_CONCERN), 1.0);
    set(cues, row, by_polarity(last, N_LAST_ENDORSEMENT, N_LAST_CONCERN), 1.0);
    set(cues, row, by_polarity(strongest, N_STRONGEST_ENDORSEMENT, N_STRONGEST_CONCERN), 1.0);
    if (strong_endorsement != strong_concern)
        set(cues, row, strong_endorsement ? N_STRONG_ENDORSEMENT_ONLY : N_STRONG_CONCERN_ONLY, 1.0);
    set(cues, row, N_WEAK_ONLY, weak_only);
    set(cues, row, N_EARLY_STANCE, first->first < 6);
}

static void balance(const Cues *cues, const CueScratch *scratch, double *row)
{
    double sums[3] = {0}; /* endorsement, concern, neutral */
    size_t i;
    for (i = 0; i < scratch->n_cues; i++) {
        const Cue *cue = scratch->cues + i;
        sums[cue->polarity > 0 ? 0 : cue->polarity < 0 ? 1 : 2] += cue->weight;
        take(cues, cue, row);
    }
    set(cues, row, N_SCORE_ENDORSEMENT, tanh(sums[0] / 6));
    set(cues, row, N_SCORE_CONCERN, tanh(sums[1] / 6));
    set(cues, row, N_SCORE_NEUTRAL, tanh(sums[2] / 6));
    set(cues, row, N_MARGIN, (sums[0] - sums[1]) / (sums[0] + sums[1] + 1.0));
    set(cues, row, N_NO_CUE, scratch->n_cues == 0);
    weigh_stance(cues, scratch, sums, row);
}

static int objects_to_nothing(const Cues *cues, const CueScratch *scratch)
{
    size_t i;
    for (i = 0; i < scratch->n_cues; i++) {
        const Cue *cue = scratch->cues + i;
        const LexiconEntry *entry = cues->entries + cue->entry;
        if ((entry->polarity < 0 && cue->polarity == 0 && (cue->contexts & BIT(C_NEGATED))) ||
            (entry->flags & E_NO_OBJECTION))
            return 1;
    }
    return 0;
}

static void opening(const Cues *cues, const CueScratch *scratch, double *row)
{
    int32_t size = (int32_t)scratch->n_words, i;
    const int32_t *limits = cues->limits;
    uint64_t first, sides = 0;
    set(cues, row,
        size <= limits[M_SHORT]    ? N_SHORT
        : size <= limits[M_MEDIUM] ? N_MEDIUM
        : size <= limits[M_LONG]   ? N_LONG
                                   : N_VERY_LONG,
        1.0);
    if (size == 0)
        return;
    first = scratch->words[0].sets;
    for (i = 0; i < size && i < 3; i++)
        sides |= scratch->words[i].sets;
    set(cues, row, N_OPENS_FIRST_PERSON, (double)HAS(first, FIRST_PERSON));
    set(cues, row, N_OPENS_NAME, (double)HAS(first, NAME));
    set(cues, row, N_OPENS_RESOLUTION, (double)HAS(first, RESOLUTION_OPENING));
    set(cues, row, N_SIDES_SPEAK, (double)HAS(sides, SIDES));
    set(cues, row, N_QUESTION_REAL,
        row[cues->columns[N_QUESTION]] > 0 && HAS(first, QUESTION_OPENING) && row[cues->columns[N_NO_STANCE]] > 0);
    set(cues, row, N_NO_OBJECTION, objects_to_nothing(cues, scratch));
}

int cues_row(const Cues *cues, CueScratch *scratch, Asker *asker, Span text, int shouted, double *row)
{
    int32_t i;
    memset(row, 0, (size_t)cues->n_features * sizeof(double));
    if (find_words(cues, scratch, asker, text, shouted) < 0 || find_cues(cues, scratch, row) < 0)
        return -1;
    balance(cues, scratch, row);
    opening(cues, scratch, row);
    for (i = 0; i < cues->n_features; i++) {
        if (cues->kinds_of_feature[i] == SUM && row[i] != 0)
            row[i] = log1p(row[i] < cues->limits[M_SUM] ? row[i] : cues->limits[M_SUM]);
        else if (cues->kinds_of_feature[i] == FLAG)
            row[i] = row[i] > 0;
    }
    return 0;
}
