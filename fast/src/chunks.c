#include "chunks.h"

#include <stdlib.h>
#include <string.h>

/* Somewhat below powers of two, for what passes them takes twice the memory. */
#define MOST_NUMBERS ((size_t)15 << 16)
#define MOST_BYTES ((size_t)15 << 16)
#define MOST_MENTIONS ((size_t)1 << 16)
#define FIRST_CHUNKS 4096

int chunks_open(Chunks *chunks, uint64_t seed)
{
    memset(chunks, 0, sizeof *chunks);
    return strings_open(&chunks->places, FIRST_CHUNKS, seed);
}

void chunks_close(Chunks *chunks)
{
    strings_close(&chunks->places);
    ints_close(&chunks->data);
    ints_close(&chunks->found);
    free(chunks->mentions);
}

static int keep_bounds(Chunks *chunks)
{
    uint64_t seed = chunks->places.seed;
    if (chunks->data.size < MOST_NUMBERS && chunks->places.n_bytes < MOST_BYTES &&
        chunks->room_mentions <= MOST_MENTIONS)
        return 0;
    chunks_close(chunks);
    return chunks_open(chunks, seed);
}

/* What str.split() calls white space within ASCII; normalised text beyond ASCII has no other. */
static int is_space(uint8_t byte)
{
    return byte == ' ' || (byte >= 9 && byte <= 13) || (byte >= 28 && byte <= 31);
}

static Span next_chunk(Span text, size_t *at)
{
    Span chunk;
    size_t i = *at;
    while (i < text.length && is_space(text.bytes[i]))
        i++;
    chunk.bytes = text.bytes + i;
    while (i < text.length && !is_space(text.bytes[i]))
        i++;
    chunk.length = (size_t)(text.bytes + i - chunk.bytes);
    *at = i;
    return chunk;
}

int is_ascii(Span chunk)
{
    size_t i;
    uint8_t all = 0;
    for (i = 0; i < chunk.length; i++)
        all |= chunk.bytes[i];
    return all < 0x80;
}

/* Splits the text; the number of chunks, or -1. */
static ptrdiff_t split(Chunks *chunks, Span text)
{
    size_t at = 0, n = 0;
    for (;; n++) {
        Mention *mention;
        if (n == chunks->room_mentions &&
            grow((void **)&chunks->mentions, &chunks->room_mentions, n + 1, sizeof(Mention)) < 0)
            return -1;
        mention = chunks->mentions + n;
        mention->span = next_chunk(text, &at);
        if (mention->span.length == 0)
            return (ptrdiff_t)n;
        mention->tag = strings_tag(&chunks->places, mention->span.bytes, mention->span.length);
        /* memory is slow, and all chunks of a text are known at once */
        strings_prefetch(&chunks->places, mention->tag);
    }
}

static int32_t described(Chunks *chunks, Span chunk, int shouted, Describe describe, Asker *asker)
{
    size_t place = chunks->data.size;
    if (place > INT32_MAX / 2 || describe(asker->tables, asker, &chunks->data, chunk, shouted) < 0 ||
        strings_put(&chunks->places, chunk.bytes, chunk.length, (int32_t)place) < 0)
        return ABSENT;
    return (int32_t)place;
}

int chunks_of(Chunks *chunks, Span text, int shouted, Describe describe, Asker *asker)
{
    ptrdiff_t n_chunks, i;
    if (keep_bounds(chunks) < 0 || (n_chunks = split(chunks, text)) < 0)
        return -1;
    chunks->found.size = 0;
    if (ints_reserve(&chunks->found, (size_t)n_chunks) < 0)
        return -1;
    for (i = 0; i < n_chunks; i++) {
        const Mention *mention = chunks->mentions + i;
        int32_t place = strings_find(&chunks->places, mention->span.bytes, mention->span.length, mention->tag);
        if (place == ABSENT)
            place = described(chunks, mention->span, shouted, describe, asker);
        if (place == ABSENT)
            return -1;
        PREFETCH(chunks->data.items + place);
        PREFETCH(chunks->data.items + place + 16);
        PREFETCH(chunks->data.items + place + 32);
        chunks->found.items[chunks->found.size++] = place;
    }
    return 0;
}
