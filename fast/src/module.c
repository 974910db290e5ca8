/* The kernel as a Python module: tables in capsules, tuples of texts in, arrays of float64 as bytes out. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <stdlib.h>
#include <string.h>

#include "cue_reading.h"
#include "ngrams.h"
#include "profile.h"

#define NGRAMS "stancekit_fast.ngrams"
#define CUES "stancekit_fast.cues"

/* -- what Python passes -------------------------------------------------------------------------------------------- */

/* Of bytes, or of a str, which then keeps its own UTF-8. */
static int span_of(PyObject *object, Span *span)
{
    const char *data;
    char *own;
    Py_ssize_t length;
    if (PyUnicode_Check(object)) {
        data = PyUnicode_AsUTF8AndSize(object, &length);
        if (data == NULL)
            return -1;
    } else {
        if (PyBytes_AsStringAndSize(object, &own, &length) < 0)
            return -1;
        data = own;
    }
    span->bytes = (const uint8_t *)data;
    span->length = (size_t)length;
    return 0;
}

/* The items of a tuple of bytes and str, which must outlive them; to be freed. */
static Span *spans_of(PyObject *texts, Py_ssize_t *count)
{
    Py_ssize_t i;
    Span *spans;
    *count = PyTuple_Size(texts);
    if (*count < 0)
        return NULL;
    spans = malloc(((size_t)*count + 1) * sizeof(Span));
    if (spans == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    for (i = 0; i < *count; i++) {
        if (span_of(PyTuple_GetItem(texts, i), spans + i) < 0) {
            free(spans);
            return NULL;
        }
    }
    return spans;
}

/* A copy of an array given as bytes, of so many items of one size; NULL with an error set. */
static void *copied(PyObject *bytes, size_t count, size_t size)
{
    Span span;
    void *copy;
    if (span_of(bytes, &span) < 0)
        return NULL;
    if (span.length != count * size) {
        PyErr_Format(PyExc_ValueError, "an array of %zu bytes where %zu were expected", span.length, count * size);
        return NULL;
    }
    copy = malloc(span.length + 1);
    if (copy == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    memcpy(copy, span.bytes, span.length);
    return copy;
}

static int copied_into(void *target, PyObject *bytes, size_t size)
{
    void *copy = copied(bytes, 1, size);
    if (copy == NULL)
        return -1;
    memcpy(target, copy, size);
    free(copy);
    return 0;
}

/* -- asking Python while the interpreter lock is released ---------------------------------------------------------- */

static PyObject *asked(Asker *asker, Span chunk, int shouted)
{
    return PyObject_CallFunction((PyObject *)asker->callable, "y#i", (const char *)chunk.bytes,
                                 (Py_ssize_t)chunk.length, shouted);
}

/* The answer is the chunk in lower case and the tuple of its words. */
static int take_ngrams(const Ngrams *ngrams, Ints *entry, PyObject *answer)
{
    PyObject *lower, *words;
    Span *spans, span;
    Py_ssize_t n_words;
    int state;
    if (!PyArg_ParseTuple(answer, "SO!", &lower, &PyTuple_Type, &words) || span_of(lower, &span) < 0 ||
        (spans = spans_of(words, &n_words)) == NULL)
        return -1;
    state = ngrams_describe(ngrams, entry, spans, (size_t)n_words, span);
    free(spans);
    return state;
}

/* The answer is the entry itself. */
static int take_tokens(Ints *entry, PyObject *answer)
{
    Span span;
    if (span_of(answer, &span) < 0 || ints_reserve(entry, span.length / sizeof(int32_t)) < 0)
        return -1;
    memcpy(entry->items + entry->size, span.bytes, span.length);
    entry->size += span.length / sizeof(int32_t);
    return 0;
}

static int answer_ngrams(Asker *asker, Span chunk, int shouted, Ints *entry)
{
    PyObject *answer;
    int state = -1;
    PyEval_RestoreThread(asker->thread);
    answer = asked(asker, chunk, shouted);
    if (answer != NULL)
        state = take_ngrams(asker->tables, entry, answer);
    Py_XDECREF(answer);
    asker->thread = PyEval_SaveThread();
    return state;
}

static int answer_tokens(Asker *asker, Span chunk, int shouted, Ints *entry)
{
    PyObject *answer;
    int state = -1;
    PyEval_RestoreThread(asker->thread);
    answer = asked(asker, chunk, shouted);
    if (answer != NULL)
        state = take_tokens(entry, answer);
    Py_XDECREF(answer);
    asker->thread = PyEval_SaveThread();
    return state;
}

static PyObject *failure(void)
{
    return PyErr_Occurred() ? NULL : PyErr_NoMemory();
}

static PyObject *result_of(size_t count, double **numbers)
{
    PyObject *result;
    if (count > PY_SSIZE_T_MAX / sizeof(double))
        return PyErr_NoMemory();
    result = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)(count * sizeof(double)));
    if (result != NULL) {
        *numbers = (double *)PyBytes_AsString(result);
        memset(*numbers, 0, count * sizeof(double));
    }
    return result;
}

/* -- n-grams ------------------------------------------------------------------------------------------------------- */

static void close_ngrams(PyObject *capsule)
{
    Ngrams *ngrams = PyCapsule_GetPointer(capsule, NGRAMS);
    if (ngrams != NULL) {
        ngrams_close(ngrams);
        free(ngrams);
    }
}

/* One analyser from (shortest, longest, tuple of terms), or None. */
static int add_terms(Ngrams *ngrams, Analyser *analyser, PyObject *given,
                     int (*add)(Ngrams *, Span, int32_t))
{
    PyObject *terms;
    Py_ssize_t i, n_terms;
    Span term;
    if (given == Py_None)
        return 0;
    if (!PyArg_ParseTuple(given, "iiO!", &analyser->shortest, &analyser->longest, &PyTuple_Type, &terms))
        return -1;
    n_terms = PyTuple_Size(terms);
    for (i = 0; i < n_terms; i++) {
        if (span_of(PyTuple_GetItem(terms, i), &term) < 0)
            return -1;
        if (add(ngrams, term, (int32_t)i) < 0) {
            PyErr_NoMemory();
            return -1;
        }
    }
    analyser->present = 1;
    analyser->n_terms = (int32_t)n_terms;
    return 0;
}

static PyObject *make_ngrams(PyObject *self, PyObject *arguments)
{
    PyObject *word, *character, *rows, *capsule;
    int n_classes;
    unsigned long long seed;
    Ngrams *ngrams;
    const double *of_words;
    size_t width;
    Span span;
    (void)self;
    if (!PyArg_ParseTuple(arguments, "OOSiK", &word, &character, &rows, &n_classes, &seed))
        return NULL;
    ngrams = calloc(1, sizeof *ngrams);
    if (ngrams == NULL)
        return PyErr_NoMemory();
    capsule = PyCapsule_New(ngrams, NGRAMS, close_ngrams);
    if (capsule == NULL) {
        free(ngrams);
        return NULL;
    }
    ngrams->n_classes = n_classes;
    if (ngrams_open(ngrams, seed) < 0) {
        Py_DECREF(capsule);
        return PyErr_NoMemory();
    }
    if (add_terms(ngrams, &ngrams->word, word, ngrams_add_word_term) < 0 ||
        add_terms(ngrams, &ngrams->character, character, ngrams_add_gram) < 0)
        goto failed;
    width = (size_t)n_classes + 1;
    if (span_of(rows, &span) < 0)
        goto failed;
    if (span.length !=
        ((size_t)ngrams->word.n_terms + (size_t)ngrams->character.n_terms) * width * sizeof(double)) {
        PyErr_SetString(PyExc_ValueError, "a row for each term is needed");
        goto failed;
    }
    of_words = (const double *)span.bytes;
    if (ngrams_set_rows(ngrams, of_words, of_words + (size_t)ngrams->word.n_terms * width) < 0) {
        PyErr_NoMemory();
        goto failed;
    }
    return capsule;
failed:
    Py_DECREF(capsule);
    return NULL;
}

static PyObject *score_ngrams(PyObject *self, PyObject *arguments)
{
    PyObject *capsule, *texts, *callable, *result;
    Ngrams *ngrams;
    NgramScratch *scratch;
    Asker asker = {0};
    Span *spans;
    Py_ssize_t count, i;
    double *out = NULL;
    int state = 0;
    (void)self;
    if (!PyArg_ParseTuple(arguments, "OO!O", &capsule, &PyTuple_Type, &texts, &callable))
        return NULL;
    ngrams = PyCapsule_GetPointer(capsule, NGRAMS);
    if (ngrams == NULL || (spans = spans_of(texts, &count)) == NULL)
        return NULL;
    result = result_of((size_t)count * (size_t)ngrams->n_classes, &out);
    scratch = ngrams->spare;
    if (scratch != NULL)
        ngrams->spare = scratch->next;
    else
        scratch = ngram_scratch_open(ngrams);
    if (result == NULL || scratch == NULL) {
        if (scratch != NULL)
            ngram_scratch_close(scratch);
        Py_XDECREF(result);
        free(spans);
        return failure();
    }
    asker.answer = answer_ngrams;
    asker.tables = ngrams;
    asker.callable = callable;
    asker.thread = PyEval_SaveThread();
    for (i = 0; i < count && state == 0; i++)
        state = ngrams_score(ngrams, scratch, &asker, spans[i], out + i * ngrams->n_classes);
    PyEval_RestoreThread(asker.thread);
    free(spans);
    if (state < 0) {
        /* its counters stand somewhere in the middle */
        ngram_scratch_close(scratch);
        Py_DECREF(result);
        return failure();
    }
    scratch->next = ngrams->spare;
    ngrams->spare = scratch;
    return result;
}

/* -- cues ---------------------------------------------------------------------------------------------------------- */

static void close_cues(PyObject *capsule)
{
    Cues *cues = PyCapsule_GetPointer(capsule, CUES);
    if (cues != NULL) {
        cues_close(cues);
        free(cues);
    }
}

static int add_words(Cues *cues, PyObject *words)
{
    Py_ssize_t i;
    Span word;
    cues->n_words = (int32_t)PyTuple_Size(words);
    if (strings_open(&cues->words, (size_t)cues->n_words, cues->seed) < 0)
        goto no_memory;
    for (i = 0; i < cues->n_words; i++) {
        if (span_of(PyTuple_GetItem(words, i), &word) < 0)
            return -1;
        if (strings_put(&cues->words, word.bytes, word.length, (int32_t)i) < 0)
            goto no_memory;
    }
    return 0;
no_memory:
    PyErr_NoMemory();
    return -1;
}

/* Edges are (node, word, node). */
static int add_edges(Cues *cues, PyObject *edges, int n_edges)
{
    int32_t *triples = copied(edges, 3 * (size_t)n_edges, sizeof(int32_t));
    int i, state = triples == NULL ? -1 : pairs_open(&cues->nodes, (size_t)n_edges);
    for (i = 0; i < n_edges && state == 0; i++)
        state = pairs_put(&cues->nodes, triples[3 * i], triples[3 * i + 1], triples[3 * i + 2]);
    free(triples);
    if (state < 0 && !PyErr_Occurred())
        PyErr_NoMemory();
    return state;
}

static PyObject *make_cues(PyObject *self, PyObject *arguments)
{
    PyObject *words, *vocabulary, *counted, *edges, *readings, *entries;
    PyObject *columns, *contexts, *damping, *limits, *features, *capsule;
    int n_counted, n_edges, n_nodes, n_entries, n_features, name, mention;
    size_t n_words;
    unsigned long long not_main, seed;
    Cues *cues;
    (void)self;
    if (!PyArg_ParseTuple(arguments, "O!SSiSiSiSiSSSSSiiiKK", &PyTuple_Type, &words, &vocabulary, &counted,
                          &n_counted, &edges, &n_edges, &readings, &n_nodes, &entries,
                          &n_entries, &columns, &contexts, &damping, &limits, &features, &n_features, &name, &mention,
                          &not_main, &seed))
        return NULL;
    cues = calloc(1, sizeof *cues);
    if (cues == NULL)
        return PyErr_NoMemory();
    capsule = PyCapsule_New(cues, CUES, close_cues);
    if (capsule == NULL) {
        free(cues);
        return NULL;
    }
    n_words = (size_t)PyTuple_Size(words);
    cues->n_features = n_features;
    cues->name = name;
    cues->mention = mention;
    cues->not_main = not_main;
    cues->seed = seed;
    if (add_words(cues, words) < 0 || add_edges(cues, edges, n_edges) < 0 ||
        (cues->vocabulary = copied(vocabulary, n_words, sizeof(WordEntry))) == NULL ||
        (cues->counted = copied(counted, (size_t)n_counted, sizeof(int32_t))) == NULL ||
        (cues->readings = copied(readings, (size_t)n_nodes, sizeof(Reading))) == NULL ||
        (cues->entries = copied(entries, (size_t)n_entries, sizeof(LexiconEntry))) == NULL ||
        (cues->kinds_of_feature = copied(features, (size_t)n_features, 1)) == NULL ||
        copied_into(cues->columns, columns, sizeof cues->columns) < 0 ||
        copied_into(cues->context_columns, contexts, sizeof cues->context_columns) < 0 ||
        copied_into(cues->damping, damping, sizeof cues->damping) < 0 ||
        copied_into(cues->limits, limits, sizeof cues->limits) < 0) {
        Py_DECREF(capsule);
        return NULL;
    }
    return capsule;
}

/* The features of texts; with weights, features times weights. */
static PyObject *read_cues(PyObject *self, PyObject *arguments)
{
    PyObject *capsule, *texts, *shouted, *callable, *weights, *result = NULL;
    Cues *cues;
    CueScratch *scratch = NULL;
    Asker asker = {0};
    Span *spans, flags, factors = {0};
    Py_ssize_t count, i, width;
    double *out = NULL, *row = NULL;
    int n_classes, state = 0, j, k;
    (void)self;
    if (!PyArg_ParseTuple(arguments, "OO!SOSi", &capsule, &PyTuple_Type, &texts, &shouted, &callable, &weights,
                          &n_classes))
        return NULL;
    cues = PyCapsule_GetPointer(capsule, CUES);
    if (cues == NULL || span_of(shouted, &flags) < 0 || span_of(weights, &factors) < 0 ||
        (spans = spans_of(texts, &count)) == NULL)
        return NULL;
    width = n_classes ? n_classes : cues->n_features;
    if (flags.length != (size_t)count ||
        factors.length != (size_t)n_classes * (size_t)cues->n_features * sizeof(double)) {
        PyErr_SetString(PyExc_ValueError, "a flag for each text and a weight for each feature and class are needed");
        free(spans);
        return NULL;
    }
    row = malloc(((size_t)cues->n_features + 1) * sizeof(double));
    scratch = cues->spare;
    if (scratch != NULL)
        cues->spare = scratch->next;
    else
        scratch = cue_scratch_open(cues);
    if (row != NULL && scratch != NULL)
        result = result_of((size_t)count * (size_t)width, &out);
    if (result == NULL) {
        if (scratch != NULL)
            cue_scratch_close(scratch);
        free(row);
        free(spans);
        return failure();
    }
    asker.answer = answer_tokens;
    asker.tables = cues;
    asker.callable = callable;
    asker.thread = PyEval_SaveThread();
    for (i = 0; i < count && state == 0; i++) {
        state = cues_row(cues, scratch, &asker, spans[i], flags.bytes[i], n_classes ? row : out + i * width);
        for (j = 0; j < cues->n_features && n_classes; j++)
            for (k = 0; k < n_classes && row[j] != 0; k++)
                out[i * width + k] += row[j] * ((const double *)factors.bytes)[j * n_classes + k];
    }
    PyEval_RestoreThread(asker.thread);
    scratch->next = cues->spare;
    cues->spare = scratch;
    free(row);
    free(spans);
    if (state < 0) {
        Py_DECREF(result);
        return failure();
    }
    return result;
}

/* -- the look of a text -------------------------------------------------------------------------------------------- */

/* Four counts for each of the texts, which are ASCII. */
static PyObject *read_profiles(PyObject *self, PyObject *arguments)
{
    PyObject *texts, *words, *kinds, *result = NULL;
    Strings function_words = {0};
    Span *spans = NULL, *known = NULL, table;
    Py_ssize_t count, n_words, i;
    int32_t *counts;
    (void)self;
    if (!PyArg_ParseTuple(arguments, "O!O!S", &PyTuple_Type, &texts, &PyTuple_Type, &words, &kinds) ||
        span_of(kinds, &table) < 0)
        return NULL;
    if (table.length != 128) {
        PyErr_SetString(PyExc_ValueError, "a kind for each character of ASCII is needed");
        return NULL;
    }
    if ((known = spans_of(words, &n_words)) == NULL || (spans = spans_of(texts, &count)) == NULL)
        goto done;
    if (strings_open(&function_words, (size_t)n_words, 0) < 0) {
        PyErr_NoMemory();
        goto done;
    }
    for (i = 0; i < n_words; i++) {
        if (strings_put(&function_words, known[i].bytes, known[i].length, 0) < 0) {
            PyErr_NoMemory();
            goto done;
        }
    }
    result = PyBytes_FromStringAndSize(NULL, count * N_COUNTS * (Py_ssize_t)sizeof(int32_t));
    if (result == NULL)
        goto done;
    counts = (int32_t *)PyBytes_AsString(result);
    memset(counts, 0, (size_t)count * N_COUNTS * sizeof(int32_t));
    for (i = 0; i < count; i++)
        profile_count(&function_words, table.bytes, spans[i], counts + i * N_COUNTS);
done:
    strings_close(&function_words);
    free(known);
    free(spans);
    return result;
}

static PyMethodDef methods[] = {
    {"ngrams", make_ngrams, METH_VARARGS, NULL},
    {"score_ngrams", score_ngrams, METH_VARARGS, NULL},
    {"cues", make_cues, METH_VARARGS, NULL},
    {"read_cues", read_cues, METH_VARARGS, NULL},
    {"read_profiles", read_profiles, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "stancekit_fast._kernel", NULL, 0, methods, NULL, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit__kernel(void)
{
    return PyModuleDef_Init(&definition);
}
