/* What tells strange texts by their look, counted in one pass: stancekit/domain.py. */
#ifndef STANCEKIT_PROFILE_H
#define STANCEKIT_PROFILE_H

#include "chunks.h"

enum { /* what a byte of ASCII is */
    P_LETTER = 1 << 0,
    P_DIGIT = 1 << 1,
    P_SYMBOL = 1 << 2
};

enum { P_WORDS, P_FUNCTION_WORDS, P_DIGITS, P_SYMBOLS, N_COUNTS };

/* Counts into `counts`; `kinds` has one of 128 bytes each. The text is ASCII. */
void profile_count(const Strings *function_words, const uint8_t *kinds, Span text, int32_t *counts);

#endif
