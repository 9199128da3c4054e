/* KtmPatientCard: the picked patient in a few figures; hidden while nobody is picked.
 *
 * Uses the actions win.previous-patient, win.next-patient, win.exclude. */
#pragma once

#include <gtk/gtk.h>

#include "ktm-study.h"
#include "ktm-text.h"

G_BEGIN_DECLS

#define KTM_TYPE_PATIENT_CARD (ktm_patient_card_get_type ())
G_DECLARE_FINAL_TYPE (KtmPatientCard, ktm_patient_card, KTM, PATIENT_CARD, GtkWidget)

GtkWidget *ktm_patient_card_new         (KtmStudy *study);
/* Which measure it tells of; NULL: the first. */
void       ktm_patient_card_set_measure (KtmPatientCard *self, const char *id);

/* The language of the screen; NULL: English. */
const KtmLang *ktm_say_lang (void);
/* A number in that language, "–" for NaN; and a visit's name, "month 6".  Free with g_free(). */
char      *ktm_say_number (double value, int decimals);
char      *ktm_say_visit  (const char *time_unit, double time);
/* A level of an attribute as a heading or a line of a list: "Neuropathic" for "neuropathic". */
char      *ktm_say_level  (const char *level);

G_END_DECLS
