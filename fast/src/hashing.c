#include "hashing.h"

#include <stdlib.h>
#include <string.h>

#define GOLDEN UINT64_C(0x9E3779B97F4A7C15)
#define MIX UINT64_C(0xD6E8FEB86659FD93)
#define EMPTY UINT64_MAX

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
    return strings_allocate(table, slots_for(expected));
}

void strings_close(Strings *table)
{
    free(table->slots);
    free(table->bytes);
    memset(table, 0, sizeof *table);
}

uint64_t strings_hash(const Strings *table, const uint8_t *key, size_t length)
{
    uint64_t hash = table->seed ^ (length * GOLDEN), word;
    while (length >= 8) {
        memcpy(&word, key, 8);
        hash = (hash ^ word) * MIX;
        hash ^= hash >> 32;
        key += 8;
        length -= 8;
    }
    word = 0;
    while (length > 0)
        word = word << 8 | key[--length];
    hash = (hash ^ word) * MIX;
    hash ^= hash >> 32;
    hash *= GOLDEN;
    return hash ^ hash >> 29;
}

int32_t strings_get(const Strings *table, const uint8_t *key, size_t length, uint64_t hash)
{
    size_t i = hash & table->mask;
    while (table->slots[i].value != ABSENT) {
        const Slot *slot = &table->slots[i];
        if (slot->hash == hash && slot->length == length && memcmp(table->bytes + slot->at, key, length) == 0)
            return slot->value;
        i = (i + 1) & table->mask;
    }
    return ABSENT;
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
        j = old[i].hash & table->mask;
        while (table->slots[j].value != ABSENT)
            j = (j + 1) & table->mask;
        table->slots[j] = old[i];
    }
    free(old);
    return 0;
}

int strings_put(Strings *table, const uint8_t *key, size_t length, uint64_t hash, int32_t value)
{
    size_t i;
    if (length > UINT32_MAX || (2 * table->used > table->mask && strings_rehash(table) < 0))
        return -1;
    for (i = hash & table->mask; table->slots[i].value != ABSENT; i = (i + 1) & table->mask) {
        Slot *slot = &table->slots[i];
        if (slot->hash == hash && slot->length == length && memcmp(table->bytes + slot->at, key, length) == 0) {
            slot->value = value;
            return 0;
        }
    }
    if (grow((void **)&table->bytes, &table->room, table->n_bytes + length, 1) < 0)
        return -1;
    if (length > 0)
        memcpy(table->bytes + table->n_bytes, key, length);
    table->slots[i].hash = hash;
    table->slots[i].at = table->n_bytes;
    table->slots[i].length = (uint32_t)length;
    table->slots[i].value = value;
    table->n_bytes += length;
    table->used++;
    return 0;
}

static uint64_t pair(int32_t left, int32_t right)
{
    return (uint64_t)(uint32_t)left << 32 | (uint32_t)right;
}

static size_t pair_place(const Pairs *table, uint64_t key)
{
    uint64_t hash = key * GOLDEN;
    size_t i = (hash ^ hash >> 32) & table->mask;
    while (table->keys[i] != EMPTY && table->keys[i] != key)
        i = (i + 1) & table->mask;
    return i;
}

int pairs_open(Pairs *table, size_t expected)
{
    size_t slots = slots_for(expected), i;
    memset(table, 0, sizeof *table);
    table->keys = malloc(slots * sizeof(uint64_t));
    table->values = malloc(slots * sizeof(int32_t));
    if (table->keys == NULL || table->values == NULL) {
        pairs_close(table);
        return -1;
    }
    for (i = 0; i < slots; i++)
        table->keys[i] = EMPTY;
    table->mask = slots - 1;
    return 0;
}

void pairs_close(Pairs *table)
{
    free(table->keys);
    free(table->values);
    memset(table, 0, sizeof *table);
}

int32_t pairs_get(const Pairs *table, int32_t left, int32_t right)
{
    size_t i = pair_place(table, pair(left, right));
    return table->keys[i] == EMPTY ? ABSENT : table->values[i];
}

int pairs_put(Pairs *table, int32_t left, int32_t right, int32_t value)
{
    size_t i;
    if (2 * table->used > table->mask) {
        Pairs larger;
        if (pairs_open(&larger, table->mask + 1) < 0)
            return -1;
        for (i = 0; i <= table->mask; i++) {
            if (table->keys[i] != EMPTY) {
                size_t j = pair_place(&larger, table->keys[i]);
                larger.keys[j] = table->keys[i];
                larger.values[j] = table->values[i];
            }
        }
        larger.used = table->used;
        pairs_close(table);
        *table = larger;
    }
    i = pair_place(table, pair(left, right));
    table->used += table->keys[i] == EMPTY;
    table->keys[i] = pair(left, right);
    table->values[i] = value;
    return 0;
}
