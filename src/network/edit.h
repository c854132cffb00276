/* Editing records by hand: the fields of the form, and the way between form and document.
 *
 * Values stand by position, as in the route's inputs. What the form does not show stays in the
 * document as it is, and a field left as it was is not touched, so that a record with an odd value
 * can still be corrected elsewhere. What is saved has gone through the intake, as all records. */
#ifndef NETWORK_EDIT_H
#define NETWORK_EDIT_H

#include "network/surface.h"

enum { EDIT_PHONES = 4, EDIT_DAYS = 7, EDIT_SPANS = 2 };

enum edit_input {
    EDIT_ID, EDIT_VERSION, EDIT_WHY,
    EDIT_NAME, EDIT_ALTERNATE, EDIT_DESCRIPTION, EDIT_URL, EDIT_EMAIL,
    EDIT_PHONE,                                    /* number and note of each */
    EDIT_ORGANIZATION__MAX = EDIT_PHONE + 2 * EDIT_PHONES,
    EDIT_STATUS = EDIT_ORGANIZATION__MAX,          /* services have these too */
    EDIT_ALERT, EDIT_APPLICATION, EDIT_FEES, EDIT_ELIGIBILITY, EDIT_MIN_AGE, EDIT_MAX_AGE,
    EDIT_NEEDS,
    EDIT_HOURS,
    EDIT_SERVICE__MAX = EDIT_HOURS + EDIT_DAYS * EDIT_SPANS,
    EDIT__MAX = EDIT_SERVICE__MAX,
};
_Static_assert((int)EDIT__MAX <= (int)WEB_INPUTS_MAX, "the form fits a route");

extern const struct web_input edit_inputs[EDIT__MAX];
extern const char *const edit_statuses[]; /* of HSDS, in the order of the choices; ends with NULL */

struct edit_values {
    struct str v[EDIT__MAX];        /* "" for an empty field                            */
    const char *error_key[EDIT__MAX];
    size_t n_errors;
    bool hours_special;             /* recorded hours that two spans a day cannot show  */
};

struct edit_record {                /* what is being edited */
    enum network_kind kind;         /* NETWORK_SERVICE or NETWORK_ORGANIZATION */
    int64_t id, organization_id, source_id;
    struct str uid, name, doc;
};

RG_MUST_CHECK enum rg_err edit_record_open(struct rg_ctx *ctx, const struct web_request *req,
                                           enum network_kind kind,
                                           struct edit_record *ret_record);
/* The record that the request's first input names, for somebody who may change it: RG_ABSENT,
 * RG_DENIED.                                                                                 */

static inline size_t
edit_n_fields(enum network_kind kind)
{
    return kind == NETWORK_SERVICE ? EDIT_SERVICE__MAX : EDIT_ORGANIZATION__MAX;
}

const char *edit_member(enum network_kind kind, size_t field);
/* The member of the document that a plain field stands for; NULL for the others. */

RG_MUST_CHECK enum rg_err edit_values_of_doc(struct rg_ctx *ctx, const struct edit_record *record,
                                             struct edit_values *ret);
/* The form as the record fills it. */

RG_MUST_CHECK enum rg_err edit_check(struct rg_ctx *ctx, const struct edit_record *record,
                                     const struct edit_values *before, struct edit_values *now);
/* Mark every changed field that cannot be saved. */

RG_MUST_CHECK enum rg_err edit_apply(struct rg_ctx *ctx, const struct edit_record *record,
                                     const struct edit_values *before, struct edit_values *now,
                                     struct network_record *ret_record);
/* The document with the changes in it, canonical. now->n_errors > 0 when the standard refuses a
 * value; then ret_record is not set.                                                         */

/* ---- the page ---- */

struct surface_phone_fields {
    const struct web_field *number_ref, *note_ref;
};

struct surface_day_fields {
    const char *day_key, *id_first, *id_second;
    struct str first, second, error;
};

struct surface_clash {
    struct str field, theirs, yours;
};

struct surface_form {
    struct str title, action, back, version, name;
    bool service, conflict, hours_special;
    struct str conflict_who;
    const struct surface_clash *clashes;
    size_t n_clashes;
    const struct web_field_error *errors;
    size_t n_errors;
    const struct web_field *why, *record_name, *alternate, *description, *url, *email;
    const struct web_field *alert, *application, *fees, *eligibility, *min_age, *max_age, *needs;
    struct surface_phone_fields phones[EDIT_PHONES];
    struct surface_day_fields days[EDIT_DAYS];
    const struct web_option *statuses;
    size_t n_statuses;
};

struct surface_diff_row {
    struct str field;
    struct surface_texts before, after;
};

struct surface_set { /* one change set in a history */
    int64_t seq, at_s, n_changes;
    struct str who, why, undo_path;
    bool born;       /* the record came with it */
    bool may_undo;
    const struct surface_diff_row *rows;
    size_t n_rows;
};

struct surface_history {
    struct str name, back, undo_path;
    const struct surface_set *sets;
    size_t n_sets;
    struct str older; /* path of the next page, or none */
};

#endif
