/* What is known of each distinct chunk of text between white space, found once and kept within bounds. */
#ifndef STANCEKIT_CHUNKS_H
#define STANCEKIT_CHUNKS_H

#include "hashing.h"

typedef struct {
    const uint8_t *bytes;
    size_t length;
} Span;

/* Asks Python what a chunk holds that is not plain ASCII, or has a contraction; module.c makes one a call. */
typedef struct Asker Asker;
struct Asker {
    /* Fills in the entry begun in `entry`: 0, or -1 with Python's error set. */
    int (*answer)(Asker *asker, Span chunk, int shouted, Ints *entry);
    const void *tables;
    void *callable;
    void *thread; /* the suspended thread while the interpreter lock is released */
};

/* Numbers that describe chunks; an entry is a place in `data`. */
typedef struct {
    Strings places;
    Ints data;
} Chunks;

int chunks_open(Chunks *chunks, uint64_t seed);
void chunks_close(Chunks *chunks);
/* Forgets everything if there is too much; entries found before are then void. 0, or -1 without memory. */
int chunks_bound(Chunks *chunks);

/* The next run of characters that are not white space, from *at on; length 0 at the end. */
Span next_chunk(Span text, size_t *at);
int is_ascii(Span chunk);

#endif
