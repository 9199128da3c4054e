/* tests, sanitizer builds only: what the leak check must know of the libraries' ways. */
#define _GNU_SOURCE
#include <link.h>
#include <sanitizer/lsan_interface.h>
#include <string.h>

/* As sanitizer/allocator_interface.h has them, which GCC does not install. */
int __sanitizer_get_ownership (const volatile void *p);
size_t __sanitizer_get_allocated_size (const volatile void *p);

/* Libraries stay loaded, so that what they leak can be told by name (lsan.supp). */
int dlclose (void *handle);

int
dlclose (void *handle)
{
  (void) handle;
  return 0;
}

/* GLib's table of quarks starts with room for 2048 and is left behind, on purpose, by the name
 * after that: readers hold no lock.  The table stands in GLib's own data when the program starts.
 */
#define FIRST_QUARKS (2048 * sizeof (char *))

static int
ignore_first_quarks (struct dl_phdr_info *library, size_t size, void *unused)
{
  (void) size;
  (void) unused;
  if (!strstr (library->dlpi_name, "libglib-2.0"))
    return 0;
  for (int i = 0; i < library->dlpi_phnum; i++)
    {
      const ElfW (Phdr) *part = &library->dlpi_phdr[i];
      if (part->p_type != PT_LOAD || !(part->p_flags & PF_W))
        continue;
      void **word =
          (void **) ((library->dlpi_addr + part->p_vaddr + sizeof (void *) - 1) & -sizeof (void *));
      void **end = (void **) (library->dlpi_addr + part->p_vaddr + part->p_memsz);
      for (; word < end; word++)
        if (__sanitizer_get_ownership (*word)
            && __sanitizer_get_allocated_size (*word) == FIRST_QUARKS)
          __lsan_ignore_object (*word);
    }
  return 1;
}

__attribute__ ((constructor)) static void
know_glib (void)
{
  dl_iterate_phdr (ignore_first_quarks, NULL);
}
