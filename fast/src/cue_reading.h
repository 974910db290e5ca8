/* What the files of the cue reading say to each other. */
#ifndef STANCEKIT_CUE_READING_H
#define STANCEKIT_CUE_READING_H

#include "cues.h"

#define HAS(sets, name) (((sets) >> S_##name) & 1)
#define BIT(context) (UINT64_C(1) << (context))

/* Fills in words and definite positions. */
int find_words(const Cues *cues, CueScratch *scratch, Asker *asker, Span text, int shouted);
/* Fills in the cues, and adds to `row` what surrounds them. */
int find_cues(const Cues *cues, CueScratch *scratch, double *row);

#endif
