/* model/stats: the tree of a definition of response. */
#pragma once

#include "ktm-definition.h"

typedef enum { KTM_NODE_AND, KTM_NODE_OR, KTM_NODE_NOT, KTM_NODE_LEAF } KtmNodeKind;

struct _KtmDefinition
{
  KtmNodeKind     kind;
  size_t          n;           /* children; 0 of a LEAF */
  KtmDefinition **child;       /* owned */
  KtmCondition    condition;   /* LEAF */
  signed char    *event;       /* EVENT: n_patients × n_visits, owned: 1, 0, −1 never asked */
  const KtmFrame *frame;
  /* of the root only */
  KtmUnknown      unknown;
  size_t          n_rows;      /* 0: needs parentheses */
  KtmDefinition **row;         /* owned array of borrowed leaves */
  bool           *or_before;
};

/* Fills in @leaf's event from the frame. */
bool ktm_definition_index_events (KtmDefinition *leaf);
/* Sets the root's rows. */
void ktm_definition_find_rows (KtmDefinition *root);

/* --- reading ---------------------------------------------------------------------------------- */

#define KTM_PARSER_WORD 1024   /* bytes a word may have, and one */

typedef struct
{
  const KtmFrame       *frame;
  const char           *at;
  int                   depth;
  KtmDefinitionProblem *problem;   /* nullable; the first one stays */
} KtmParser;

/* Takes @sentence. */
void ktm_parser_say    (KtmParser *p, bool unknown, KtmText *sentence);
/* "…, {expected} is expected at “{rest}”."; a message id. */
void ktm_parser_expect (KtmParser *p, const char *expected);
void ktm_parser_skip   (KtmParser *p);
/* The next word, or what stands in quotes, into @out; where it ends, or NULL.  Stays before it. */
const char *ktm_parser_word (KtmParser *p, char out[KTM_PARSER_WORD], bool *quoted);
/* Takes what is next if it is this; the case of words does not matter. */
bool ktm_parser_take        (KtmParser *p, const char *word);
bool ktm_parser_take_char   (KtmParser *p, char c);
/* Digits with a point, whatever the locale. */
bool ktm_parser_take_number (KtmParser *p, double *out);
