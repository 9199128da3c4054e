/* One reader fed with any bytes at all.  Each fuzz-<target>.c has the function below; libFuzzer
 * calls it in a build with -Dfuzz=true (./dev soak), fuzz-replay.c calls it for every file of
 * corpus/<target> in ./dev test.  A finding ends the program: a sanitizer's, or g_error() of the
 * target's own about what must always hold. */
#pragma once

#include <gio/gio.h>
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* Set by a target that took its input: files of the corpus called good-… must be taken, or nothing
 * behind the first refusal would be looked at any more. */
__attribute__ ((weak)) gboolean fuzz_accepted;

/* For targets that know how their input is built (libFuzzer's custom mutator). */
size_t LLVMFuzzerCustomMutator (uint8_t *data, size_t size, size_t max_size, unsigned int seed);
size_t LLVMFuzzerMutate (uint8_t *data, size_t size, size_t max_size);

/* What must hold of every refusal: one sentence for people, and a result exactly when there is no
 * error. */
static inline void
fuzz_check_error (gboolean done, const GError *error)
{
  if (done == (error != NULL))
    g_error ("a result and an error, or neither: %s", error != NULL ? error->message : "");
  if (error != NULL && (error->message[0] == '\0' || !g_utf8_validate (error->message, -1, NULL)))
    g_error ("an error without a readable sentence");
}
