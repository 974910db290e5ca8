#include "profile.h"

/* A longer word is no function word. */
#define LONGEST 15

void profile_count(const Strings *function_words, const uint8_t *kinds, Span text, int32_t *counts)
{
    uint8_t word[LONGEST + 1];
    size_t i, length = 0;
    for (i = 0; i <= text.length; i++) {
        uint8_t byte = i < text.length ? text.bytes[i] : ' ';
        uint8_t kind = kinds[byte & 0x7F];
        if (kind & P_LETTER) {
            if (length < LONGEST)
                word[length] = byte | 0x20; /* lower case */
            length++;
            continue;
        }
        counts[P_DIGITS] += (kind & P_DIGIT) != 0;
        counts[P_SYMBOLS] += (kind & P_SYMBOL) != 0;
        if (length > 0) {
            counts[P_WORDS]++;
            counts[P_FUNCTION_WORDS] += length <= LONGEST && strings_get(function_words, word, length) != ABSENT;
            length = 0;
        }
    }
}
