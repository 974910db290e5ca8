#include "hashing.h"

#include <stdlib.h>
#include <string.h>

#define GOLDEN UINT64_C(0x9E3779B97F4A7C15)
#define MIX UINT64_C(0xD6E8FEB86659FD93)
#define SHORT 8
#define LONG UINT32_MAX
#define FIRST_PLACE 16 /* of long keys: above the length of any short one */

int grow(void **items, size_t *room, size_t needed, size_t size)
{
    size_t wanted = *room ? *room : 64;
    void *moved;
    if (needed <= *room)
        return 0;
    while (wanted < needed)
        wanted *= 2;
    if (wanted > SIZE_MAX / size)
        return -1;
    moved = realloc(*items, wanted * size);
    if (moved == NULL)
        return -1;
    memset((char *)moved + *room * size, 0, (wanted - *room) * size);
    *items = moved;
    *room = wanted;
    return 0;
}

int ints_reserve(Ints *list, size_t more)
{
    return grow((void **)&list->items, &list->room, list->size + more, sizeof(int32_t));
}

int ints_push(Ints *list, int32_t value)
{
    if (list->size == list->room && ints_reserve(list, 1) < 0)
        return -1;
    list->items[list->size++] = value;
    return 0;
}

void ints_close(Ints *list)
{
    free(list->items);
    memset(list, 0, sizeof *list);
}

static size_t slots_for(size_t expected)
{
    size_t slots = 64;
    while (slots < 2 * expected)
        slots *= 2;
    return slots;
}

/* -- strings ------------------------------------------------------------------------------------------------------- */

static int strings_allocate(Strings *table, size_t slots)
{
    size_t i;
    table->slots = malloc(slots * sizeof(Slot));
    if (table->slots == NULL)
        return -1;
    for (i = 0; i < slots; i++)
        table->slots[i].value = ABSENT;
    table->mask = slots - 1;
    return 0;
}

int strings_open(Strings *table, size_t expected, uint64_t seed)
{
    memset(table, 0, sizeof *table);
    table->seed = seed;
    table->n_bytes = FIRST_PLACE;
    return strings_allocate(table, slots_for(expected));
}

void strings_close(Strings *table)
{
    free(table->slots);
    free(table->bytes);
    memset(table, 0, sizeof *table);
}

static uint64_t word_at(const uint8_t *key, size_t length)
{
    uint64_t word = 0;
    while (length > 0)
        word = word << 8 | key[--length];
    return word;
}

Tag strings_tag(const Strings *table, const uint8_t *key, size_t length)
{
    Tag tag;
    if (length <= SHORT) {
        tag.tag = word_at(key, length);
        tag.code = (uint32_t)length;
        return tag;
    }
    tag.code = LONG;
    tag.tag = table->seed ^ (length * GOLDEN);
    for (; length > SHORT; key += SHORT, length -= SHORT) {
        uint64_t word;
        memcpy(&word, key, SHORT);
        tag.tag = (tag.tag ^ word) * MIX;
        tag.tag ^= tag.tag >> 32;
    }
    tag.tag = (tag.tag ^ word_at(key, length)) * MIX;
    tag.tag ^= tag.tag >> 29;
    return tag;
}

static size_t slot_of(const Strings *table, uint64_t tag, uint32_t code)
{
    uint64_t hash = (tag ^ table->seed ^ code) * MIX;
    hash = (hash ^ hash >> 32) * GOLDEN;
    return (hash ^ hash >> 29) & table->mask;
}

void strings_prefetch(const Strings *table, Tag tag)
{
    PREFETCH(table->slots + slot_of(table, tag.tag, tag.code));
}

static int is_key(const Strings *table, const Slot *slot, const uint8_t *key, size_t length, Tag tag)
{
    uint64_t stored;
    if (slot->tag != tag.tag)
        return 0;
    if (tag.code != LONG)
        return slot->at == tag.code;
    if (slot->at < FIRST_PLACE)
        return 0;
    memcpy(&stored, table->bytes + slot->at, sizeof stored);
    return stored == length && memcmp(table->bytes + slot->at + sizeof stored, key, length) == 0;
}

int32_t strings_find(const Strings *table, const uint8_t *key, size_t length, Tag tag)
{
    size_t i = slot_of(table, tag.tag, tag.code);
    while (table->slots[i].value != ABSENT) {
        if (is_key(table, table->slots + i, key, length, tag))
            return table->slots[i].value;
        i = (i + 1) & table->mask;
    }
    return ABSENT;
}

int32_t strings_get(const Strings *table, const uint8_t *key, size_t length)
{
    return strings_find(table, key, length, strings_tag(table, key, length));
}

static int strings_rehash(Strings *table)
{
    Slot *old = table->slots;
    size_t size = table->mask + 1, i, j;
    if (strings_allocate(table, size * 2) < 0) {
        table->slots = old;
        return -1;
    }
    for (i = 0; i < size; i++) {
        if (old[i].value == ABSENT)
            continue;
        j = slot_of(table, old[i].tag, old[i].at < FIRST_PLACE ? old[i].at : LONG);
        while (table->slots[j].value != ABSENT)
            j = (j + 1) & table->mask;
        table->slots[j] = old[i];
    }
    free(old);
    return 0;
}

/* Keeps the length and bytes of a long key and gives their place, or 0. */
static uint32_t keep(Strings *table, const uint8_t *key, size_t length)
{
    uint64_t stored = length;
    size_t place = table->n_bytes, end = place + sizeof stored + length;
    if (end > UINT32_MAX || grow((void **)&table->bytes, &table->room, end, 1) < 0)
        return 0;
    memcpy(table->bytes + place, &stored, sizeof stored);
    memcpy(table->bytes + place + sizeof stored, key, length);
    table->n_bytes = end;
    return (uint32_t)place;
}

int strings_put(Strings *table, const uint8_t *key, size_t length, int32_t value)
{
    Tag tag = strings_tag(table, key, length);
    Slot *slot;
    size_t i;
    if (2 * table->used > table->mask && strings_rehash(table) < 0)
        return -1;
    for (i = slot_of(table, tag.tag, tag.code); table->slots[i].value != ABSENT; i = (i + 1) & table->mask) {
        if (is_key(table, table->slots + i, key, length, tag)) {
            table->slots[i].value = value;
            return 0;
        }
    }
    slot = table->slots + i;
    slot->at = tag.code != LONG ? tag.code : keep(table, key, length);
    if (tag.code == LONG && slot->at == 0)
        return -1;
    slot->tag = tag.tag;
    slot->value = value;
    table->used++;
    return 0;
}

/* -- pairs --------------------------------------------------------------------------------------------------------- */

static uint64_t pair(int32_t left, int32_t right)
{
    return (uint64_t)(uint32_t)left << 32 | (uint32_t)right;
}

static size_t first_place(const Pairs *table, uint64_t key)
{
    uint64_t hash = key * GOLDEN;
    return (hash ^ hash >> 32) & table->mask;
}

static size_t place_of(const Pairs *table, uint64_t key)
{
    size_t i = first_place(table, key);
    while (table->slots[i].value != ABSENT && table->slots[i].key != key)
        i = (i + 1) & table->mask;
    return i;
}

int pairs_open(Pairs *table, size_t expected)
{
    size_t slots = slots_for(expected), i;
    memset(table, 0, sizeof *table);
    table->slots = malloc(slots * sizeof(PairSlot));
    if (table->slots == NULL)
        return -1;
    for (i = 0; i < slots; i++)
        table->slots[i].value = ABSENT;
    table->mask = slots - 1;
    return 0;
}

void pairs_close(Pairs *table)
{
    free(table->slots);
    memset(table, 0, sizeof *table);
}

void pairs_prefetch(const Pairs *table, int32_t left, int32_t right)
{
    PREFETCH(table->slots + first_place(table, pair(left, right)));
}

int32_t pairs_get(const Pairs *table, int32_t left, int32_t right)
{
    return table->slots[place_of(table, pair(left, right))].value;
}

int pairs_put(Pairs *table, int32_t left, int32_t right, int32_t value)
{
    size_t i;
    if (2 * table->used > table->mask) {
        Pairs larger;
        if (pairs_open(&larger, table->mask + 1) < 0)
            return -1;
        for (i = 0; i <= table->mask; i++)
            if (table->slots[i].value != ABSENT)
                larger.slots[place_of(&larger, table->slots[i].key)] = table->slots[i];
        larger.used = table->used;
        pairs_close(table);
        *table = larger;
    }
    i = place_of(table, pair(left, right));
    table->used += table->slots[i].value == ABSENT;
    table->slots[i].key = pair(left, right);
    table->slots[i].value = value;
    return 0;
}
