/* From a text to its words: tokens, names folded to one mark (_cue_tokens.py). */
#include "cue_reading.h"

#include <stdlib.h>
#include <string.h>

#define PER_WORD 2 /* numbers that describe a word: its number and, outside the vocabulary, its sets */
#define ASK 1

static int is_letter(uint8_t byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

static int is_digit(uint8_t byte)
{
    return byte >= '0' && byte <= '9';
}

static int is_word(uint8_t byte)
{
    return is_letter(byte) || is_digit(byte) || byte == '_';
}

static int starts_with(Span text, const char *prefix)
{
    size_t length = strlen(prefix);
    return text.length >= length && memcmp(text.bytes, prefix, length) == 0;
}

static int ends_with(Span text, const char *suffix)
{
    size_t length = strlen(suffix);
    return text.length >= length && memcmp(text.bytes + text.length - length, suffix, length) == 0;
}

/* How many bytes of an ASCII chunk its first token has: the regular expression TOKEN by hand. */
static size_t token_length(Span rest)
{
    const uint8_t *b = rest.bytes;
    size_t n = rest.length, i = 1;
    if (starts_with(rest, "http://") ? n > 7 : starts_with(rest, "https://") && n > 8)
        return n;
    if (b[0] == '@' || b[0] == '#') {
        while (i < n && is_word(b[i]))
            i++;
    } else if (is_letter(b[0])) {
        while (i < n && (is_letter(b[i]) || (b[i] == '\'' && i + 1 < n && is_letter(b[i + 1]))))
            i++;
    } else if (is_digit(b[0])) {
        while (i < n && (is_digit(b[i]) || ((b[i] == '.' || b[i] == ',') && i + 1 < n && is_digit(b[i + 1]))))
            i++;
    }
    return i;
}

static int32_t number_of(const Cues *cues, Span word)
{
    return strings_get(&cues->words, word.bytes, word.length);
}

/* The sets that hold a word which is in no list. */
static int32_t sets_of(Span word)
{
    int32_t sets = ends_with(word, "ed") ? 1 << S_ED : 0;
    size_t i;
    int digits = 1;
    if (is_digit(word.bytes[0])) {
        for (i = 0; i < word.length; i++)
            digits &= is_digit(word.bytes[i]);
        digits &= word.length == 4 && memcmp(word.bytes, "1900", 4) >= 0 && memcmp(word.bytes, "2100", 4) <= 0;
        sets |= 1 << (digits ? S_YEAR : S_NUMBER);
    } else if (starts_with(word, "http")) {
        sets |= 1 << S_LINK;
    }
    return sets;
}

/* Appends facts, number of words and words of an ASCII token: 0, ASK where it is not that simple, -1 without memory. */
static int take_token(const Cues *cues, Ints *entry, Span token, uint8_t *room, int shouted)
{
    Span low = {room, token.length}, stem;
    int32_t number, stem_number, bits, stem_bits, facts;
    int upper = 0, lower = 0, apostrophe = 0;
    size_t i;
    for (i = 0; i < token.length; i++) {
        uint8_t byte = token.bytes[i];
        upper |= byte >= 'A' && byte <= 'Z';
        lower |= byte >= 'a' && byte <= 'z';
        apostrophe |= byte == '\'';
        room[i] = byte >= 'A' && byte <= 'Z' ? (uint8_t)(byte + 32) : byte;
    }
    number = number_of(cues, low);
    bits = number == ABSENT ? 0 : cues->vocabulary[number].facts;
    if (bits & L_ASK)
        return ASK;
    stem = low;
    stem_number = number;
    stem_bits = bits;
    if (apostrophe && token.length > 1) {
        if (!is_letter(token.bytes[0]) || !ends_with(low, "'s"))
            return ASK;
        stem.length -= 2; /* a possessive; "it's" and the like are asked about */
        stem_number = number_of(cues, stem);
        stem_bits = stem_number == ABSENT ? 0 : cues->vocabulary[stem_number].facts;
        if (stem_bits & L_BEFORE_IS)
            return ASK;
    }
    upper = upper && !shouted; /* a shouted text is lowered first */
    facts = (bits & (F_THE | F_CLASSED | F_DATED)) | (stem_bits & (F_KNOWN | F_OPENING | F_YIELDING));
    facts |= token.length == 1 ? bits & (F_STOP | F_OPENS) : 0;
    facts |= (token.bytes[0] == '@' || token.bytes[0] == '#') && token.length > 1 ? F_MENTION : 0;
    facts |= !upper ? F_PLAIN : bits & L_FUNCTION ? 0 : F_CAPITAL;
    facts |= upper && !lower && token.length > 3 && (bits & L_CUE) ? F_SHOUTED : 0;
    facts |= is_letter(token.bytes[0]) || is_digit(token.bytes[0]) ? F_WORDLIKE : 0;
    facts |= token.length <= (size_t)cues->limits[M_ABBREVIATION] ? F_ABBREVIATION : 0;
    return ints_push(entry, facts) || ints_push(entry, 1) || ints_push(entry, stem_number) ||
                   ints_push(entry, stem_number == ABSENT ? sets_of(stem) : 0)
               ? -1
               : 0;
}

static int take_ascii(const Cues *cues, Ints *entry, size_t head, Span chunk, int shouted)
{
    uint8_t small[128], *room = small;
    Span token = chunk;
    int state = 0;
    if (chunk.length > sizeof small && (room = malloc(chunk.length)) == NULL)
        return -1;
    while (token.bytes < chunk.bytes + chunk.length && state == 0) {
        token.length = (size_t)(chunk.bytes + chunk.length - token.bytes);
        token.length = token_length(token);
        state = take_token(cues, entry, token, room, shouted);
        token.bytes += token.length;
        entry->items[head]++;
    }
    if (room != small)
        free(room);
    return state;
}

/* A description: the number of tokens, then each token's facts, number of words, and words. */
static int describe(const void *tables, Asker *asker, Ints *entry, Span chunk, int shouted)
{
    size_t head = entry->size;
    int state = ASK;
    if (is_ascii(chunk)) {
        if (ints_push(entry, 0) < 0)
            return -1;
        state = take_ascii(tables, entry, head, chunk, shouted);
    }
    if (state != ASK)
        return state;
    entry->size = head;
    return asker->answer(asker, chunk, shouted, entry);
}

static int gather_tokens(CueScratch *scratch, Asker *asker, Span text, int shouted)
{
    Chunks *chunks = shouted ? &scratch->shouted_chunks : &scratch->chunks;
    Ints *tokens = &scratch->tokens;
    size_t chunk;
    scratch->n_tokens = tokens->size = 0;
    if (chunks_of(chunks, text, shouted, describe, asker) < 0)
        return -1;
    for (chunk = 0; chunk < chunks->found.size; chunk++) {
        const int32_t *entry = chunks->data.items + chunks->found.items[chunk];
        int32_t n_tokens = *entry++, i;
        if (grow((void **)&scratch->starts, &scratch->room_starts, scratch->n_tokens + (size_t)n_tokens,
                 sizeof(int32_t)) < 0)
            return -1;
        for (i = 0; i < n_tokens; i++) {
            int32_t size = 2 + PER_WORD * entry[1];
            if (tokens->size > INT32_MAX / 2 || ints_reserve(tokens, (size_t)size) < 0)
                return -1;
            scratch->starts[scratch->n_tokens++] = (int32_t)tokens->size;
            memcpy(tokens->items + tokens->size, entry, (size_t)size * sizeof(int32_t));
            tokens->size += (size_t)size;
            entry += size;
        }
    }
    return 0;
}

static int32_t facts_at(const CueScratch *scratch, int32_t token)
{
    return scratch->tokens.items[scratch->starts[token]];
}

static int add_word(const Cues *cues, CueScratch *scratch, int32_t number, int32_t sets, int32_t token)
{
    Word *word;
    if (scratch->n_words == scratch->room_words &&
        grow((void **)&scratch->words, &scratch->room_words, scratch->n_words + 1, sizeof(Word)) < 0)
        return -1;
    word = scratch->words + scratch->n_words++;
    word->number = number;
    word->token = token;
    word->sets = number == ABSENT ? (uint64_t)sets : cues->vocabulary[number].sets;
    return 0;
}

static int ends_in_name(const CueScratch *scratch)
{
    return scratch->n_words > 0 && HAS(scratch->words[scratch->n_words - 1].sets, NAME);
}

/* _is_name: whether a capitalised token names someone or something. */
static int is_name(const CueScratch *scratch, int32_t facts, int32_t following, int initial)
{
    int before_capital = (following & F_CAPITAL) != 0;
    if (facts & (F_CLASSED | F_DATED))
        return (facts & F_CLASSED) && (before_capital || ends_in_name(scratch));
    if (initial) {
        if (facts & F_KNOWN)
            return 0;
        return !(facts & F_OPENING) || (before_capital && (facts & F_YIELDING));
    }
    return !(facts & F_SHOUTED);
}

/* _name_before: the place of a name that only linking words part from the end, or -1. */
static ptrdiff_t name_before(const CueScratch *scratch)
{
    ptrdiff_t place = (ptrdiff_t)scratch->n_words - 1, lowest = place - 3 < -1 ? -1 : place - 3;
    while (place > lowest && HAS(scratch->words[place].sets, NAME_LINK))
        place--;
    return place > lowest && HAS(scratch->words[place].sets, NAME) ? place : -1;
}

static int ends_sentence(const CueScratch *scratch, ptrdiff_t place)
{
    size_t next = (size_t)place + 1;
    if (next >= scratch->n_words || !HAS(scratch->words[next].sets, FULL_STOP))
        return 0;
    return !(facts_at(scratch, scratch->words[next].token - 1) & F_ABBREVIATION);
}

static int take_name(const Cues *cues, CueScratch *scratch, int32_t token)
{
    ptrdiff_t place = name_before(scratch);
    if (place >= 0 && !ends_sentence(scratch, place)) {
        scratch->n_words = (size_t)place + 1;
        return 0;
    }
    return add_word(cues, scratch, cues->name, 0, token);
}

int find_words(const Cues *cues, CueScratch *scratch, Asker *asker, Span text, int shouted)
{
    int initial = 1;
    int32_t token, n_tokens, i;
    scratch->n_words = 0;
    if (gather_tokens(scratch, asker, text, shouted) < 0)
        return -1;
    n_tokens = (int32_t)scratch->n_tokens;
    /* a contraction makes two words of a token */
    if (grow((void **)&scratch->definite, &scratch->room_definite, 2 * scratch->n_tokens + 1, 1) < 0)
        return -1;
    memset(scratch->definite, 0, 2 * scratch->n_tokens + 1);
    for (token = 0; token < n_tokens; token++) {
        const int32_t *entry = scratch->tokens.items + scratch->starts[token];
        int32_t facts = entry[0], following = token + 1 < n_tokens ? facts_at(scratch, token + 1) : 0;
        if (facts & F_THE) {
            scratch->definite[scratch->n_words] = 1;
        } else if (facts & F_MENTION) {
            if (add_word(cues, scratch, cues->mention, 0, token) < 0)
                return -1;
            initial = 0;
        } else if ((facts & F_CAPITAL) && is_name(scratch, facts, following, initial)) {
            initial = 0;
            if (take_name(cues, scratch, token) < 0)
                return -1;
        } else if ((facts & F_STOP) && (following & F_PLAIN) && ends_in_name(scratch)) {
            continue; /* of an abbreviation, not of a sentence */
        } else {
            for (i = 0; i < entry[1]; i++)
                if (add_word(cues, scratch, entry[2 + PER_WORD * i], entry[3 + PER_WORD * i], token) < 0)
                    return -1;
            initial = (facts & F_OPENS) || (initial && !(facts & F_WORDLIKE));
        }
    }
    return 0;
}
