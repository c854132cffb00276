#include "csv_map.h"
#include "hours.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static struct rg_ctx ctx;
static const char *docs[64];
static enum hsds_type types[64];
static size_t n_docs, n_rejected;

static enum rg_err
take(void *user, struct rg_ctx *c, const struct intake_record *record)
{
    assert_true(n_docs < RG_COUNT(docs));
    types[n_docs] = record->type;
    docs[n_docs++] = rg_arena_cstr(c->arena, record->doc);
    return RG_OK;
}

static enum rg_err
hear(void *user, struct rg_ctx *c, const struct intake_problem *p)
{
    n_rejected += p->severity == INTAKE_REJECTED;
    return RG_OK;
}

static int
begin(void **state)
{
    n_docs = n_rejected = 0;
    return rg_ctx_init(&ctx, 16 << 20) == RG_OK ? 0 : -1;
}

static int
end(void **state)
{
    rg_ctx_done(&ctx);
    return 0;
}

static void
assert_guess(const char *header, const char *value, enum csv_map_field field)
{
    struct str h = str_of(header), v = str_of(value);
    struct csv_map_column column;
    csv_map_guess(&h, 1, &v, &column);
    assert_string_equal(csv_map_field_name(column.field), csv_map_field_name(field));
}

static void
headers_in_three_languages_are_recognized(void **state)
{
    assert_guess("Nome Servizio", "", CSV_MAP_NAME);
    assert_guess("ENTE_GESTORE", "", CSV_MAP_ORGANIZATION);
    assert_guess("Citt\xC3\xA0", "", CSV_MAP_COMUNE);
    assert_guess("Indirizzo (via e numero)", "", CSV_MAP_ADDRESS);
    assert_guess("e-mail", "", CSV_MAP_EMAIL);
    assert_guess("Orari di apertura", "", CSV_MAP_HOURS);
    assert_guess("lat", "", CSV_MAP_LATITUDE);
    assert_guess("Sito web", "", CSV_MAP_WEBSITE);
    assert_guess("Modalit\xC3\xA0 di accesso", "", CSV_MAP_APPLICATION);
    assert_guess("Postal code", "", CSV_MAP_POSTAL_CODE);
    assert_guess("colonna 7", "boh", CSV_MAP_KEEP);
}

static void
values_speak_where_headers_do_not(void **state)
{
    assert_guess("campo1", "info@comune.it", CSV_MAP_EMAIL);
    assert_guess("campo2", "lun-ven 9-12", CSV_MAP_HOURS);
    assert_guess("campo3", "Via Po 1", CSV_MAP_ADDRESS);
    assert_guess("campo4", "www.comune.it", CSV_MAP_WEBSITE);
}

static void
no_field_is_given_twice_and_the_surer_column_wins(void **state)
{
    const struct str headers[] = {STR("note e descrizione"), STR("descrizione"), STR("telefono"),
                                  STR("cellulare")};
    struct csv_map_column c[4];
    csv_map_guess(headers, 4, NULL, c);
    assert_int_equal(c[1].field, CSV_MAP_DESCRIPTION);
    assert_int_equal(c[1].confidence, 100);
    assert_int_not_equal(c[0].field, CSV_MAP_DESCRIPTION);
    assert_int_equal(c[2].field, CSV_MAP_PHONE);
    assert_int_equal(c[3].field, CSV_MAP_PHONE);
}

static void
a_municipal_row_becomes_four_records_and_keeps_the_rest(void **state)
{
    struct str csv = STR("Servizio;Ente;Indirizzo;Comune;Telefono;Orari;lat;lon;Referente\n"
                         "Sportello casa;Comune di Ivrea;Piazza 1;Ivrea;0125 1;"
                         "lun-ven 9-12:30 e 14-16;45,4670;7.8740;Ufficio 3\n"
                         ";Comune di Ivrea;Piazza 1;Ivrea;;;;;\n");
    struct rg_csv reader;
    struct csv_map_column columns[9];
    rg_csv_init(&reader, csv);
    assert_true(rg_csv_next(&reader));
    csv_map_guess(reader.fields, reader.n_fields, NULL, columns);
    rg_csv_done(&reader);
    struct intake_options options = {.source = STR("ivrea"), .default_country = STR("IT")};
    struct intake_sink sink = {.record = take, .problem = hear};
    struct intake_counts counts;
    assert_int_equal(csv_map_apply(&ctx, &options, "servizi.csv", csv, columns, 9, &sink,
                                   &counts), RG_OK);
    assert_int_equal(n_docs, 4);
    assert_int_equal(n_rejected, 1); /* the row without a name */
    const char *service = NULL, *location = NULL;
    for (size_t i = 0; i < n_docs; i++) {
        service = types[i] == HSDS_SERVICE ? docs[i] : service;
        location = types[i] == HSDS_LOCATION ? docs[i] : location;
    }
    assert_non_null(strstr(service, "\"opens_at\":\"14:00\",\"closes_at\":\"16:00\""));
    assert_non_null(strstr(service, "\"byday\":\"MO,TU,WE,TH,FR\""));
    assert_non_null(strstr(service, "\"Referente\":\"Ufficio 3\""));
    assert_non_null(strstr(location, "\"latitude\":45.4670,\"longitude\":7.8740"));
    assert_non_null(strstr(location, "\"country\":\"IT\""));
    for (size_t i = 0; i < 9; i++)
        columns[i].field = CSV_MAP_KEEP;
    assert_int_equal(csv_map_apply(&ctx, &options, "servizi.csv", csv, columns, 9, &sink,
                                   &counts), RG_INVALID);
}

static void
hours_of_a_cell_are_read_whole_or_not_at_all(void **state)
{
    struct hours_rule r[8];
    assert_int_equal(hours_parse_lines(STR("luned\xC3\xAC dalle 9.00 alle 12.00; "
                                           "gioved\xC3\xAC 14:00-17:30"), r, 8), 2);
    assert_int_equal(r[1].opens_min, 840);
    assert_int_equal(r[1].closes_min, 1050);
    assert_int_equal(hours_parse_lines(STR("Monday - Friday: 9am to 5pm"), r, 8), 1);
    assert_int_equal(r[0].closes_min, 1020);
    assert_int_equal(hours_parse_lines(STR("24/7"), r, 8), 1);
    assert_int_equal(hours_parse_lines(STR("lun-ven 9-12; su appuntamento"), r, 8), 0);
    assert_int_equal(hours_parse_lines(STR("lun 9-12 e 14-16"), r, 1), 0);
    assert_int_equal(hours_parse_lines(STR(""), r, 8), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headers_in_three_languages_are_recognized),
        cmocka_unit_test(values_speak_where_headers_do_not),
        cmocka_unit_test(no_field_is_given_twice_and_the_surer_column_wins),
        cmocka_unit_test_setup_teardown(a_municipal_row_becomes_four_records_and_keeps_the_rest,
                                        begin, end),
        cmocka_unit_test(hours_of_a_cell_are_read_whole_or_not_at_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
