#include "ngrams.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int32_t lookup(const Strings *table, Span key)
{
    return strings_get(table, key.bytes, key.length, strings_hash(table, key.bytes, key.length));
}

static int store(Strings *table, Span key, int32_t value)
{
    return strings_put(table, key.bytes, key.length, strings_hash(table, key.bytes, key.length), value);
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
    ints_close(&ngrams->node_columns);
}

/* A node that stands for no term yet. */
static int32_t new_node(Ngrams *ngrams)
{
    return ints_push(&ngrams->node_columns, ABSENT) < 0 ? ABSENT : (int32_t)ngrams->node_columns.size - 1;
}

static int32_t root_of(Ngrams *ngrams, Span word)
{
    int32_t node = lookup(&ngrams->words, word);
    if (node == ABSENT) {
        node = new_node(ngrams);
        if (node == ABSENT || store(&ngrams->words, word, node) < 0)
            return ABSENT;
    }
    return node;
}

int ngrams_add_word_term(Ngrams *ngrams, Span term, int32_t column)
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
    ngrams->node_columns.items[node] = column;
    return 0;
}

int ngrams_add_gram(Ngrams *ngrams, Span term, int32_t column)
{
    return store(&ngrams->grams, term, column);
}

NgramScratch *ngram_scratch_open(const Ngrams *ngrams)
{
    NgramScratch *scratch = calloc(1, sizeof *scratch);
    size_t n_columns = (size_t)ngrams->word.n_terms + (size_t)ngrams->character.n_terms;
    if (scratch == NULL)
        return NULL;
    scratch->counts = calloc(n_columns + 1, sizeof(uint32_t));
    scratch->sums = calloc((size_t)ngrams->n_classes + 1, sizeof(double));
    if (scratch->counts == NULL || scratch->sums == NULL || chunks_open(&scratch->chunks, ngrams->seed) < 0) {
        ngram_scratch_close(scratch);
        return NULL;
    }
    return scratch;
}

void ngram_scratch_close(NgramScratch *scratch)
{
    chunks_close(&scratch->chunks);
    ints_close(&scratch->words);
    ints_close(&scratch->word_columns);
    ints_close(&scratch->gram_columns);
    free(scratch->counts);
    free(scratch->sums);
    free(scratch);
}

int ngrams_take_word(const Ngrams *ngrams, Ints *entry, Span word)
{
    return ints_push(entry, lookup(&ngrams->words, word));
}

/* Where the character after the one at `at` begins, in UTF-8. */
static size_t after_character(Span text, size_t at)
{
    at++;
    while (at < text.length && (text.bytes[at] & 0xC0) == 0x80)
        at++;
    return at;
}

int ngrams_take_grams(const Ngrams *ngrams, Ints *entry, Span lower)
{
    const Analyser *analyser = &ngrams->character;
    uint8_t small[128], *room = small;
    Span padded;
    size_t start, end, behind;
    int size, first = 1, failed = 0;
    if (!analyser->present)
        return 0;
    padded.length = lower.length + 2;
    if (padded.length > sizeof small && (room = malloc(padded.length)) == NULL)
        return -1;
    room[0] = ' ';
    memcpy(room + 1, lower.bytes, lower.length);
    room[padded.length - 1] = ' ';
    padded.bytes = room;
    /* the first n-gram of each size stands even where the word is shorter, once */
    for (start = 0; start < padded.length && !failed; start = after_character(padded, start), first = 0) {
        for (end = start, size = 0; size < analyser->shortest - 1 && end < padded.length; size++)
            end = after_character(padded, end);
        for (; size < analyser->longest; size++) {
            Span gram;
            int32_t column;
            if (end == padded.length && !(first && size < analyser->shortest))
                break;
            behind = end == padded.length ? end : after_character(padded, end);
            gram.bytes = padded.bytes + start;
            gram.length = behind - start;
            column = lookup(&ngrams->grams, gram);
            if (column != ABSENT && (failed = ints_push(entry, column)) != 0)
                break;
            if (end == padded.length)
                break;
            end = behind;
        }
    }
    if (room != small)
        free(room);
    return failed;
}

static uint8_t lower_ascii(uint8_t byte)
{
    return byte >= 'A' && byte <= 'Z' ? (uint8_t)(byte + 32) : byte;
}

static int is_word_byte(uint8_t byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || byte == '_';
}

static int take_ascii(const Ngrams *ngrams, Ints *entry, size_t head, Span chunk)
{
    uint8_t small[128], *room = small;
    Span lower, word;
    size_t i, start;
    int failed = 0;
    if (chunk.length > sizeof small && (room = malloc(chunk.length)) == NULL)
        return -1;
    for (i = 0; i < chunk.length; i++)
        room[i] = lower_ascii(chunk.bytes[i]);
    lower.bytes = room;
    lower.length = chunk.length;
    for (i = 0; i < lower.length && !failed && ngrams->word.present;) {
        for (start = i; i < lower.length && is_word_byte(room[i]); i++)
            ;
        word.bytes = room + start;
        word.length = i - start;
        if (word.length > 0)
            failed = ngrams_take_word(ngrams, entry, word);
        else
            i++;
    }
    entry->items[head] = (int32_t)(entry->size - head - 2);
    if (!failed)
        failed = ngrams_take_grams(ngrams, entry, lower);
    if (room != small)
        free(room);
    return failed;
}

/* An entry: the number of words, the number of n-grams, the words, the n-grams' columns. */
static int32_t entry_of(const Ngrams *ngrams, NgramScratch *scratch, Asker *asker, Span chunk)
{
    Strings *places = &scratch->chunks.places;
    Ints *data = &scratch->chunks.data;
    uint64_t hash = strings_hash(places, chunk.bytes, chunk.length);
    int32_t place = strings_get(places, chunk.bytes, chunk.length, hash);
    size_t head = data->size;
    if (place != ABSENT)
        return place;
    if (head > INT32_MAX / 2 || ints_push(data, 0) < 0 || ints_push(data, 0) < 0)
        return ABSENT;
    if (is_ascii(chunk)) {
        if (take_ascii(ngrams, data, head, chunk) < 0)
            return ABSENT;
    } else if (asker->answer(asker, chunk, 0, data) < 0) {
        return ABSENT;
    }
    data->items[head + 1] = (int32_t)(data->size - head - 2) - data->items[head];
    return strings_put(places, chunk.bytes, chunk.length, hash, (int32_t)head) < 0 ? ABSENT : (int32_t)head;
}

static void count(uint32_t *counts, Ints *found, int32_t column)
{
    if (counts[column]++ == 0)
        found->items[found->size++] = column; /* room was made by the caller */
}

static int count_words(const Ngrams *ngrams, NgramScratch *scratch)
{
    const int32_t *words = scratch->words.items, *columns = ngrams->node_columns.items;
    size_t n_words = scratch->words.size, longest = (size_t)ngrams->word.longest, i, size;
    for (i = 0; i < n_words; i++) {
        int32_t node = words[i];
        if (ints_reserve(&scratch->word_columns, longest) < 0)
            return -1;
        for (size = 1; node != ABSENT; size++) {
            if (size >= (size_t)ngrams->word.shortest && columns[node] != ABSENT)
                count(scratch->counts, &scratch->word_columns, columns[node]);
            if (size >= longest || i + size >= n_words || words[i + size] == ABSENT)
                break;
            node = pairs_get(&ngrams->nodes, node, words[i + size]);
        }
    }
    return 0;
}

/* Adds the scores of the columns found, scaled to unit length, and sets their counts to zero again. */
static void settle(const Ngrams *ngrams, NgramScratch *scratch, Ints *found, double *out)
{
    int n_classes = ngrams->n_classes, k;
    double *sums = scratch->sums, square = 0.0;
    uint32_t *counts = scratch->counts;
    size_t i;
    memset(sums, 0, (size_t)n_classes * sizeof *sums);
    for (i = 0; i < found->size; i++) {
        const double *row = ngrams->rows + (size_t)found->items[i] * (size_t)(n_classes + 1);
        uint32_t times = counts[found->items[i]];
        double frequency = times == 1 ? 1.0 : 1.0 + log((double)times), value = frequency * row[0];
        counts[found->items[i]] = 0;
        square += value * value;
        for (k = 0; k < n_classes; k++)
            sums[k] += frequency * row[k + 1];
    }
    if (square > 0.0)
        for (k = 0; k < n_classes; k++)
            out[k] += sums[k] / sqrt(square);
    found->size = 0;
}

int ngrams_score(const Ngrams *ngrams, NgramScratch *scratch, Asker *asker, Span text, double *out)
{
    size_t at = 0;
    scratch->words.size = 0;
    if (chunks_bound(&scratch->chunks) < 0)
        return -1;
    for (;;) {
        Span chunk = next_chunk(text, &at);
        int32_t place, n_words, n_grams, i;
        const int32_t *entry;
        if (chunk.length == 0)
            break;
        place = entry_of(ngrams, scratch, asker, chunk);
        if (place == ABSENT)
            return -1;
        entry = scratch->chunks.data.items + place;
        n_words = entry[0];
        n_grams = entry[1];
        entry += 2;
        if (ints_reserve(&scratch->words, (size_t)n_words) < 0 ||
            ints_reserve(&scratch->gram_columns, (size_t)n_grams) < 0)
            return -1;
        for (i = 0; i < n_words; i++)
            scratch->words.items[scratch->words.size++] = entry[i];
        for (i = 0; i < n_grams; i++)
            count(scratch->counts, &scratch->gram_columns, entry[n_words + i]);
    }
    if (count_words(ngrams, scratch) < 0)
        return -1;
    settle(ngrams, scratch, &scratch->word_columns, out);
    settle(ngrams, scratch, &scratch->gram_columns, out);
    return 0;
}
