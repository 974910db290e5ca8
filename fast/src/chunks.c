#include "chunks.h"

#define MOST_NUMBERS ((size_t)1 << 22)
#define MOST_BYTES ((size_t)1 << 22)
#define FIRST_CHUNKS 4096

int chunks_open(Chunks *chunks, uint64_t seed)
{
    chunks->data.items = NULL;
    chunks->data.size = chunks->data.room = 0;
    return strings_open(&chunks->places, FIRST_CHUNKS, seed);
}

void chunks_close(Chunks *chunks)
{
    strings_close(&chunks->places);
    ints_close(&chunks->data);
}

int chunks_bound(Chunks *chunks)
{
    uint64_t seed = chunks->places.seed;
    if (chunks->data.size < MOST_NUMBERS && chunks->places.n_bytes < MOST_BYTES)
        return 0;
    chunks_close(chunks);
    return chunks_open(chunks, seed);
}

/* What str.split() calls white space within ASCII; normalised text beyond ASCII has no other. */
static int is_space(uint8_t byte)
{
    return byte == ' ' || (byte >= 9 && byte <= 13) || (byte >= 28 && byte <= 31);
}

Span next_chunk(Span text, size_t *at)
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
