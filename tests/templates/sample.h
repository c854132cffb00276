/* The little world of the golden templates. */
#ifndef RG_TESTS_SAMPLE_H
#define RG_TESTS_SAMPLE_H

#include "web/html.h"

struct sample_hour {
    const char *day;
    struct str opens;
};

struct sample_service {
    int64_t id;
    struct str name;
    const char *slug;
    struct str phone;
    const char *website;
    bool open;
    double dist_m;
    uint8_t floor;
    enum { SAMPLE_FREE, SAMPLE_PAID } price;
    struct str tone;
    const struct sample_hour *hours;
    size_t n_hours;
};

struct sample_page {
    struct str query;
    const struct sample_service *services;
    size_t n_services;
    int64_t updated_days;
    int64_t updated_s;
    int64_t n_people;
    const char *status_key;
    struct html_safe map;
};

#endif
