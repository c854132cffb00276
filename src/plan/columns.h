/* The columns of the plan's tables, once: the pack, the records, the forms and the checks follow.
 *
 * C(table, column, name in the pack, kind, bounds or choices, required). The order is that of the
 * pack and of the statements; the first row of a file is these names.                         */
#ifndef PLAN_COLUMNS_H
#define PLAN_COLUMNS_H

#define PLAN_PLANS_COLUMNS(C) \
    C(PL_CODE, "code", CODE, NULL, true)                                                      \
    C(PL_TITLE, "title", TEXT, NULL, true)                                                    \
    C(PL_FROM_YEAR, "from_year", INT, YEARS, true)                                            \
    C(PL_TO_YEAR, "to_year", INT, YEARS, true)                                                \
    C(PL_STATE, "state", WORD, plan_states, false)                                            \
    C(PL_NOTE, "note", LONG, NULL, false)                                                     \
    C(PL_SOURCE, "source", TEXT, NULL, false)

#define PLAN_ELEMENTS_COLUMNS(C) \
    C(EL_PLAN, "plan", PLAN, NULL, true)                                                      \
    C(EL_CODE, "code", CODE, NULL, true)                                                      \
    C(EL_PARENT, "parent", CODE, NULL, false)                                                 \
    C(EL_LEVEL, "level", CHOICE, levels, true)                                                \
    C(EL_TITLE, "title", LONG, NULL, false)                                                   \
    C(EL_ALT_TITLE, "alt_title", LONG, NULL, false)                                           \
    C(EL_TEXT, "text", LONG, NULL, false)                                                     \
    C(EL_COMPLETE, "complete", CHOICE, completes, true)                                       \
    C(EL_COMPETENCE, "competence", INT, LEVELS, false)                                        \
    C(EL_ADDRESSEE, "addressee", TEXT, NULL, false)                                           \
    C(EL_STATE, "state", WORD, element_states, false)                                         \
    C(EL_STATE_REASON, "state_reason", LONG, NULL, false)                                     \
    C(EL_DEPARTMENTS, "departments", LIST, NULL, false)                                       \
    C(EL_PARTNERS, "partners", LIST, NULL, false)                                             \
    C(EL_TERRITORY, "territory", LIST, NULL, false)                                           \
    C(EL_PARADIGMS, "paradigms", LIST, NULL, false)                                           \
    C(EL_PNRR_MEASURE, "pnrr_measure", TEXT, NULL, false)                                     \
    C(EL_DEADLINE, "deadline", DAY, NULL, false)                                              \
    C(EL_NOTE, "note", LONG, NULL, false)                                                     \
    C(EL_SOURCE, "source", TEXT, NULL, false)

#define PLAN_LINKS_COLUMNS(C) \
    C(LI_FROM, "from", ELEMENT, NULL, true)                                                   \
    C(LI_TO, "to", ELEMENT, NULL, true)                                                       \
    C(LI_KIND, "kind", CHOICE, link_kinds, true)                                              \
    C(LI_REASON, "reason", LONG, NULL, false)                                                 \
    C(LI_SOURCE, "source", TEXT, NULL, false)

#define PLAN_ORIGINS_COLUMNS(C) \
    C(OR_ELEMENT, "element", ELEMENT, NULL, true)                                             \
    C(OR_THEME, "theme", THEME, NULL, false)                                                  \
    C(OR_CONTRIBUTION, "contribution", VOICE, NULL, false)                                    \
    C(OR_HOW, "how", CHOICE, origin_hows, true)                                               \
    C(OR_NOTE, "note", LONG, NULL, false)

#define PLAN_FATES_COLUMNS(C) \
    C(FA_THEME, "theme", THEME, NULL, false)                                                  \
    C(FA_CONTRIBUTION, "contribution", VOICE, NULL, false)                                    \
    C(FA_FATE, "fate", CHOICE, fates, true)                                                   \
    C(FA_REASON, "reason", LONG, NULL, false)                                                 \
    C(FA_SOURCE, "source", TEXT, NULL, false)

#define PLAN_OBJECTIVES_COLUMNS(C) \
    C(OB_ELEMENT, "element", ELEMENT, NULL, true)                                             \
    C(OB_CODE, "code", CODE, NULL, true)                                                      \
    C(OB_TITLE, "title", LONG, NULL, true)                                                    \
    C(OB_MEASURE, "measure", TEXT, NULL, false)                                               \
    C(OB_UNIT, "unit", TEXT, NULL, false)                                                     \
    C(OB_BASELINE, "baseline", DECIMAL, NULL, false)                                          \
    C(OB_BASELINE_YEAR, "baseline_year", INT, YEARS, false)                                   \
    C(OB_TARGET, "target", DECIMAL, NULL, false)                                              \
    C(OB_TARGET_DAY, "target_day", DAY, NULL, false)                                          \
    C(OB_OWNER, "owner", TEXT, NULL, false)                                                   \
    C(OB_RELEVANCE, "relevance", LONG, NULL, false)                                           \
    C(OB_SOURCE, "source", TEXT, NULL, false)

#define PLAN_AMENDMENTS_COLUMNS(C) \
    C(AM_ELEMENT, "element", ELEMENT, NULL, true)                                             \
    C(AM_CODE, "code", CODE, NULL, true)                                                      \
    C(AM_FIELD, "field", CHOICE, amend_fields, true)                                          \
    C(AM_OLD, "old", LONG, NULL, false)                                                       \
    C(AM_PROPOSED, "proposed", LONG, NULL, false)                                             \
    C(AM_REASON, "reason", LONG, NULL, true)                                                  \
    C(AM_CONTRIBUTION, "contribution", VOICE, NULL, false)                                    \
    C(AM_STATE, "state", WORD, amend_states, false)                                           \
    C(AM_DECISION, "decision", LONG, NULL, false)                                             \
    C(AM_DECIDED_DAY, "decided_day", DAY, NULL, false)                                        \
    C(AM_SOURCE, "source", TEXT, NULL, false)

#define PLAN_RENAMES_COLUMNS(C) \
    C(RE_ELEMENT, "element", ELEMENT, NULL, true)                                             \
    C(RE_OLD, "old", TEXT, NULL, true)                                                        \
    C(RE_NEW, "new", TEXT, NULL, true)                                                        \
    C(RE_SYNONYMS, "synonyms", LIST, NULL, false)                                             \
    C(RE_REASON, "reason", LONG, NULL, false)                                                 \
    C(RE_SOURCE, "source", TEXT, NULL, false)

#define PLAN_INSTRUMENTS_COLUMNS(C) \
    C(IN_CODE, "code", CODE, NULL, true)                                                      \
    C(IN_TITLE, "title", TEXT, NULL, true)                                                    \
    C(IN_KIND, "kind", TEXT, NULL, false)                                                     \
    C(IN_STATE, "state", TEXT, NULL, false)                                                   \
    C(IN_BODY, "body", TEXT, NULL, false)                                                     \
    C(IN_URL, "url", URL, NULL, false)                                                        \
    C(IN_NOTE, "note", LONG, NULL, false)                                                     \
    C(IN_SOURCE, "source", TEXT, NULL, false)

#define PLAN_COHERENCE_COLUMNS(C) \
    C(CO_ELEMENT, "element", ELEMENT, NULL, true)                                             \
    C(CO_INSTRUMENT, "instrument", INSTRUMENT, NULL, true)                                    \
    C(CO_GOAL, "goal", TEXT, NULL, false)                                                     \
    C(CO_RELATION, "relation", WORD, relations, false)                                        \
    C(CO_NOTE, "note", LONG, NULL, false)                                                     \
    C(CO_SOURCE, "source", TEXT, NULL, false)

#define PLAN_STEPS_COLUMNS(C) \
    C(ST_ELEMENT, "element", ELEMENT, NULL, true)                                             \
    C(ST_ORD, "ord", INT, ORDS, false)                                                        \
    C(ST_CODE, "code", CODE, NULL, true)                                                      \
    C(ST_TITLE, "title", LONG, NULL, true)                                                    \
    C(ST_OWNER, "owner", TEXT, NULL, false)                                                   \
    C(ST_FROM_DAY, "from_day", DAY, NULL, false)                                              \
    C(ST_TO_DAY, "to_day", DAY, NULL, false)                                                  \
    C(ST_MONEY_CENTS, "money_cents", INT, CENTS, false)                                       \
    C(ST_FUND, "fund", TEXT, NULL, false)                                                     \
    C(ST_STATE, "state", WORD, element_states, false)                                         \
    C(ST_STATE_REASON, "state_reason", LONG, NULL, false)                                     \
    C(ST_NEEDS, "needs", STEPS_OF, NULL, false)                                               \
    C(ST_SOURCE, "source", TEXT, NULL, false)

#define PLAN_DEADLINES_COLUMNS(C) \
    C(DE_CODE, "code", CODE, NULL, true)                                                      \
    C(DE_ELEMENT, "element", ELEMENT, NULL, false)                                            \
    C(DE_DAY, "day", DAY, NULL, true)                                                         \
    C(DE_LEAD_DAYS, "lead_days", INT, DAYS, false)                                            \
    C(DE_TITLE, "title", LONG, NULL, true)                                                    \
    C(DE_KIND, "kind", TEXT, NULL, false)                                                     \
    C(DE_REASON, "reason", LONG, NULL, false)                                                 \
    C(DE_SOURCE, "source", TEXT, NULL, false)

#define PLAN_REQUESTS_COLUMNS(C) \
    C(RQ_CODE, "code", CODE, NULL, true)                                                      \
    C(RQ_ELEMENT, "element", ELEMENT, NULL, false)                                            \
    C(RQ_LEVEL, "level", TEXT, NULL, false)                                                   \
    C(RQ_ADDRESSEE, "addressee", TEXT, NULL, false)                                           \
    C(RQ_TITLE, "title", LONG, NULL, true)                                                    \
    C(RQ_KIND, "kind", TEXT, NULL, false)                                                     \
    C(RQ_LEGAL_GAP, "legal_gap", LONG, NULL, false)                                           \
    C(RQ_STATE, "state", WORD, request_states, false)                                         \
    C(RQ_RAISED_BY, "raised_by", TEXT, NULL, false)                                           \
    C(RQ_DAY, "day", DAY, NULL, false)                                                        \
    C(RQ_DUE_DAY, "due_day", DAY, NULL, false)                                                \
    C(RQ_ANSWER, "answer", LONG, NULL, false)                                                 \
    C(RQ_ANSWER_DAY, "answer_day", DAY, NULL, false)                                          \
    C(RQ_SOURCE, "source", TEXT, NULL, false)

#define PLAN_ACTS_COLUMNS(C) \
    C(AC_CODE, "code", CODE, NULL, true)                                                      \
    C(AC_BODY, "body", TEXT, NULL, true)                                                      \
    C(AC_TITLE, "title", LONG, NULL, true)                                                    \
    C(AC_KIND, "kind", TEXT, NULL, false)                                                     \
    C(AC_DAY, "day", DAY, NULL, false)                                                        \
    C(AC_QUORUM, "quorum", INT, COUNTS, false)                                                \
    C(AC_N_PRESENT, "n_present", INT, COUNTS, false)                                          \
    C(AC_N_FOR, "n_for", INT, COUNTS, false)                                                  \
    C(AC_N_AGAINST, "n_against", INT, COUNTS, false)                                          \
    C(AC_N_ABSTAINED, "n_abstained", INT, COUNTS, false)                                      \
    C(AC_COMMITMENTS, "commitments", LIST, NULL, false)                                       \
    C(AC_ELEMENTS, "elements", ELEMENTS_OF, NULL, false)                                      \
    C(AC_SOURCE, "source", TEXT, NULL, false)

#define PLAN_ADOPTIONS_COLUMNS(C) \
    C(AD_ELEMENT, "element", ELEMENT, NULL, true)                                             \
    C(AD_AREA_CODE, "area_code", AREA, NULL, true)                                            \
    C(AD_STATE, "state", WORD, adoption_states, false)                                        \
    C(AD_ACT, "act", TEXT, NULL, false)                                                       \
    C(AD_DAY, "day", DAY, NULL, false)                                                        \
    C(AD_SOURCE, "source", TEXT, NULL, false)

#endif
