/* tests, sanitizer builds only: libraries stay loaded, so that what they leak can be told by name
 * (lsan.supp). */
int dlclose (void *handle);

int
dlclose (void *handle)
{
  (void) handle;
  return 0;
}
