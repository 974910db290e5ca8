/* Scores of word and character n-grams weighted by sublinear tf-idf: TfidfVectorizer and a linear head in one pass. */
#ifndef STANCEKIT_NGRAMS_H
#define STANCEKIT_NGRAMS_H

#include "chunks.h"

/* One analyser's n-grams. */
typedef struct {
    int present;
    int shortest, longest;
    int32_t n_terms;
} Analyser;

typedef struct NgramScratch NgramScratch;

typedef struct {
    Analyser word, character;
    Strings words;     /* word -> its number, which is its node too */
    Pairs nodes;       /* (node, word) -> node */
    Ints node_terms;   /* node -> its term or ABSENT; while the tables are made */
    size_t n_nodes;
    Strings grams; /* character n-gram -> its number */
    int n_classes;
    /* For each node, and for each character n-gram, the idf, then idf times the weight of each class; zero for nodes
       that are no term. */
    double *rows, *gram_rows;
    uint64_t seed;
    NgramScratch *spare; /* not in use; guarded by the interpreter lock */
} Ngrams;

/* What one thread works with: its cache of chunks and its counters. */
struct NgramScratch {
    Chunks chunks;
    Ints words, columns; /* of the text at hand: its words, and the nodes or n-grams that ask for more than a sum */
    uint32_t *counts;    /* by node; then by character n-gram, beyond the first time; zero between texts */
    uint64_t *seen;      /* a bit for each character n-gram; zero between texts */
    double *sums;        /* the square of the length, then the score of each class */
    NgramScratch *next;
};

int ngrams_open(Ngrams *ngrams, uint64_t seed);
void ngrams_close(Ngrams *ngrams);
int ngrams_add_word_term(Ngrams *ngrams, Span term, int32_t number);
int ngrams_add_gram(Ngrams *ngrams, Span term, int32_t number);
/* Once all terms are there; rows by the number of a term. */
int ngrams_set_rows(Ngrams *ngrams, const double *of_words, const double *of_grams);
NgramScratch *ngram_scratch_open(const Ngrams *ngrams);
void ngram_scratch_close(NgramScratch *scratch);

/* Adds to `out`, of n_classes numbers. -1: no memory, or Python raised. */
int ngrams_score(const Ngrams *ngrams, NgramScratch *scratch, Asker *asker, Span text, double *out);

/* For Asker.answer: the description of a chunk from its words and its lower case. */
int ngrams_describe(const Ngrams *ngrams, Ints *entry, const Span *words, size_t n_words, Span lower);

#endif
