#include "ngrams.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A description: the number of words, the number of n-grams, sums over the n-grams as if each stood once in the text
   (the idf squared, then for each class the weight; float64), the words, the n-grams' columns. */
#define HEAD 2
/* An n-gram that stands more often is not subtracted from the sums, which would lose digits. */
#define MOST_CORRECTED 32

static size_t sums_size(const Ngrams *ngrams)
{
    return ((size_t)ngrams->n_classes + 1) * sizeof(double) / sizeof(int32_t);
}

static const double *word_row(const Ngrams *ngrams, int32_t node)
{
    return ngrams->rows + (size_t)node * ((size_t)ngrams->n_classes + 1);
}

static const double *gram_row(const Ngrams *ngrams, int32_t column)
{
    return ngrams->gram_rows + (size_t)column * ((size_t)ngrams->n_classes + 1);
}

static void add_row(const Ngrams *ngrams, double *sums, const double *row, double square, double factor)
{
    int k;
    sums[0] += square * row[0] * row[0];
    for (k = 1; k <= ngrams->n_classes; k++)
        sums[k] += factor * row[k];
}

int ngrams_open(Ngrams *ngrams, uint64_t seed)
{
    ngrams->seed = seed;
    if (strings_open(&ngrams->words, 1024, seed) < 0 || pairs_open(&ngrams->nodes, 1024) < 0 ||
        strings_open(&ngrams->grams, 1024, seed) < 0)
        return -1;
    return 0;
}

void ngrams_close(Ngrams *ngrams)
{
    while (ngrams->spare != NULL) {
        NgramScratch *next = ngrams->spare->next;
        ngram_scratch_close(ngrams->spare);
        ngrams->spare = next;
    }
    free(ngrams->rows);
    strings_close(&ngrams->words);
    strings_close(&ngrams->grams);
    pairs_close(&ngrams->nodes);
    ints_close(&ngrams->node_terms);
}

/* A node that stands for no term yet. */
static int32_t new_node(Ngrams *ngrams)
{
    return ints_push(&ngrams->node_terms, ABSENT) < 0 ? ABSENT : (int32_t)ngrams->node_terms.size - 1;
}

static int32_t root_of(Ngrams *ngrams, Span word)
{
    int32_t node = strings_get(&ngrams->words, word.bytes, word.length);
    if (node == ABSENT) {
        node = new_node(ngrams);
        if (node == ABSENT || strings_put(&ngrams->words, word.bytes, word.length, node) < 0)
            return ABSENT;
    }
    return node;
}

int ngrams_add_word_term(Ngrams *ngrams, Span term, int32_t number)
{
    size_t start = 0, end;
    int32_t node = ABSENT;
    int size = 0;
    while (start <= term.length) {
        Span word;
        int32_t root;
        for (end = start; end < term.length && term.bytes[end] != ' '; end++)
            ;
        word.bytes = term.bytes + start;
        word.length = end - start;
        root = root_of(ngrams, word);
        if (root == ABSENT)
            return -1;
        if (size == 0)
            node = root;
        else {
            int32_t child = pairs_get(&ngrams->nodes, node, root);
            if (child == ABSENT) {
                child = new_node(ngrams);
                if (child == ABSENT || pairs_put(&ngrams->nodes, node, root, child) < 0)
                    return -1;
            }
            node = child;
        }
        size++;
        start = end + 1;
    }
    if (size >= ngrams->word.shortest && size <= ngrams->word.longest)
        ngrams->node_terms.items[node] = number;
    return 0;
}

int ngrams_set_rows(Ngrams *ngrams, const double *of_words, const double *of_grams)
{
    size_t width = (size_t)ngrams->n_classes + 1, node;
    ngrams->n_nodes = ngrams->node_terms.size;
    ngrams->rows = calloc((ngrams->n_nodes + (size_t)ngrams->character.n_terms) * width + 1, sizeof(double));
    if (ngrams->rows == NULL)
        return -1;
    for (node = 0; node < ngrams->n_nodes; node++)
        if (ngrams->node_terms.items[node] != ABSENT)
            memcpy(ngrams->rows + node * width, of_words + (size_t)ngrams->node_terms.items[node] * width,
                   width * sizeof(double));
    ngrams->gram_rows = ngrams->rows + ngrams->n_nodes * width;
    memcpy(ngrams->gram_rows, of_grams, (size_t)ngrams->character.n_terms * width * sizeof(double));
    ints_close(&ngrams->node_terms);
    return 0;
}

int ngrams_add_gram(Ngrams *ngrams, Span term, int32_t number)
{
    return strings_put(&ngrams->grams, term.bytes, term.length, number);
}

NgramScratch *ngram_scratch_open(const Ngrams *ngrams)
{
    NgramScratch *scratch = calloc(1, sizeof *scratch);
    size_t n_columns = ngrams->n_nodes + (size_t)ngrams->character.n_terms;
    if (scratch == NULL)
        return NULL;
    scratch->counts = calloc(n_columns + 1, sizeof(uint32_t));
    scratch->seen = calloc((size_t)ngrams->character.n_terms / 64 + 1, sizeof(uint64_t));
    scratch->sums = calloc((size_t)ngrams->n_classes + 1, sizeof(double));
    if (scratch->counts == NULL || scratch->seen == NULL || scratch->sums == NULL ||
        chunks_open(&scratch->chunks, ngrams->seed) < 0) {
        ngram_scratch_close(scratch);
        return NULL;
    }
    return scratch;
}

void ngram_scratch_close(NgramScratch *scratch)
{
    chunks_close(&scratch->chunks);
    ints_close(&scratch->words);
    ints_close(&scratch->columns);
    free(scratch->counts);
    free(scratch->seen);
    free(scratch->sums);
    free(scratch);
}

/* Where the character after the one at `at` begins, in UTF-8. */
static size_t after_character(Span text, size_t at)
{
    at++;
    while (at < text.length && (text.bytes[at] & 0xC0) == 0x80)
        at++;
    return at;
}

/* How many n-grams are looked up together, so that their slots are fetched side by side. */
#define TOGETHER 32

typedef struct {
    const Ngrams *ngrams;
    Ints *entry;
    Span grams[TOGETHER];
    Tag tags[TOGETHER];
    size_t size;
} Lookups;

static int look_up(Lookups *lookups)
{
    const Strings *table = &lookups->ngrams->grams;
    size_t i;
    for (i = 0; i < lookups->size; i++) {
        Span gram = lookups->grams[i];
        int32_t column = strings_find(table, gram.bytes, gram.length, lookups->tags[i]);
        if (column != ABSENT && ints_push(lookups->entry, column) < 0)
            return -1;
    }
    lookups->size = 0;
    return 0;
}

static int add_gram(Lookups *lookups, const uint8_t *from, const uint8_t *to)
{
    const Strings *table = &lookups->ngrams->grams;
    Span *gram = lookups->grams + lookups->size;
    gram->bytes = from;
    gram->length = (size_t)(to - from);
    lookups->tags[lookups->size] = strings_tag(table, gram->bytes, gram->length);
    strings_prefetch(table, lookups->tags[lookups->size]);
    return ++lookups->size == TOGETHER ? look_up(lookups) : 0;
}

/* All n-grams of a word with its margins; where it is shorter than the shortest, itself. */
static int add_padded(const Ngrams *ngrams, Ints *entry, Span padded)
{
    const Analyser *analyser = &ngrams->character;
    const uint8_t *bytes = padded.bytes;
    Lookups lookups;
    size_t start, end;
    int size;
    lookups.ngrams = ngrams;
    lookups.entry = entry;
    lookups.size = 0;
    for (start = 0; start < padded.length; start = after_character(padded, start)) {
        for (end = start, size = 0; size < analyser->longest && end < padded.length; size++) {
            end = after_character(padded, end);
            if (size + 1 >= analyser->shortest && add_gram(&lookups, bytes + start, bytes + end) < 0)
                return -1;
        }
        if (start == 0 && size < analyser->shortest && add_gram(&lookups, bytes, bytes + end) < 0)
            return -1;
    }
    return look_up(&lookups);
}

static int add_grams(const Ngrams *ngrams, Ints *entry, Span lower)
{
    uint8_t small[128], *room = small;
    Span padded;
    int state;
    if (!ngrams->character.present)
        return 0;
    padded.length = lower.length + 2;
    if (padded.length > sizeof small && (room = malloc(padded.length)) == NULL)
        return -1;
    room[0] = ' ';
    memcpy(room + 1, lower.bytes, lower.length);
    room[padded.length - 1] = ' ';
    padded.bytes = room;
    state = add_padded(ngrams, entry, padded);
    if (room != small)
        free(room);
    return state;
}

static uint8_t lower_ascii(uint8_t byte)
{
    return byte >= 'A' && byte <= 'Z' ? (uint8_t)(byte + 32) : byte;
}

static int is_word_byte(uint8_t byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || byte == '_';
}

int ngrams_describe(const Ngrams *ngrams, Ints *entry, const Span *words, size_t n_words, Span lower)
{
    size_t head = entry->size, i;
    double *sums;
    int32_t *numbers;
    if (!ngrams->word.present)
        n_words = 0;
    if (ints_reserve(entry, HEAD + sums_size(ngrams) + n_words) < 0)
        return -1;
    entry->size += HEAD + sums_size(ngrams);
    for (i = 0; i < n_words; i++)
        entry->items[entry->size++] = strings_get(&ngrams->words, words[i].bytes, words[i].length);
    if (add_grams(ngrams, entry, lower) < 0)
        return -1;
    numbers = entry->items + head;
    numbers[0] = (int32_t)n_words;
    numbers[1] = (int32_t)(entry->size - head - HEAD - sums_size(ngrams) - n_words);
    sums = calloc((size_t)ngrams->n_classes + 1, sizeof(double));
    if (sums == NULL)
        return -1;
    for (i = entry->size - head - (size_t)numbers[1]; i < entry->size - head; i++)
        add_row(ngrams, sums, gram_row(ngrams, numbers[i]), 1.0, 1.0);
    memcpy(numbers + HEAD, sums, sums_size(ngrams) * sizeof(int32_t));
    free(sums);
    return 0;
}

/* An ASCII chunk, without asking Python. */
static int describe_ascii(const Ngrams *ngrams, Ints *entry, Span chunk)
{
    uint8_t small[128], *room = small;
    Span small_words[64], *words = small_words, lower;
    size_t i, n_words = 0;
    int failed = -1;
    if (chunk.length > sizeof small) {
        room = malloc(chunk.length);
        words = malloc((chunk.length / 2 + 1) * sizeof(Span));
    }
    for (i = 0; room != NULL && words != NULL && i < chunk.length; i++) {
        room[i] = lower_ascii(chunk.bytes[i]);
        if (!is_word_byte(room[i]))
            continue;
        if (i == 0 || !is_word_byte(room[i - 1])) {
            words[n_words].bytes = room + i;
            words[n_words++].length = 0;
        }
        words[n_words - 1].length++;
    }
    lower.bytes = room;
    lower.length = chunk.length;
    if (room != NULL && words != NULL)
        failed = ngrams_describe(ngrams, entry, words, n_words, lower);
    if (chunk.length > sizeof small) {
        free(room);
        free(words);
    }
    return failed;
}

static int describe(const void *tables, Asker *asker, Ints *entry, Span chunk, int shouted)
{
    return is_ascii(chunk) ? describe_ascii(tables, entry, chunk) : asker->answer(asker, chunk, shouted, entry);
}

/* -- one text ------------------------------------------------------------------------------------------------------ */

/* Fills in the nodes of all runs of words that are known, each once. */
static int count_words(const Ngrams *ngrams, NgramScratch *scratch)
{
    const int32_t *words = scratch->words.items;
    size_t n_words = scratch->words.size, longest = (size_t)ngrams->word.longest, i, size;
    scratch->columns.size = 0;
    for (i = 0; i < n_words; i++) {
        int32_t node = words[i];
        if (ints_reserve(&scratch->columns, longest) < 0)
            return -1;
        for (size = 1; node != ABSENT; size++) {
            if (scratch->counts[node]++ == 0) {
                PREFETCH(word_row(ngrams, node));
                scratch->columns.items[scratch->columns.size++] = node;
            }
            if (size >= longest || i + size >= n_words || words[i + size] == ABSENT)
                break;
            node = pairs_get(&ngrams->nodes, node, words[i + size]);
        }
    }
    return 0;
}

/* Adds what was summed up, scaled to unit length. */
static void add_scaled(const Ngrams *ngrams, const double *sums, double *out)
{
    int k;
    if (sums[0] > 0.0)
        for (k = 0; k < ngrams->n_classes; k++)
            out[k] += sums[k + 1] / sqrt(sums[0]);
}

static void clear_sums(const Ngrams *ngrams, double *sums)
{
    memset(sums, 0, ((size_t)ngrams->n_classes + 1) * sizeof *sums);
}

static int score_words(const Ngrams *ngrams, NgramScratch *scratch, double *out)
{
    size_t i;
    if (count_words(ngrams, scratch) < 0)
        return -1;
    clear_sums(ngrams, scratch->sums);
    for (i = 0; i < scratch->columns.size; i++) {
        int32_t node = scratch->columns.items[i];
        const double *row = word_row(ngrams, node);
        uint32_t times = scratch->counts[node];
        double frequency = times == 1 ? 1.0 : 1.0 + log((double)times);
        scratch->counts[node] = 0;
        add_row(ngrams, scratch->sums, row, frequency * frequency, frequency);
    }
    add_scaled(ngrams, scratch->sums, out);
    return 0;
}

typedef struct {
    const int32_t *columns;
    int32_t size;
} Grams;

static Grams grams_at(const Ngrams *ngrams, const Chunks *chunks, size_t chunk)
{
    const int32_t *entry = chunks->data.items + chunks->found.items[chunk];
    Grams grams = {entry + HEAD + sums_size(ngrams) + entry[0], entry[1]};
    return grams;
}

/* Adds up the chunks' sums, and counts how often beyond the first time an n-gram stands. */
static int count_grams(const Ngrams *ngrams, NgramScratch *scratch)
{
    const Chunks *chunks = &scratch->chunks;
    uint32_t *counts = scratch->counts + ngrams->n_nodes;
    uint64_t *seen = scratch->seen;
    size_t i, n_repeated = 0, n_distinct = 0;
    int32_t j;
    int k;
    clear_sums(ngrams, scratch->sums);
    scratch->columns.size = 0;
    for (i = 0; i < chunks->found.size; i++) {
        const int32_t *entry = chunks->data.items + chunks->found.items[i];
        Grams grams = grams_at(ngrams, chunks, i);
        int32_t *repeated;
        for (k = 0; k <= ngrams->n_classes; k++) {
            double sum;
            memcpy(&sum, (const char *)(entry + HEAD) + (size_t)k * sizeof sum, sizeof sum);
            scratch->sums[k] += sum;
        }
        scratch->columns.size = n_repeated;
        if (ints_reserve(&scratch->columns, (size_t)grams.size + 1) < 0)
            return -1;
        repeated = scratch->columns.items;
        for (j = 0; j < grams.size; j++) {
            /* no branch, which would be guessed wrong every few n-grams; one bit each, so that all stay close by */
            uint64_t *bits = seen + (grams.columns[j] >> 6);
            uint64_t bit = UINT64_C(1) << (grams.columns[j] & 63);
            repeated[n_repeated] = grams.columns[j];
            n_repeated += (*bits & bit) != 0;
            *bits |= bit;
        }
    }
    for (i = 0; i < n_repeated; i++) {
        int32_t column = scratch->columns.items[i];
        if (counts[column]++ == 0)
            scratch->columns.items[n_distinct++] = column;
    }
    scratch->columns.size = n_distinct;
    return 0;
}

/* Puts right what stands more than once: c times count 1 + log c, not c. False if that would cost precision. */
static int correct_repeated(const Ngrams *ngrams, NgramScratch *scratch)
{
    const uint32_t *counts = scratch->counts + ngrams->n_nodes;
    size_t i;
    for (i = 0; i < scratch->columns.size; i++) {
        int32_t column = scratch->columns.items[i];
        double times = counts[column] + 1.0, frequency = 1.0 + log(times);
        if (times > MOST_CORRECTED)
            return 0;
        add_row(ngrams, scratch->sums, gram_row(ngrams, column), frequency * frequency - times, frequency - times);
    }
    return 1;
}

/* Forgets what was seen; with `anew`, adds up each n-gram once by its count. */
static void clear_counts(const Ngrams *ngrams, NgramScratch *scratch, int anew)
{
    const Chunks *chunks = &scratch->chunks;
    uint32_t *counts = scratch->counts + ngrams->n_nodes;
    size_t i;
    int32_t j;
    if (anew)
        clear_sums(ngrams, scratch->sums);
    for (i = 0; i < chunks->found.size; i++) {
        Grams grams = grams_at(ngrams, chunks, i);
        for (j = 0; j < grams.size; j++) {
            int32_t column = grams.columns[j];
            uint64_t *bits = scratch->seen + (column >> 6), bit = UINT64_C(1) << (column & 63);
            if (anew && (*bits & bit)) {
                double frequency = 1.0 + log(counts[column] + 1.0);
                add_row(ngrams, scratch->sums, gram_row(ngrams, column), frequency * frequency, frequency);
                *bits &= ~bit;
            } else if (!anew) {
                *bits = 0;
            }
        }
    }
    for (i = 0; i < scratch->columns.size; i++)
        counts[scratch->columns.items[i]] = 0;
}

static int score_grams(const Ngrams *ngrams, NgramScratch *scratch, double *out)
{
    if (count_grams(ngrams, scratch) < 0)
        return -1;
    clear_counts(ngrams, scratch, !correct_repeated(ngrams, scratch));
    add_scaled(ngrams, scratch->sums, out);
    return 0;
}

int ngrams_score(const Ngrams *ngrams, NgramScratch *scratch, Asker *asker, Span text, double *out)
{
    const Chunks *chunks = &scratch->chunks;
    size_t i;
    scratch->words.size = 0;
    if (chunks_of(&scratch->chunks, text, 0, describe, asker) < 0)
        return -1;
    for (i = 0; i < chunks->found.size; i++) {
        const int32_t *entry = chunks->data.items + chunks->found.items[i];
        int32_t j, n_words = entry[0];
        if (ints_reserve(&scratch->words, (size_t)n_words) < 0)
            return -1;
        for (j = 0; j < n_words; j++) {
            int32_t word = entry[HEAD + sums_size(ngrams) + (size_t)j];
            if (scratch->words.size > 0 && ngrams->word.longest > 1)
                pairs_prefetch(&ngrams->nodes, scratch->words.items[scratch->words.size - 1], word);
            scratch->words.items[scratch->words.size++] = word;
        }
    }
    return score_words(ngrams, scratch, out) < 0 ? -1 : score_grams(ngrams, scratch, out);
}
