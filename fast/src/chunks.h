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

/* Appends the description of a chunk to `entry`: 0, or -1 (no memory, or Python raised). */
typedef int (*Describe)(const void *tables, Asker *asker, Ints *entry, Span chunk, int shouted);

typedef struct {
    Span span;
    Tag tag;
} Mention;

typedef struct {
    Strings places;
    Ints data;  /* descriptions, one after the other */
    Ints found; /* for each chunk of the text at hand, where in `data` its description begins */
    Mention *mentions;
    size_t room_mentions;
} Chunks;

int chunks_open(Chunks *chunks, uint64_t seed);
void chunks_close(Chunks *chunks);
/* Fills `found`, describing what was not met before. Forgets everything first if that has grown too much. */
int chunks_of(Chunks *chunks, Span text, int shouted, Describe describe, Asker *asker);
int is_ascii(Span chunk);

#endif
