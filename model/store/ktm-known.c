/* model/store: GLib only.  The dictionaries of the import: data, no logic to speak of. */
#include "ktm-known.h"

#include "ktm-cell.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Ranges: the scale's own ends.  NRS 2 points: Farrar et al. (2001), Pain 94:149-158. */
static const KtmKnownMeasure measures[] = {
  { "nrs", "nrs en pain_nrs nrs_pain nprs pain_score en_douleur douleur_en score_douleur pain",
    N_("Pain NRS"), "", 0, 10, TRUE, 2 },
  { "pain_mm", "pain_mm vas_mm eva_mm pain_vas_mm vas_pain_mm", N_("Pain VAS"), "mm", 0, 100, TRUE,
    NAN },
  { "vas", "vas eva pain_vas vas_pain eva_douleur", N_("Pain VAS"), "", 0, 100, TRUE, NAN },
  { "hads_a", "hads_a hada hads_anxiety hads_anxiete had_a anxiety anxiete", N_("HADS anxiety"),
    "", 0, 21, TRUE, NAN },
  { "hads_d", "hads_d hadd hads_depression had_d depression", N_("HADS depression"), "", 0, 21,
    TRUE, NAN },
  { "hads", "hads hads_total hads_t had", N_("HADS total"), "", 0, 42, TRUE, NAN },
  { "pgic", "pgic cgi_i patient_global_impression", N_("PGIC"), "", 1, 7, TRUE, NAN },
  { "sf12_pcs", "sf12_pcs pcs12 pcs_12 sf_12_pcs sf12_physical sf36_pcs", N_("SF-12 physical"), "",
    0, 100, FALSE, NAN },
  { "sf12_mcs", "sf12_mcs mcs12 mcs_12 sf_12_mcs sf12_mental sf36_mcs mcs", N_("SF-12 mental"), "",
    0, 100, FALSE, NAN },
  { "npsi", "npsi npsi_total npsi_score", N_("NPSI total"), "", 0, 100, TRUE, NAN },
  { "dn4", "dn4", N_("DN4"), "", 0, 10, TRUE, NAN },
  { "bpi_severity", "bpi_severity bpi_s bpi_intensity", N_("BPI severity"), "", 0, 10, TRUE, NAN },
  { "bpi_interference", "bpi_interference bpi_i", N_("BPI interference"), "", 0, 10, TRUE, NAN },
  { "bdi", "bdi bdi_ii beck", N_("Beck depression inventory"), "", 0, 63, TRUE, NAN },
  { "phq9", "phq9 phq_9", N_("PHQ-9"), "", 0, 27, TRUE, NAN },
  { "gad7", "gad7 gad_7", N_("GAD-7"), "", 0, 21, TRUE, NAN },
  { "isi", "isi", N_("Insomnia severity index"), "", 0, 28, TRUE, NAN },
  { "eq5d_vas", "eq5d_vas eq_5d_vas eqvas eq_vas", N_("EQ-5D VAS"), "", 0, 100, FALSE, NAN },
};

static const KtmKnownAttribute attributes[] = {
  { "age", "age age_annees age_ans age_years age_at_inclusion age_a_l_inclusion", "years", 0, 120 },
  { "sex", "sex sexe gender genre", "", NAN, NAN },
  { "height_cm", "height_cm taille_cm height taille", "cm", 30, 250 },
  { "weight_kg", "weight_kg poids_kg weight poids", "kg", 0.3, 400 },
  { "bmi", "bmi imc bmi_kg_m2", "kg/m²", 8, 120 },
  { "pain_type", "pain_type type_de_douleur type_douleur diagnosis diagnostic", "", NAN, NAN },
  { "pain_duration_months",
    "pain_duration_months anciennete_mois anciennete_de_la_douleur_mois pain_duration", "months", 0,
    1200 },
};

#define ANY KTM_SOURCE_AUTO
static const struct { KtmColumnRole role; KtmSourceKind kind; const char *aliases;
} roles[] = {
  { KTM_COLUMN_PATIENT, ANY,
    "patient_id patient patient_code code_patient subject_id subjid usubjid subject identifiant "
    "id_patient record_id "
    "participant participant_id pid numero_patient no_patient num_patient n_patient patient_no "
    "code identifiant_patient id" },
  { KTM_COLUMN_VISIT, ANY,
    "visit visite visit_label visit_name timepoint time_point nom_visite visit_code" },
  { KTM_COLUMN_TIME, ANY,
    "month months mois week weeks semaine semaines day days jour jours hour hours heure heures "
    "minute minutes time temps "
    "time_min time_minutes time_h time_hours time_days time_weeks time_months temps_min temps_h "
    "temps_jours temps_mois visit_month visit_week "
    "visit_day month_no mois_visite year_since years" },
  { KTM_COLUMN_DATE, KTM_SOURCE_SCORES,
    "visit_date date date_visite date_de_visite date_de_la_visite assessment_date "
    "date_evaluation" },
  { KTM_COLUMN_DATE, KTM_SOURCE_TREATMENTS,
    "start_date date date_debut date_de_debut treatment_date date_traitement date_de_traitement "
    "date_perfusion infusion_date" },
  { KTM_COLUMN_DATE, KTM_SOURCE_ADVERSE_EVENTS,
    "date onset_date start_date event_date date_debut date_de_debut date_de_survenue ae_date "
    "visit_date" },
  { KTM_COLUMN_INDEX_DATE, ANY,
    "inclusion_date date_d_inclusion date_inclusion date_de_l_inclusion enrolment_date "
    "enrollment_date index_date "
    "baseline_date date_index first_treatment_date date_premier_traitement" },
  { KTM_COLUMN_CENTRE, ANY,
    "centre center site centre_no center_id centre_id site_id data_access_group hopital hospital "
    "clinic clinique" },
  { KTM_COLUMN_ARM, ANY, "arm treatment_arm study_arm bras group_arm randomisation randomization" },
  { KTM_COLUMN_ARM, KTM_SOURCE_SCORES, "treatment traitement trt treat group groupe" },
  { KTM_COLUMN_ARM, KTM_SOURCE_WIDE, "treatment traitement trt treat" },
  { KTM_COLUMN_ARM, KTM_SOURCE_PATIENTS, "treatment traitement trt treat" },
  { KTM_COLUMN_INCLUDED, ANY, "included inclus inclus_oui_non patient_inclus" },
  { KTM_COLUMN_EXCLUSION_REASON, ANY,
    "exclusion_reason motif_d_exclusion motif_exclusion raison_exclusion reason_excluded" },
  { KTM_COLUMN_STOP_TIME, ANY,
    "stop_month stop_time stop_week stop_day mois_d_arret mois_arret last_month dernier_mois "
    "withdrawal_month dropout_month month_stopped" },
  { KTM_COLUMN_STOP_REASON, ANY,
    "stop_reason motif_d_arret motif_arret raison_arret withdrawal_reason dropout_reason "
    "reason_stopped" },
  { KTM_COLUMN_HARM_FLAG, KTM_SOURCE_SCORES,
    "ae_any any_ae any_event ae_yes_no ei_oui_non any_adverse_event effet_indesirable "
    "effets_indesirables adverse_event adverse_events" },
  { KTM_COLUMN_DRUG, KTM_SOURCE_TREATMENTS,
    "drug medicament molecule substance drug_name traitement treatment" },
  { KTM_COLUMN_ROUTE, KTM_SOURCE_TREATMENTS,
    "route voie voie_d_administration voie_administration ket_route" },
  { KTM_COLUMN_ROUTE, KTM_SOURCE_WIDE,
    "route voie voie_d_administration voie_administration ket_route" },
  { KTM_COLUMN_DURATION, KTM_SOURCE_TREATMENTS,
    "duration duration_days duration_hours duree duree_jours duree_heures duree_j days_treated "
    "ket_days duration_min" },
  { KTM_COLUMN_DURATION, KTM_SOURCE_WIDE,
    "duration_days duration_hours duree_jours duree_heures ket_days treatment_days" },
  { KTM_COLUMN_WITH, KTM_SOURCE_TREATMENTS, "magnesium mg_cotreat with avec co_treatment" },
  { KTM_COLUMN_WITH, KTM_SOURCE_WIDE, "magnesium mg_cotreat" },
  { KTM_COLUMN_TERM, KTM_SOURCE_ADVERSE_EVENTS,
    "event term ae_term ae adverse_event effet effet_indesirable evenement symptom symptome ei "
    "aeterm" },
  { KTM_COLUMN_SEVERITY, KTM_SOURCE_ADVERSE_EVENTS,
    "severity severite intensite intensity ae_severity aesev" },
  { KTM_COLUMN_GRADE, KTM_SOURCE_ADVERSE_EVENTS, "grade ctcae ctcae_grade aetoxgr" },
  { KTM_COLUMN_SERIOUS, KTM_SOURCE_ADVERSE_EVENTS, "serious grave sae gravite ae_serious aeser" },
  { KTM_COLUMN_RELATED, KTM_SOURCE_ADVERSE_EVENTS,
    "related relation imputabilite relatedness ae_related aerel lie_au_traitement" },
  { KTM_COLUMN_LED_TO_STOP, KTM_SOURCE_ADVERSE_EVENTS,
    "led_to_stop stopped_treatment arret_traitement arret_du_traitement" },
  { KTM_COLUMN_RESOLVED, KTM_SOURCE_ADVERSE_EVENTS,
    "resolved resolved_month resolution resolu mois_resolution" },
  { KTM_COLUMN_STUDY, KTM_SOURCE_STUDIES, "study etude author auteur trial study_id essai" },
  { KTM_COLUMN_ARM, KTM_SOURCE_STUDIES, "arm group groupe bras treatment" },
  { KTM_COLUMN_YEAR, KTM_SOURCE_STUDIES, "year annee" },
  { KTM_COLUMN_N, KTM_SOURCE_STUDIES,
    "n patients total effectif n1 n1i n_treated n_ketamine n_traite n_before n_avant" },
  { KTM_COLUMN_MEAN, KTM_SOURCE_STUDIES,
    "mean moyenne m mean1 m1 m1i mean_treated mean_ketamine moyenne1 mean_before moyenne_avant" },
  { KTM_COLUMN_SD, KTM_SOURCE_STUDIES,
    "sd ecart_type et std sd1 sd1i sd_treated sd_ketamine et1 sd_before et_avant" },
  { KTM_COLUMN_EVENTS, KTM_SOURCE_STUDIES,
    "events evenements responders repondeurs ai events1 event1 events_treated events_ketamine "
    "responders1" },
  { KTM_COLUMN_N2, KTM_SOURCE_STUDIES,
    "n2 n2i n_control n_placebo n_temoin n_after n_apres" },
  { KTM_COLUMN_MEAN2, KTM_SOURCE_STUDIES,
    "mean2 m2 m2i mean_control mean_placebo moyenne2 mean_after moyenne_apres" },
  { KTM_COLUMN_SD2, KTM_SOURCE_STUDIES,
    "sd2 sd2i sd_control sd_placebo et2 sd_after et_apres" },
  { KTM_COLUMN_EVENTS2, KTM_SOURCE_STUDIES,
    "ci events2 event2 events_control events_placebo responders2" },
  { KTM_COLUMN_EFFECT, KTM_SOURCE_STUDIES, "effect effet yi estimate md smd" },
  { KTM_COLUMN_SE, KTM_SOURCE_STUDIES, "se sei standard_error erreur_type" },
  { KTM_COLUMN_LOW, KTM_SOURCE_STUDIES, "low lower ci_low ci_lo ci_lower lcl ic_inf ci_lb" },
  { KTM_COLUMN_HIGH, KTM_SOURCE_STUDIES, "high upper ci_high ci_hi ci_upper ucl ic_sup ci_ub" },
  { KTM_COLUMN_STUDY_KIND, KTM_SOURCE_STUDIES,
    "kind study_kind design study_design type_d_etude" },
  { KTM_COLUMN_EFFECT_MEASURE, KTM_SOURCE_STUDIES,
    "measure effect_measure mesure mesure_d_effet" },
  { KTM_COLUMN_CORRELATION, KTM_SOURCE_STUDIES, "correlation corr r ri" },
  { KTM_COLUMN_NOTE, KTM_SOURCE_STUDIES, "note notes remark remarque comment commentaire" },
};

static const char after_baseline[] =
    "withdrawal withdrawn dropout drop_out completed completer lost_to_follow_up perdu_de_vue "
    "last_visit derniere_visite last_visit_date "
    "date_derniere_visite end_date stop_date date_arret date_d_arret date_of_death deceased death "
    "deces last_contact end_of_study "
    "stopped arret status_end fin_d_etude date_fin last_date months_followed follow_up_months "
    "duree_suivi";

static const char row_numbers[] = "ae_id treatment_no row_id row no numero n_ligne line obs "
                                  "record_no x unnamed_0 event_id treatment_id visit_no";

static gboolean
has_word (const char *words, const char *word)
{
  gsize len = strlen (word);

  for (const char *p = words; len > 0 && (p = strstr (p, word)) != NULL; p += len)
    if ((p == words || p[-1] == ' ') && (p[len] == ' ' || p[len] == '\0'))
      return TRUE;
  return FALSE;
}

/* The measure a folded name means, NULL if none. */
const KtmKnownMeasure *
ktm_known_measure (const char *folded)
{
  for (gsize i = 0; i < G_N_ELEMENTS (measures); i++)
    if (has_word (measures[i].aliases, folded))
      return &measures[i];
  return NULL;
}

/* The attribute a folded name means, NULL if none. */
const KtmKnownAttribute *
ktm_known_attribute (const char *folded)
{
  for (gsize i = 0; i < G_N_ELEMENTS (attributes); i++)
    if (has_word (attributes[i].aliases, folded))
      return &attributes[i];
  return NULL;
}

static gboolean
is_dose (const char *folded)
{
  return g_str_equal (folded, "dose") || g_str_has_prefix (folded, "dose_")
         || g_str_equal (folded, "ket_dose");
}

/* What a column of this folded name is in a source of @kind; LEFT_OUT if the name says nothing. */
KtmColumnRole
ktm_known_role (const char *folded, KtmSourceKind kind)
{
  if ((kind == KTM_SOURCE_TREATMENTS || kind == KTM_SOURCE_WIDE) && is_dose (folded))
    return KTM_COLUMN_DOSE;
  for (gsize i = G_N_ELEMENTS (roles);
       i-- > 0;) /* what is said of one kind of source goes before what holds for all */
    if (roles[i].kind != ANY && roles[i].kind == kind && has_word (roles[i].aliases, folded))
      return roles[i].role;
  for (gsize i = 0; i < G_N_ELEMENTS (roles); i++)
    if (roles[i].kind == ANY && has_word (roles[i].aliases, folded))
      return roles[i].role;
  return KTM_COLUMN_LEFT_OUT;
}

/* The unit in the name of a time column, NONE if it has none. */
KtmTimeUnit
ktm_known_time_unit (const char *folded)
{
  static const struct { const char *words; KtmTimeUnit unit;
  } table[] = { { "min mins minute minutes", KTM_TIME_MINUTE },
                { "h hour hours heure heures", KTM_TIME_HOUR },
                { "d day days j jour jours", KTM_TIME_DAY },
                { "w week weeks s semaine semaines", KTM_TIME_WEEK },
                { "m month months mois", KTM_TIME_MONTH },
                { "y year years an ans annee annees", KTM_TIME_YEAR } };
  g_auto (GStrv) words = g_strsplit (folded, "_", -1);

  for (gsize w = 0; words[w] != NULL; w++)
    for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
      if (has_word (table[i].words, words[w]))
        return table[i].unit;
  return KTM_TIME_NONE;
}

/* Known only after the index event: never a baseline attribute. */
gboolean
ktm_known_after_baseline (const char *folded)
{
  return has_word (after_baseline, folded);
}

gboolean
ktm_known_row_number (const char *folded)
{
  return has_word (row_numbers, folded);
}

/* What of a person a column of this name would hold, as a sentence's part; NULL if nothing. */
const char *
ktm_known_personal (const char *folded)
{
  static const struct { const char *words, *what;
  } table[] = {
    { "nom prenom prenoms surname forename firstname lastname fullname initials initiales",
      N_("a name") },
    { "naissance dob ddn birthdate birthday birth datenaissance", N_("a birth date") },
    { "nir insee ssn nss niss bsn securite", N_("a social-security number") },
    { "ipp mrn nda nip iep dossier", N_("a hospital number") },
    { "phone telephone tel mobile portable fax gsm", N_("a phone number") },
    { "mail email courriel mel", N_("an e-mail address") },
    { "address adresse street rue postcode zip zipcode postal ville city", N_("an address") }
  };
  static const char harmless[] = "drug event visit study centre center site redcap test file "
                                 "medicament visite etude arm group measure";
  g_auto (GStrv) words = g_strsplit (folded, "_", -1);
  gboolean has_number = FALSE, harmless_too = FALSE;

  for (gsize w = 0; words[w] != NULL; w++)
    {
      has_number |= has_word ("no number num numero nr id", words[w]);
      harmless_too |= has_word (harmless, words[w]);
    }
  for (gsize w = 0; words[w] != NULL; w++)
    {
      for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
        if (has_word (table[i].words, words[w]) && !(i == 0 && harmless_too))
          return table[i].what;
      if (strcmp (words[w], "name") == 0 && !harmless_too)
        return N_("a name");
      if (has_number
          && (strcmp (words[w], "hospital") == 0 || strcmp (words[w], "medical") == 0
              || strcmp (words[w], "hopital") == 0))
        return N_("a hospital number");
      if (strcmp (words[w], "social") == 0 && words[w + 1] != NULL
          && g_str_has_prefix (words[w + 1], "sec"))
        return N_("a social-security number");
    }
  return NULL;
}

/* The unit in the name of a dose column: "dose_mg_kg_day", "Dose (mg/kg/j)" → "mg/kg/day"; NULL if
 * it has none.  Free. */
char *
ktm_known_dose_unit (const char *name)
{
  g_autofree char *folded = ktm_fold (name, -1, TRUE);
  g_auto (GStrv) words = g_strsplit (folded, "_", -1);
  g_autoptr (GString) unit = g_string_new (NULL);

  for (gsize i = 0; words[i] != NULL; i++)
    {
      const char *word = words[i];
      if (has_word ("j jour day d", word))
        word = "day";
      else if (has_word ("h hour heure", word))
        word = "h";
      else if (!has_word ("mg kg g ug mcg min", word))
        continue;
      g_string_append_printf (unit, "%s%s", unit->len > 0 ? "/" : "", word);
    }
  return unit->len > 0 ? g_strdup (unit->str) : NULL;
}

/* "m", "mois" … just before the number of a wide column, at the start of a word. */
static gsize
unit_word_before (const char *name, gsize end, KtmTimeUnit *unit)
{
  gsize start = end;

  while (start > 0 && g_ascii_isalpha (name[start - 1]))
    start--;
  if (start == end || start == 0)
    return end;
  g_autofree char *raw = g_strndup (name + start, end - start);
  g_autofree char *word = g_ascii_strdown (raw, -1);
  *unit = strcmp (word, "t") == 0 ? KTM_TIME_NONE : ktm_known_time_unit (word);
  return *unit != KTM_TIME_NONE || strcmp (word, "t") == 0 ? start : end;
}

/* Takes the name of a wide column apart.
 *
 * @stem: what stands before the number ("EN_M"), owned; @id: the measure's part of it, lower case
 * ("en"), owned
 * @time: the number; @unit: of the letter before it, NONE if there is none
 * Only names with a time's letter ("nrs_m3", "EN_W1", "bdi_2m") or a known measure's name ("nrs3"):
 * "q3" is a question.
 */
gboolean
ktm_known_wide (const char *name, char **stem, char **id, double *time, KtmTimeUnit *unit)
{
  gsize len = strlen (name), end = len, start;
  gsize suffix = 0;

  *unit = KTM_TIME_NONE;
  if (len > 2 && g_ascii_isalpha (name[len - 1]) && g_ascii_isdigit (name[len - 2]))  /* "bdi_2m" */
    {
      const char last[2] = { g_ascii_tolower (name[len - 1]), '\0' };
      *unit = ktm_known_time_unit (last);
      if (*unit == KTM_TIME_NONE)
        return FALSE;
      end = len - 1;
      suffix = 1;
    }
  start = end;
  while (start > 0
         && (g_ascii_isdigit (name[start - 1])
             || (name[start - 1] == '.' && start < end && start > 1
                 && g_ascii_isdigit (name[start - 2]))))
    start--;
  if (start == end || start == 0 || end - start > 6)
    return FALSE;
  gsize cut = suffix == 0 ? unit_word_before (name, start, unit) : start;
  gboolean lettered = cut < start || suffix != 0;
  while (cut > 0 && strchr ("_ .-", name[cut - 1]) != NULL)
    cut--;
  if (cut == 0)
    return FALSE;
  g_autofree char *part = g_strndup (name, cut);
  g_autofree char *folded = ktm_fold (part, -1, TRUE);
  if (!lettered && ktm_known_measure (folded) == NULL)
    return FALSE;
  g_autofree char *number = g_strndup (name + start, end - start);
  *time = g_ascii_strtod (number, NULL);
  *stem = g_strndup (name, start);
  *id = ktm_lower (part);
  return TRUE;
}
