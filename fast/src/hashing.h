/* Open-addressed tables: byte strings to numbers, and pairs of numbers to numbers. */
#ifndef STANCEKIT_HASHING_H
#define STANCEKIT_HASHING_H

#include <stddef.h>
#include <stdint.h>

#define ABSENT (-1)

#if defined(__GNUC__) || defined(__clang__)
#define PREFETCH(address) __builtin_prefetch(address)
#else
#define PREFETCH(address) ((void)(address))
#endif

/* What a key is found by: a key of up to eight bytes is its own tag, a longer one has a hash. */
typedef struct {
    uint64_t tag;
    uint32_t code; /* the length of a short key, else LONG */
} Tag;

typedef struct {
    uint64_t tag;
    uint32_t at;   /* the length of a short key, else the place of the length and bytes of a long one */
    int32_t value; /* ABSENT in an empty slot */
} Slot;

typedef struct {
    Slot *slots;
    size_t mask, used;
    uint8_t *bytes;
    size_t n_bytes, room;
    uint64_t seed;
} Strings;

typedef struct {
    uint64_t key;
    int32_t value; /* ABSENT in an empty slot */
} PairSlot;

typedef struct {
    PairSlot *slots;
    size_t mask, used;
} Pairs;

/* A growing array of 32-bit numbers. */
typedef struct {
    int32_t *items;
    size_t size, room;
} Ints;

/* Functions that return int give 0, or -1 where memory ran out. */
int strings_open(Strings *table, size_t expected, uint64_t seed);
void strings_close(Strings *table);
Tag strings_tag(const Strings *table, const uint8_t *key, size_t length);
/* Fetches the slot that strings_find will look at first. */
void strings_prefetch(const Strings *table, Tag tag);
int32_t strings_find(const Strings *table, const uint8_t *key, size_t length, Tag tag);
int32_t strings_get(const Strings *table, const uint8_t *key, size_t length);
int strings_put(Strings *table, const uint8_t *key, size_t length, int32_t value);

int pairs_open(Pairs *table, size_t expected);
void pairs_close(Pairs *table);
void pairs_prefetch(const Pairs *table, int32_t left, int32_t right);
int32_t pairs_get(const Pairs *table, int32_t left, int32_t right);
int pairs_put(Pairs *table, int32_t left, int32_t right, int32_t value);

int ints_push(Ints *list, int32_t value);
int ints_reserve(Ints *list, size_t more);
void ints_close(Ints *list);

/* Makes room for `needed` items of `size` bytes; new room is zeroed. */
int grow(void **items, size_t *room, size_t needed, size_t size);

#endif
