/* g_error() ends with a trap, which libFuzzer does not know: made an abort, so that it keeps the
 * input. */
#include "fuzz.h"

#include <signal.h>
#include <stdlib.h>

static void
trap_cb (int number)
{
  abort ();
}

__attribute__ ((constructor)) static void
catch_trap (void)
{
  signal (SIGTRAP, trap_cb);
}
