/* The kernels of the finder: a person's own words → needs, circumstances and danger; needs and
 * places → services in order, each with its reasons.
 *
 * Two kernels, both pure: understanding (a frozen model, built once from the taxonomy and from
 * example sentences by our own code) and ranking (plain structs in, an order out). Neither knows
 * the store, the web or the clock. The finder never keeps a text it was given and never writes
 * one to a log. It does not decide: it proposes needs with a calibrated score and says by which
 * words; the page lets the person correct it. Places in the text are the territory room's work.
 * Read README.md first, then understand.c and rank.c.                                         */
#ifndef FINDER_KERNEL_H
#define FINDER_KERNEL_H

#include "base/base.h"

enum finder_limits {
    FINDER_NEEDS_MAX = 255,      /* terms of a taxonomy; ours has 140                          */
    FINDER_AREAS_MAX = 64,       /* areas that needs are grouped in; ours has 20               */
    FINDER_LINES_MAX = 64,       /* help lines; Italy has about 20 national ones               */
    FINDER_TEXT_MAX = 4096,      /* bytes of a question that are read; a long story has 1,500  */
    FINDER_GUESSES_MAX = 5,      /* needs proposed                                             */
    FINDER_WHY_MAX = 4,          /* words shown as the reason of a need                        */
    FINDER_NUMBERS_MAX = 6,      /* help lines shown before everything else                    */
    FINDER_REASONS_MAX = 3,      /* reasons shown under one result                             */
    FINDER_EXAMPLES_MAX = 100000,
    FINDER_PATTERNS_MAX = 8192,
    FINDER_KINDS_MAX = 256, /* situations of danger.csv, each with a code */
    FINDER_PATTERN_WORDS_MAX = 8,
    FINDER_NAMES_MAX = 512,      /* of needs and help lines in further languages               */
    FINDER_CONCEPTS_MAX = 1024,  /* of the lexicon; ours has 366                               */
    FINDER_ORG_FIRST_MAX = 2,    /* services of one organization among the first ten while others
                                    are nearly as good                                         */
};

/* Languages the finder leads from; the first three stand in the order of enum rg_lang. */
enum finder_lang { FINDER_IT, FINDER_FR, FINDER_EN, FINDER_RO, FINDER_ES, FINDER_SQ, FINDER_AR,
                   FINDER_ZH, FINDER_LANG__MAX };

const char *finder_lang_tag(enum finder_lang lang); /* "it", "fr", …, "zh" */

/* ---- What the model is made of ---------------------------------------------------------- */

struct finder_need {
    struct str code, parent;
    struct str label[RG_LANG__MAX]; /* by enum rg_lang */
    struct str description, targets;
    struct str own[FINDER_LANG__MAX]; /* what it is called in further languages, or none */
    struct str synonyms[RG_LANG__MAX]; /* separated by '|'; French and English may be empty */
};

struct finder_area {       /* an area of need: "casa" */
    struct str code, label[RG_LANG__MAX], description;
};

struct finder_line {       /* a help line of emergencies.csv */
    struct str number, name[RG_LANG__MAX];
    struct str for_whom, hours, check;
    struct str codes;      /* needs that bring it, separated by '|' */
    struct str situations; /* of danger.csv: it comes in these alone; none: in any */
    struct str own[FINDER_LANG__MAX]; /* in further languages, or none */
    int64_t priority;      /* 1: before everything when there is danger; 2: first of its needs */
};

struct finder_example {
    struct str code, lang, text; /* code empty: not a need */
    struct str danger; /* "1": help lines must come first; "0": not; empty: what its need says */
};

/* A pattern of danger.csv: words in order, each a prefix when it ends in '*', with at most two
 * other words between. It tells a situation, hence a code and its lines. Without a code it
 * tells that these words are no danger ("dopo l'ictus"), and they are then not looked at; in the
 * situation "dubbio" that one word alone is no alarm beside them ("corso", "anni fa").        */
struct finder_pattern {
    struct str situation, code, lang, words;
};

/* Words of one meaning, by enum finder_lang, separated by '|' and written as patterns are. Where
 * the code is that of a need they are the words by which people tell it without naming it.     */
struct finder_concept {
    struct str code, words[FINDER_LANG__MAX];
};

/* What a need or a help line is called, by enum finder_lang, for who is led in another language
 * than the pages have. code: of a need, or the number of a line.                              */
struct finder_name {
    struct str code, in[FINDER_LANG__MAX];
};

struct finder_corpus {
    const struct finder_need *needs;
    size_t n_needs;
    const struct finder_area *areas; /* of the needs, in the order of the file */
    size_t n_areas;
    const struct finder_line *lines;
    size_t n_lines;
    const struct finder_example *examples;
    size_t n_examples;
    const struct finder_pattern *patterns;
    size_t n_patterns;
    const struct finder_concept *concepts; /* none unless finder_lexicon_read was called */
    size_t n_concepts;
    const struct finder_name *names;       /* none unless finder_names_read was called   */
    size_t n_names;
};

/* Where the four CSV texts come from is the caller's business; name is used in error stories. */
struct finder_file {
    const char *name;
    struct str bytes;
};

RG_MUST_CHECK enum rg_err
finder_corpus_read(struct rg_ctx *ctx, struct finder_file needs, struct finder_file lines,
                   struct finder_file examples, struct finder_file danger,
                   struct finder_corpus *ret_corpus);
/* Read needs.csv, emergencies.csv, examples.csv and danger.csv into the context's arena. Columns
 * are found by name; examples.csv may lack "danger", which is 0, 1 or empty, and emergencies.csv
 * "trigger_situations". RG_INVALID names file, line and remedy: a missing column, an unknown code
 * or situation, another danger, text that is not
 * UTF-8; RG_LIMIT past the limits above.                                                       */

RG_MUST_CHECK enum rg_err
finder_lexicon_read(struct rg_ctx *ctx, struct finder_file lexicon, struct finder_corpus *corpus);
/* Add lexicon.csv to a corpus: a row a concept, a column a language. A corpus without one is
 * sound. Refuses as finder_corpus_read does.                                                   */

RG_MUST_CHECK enum rg_err
finder_names_read(struct rg_ctx *ctx, struct finder_file names, struct finder_corpus *corpus);
/* Add names.csv: a row a need or a help line, a column a language; cells may be empty. The corpus
 * must have its needs and lines. Refuses as finder_corpus_read does.                          */

/* ---- The model --------------------------------------------------------------------------- */

struct finder_model;

RG_MUST_CHECK enum rg_err
finder_model_build(struct rg_ctx *ctx, const struct finder_corpus *corpus, struct str trained,
                   struct finder_model **ret_model);
/* Owned: free with finder_model_free. Copies what it needs of the corpus. trained is what
 * finder_model_trained gave for the very same corpus, and saves the training (about 9 s on one
 * core); bytes that are damaged or belong to another corpus are ignored and it trains afresh.
 * Same corpus, same model: the seed is fixed. Peak memory about 130 MB while training.          */

struct finder_model *finder_model_free(struct finder_model *model);
/* Takes NULL. Returns NULL. */

void finder_model_trained(const struct finder_model *model, struct rg_buf *out);
/* Append the trained part as bytes for a file (under 8 MB); give out a ceiling above that. */

bool finder_model_was_trained(const struct finder_model *model);
/* True if the build trained, so that the caller may want to keep the bytes. */

size_t finder_model_needs(const struct finder_model *model);
struct str finder_need_code(const struct finder_model *model, size_t need_ix);  /* borrowed */
struct str finder_need_label(const struct finder_model *model, size_t need_ix, enum rg_lang lang);
struct str finder_need_name(const struct finder_model *m, size_t need_ix, enum finder_lang lang);
/* The same in any language the pack has it in; none where it has not. */
bool finder_need_find(const struct finder_model *model, struct str code, size_t *ret_need_ix);
bool finder_need_is_urgent(const struct finder_model *model, size_t need_ix);
/* Its very name tells danger: its lines are shown whenever it is understood. */
const struct finder_need *finder_model_need(const struct finder_model *model, size_t need_ix);
const struct finder_area *finder_model_areas(const struct finder_model *model, size_t *ret_n);
const struct finder_line *finder_model_lines(const struct finder_model *model, size_t *ret_n);

/* ---- Understanding ----------------------------------------------------------------------- */

enum finder_audience { FINDER_ANYBODY, FINDER_MINORI, FINDER_GIOVANI, FINDER_ANZIANI,
                       FINDER_FAMIGLIE, FINDER_DISABILITA, FINDER_DONNE_VIOLENZA,
                       FINDER_STRANIERI, FINDER_STUDENTI, FINDER_LAVORATORI, FINDER_IMPRESE,
                       FINDER_PROFESSIONISTI, FINDER_ENTI, FINDER_OPERATORI,
                       FINDER_AUDIENCE__MAX };

const char *finder_audience_code(enum finder_audience audience);
/* The target value of needs.csv; "" for FINDER_ANYBODY. */

/* When the person wants it: bits. Days 0 Monday … 6 Sunday. */
struct finder_when {
    bool now;            /* "adesso", "subito", "right now"                        */
    bool today, tonight, tomorrow, weekend, night;
    unsigned days;       /* bit per weekday named                                  */
};

/* What else a person tells of themselves and of what they want: bits of facts. Each is set only
 * by words of the text; what is not told is not known, never "no".                            */
enum finder_fact {
    /* household */
    FINDER_FACT_ALONE, FINDER_FACT_COUPLE, FINDER_FACT_CHILDREN, FINDER_FACT_SINGLE_PARENT,
    FINDER_FACT_LARGE_FAMILY, FINDER_FACT_PREGNANT, FINDER_FACT_CARER,
    /* who may have it */
    FINDER_FACT_ISEE, FINDER_FACT_DISABILITY, FINDER_FACT_LAW_104, FINDER_FACT_RESIDENT,
    FINDER_FACT_UNEMPLOYED, FINDER_FACT_PENSION, FINDER_FACT_STUDENT, FINDER_FACT_FOREIGNER,
    /* without: "non ho la macchina", "senza permesso", "I don't speak Italian" */
    FINDER_FACT_NO_CAR, FINDER_FACT_NO_HOME, FINDER_FACT_NO_WORK, FINDER_FACT_NO_MONEY,
    FINDER_FACT_NO_PERMIT, FINDER_FACT_NO_RESIDENCE, FINDER_FACT_NO_DOCTOR,
    FINDER_FACT_NO_INTERNET, FINDER_FACT_NO_ITALIAN, FINDER_FACT_NO_WALKING,
    /* how */
    FINDER_FACT_URGENT, FINDER_FACT_DEADLINE, FINDER_FACT_FREE, FINDER_FACT_CHEAP,
    FINDER_FACT_NEAR, FINDER_FACT_AT_HOME, FINDER_FACT_ONLINE, FINDER_FACT_BY_PHONE,
    FINDER_FACT_MORNING, FINDER_FACT_AFTERNOON, FINDER_FACT_EVENING,
    /* who writes */
    FINDER_FACT_OPERATOR,     /* professional wording: "un utente in carico"         */
    FINDER_FACT_FOR_ANOTHER,  /* for someone else: "mia nonna", "la mia vicina"      */
    FINDER_FACT__MAX
};
_Static_assert(FINDER_FACT__MAX <= 64, "facts are bits of 64");

const char *finder_fact_code(enum finder_fact fact); /* "no_car": stable, for JSON and tests */

struct finder_span {
    size_t from, n; /* bytes of the text */
};

struct finder_guess {
    size_t need_ix;
    double score;        /* 0 to 1; 0.8 means right about eight times in ten        */
    struct finder_span why[FINDER_WHY_MAX];
    size_t n_why;
};

/* Why no need is proposed: said to the person, so that they can help. */
enum finder_why_not {
    FINDER_UNDERSTOOD,       /* needs are proposed                                    */
    FINDER_NOTHING_WRITTEN,  /* no word that says anything                            */
    FINDER_UNKNOWN_WORDS,    /* words we have never seen: a typing error, a name      */
    FINDER_NOT_A_NEED,       /* a greeting, the weather, homework on Dante            */
    FINDER_UNSURE,           /* many needs, none of them likely                       */
    FINDER_WHY_NOT__MAX
};

const char *finder_why_not_code(enum finder_why_not why_not); /* "not_a_need": stable */

struct finder_understanding {
    struct finder_guess needs[FINDER_GUESSES_MAX]; /* best first */
    size_t n_needs;                      /* 0 when abstained */
    bool abstained;                      /* nothing here is a need we know              */
    enum finder_why_not why_not;         /* and why                                     */
    bool danger;                         /* the lines below come before everything      */
    bool danger_sure;                    /* plainly told; else only likely enough       */
    struct finder_span danger_why;       /* n is 0 when only the need tells it          */
    size_t line_ix[FINDER_NUMBERS_MAX];  /* of finder_model_lines                       */
    size_t n_lines;
    size_t ear_ix[FINDER_NUMBERS_MAX];   /* priority 2 lines of the best need           */
    size_t n_ears;
    enum finder_lang lang;
    enum finder_audience audience;
    int age;                             /* -1: not told                                */
    struct finder_when when;
    uint64_t facts;                      /* bit 1 << enum finder_fact                   */
    int children;                        /* how many are told; -1: not told             */
    int isee_euros;                      /* "ISEE 8.500"; -1: not told                  */
};

bool finder_told(const struct finder_understanding *u, enum finder_fact fact);

struct finder_reader; /* the scratch of one thread */

RG_MUST_CHECK enum rg_err
finder_reader_new(struct rg_ctx *ctx, const struct finder_model *model,
                  struct finder_reader **ret_reader);
/* Owned: free with finder_reader_free; the model must outlive it. About 1 MB. RG_LIMIT without
 * memory.                                                                                      */
struct finder_reader *finder_reader_free(struct finder_reader *reader);

void finder_understand(struct finder_reader *reader, struct str text,
                       struct finder_understanding *ret);
/* Any bytes are welcome: what is not UTF-8 separates words, what is past FINDER_TEXT_MAX is not
 * read. Never fails, allocates nothing, keeps nothing of the text. About 0.1 ms.
 * Danger is judged apart from the needs, so that a text that is not understood may still bring
 * help lines; it prefers one line too many to one too few.                                     */

/* ---- Ranking ----------------------------------------------------------------------------- */

enum finder_fit { FINDER_FIT_UNKNOWN, FINDER_FITS, FINDER_FITS_NOT };
enum finder_open { FINDER_OPEN_UNKNOWN, FINDER_OPEN_NOW, FINDER_OPEN_LATER, FINDER_CLOSED };
enum finder_reach { FINDER_REACH_UNKNOWN, FINDER_REACH_COMUNE, FINDER_REACH_ZONE,
                    FINDER_REACH_WIDE, FINDER_REACH_NOT };

/* One service as the caller knows it. Everything unknown has a value that says so, and costs
 * less than knowing that it does not fit.                                                     */
struct finder_candidate {
    int64_t service_id, org_id;
    double need_score;      /* 0 to 1: of the guess this service answers, by how sure the
                               best guess is; 0 none                                      */
    size_t need_ix;         /* that guess's need; SIZE_MAX none                              */
    double text_score;      /* 0 to 1: the index's score divided by the best of the answer   */
    double distance_m;      /* negative: not known                                           */
    enum finder_reach reach;
    enum finder_fit audience;
    enum finder_open open;
    int64_t minutes;        /* open now: until it closes; later: until it opens; else -1     */
    int64_t verified_days;  /* days since it was last verified; -1: never                    */
    enum finder_fit age;    /* the age told, in the ages the record or its need are for      */
    enum finder_fit when;   /* open at some hour of those the person told                    */
    enum finder_fit cost;   /* free, or by the ISEE; not: paid, and nothing lowers it        */
    enum finder_fit room;   /* it has free places; not: it says it has none                  */
    bool speaks;            /* the person's language, told by the record                     */
    bool free_of_charge;
    bool by_isee;           /* the price depends on the ISEE                                 */
};

struct finder_asked {
    bool has_place;        /* distance and reach count only then                             */
    bool now;              /* the person wants it now: being open counts three times as much */
    bool own_language;     /* not Italian: speaking it counts and is said                    */
    bool on_foot;          /* no car, or walking is hard: a kilometre weighs nearly three    */
    bool cheap;            /* free, a low income or no money told: what it costs counts      */
    bool when;             /* days or hours were told: open then counts, not open now        */
    uint64_t day;          /* its number: among equals, whose turn it is                     */
};

enum finder_reason { FINDER_WHY_NEED, FINDER_WHY_NEAR, FINDER_WHY_OPEN, FINDER_WHY_OPENS,
                     FINDER_WHY_COMUNE, FINDER_WHY_ZONE, FINDER_WHY_WIDE, FINDER_WHY_AUDIENCE,
                     FINDER_WHY_LANGUAGE, FINDER_WHY_FREE, FINDER_WHY_FRESH,
                     FINDER_WHY_WORDS, FINDER_WHY_AGE, FINDER_WHY_WHEN, FINDER_WHY_ISEE,
                     /* what does not fit, said before all else */
                     FINDER_WHY_NOT_AGE, FINDER_WHY_NOT_AUDIENCE, FINDER_WHY_NOT_WHEN,
                     FINDER_WHY_NOT_FREE, FINDER_WHY_FULL, FINDER_WHY__MAX };

const char *finder_reason_key(enum finder_reason reason);
/* The message key, such as "finder.why.near". Its argument is said by finder_reason_argument. */
const char *finder_reason_argument(enum finder_reason reason);
/* "need", "distance", "time", "area", "audience", "language", "age", "ages", or NULL: the caller
 * formats the value, as only the caller knows names and the reader's language. With "distance"
 * goes "area" too, the place the person named. */

struct finder_result {
    size_t candidate_ix;
    double score;          /* 0 to 1, in thousandths */
    enum finder_reason reasons[FINDER_REASONS_MAX];
    size_t n_reasons;
};

double finder_score(const struct finder_candidate *candidate, const struct finder_asked *asked);
/* 0 to 1, and 0 for what does not reach the person's place. */

uint64_t finder_turn(int64_t service_id, uint64_t day);
/* Among equals, the smaller comes first that day: by lot, so that no service is always first. */

void finder_rank(const struct finder_candidate *candidates, size_t n,
                 const struct finder_asked *asked, struct finder_result *ret_results,
                 size_t *ret_n);
/* All n in order, best first; ret_results has room for n, and score 0 is left out. Scores are
 * told apart to a thousandth. Ties: nearer first, then by finder_turn, so
 * that on one day the order is the same for everybody and on every page, never depends on that
 * of the input, and over the days nobody is always first. Of one organization (org_id 0: not
 * known) at most FINDER_ORG_FIRST_MAX stand among the first ten while others wait
 * that are nearly as good. n log n, no memory. Meant for the few hundred best of
 * the index.                                                                                  */

#endif
