/* KtmClassUse: "Use the classes": their names, to be changed in place, and what can be made of
 * them: colour by class, a subgroup.
 *
 * Signal "colour": everything is to be coloured by class. */
#pragma once

#include <gtk/gtk.h>

#include "ktm-class-search.h"
#include "ktm-study.h"

G_BEGIN_DECLS

#define KTM_TYPE_CLASS_USE (ktm_class_use_get_type ())
G_DECLARE_FINAL_TYPE (KtmClassUse, ktm_class_use, KTM, CLASS_USE, GtkWidget)

GtkWidget *ktm_class_use_new (KtmStudy *study);
/* @result NULL, or one class: nothing to use, the card hides. */
void       ktm_class_use_set (KtmClassUse *self, const KtmClassResult *result);

G_END_DECLS
