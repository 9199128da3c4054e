/* Asks for one line of text: the name something is kept under, the reason of a decision. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The id of the response that takes the line; closing the dialog answers "close". */
#define KTM_NAME_DIALOG_ACCEPT "accept"

/* What is said under the field about @text, which is not blank: a sentence for the dialog to free,
 * NULL: nothing.  @usable is TRUE and may be made FALSE: then @text cannot be taken. */
typedef char *(*KtmNameCheck) (gpointer owner, const char *text, gboolean *usable);

/* Takes @text, which has no blanks around it and passed the check. */
typedef void (*KtmNameTake) (gpointer owner, const char *text);

typedef struct
{
  const char  *title, *body;
  const char  *label;       /* of the field, for those who cannot see it */
  const char  *hint;        /* in the empty field; NULL: "Name" */
  const char  *accept;      /* on the button; NULL: "Save" */
  gboolean     destructive; /* what the button does */
  KtmNameCheck check;       /* nullable: everything but blanks can be taken */
  KtmNameTake  take;        /* not called when the dialog is called off */
} KtmNameQuestion;

/* @owner: a widget in the window asked over, or the window; @check and @take are given it, and are
 * not called once it is gone.  The strings are copied. */
void ktm_name_dialog_present (GtkWidget *owner, const KtmNameQuestion *question);

G_END_DECLS
