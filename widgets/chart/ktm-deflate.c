/* Floor widgets/chart: parts of a picture, packed beside each other, as one deflate stream.  No
 * GTK.
 *
 * libdeflate ends what it packs: its last block says that it is the last.  Where another part
 * follows, that bit has to go, and only walking through the codes of all blocks finds it: about a
 * twentieth of the time that packing takes.
 *
 * Source: RFC 1951 (deflate), RFC 1950 (Adler-32).
 */
#include "ktm-deflate.h"

#include <string.h>

#define MOST_BITS 15        /* of a code */
#define N_LITERALS 288
#define N_DISTANCES 32
#define N_LENGTHS 19        /* codes of the lengths of codes */
#define END_OF_BLOCK 256

/* What to do about a code: how many bits it takes with its extra bits, and what it is. */
enum { LITERAL, COPY, END, WRONG };
typedef struct { guint8 bits, what; } Code;

typedef struct
{
  const guchar *from, *end, *next;
  guint64       bits;       /* read but not yet taken, the next one lowest */
  guint         n_bits;
  Code          literals[1 << MOST_BITS], distances[1 << MOST_BITS];
  guint         literal_bits, distance_bits;  /* of the longest code */
} Walk;

/* At least 48 bits, or zeros behind the end. */
static inline void
fill (Walk *walk)
{
  if (walk->end - walk->next >= 8)
    {
      guint64 more;

      memcpy (&more, walk->next, 8);
      walk->bits |= GUINT64_FROM_LE (more) << walk->n_bits;
      walk->next += (63 - walk->n_bits) / 8;
      walk->n_bits |= 56;
      return;
    }
  for (; walk->n_bits <= 56; walk->n_bits += 8)
    walk->bits |= (guint64) (walk->next < walk->end ? *walk->next : 0) << walk->n_bits,
        walk->next++;
}

static inline guint
take (Walk *walk, guint n)
{
  guint bits = (guint) (walk->bits & ((1u << n) - 1));

  walk->bits >>= n;
  walk->n_bits -= n;
  return bits;
}

/* Bits taken so far. */
static gsize
position (const Walk *walk)
{
  return (gsize) (walk->next - walk->from) * 8 - walk->n_bits;
}

static Code
literal_code (guint symbol, guint bits)
{
  guint extra = symbol < 265 || symbol == 285 ? 0 : (symbol - 261) / 4;

  if (symbol <= END_OF_BLOCK)
    return (Code) { (guint8) bits, symbol == END_OF_BLOCK ? END : LITERAL };
  return (Code) { (guint8) (bits + extra), symbol < 286 ? COPY : WRONG };
}

static Code
distance_code (guint symbol, guint bits)
{
  return (Code) { (guint8) (bits + (symbol < 4 ? 0 : symbol / 2 - 1)), symbol < 30 ? COPY : WRONG };
}

static Code
length_code (guint symbol, guint bits)
{
  return (Code) { (guint8) bits, (guint8) symbol };
}

static guint
reversed (guint code, guint bits)
{
  guint r = 0;

  for (guint i = 0; i < bits; i++)
    r |= (code >> i & 1) << (bits - 1 - i);
  return r;
}

/* Fills @table, for all values of the next bits, from the lengths of the codes; returns the bits of
 * the longest, 0 where the lengths make no code. */
static guint
fill_table (Code *table, const guint8 *lengths, guint n, Code (*code_of) (guint, guint))
{
  guint count[MOST_BITS + 1] = { 0 }, next[MOST_BITS + 2] = { 0 }, most = MOST_BITS;

  for (guint i = 0; i < n; i++)
    count[lengths[i]]++;
  count[0] = 0;
  while (most > 1 && count[most] == 0)
    most--;
  for (guint bits = 1; bits <= most; bits++)
    next[bits + 1] = (next[bits] + count[bits]) << 1;
  if (next[most + 1] > 2u << most)
    return 0;
  for (guint i = 0; i < 1u << most; i++)
    table[i] = (Code) { 0, WRONG };
  for (guint i = 0; i < n; i++)
    if (lengths[i] > 0)
      for (guint at = reversed (next[lengths[i]]++, lengths[i]); at < 1u << most;
           at += 1u << lengths[i])
        table[at] = code_of (i, lengths[i]);
  return most;
}

/* The lengths of all codes of a block, themselves packed (RFC 1951, 3.2.7). */
static gboolean
read_lengths (Walk *walk, guint8 *lengths, guint n)
{
  static const guint8 order[N_LENGTHS] = { 16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
                                           11, 4,  12, 3, 13, 2, 14, 1, 15 };
  guint8 own[N_LENGTHS] = { 0 };
  guint n_own = take (walk, 4) + 4, most, i = 0;

  for (guint k = 0; k < n_own; k++)
    {
      fill (walk);
      own[order[k]] = (guint8) take (walk, 3);
    }
  most = fill_table (walk->distances, own, N_LENGTHS, length_code);
  while (most > 0 && i < n)
    {
      fill (walk);
      Code code = walk->distances[walk->bits & ((1u << most) - 1)];
      guint8 before = i > 0 ? lengths[i - 1] : 0;
      guint times = 1;

      if (code.bits == 0)
        return FALSE;
      take (walk, code.bits);
      if (code.what >= 16)
        times = code.what == 16   ? 3 + take (walk, 2)
                : code.what == 17 ? 3 + take (walk, 3)
                                  : 11 + take (walk, 7);
      for (; times > 0 && i < n; times--)
        lengths[i++] = code.what < 16 ? code.what : code.what == 16 ? before : 0;
    }
  return i == n && n > 0;
}

static gboolean
read_tables (Walk *walk, gboolean fixed)
{
  guint8 lengths[N_LITERALS + N_DISTANCES] = { 0 };
  guint n_literals = N_LITERALS, n_distances = N_DISTANCES - 2;

  if (!fixed)
    {
      n_literals = take (walk, 5) + 257;
      n_distances = take (walk, 5) + 1;
      if (n_literals > N_LITERALS || !read_lengths (walk, lengths, n_literals + n_distances))
        return FALSE;
    }
  else
    for (guint i = 0; i < n_literals + n_distances; i++)
      lengths[i] = i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : i < N_LITERALS ? 8 : 5;
  walk->literal_bits = fill_table (walk->literals, lengths, n_literals, literal_code);
  walk->distance_bits =
      fill_table (walk->distances, lengths + n_literals, n_distances, distance_code);
  return walk->literal_bits > 0 && walk->distance_bits > 0;
}

static gboolean
skip_codes (Walk *walk)
{
  guint64 literals = (1u << walk->literal_bits) - 1, distances = (1u << walk->distance_bits) - 1;

  while (walk->next <= walk->end + 8)
    {
      fill (walk);
      Code code = walk->literals[walk->bits & literals];
      take (walk, code.bits);
      if (code.what == END)
        return TRUE;
      if (code.what == LITERAL)
        continue;
      if (code.what == COPY)
        {
          code = walk->distances[walk->bits & distances];
          take (walk, code.bits);
        }
      if (code.what != COPY || code.bits == 0)
        return FALSE;
    }
  return FALSE;
}

static gboolean
skip_stored (Walk *walk)
{
  gsize at = (position (walk) + 7) / 8;
  const guchar *p = walk->from + at;
  gsize n = walk->end - p >= 4 ? p[0] | (gsize) p[1] << 8 : 0;

  if (walk->end - p < 4 || (gsize) (walk->end - p - 4) < n)
    return FALSE;
  walk->next = p + 4 + n;
  walk->bits = 0;
  walk->n_bits = 0;
  return TRUE;
}

/* Makes a whole raw deflate @stream one that another may follow, from the next byte on: its last
 * block is the last no more, and an empty one fills up the byte.
 *
 * @stream: with room for KTM_DEFLATE_MORE bytes behind *size, which becomes the new size
 * Returns: FALSE where @stream is not a whole deflate stream; it is then as it was */
gboolean
ktm_deflate_go_on (guchar *stream, gsize *size)
{
  g_autofree Walk *walk = g_new (Walk, 1);
  gsize header, end;
  gboolean last, good;

  walk->from = walk->next = stream;
  walk->end = stream + *size;
  walk->bits = 0;
  walk->n_bits = 0;
  do
    {
      fill (walk);
      header = position (walk);
      last = take (walk, 1) != 0;
      guint kind = take (walk, 2);
      good = kind == 0 ? skip_stored (walk)
                       : kind < 3 && read_tables (walk, kind == 1) && skip_codes (walk);
    }
  while (good && !last);
  end = position (walk);
  if (!good || (end + 7) / 8 != *size)
    return FALSE;
  stream[header / 8] &= (guchar) ~(1u << header % 8);
  if (end % 8 > 0)
    stream[end / 8] &= (guchar) ((1u << end % 8) - 1);
  memset (stream + *size, 0, KTM_DEFLATE_MORE);
  *size = (end + 3 + 7) / 8 + 4;
  stream[*size - 2] = stream[*size - 1] = 0xff;
  return TRUE;
}

/* The Adler-32 of what has @first and then @n_second bytes that have @second. */
guint32
ktm_adler_join (guint32 first, guint32 second, gsize n_second)
{
  const guint64 base = 65521;
  guint64 a = first & 0xffff, b = first >> 16;

  b = (b + (second >> 16) + n_second % base * (a + base - 1)) % base;
  a = (a + (second & 0xffff) + base - 1) % base;
  return (guint32) (b << 16 | a);
}
