/* The objects of HSDS 3.1 as tables: properties in the order of the schemas, what older versions
 * and exporters call them, and the files of a tabular package. Facts taken from the Human Services
 * Data Specification, an Open Referral resource (https://openreferral.org/).                 */
#include "hsds_priv.h"

static const struct hsds_property organization_properties[] = {
    {"id", HSDS_ID, HSDS_ORGANIZATION, NULL, NULL},
    {"name", HSDS_TEXT, -1, NULL, "?"},
    {"alternate_name", HSDS_TEXT, -1, NULL, NULL},
    {"description", HSDS_TEXT, -1, NULL, ""},
    {"email", HSDS_EMAIL, -1, NULL, NULL},
    {"website", HSDS_URI, -1, NULL, NULL},
    {"additional_websites", HSDS_MANY, HSDS_URL, NULL, NULL},
    {"tax_status", HSDS_TEXT, -1, NULL, NULL},
    {"tax_id", HSDS_TEXT, -1, NULL, NULL},
    {"year_incorporated", HSDS_NUMBER, -1, NULL, NULL},
    {"legal_status", HSDS_TEXT, -1, NULL, NULL},
    {"logo", HSDS_TEXT, -1, NULL, NULL},
    {"uri", HSDS_URI, -1, NULL, NULL},
    {"parent_organization_id", HSDS_ID, HSDS_ORGANIZATION, NULL, NULL},
    {"funding", HSDS_MANY, HSDS_FUNDING, NULL, NULL},
    {"contacts", HSDS_MANY, HSDS_CONTACT, NULL, NULL},
    {"phones", HSDS_MANY, HSDS_PHONE, NULL, NULL},
    {"locations", HSDS_MANY, HSDS_LOCATION, NULL, NULL},
    {"programs", HSDS_MANY, HSDS_PROGRAM, NULL, NULL},
    {"organization_identifiers", HSDS_MANY, HSDS_ORGANIZATION_IDENTIFIER, NULL, NULL},
    {"attributes", HSDS_MANY, HSDS_ATTRIBUTE, NULL, NULL},
    {"metadata", HSDS_MANY, HSDS_METADATA, NULL, NULL},
};

static const struct hsds_property service_properties[] = {
    {"id", HSDS_ID, HSDS_SERVICE, NULL, NULL},
    {"organization_id", HSDS_ID, HSDS_ORGANIZATION, NULL, NULL},
    {"program_id", HSDS_ID, HSDS_PROGRAM, NULL, NULL},
    {"name", HSDS_TEXT, -1, NULL, "?"},
    {"alternate_name", HSDS_TEXT, -1, NULL, NULL},
    {"description", HSDS_TEXT, -1, NULL, NULL},
    {"url", HSDS_URI, -1, NULL, NULL},
    {"additional_urls", HSDS_MANY, HSDS_URL, NULL, NULL},
    {"email", HSDS_EMAIL, -1, NULL, NULL},
    {"status", HSDS_CHOICE, -1, "active|inactive|defunct|temporarily closed", "active"},
    {"interpretation_services", HSDS_TEXT, -1, NULL, NULL},
    {"application_process", HSDS_TEXT, -1, NULL, NULL},
    {"fees_description", HSDS_TEXT, -1, NULL, NULL},
    {"wait_time", HSDS_TEXT, -1, NULL, NULL},
    {"fees", HSDS_TEXT, -1, NULL, NULL},
    {"accreditations", HSDS_TEXT, -1, NULL, NULL},
    {"eligibility_description", HSDS_TEXT, -1, NULL, NULL},
    {"minimum_age", HSDS_NUMBER, -1, NULL, NULL},
    {"maximum_age", HSDS_NUMBER, -1, NULL, NULL},
    {"assured_date", HSDS_TEXT, -1, NULL, NULL},
    {"assurer_email", HSDS_EMAIL, -1, NULL, NULL},
    {"licenses", HSDS_TEXT, -1, NULL, NULL},
    {"alert", HSDS_TEXT, -1, NULL, NULL},
    {"last_modified", HSDS_DATETIME, -1, NULL, NULL},
    {"phones", HSDS_MANY, HSDS_PHONE, NULL, NULL},
    {"schedules", HSDS_MANY, HSDS_SCHEDULE, NULL, NULL},
    {"service_areas", HSDS_MANY, HSDS_SERVICE_AREA, NULL, NULL},
    {"service_at_locations", HSDS_MANY, HSDS_SERVICE_AT_LOCATION, NULL, NULL},
    {"languages", HSDS_MANY, HSDS_LANGUAGE, NULL, NULL},
    {"organization", HSDS_ONE, HSDS_ORGANIZATION, NULL, NULL},
    {"funding", HSDS_MANY, HSDS_FUNDING, NULL, NULL},
    {"cost_options", HSDS_MANY, HSDS_COST_OPTION, NULL, NULL},
    {"program", HSDS_ONE, HSDS_PROGRAM, NULL, NULL},
    {"required_documents", HSDS_MANY, HSDS_REQUIRED_DOCUMENT, NULL, NULL},
    {"contacts", HSDS_MANY, HSDS_CONTACT, NULL, NULL},
    {"capacities", HSDS_MANY, HSDS_SERVICE_CAPACITY, NULL, NULL},
    {"attributes", HSDS_MANY, HSDS_ATTRIBUTE, NULL, NULL},
    {"metadata", HSDS_MANY, HSDS_METADATA, NULL, NULL},
};

static const struct hsds_property location_properties[] = {
    {"id", HSDS_ID, HSDS_LOCATION, NULL, NULL},
    {"location_type", HSDS_CHOICE, -1, "physical|postal|virtual", "physical"},
    {"url", HSDS_URI, -1, NULL, NULL},
    {"organization_id", HSDS_ID, HSDS_ORGANIZATION, NULL, NULL},
    {"name", HSDS_TEXT, -1, NULL, NULL},
    {"alternate_name", HSDS_TEXT, -1, NULL, NULL},
    {"description", HSDS_TEXT, -1, NULL, NULL},
    {"transportation", HSDS_TEXT, -1, NULL, NULL},
    {"latitude", HSDS_NUMBER, -1, NULL, NULL},
    {"longitude", HSDS_NUMBER, -1, NULL, NULL},
    {"external_identifier", HSDS_TEXT, -1, NULL, NULL},
    {"external_identifier_type", HSDS_TEXT, -1, NULL, NULL},
    {"languages", HSDS_MANY, HSDS_LANGUAGE, NULL, NULL},
    {"addresses", HSDS_MANY, HSDS_ADDRESS, NULL, NULL},
    {"contacts", HSDS_MANY, HSDS_CONTACT, NULL, NULL},
    {"accessibility", HSDS_MANY, HSDS_ACCESSIBILITY, NULL, NULL},
    {"phones", HSDS_MANY, HSDS_PHONE, NULL, NULL},
    {"schedules", HSDS_MANY, HSDS_SCHEDULE, NULL, NULL},
    {"attributes", HSDS_MANY, HSDS_ATTRIBUTE, NULL, NULL},
    {"metadata", HSDS_MANY, HSDS_METADATA, NULL, NULL},
};

static const struct hsds_property service_at_location_properties[] = {
    {"id", HSDS_ID, HSDS_SERVICE_AT_LOCATION, NULL, NULL},
    {"service_id", HSDS_ID, HSDS_SERVICE, NULL, NULL},
    {"location_id", HSDS_ID, HSDS_LOCATION, NULL, NULL},
    {"description", HSDS_TEXT, -1, NULL, NULL},
    {"service_areas", HSDS_MANY, HSDS_SERVICE_AREA, NULL, NULL},
    {"contacts", HSDS_MANY, HSDS_CONTACT, NULL, NULL},
    {"phones", HSDS_MANY, HSDS_PHONE, NULL, NULL},
    {"schedules", HSDS_MANY, HSDS_SCHEDULE, NULL, NULL},
    {"location", HSDS_ONE, HSDS_LOCATION, NULL, NULL},
    {"attributes", HSDS_MANY, HSDS_ATTRIBUTE, NULL, NULL},
    {"metadata", HSDS_MANY, HSDS_METADATA, NULL, NULL},
};

static const struct hsds_property program_properties[] = {
    {"id", HSDS_ID, HSDS_PROGRAM, NULL, NULL},
    {"organization_id", HSDS_ID, HSDS_ORGANIZATION, NULL, NULL},
    {"name", HSDS_TEXT, -1, NULL, "?"},
    {"alternate_name", HSDS_TEXT, -1, NULL, NULL},
    {"description", HSDS_TEXT, -1, NULL, ""},
    {"attributes", HSDS_MANY, HSDS_ATTRIBUTE, NULL, NULL},
    {"metadata", HSDS_MANY, HSDS_METADATA, NULL, NULL},
};

static const struct hsds_property taxonomy_properties[] = {
    {"id", HSDS_ID, HSDS_TAXONOMY, NULL, NULL},
    {"name", HSDS_TEXT, -1, NULL, "?"},
    {"description", HSDS_TEXT, -1, NULL, ""},
    {"uri", HSDS_URI, -1, NULL, NULL},
    {"version", HSDS_TEXT, -1, NULL, NULL},
    {"metadata", HSDS_MANY, HSDS_METADATA, NULL, NULL},
};

static const struct hsds_property taxonomy_term_properties[] = {
    {"id", HSDS_ID, HSDS_TAXONOMY_TERM, NULL, NULL},
    {"code", HSDS_TEXT, -1, NULL, NULL},
    {"name", HSDS_TEXT, -1, NULL, "?"},
    {"description", HSDS_TEXT, -1, NULL, ""},
    {"parent_id", HSDS_ID, HSDS_TAXONOMY_TERM, NULL, NULL},
    {"taxonomy", HSDS_TEXT, -1, NULL, NULL},
    {"taxonomy_detail", HSDS_ONE, HSDS_TAXONOMY, NULL, NULL},
    {"language", HSDS_TEXT, -1, NULL, NULL},
    {"taxonomy_id", HSDS_ID, HSDS_TAXONOMY, NULL, NULL},
    {"term_uri", HSDS_URI, -1, NULL, NULL},
    {"metadata", HSDS_MANY, HSDS_METADATA, NULL, NULL},
};

static const struct hsds_property meta_table_description_properties[] = {
    {"id", HSDS_ID, HSDS_META_TABLE_DESCRIPTION, NULL, NULL},
    {"name", HSDS_TEXT, -1, NULL, NULL},
    {"language", HSDS_TEXT, -1, NULL, NULL},
    {"character_set", HSDS_TEXT, -1, NULL, NULL},
    {"attributes", HSDS_MANY, HSDS_ATTRIBUTE, NULL, NULL},
    {"metadata", HSDS_MANY, HSDS_METADATA, NULL, NULL},
};

static const struct hsds_property address_properties[] = {
    {"id", HSDS_ID, HSDS_ADDRESS, NULL, NULL},
    {"location_id", HSDS_ID, HSDS_LOCATION, NULL, NULL},
    {"attention", HSDS_TEXT, -1, NULL, NULL},
    {"address_1", HSDS_TEXT, -1, NULL, ""},
    {"address_2", HSDS_TEXT, -1, NULL, NULL},
    {"city", HSDS_TEXT, -1, NULL, ""},
    {"region", HSDS_TEXT, -1, NULL, NULL},
    {"state_province", HSDS_TEXT, -1, NULL, ""},
    {"postal_code", HSDS_TEXT, -1, NULL, ""},
    {"country", HSDS_TEXT, -1, NULL, ""},
    {"address_type", HSDS_CHOICE, -1, "physical|postal|virtual", "physical"},
    {"attributes", HSDS_MANY, HSDS_ATTRIBUTE, NULL, NULL},
    {"metadata", HSDS_MANY, HSDS_METADATA, NULL, NULL},
};

static const struct hsds_property phone_properties[] = {
    {"id", HSDS_ID, HSDS_PHONE, NULL, NULL},
    {"location_id", HSDS_ID, HSDS_LOCATION, NULL, NULL},
    {"service_id", HSDS_ID, HSDS_SERVICE, NULL, NULL},
    {"organization_id", HSDS_ID, HSDS_ORGANIZATION, NULL, NULL},
    {"contact_id", HSDS_ID, HSDS_CONTACT, NULL, NULL},
    {"service_at_location_id", HSDS_ID, HSDS_SERVICE_AT_LOCATION, NULL, NULL},
    {"number", HSDS_TEXT, -1, NULL, "?"},
    {"extension", HSDS_NUMBER, -1, NULL, NULL},
    {"type", HSDS_TEXT, -1, NULL, NULL},
    {"description", HSDS_TEXT, -1, NULL, NULL},
    {"languages", HSDS_MANY, HSDS_LANGUAGE, NULL, NULL},
    {"attributes", HSDS_MANY, HSDS_ATTRIBUTE, NULL, NULL},
    {"metadata", HSDS_MANY, HSDS_METADATA, NULL, NULL},
};

static const struct hsds_property contact_properties[] = {
    {"id", HSDS_ID, HSDS_CONTACT, NULL, NULL},
    {"organization_id", HSDS_ID, HSDS_ORGANIZATION, NULL, NULL},
    {"service_id", HSDS_ID, HSDS_SERVICE, NULL, NULL},
    {"service_at_location_id", HSDS_ID, HSDS_SERVICE_AT_LOCATION, NULL, NULL},
    {"location_id", HSDS_ID, HSDS_LOCATION, NULL, NULL},
    {"name", HSDS_TEXT, -1, NULL, NULL},
    {"title", HSDS_TEXT, -1, NULL, NULL},
    {"department", HSDS_TEXT, -1, NULL, NULL},
    {"email", HSDS_EMAIL, -1, NULL, NULL},
    {"phones", HSDS_MANY, HSDS_PHONE, NULL, NULL},
    {"attributes", HSDS_MANY, HSDS_ATTRIBUTE, NULL, NULL},
    {"metadata", HSDS_MANY, HSDS_METADATA, NULL, NULL},
};

static const struct hsds_property schedule_properties[] = {
    {"id", HSDS_ID, HSDS_SCHEDULE, NULL, NULL},
    {"service_id", HSDS_ID, HSDS_SERVICE, NULL, NULL},
    {"location_id", HSDS_ID, HSDS_LOCATION, NULL, NULL},
    {"service_at_location_id", HSDS_ID, HSDS_SERVICE_AT_LOCATION, NULL, NULL},
    {"valid_from", HSDS_TEXT, -1, NULL, NULL},
    {"valid_to", HSDS_TEXT, -1, NULL, NULL},
    {"dtstart", HSDS_TEXT, -1, NULL, NULL},
    {"timezone", HSDS_NUMBER, -1, NULL, NULL},
    {"until", HSDS_TEXT, -1, NULL, NULL},
    {"count", HSDS_NUMBER, -1, NULL, NULL},
    {"wkst", HSDS_CHOICE, -1, "MO|TU|WE|TH|FR|SA|SU", NULL},
    {"freq", HSDS_CHOICE, -1, "WEEKLY|MONTHLY", NULL},
    {"interval", HSDS_NUMBER, -1, NULL, NULL},
    {"byday", HSDS_TEXT, -1, NULL, NULL},
    {"byweekno", HSDS_TEXT, -1, NULL, NULL},
    {"bymonthday", HSDS_TEXT, -1, NULL, NULL},
    {"byyearday", HSDS_TEXT, -1, NULL, NULL},
    {"description", HSDS_TEXT, -1, NULL, NULL},
    {"opens_at", HSDS_TEXT, -1, NULL, NULL},
    {"closes_at", HSDS_TEXT, -1, NULL, NULL},
    {"schedule_link", HSDS_URI, -1, NULL, NULL},
    {"attending_type", HSDS_TEXT, -1, NULL, NULL},
    {"notes", HSDS_TEXT, -1, NULL, NULL},
    {"attributes", HSDS_MANY, HSDS_ATTRIBUTE, NULL, NULL},
    {"metadata", HSDS_MANY, HSDS_METADATA, NULL, NULL},
};

static const struct hsds_property service_area_properties[] = {
    {"id", HSDS_ID, HSDS_SERVICE_AREA, NULL, NULL},
    {"service_id", HSDS_ID, HSDS_SERVICE, NULL, NULL},
    {"service_at_location_id", HSDS_ID, HSDS_SERVICE_AT_LOCATION, NULL, NULL},
    {"name", HSDS_TEXT, -1, NULL, NULL},
    {"description", HSDS_TEXT, -1, NULL, NULL},
    {"extent", HSDS_TEXT, -1, NULL, NULL},
    {"extent_type", HSDS_TEXT, -1, NULL, NULL},
    {"uri", HSDS_TEXT, -1, NULL, NULL},
    {"attributes", HSDS_MANY, HSDS_ATTRIBUTE, NULL, NULL},
    {"metadata", HSDS_MANY, HSDS_METADATA, NULL, NULL},
};

static const struct hsds_property language_properties[] = {
    {"id", HSDS_ID, HSDS_LANGUAGE, NULL, NULL},
    {"service_id", HSDS_ID, HSDS_SERVICE, NULL, NULL},
    {"location_id", HSDS_ID, HSDS_LOCATION, NULL, NULL},
    {"phone_id", HSDS_ID, HSDS_PHONE, NULL, NULL},
    {"name", HSDS_TEXT, -1, NULL, NULL},
    {"code", HSDS_TEXT, -1, NULL, NULL},
    {"note", HSDS_TEXT, -1, NULL, NULL},
    {"attributes", HSDS_MANY, HSDS_ATTRIBUTE, NULL, NULL},
    {"metadata", HSDS_MANY, HSDS_METADATA, NULL, NULL},
};

static const struct hsds_property accessibility_properties[] = {
    {"id", HSDS_ID, HSDS_ACCESSIBILITY, NULL, NULL},
    {"location_id", HSDS_ID, HSDS_LOCATION, NULL, NULL},
    {"description", HSDS_TEXT, -1, NULL, NULL},
    {"details", HSDS_TEXT, -1, NULL, NULL},
    {"url", HSDS_URI, -1, NULL, NULL},
    {"attributes", HSDS_MANY, HSDS_ATTRIBUTE, NULL, NULL},
    {"metadata", HSDS_MANY, HSDS_METADATA, NULL, NULL},
};

static const struct hsds_property funding_properties[] = {
    {"id", HSDS_ID, HSDS_FUNDING, NULL, NULL},
    {"organization_id", HSDS_ID, HSDS_ORGANIZATION, NULL, NULL},
    {"service_id", HSDS_ID, HSDS_SERVICE, NULL, NULL},
    {"source", HSDS_TEXT, -1, NULL, NULL},
    {"attributes", HSDS_MANY, HSDS_ATTRIBUTE, NULL, NULL},
    {"metadata", HSDS_MANY, HSDS_METADATA, NULL, NULL},
};

static const struct hsds_property cost_option_properties[] = {
    {"id", HSDS_ID, HSDS_COST_OPTION, NULL, NULL},
    {"service_id", HSDS_ID, HSDS_SERVICE, NULL, NULL},
    {"valid_from", HSDS_TEXT, -1, NULL, NULL},
    {"valid_to", HSDS_TEXT, -1, NULL, NULL},
    {"option", HSDS_TEXT, -1, NULL, NULL},
    {"currency", HSDS_TEXT, -1, NULL, NULL},
    {"amount", HSDS_NUMBER, -1, NULL, NULL},
    {"amount_description", HSDS_TEXT, -1, NULL, NULL},
    {"attributes", HSDS_MANY, HSDS_ATTRIBUTE, NULL, NULL},
    {"metadata", HSDS_MANY, HSDS_METADATA, NULL, NULL},
};

static const struct hsds_property required_document_properties[] = {
    {"id", HSDS_ID, HSDS_REQUIRED_DOCUMENT, NULL, NULL},
    {"service_id", HSDS_ID, HSDS_SERVICE, NULL, NULL},
    {"document", HSDS_TEXT, -1, NULL, NULL},
    {"uri", HSDS_URI, -1, NULL, NULL},
    {"attributes", HSDS_MANY, HSDS_ATTRIBUTE, NULL, NULL},
    {"metadata", HSDS_MANY, HSDS_METADATA, NULL, NULL},
};

static const struct hsds_property organization_identifier_properties[] = {
    {"id", HSDS_ID, HSDS_ORGANIZATION_IDENTIFIER, NULL, NULL},
    {"organization_id", HSDS_ID, HSDS_ORGANIZATION, NULL, NULL},
    {"identifier_scheme", HSDS_TEXT, -1, NULL, NULL},
    {"identifier_type", HSDS_TEXT, -1, NULL, ""},
    {"identifier", HSDS_TEXT, -1, NULL, ""},
    {"attributes", HSDS_MANY, HSDS_ATTRIBUTE, NULL, NULL},
    {"metadata", HSDS_MANY, HSDS_METADATA, NULL, NULL},
};

static const struct hsds_property attribute_properties[] = {
    {"id", HSDS_ID, HSDS_ATTRIBUTE, NULL, NULL},
    {"link_id", HSDS_ID, -1, NULL, NULL},
    {"taxonomy_term_id", HSDS_ID, HSDS_TAXONOMY_TERM, NULL, NULL},
    {"link_type", HSDS_TEXT, -1, NULL, NULL},
    {"link_entity", HSDS_TEXT, -1, NULL, NULL},
    {"value", HSDS_TEXT, -1, NULL, NULL},
    {"taxonomy_term", HSDS_ONE, HSDS_TAXONOMY_TERM, NULL, NULL},
    {"metadata", HSDS_MANY, HSDS_METADATA, NULL, NULL},
    {"label", HSDS_TEXT, -1, NULL, NULL},
};

static const struct hsds_property unit_properties[] = {
    {"id", HSDS_ID, HSDS_UNIT, NULL, NULL},
    {"name", HSDS_TEXT, -1, NULL, "?"},
    {"scheme", HSDS_TEXT, -1, NULL, NULL},
    {"identifier", HSDS_TEXT, -1, NULL, NULL},
    {"uri", HSDS_URI, -1, NULL, NULL},
    {"attributes", HSDS_MANY, HSDS_ATTRIBUTE, NULL, NULL},
    {"metadata", HSDS_MANY, HSDS_METADATA, NULL, NULL},
};

static const struct hsds_property service_capacity_properties[] = {
    {"id", HSDS_ID, HSDS_SERVICE_CAPACITY, NULL, NULL},
    {"service_id", HSDS_ID, HSDS_SERVICE, NULL, NULL},
    {"unit", HSDS_ONE, HSDS_UNIT, NULL, "?"},
    {"unit_id", HSDS_ID, HSDS_UNIT, NULL, NULL},
    {"available", HSDS_NUMBER, -1, NULL, "?"},
    {"maximum", HSDS_NUMBER, -1, NULL, NULL},
    {"description", HSDS_TEXT, -1, NULL, NULL},
    {"updated", HSDS_DATETIME, -1, NULL, "?"},
    {"attributes", HSDS_MANY, HSDS_ATTRIBUTE, NULL, NULL},
    {"metadata", HSDS_MANY, HSDS_METADATA, NULL, NULL},
};

static const struct hsds_property url_properties[] = {
    {"id", HSDS_ID, HSDS_URL, NULL, NULL},
    {"label", HSDS_TEXT, -1, NULL, NULL},
    {"url", HSDS_URI, -1, NULL, "?"},
    {"organization_id", HSDS_ID, HSDS_ORGANIZATION, NULL, NULL},
    {"service_id", HSDS_ID, HSDS_SERVICE, NULL, NULL},
    {"attributes", HSDS_MANY, HSDS_ATTRIBUTE, NULL, NULL},
    {"metadata", HSDS_MANY, HSDS_METADATA, NULL, NULL},
};

static const struct hsds_property metadata_properties[] = {
    {"id", HSDS_ID, HSDS_METADATA, NULL, NULL},
    {"resource_id", HSDS_ID, -1, NULL, NULL},
    {"resource_type", HSDS_TEXT, -1, NULL, NULL},
    {"last_action_date", HSDS_TEXT, -1, NULL, "?"},
    {"last_action_type", HSDS_TEXT, -1, NULL, "?"},
    {"field_name", HSDS_TEXT, -1, NULL, "?"},
    {"previous_value", HSDS_TEXT, -1, NULL, "?"},
    {"replacement_value", HSDS_TEXT, -1, NULL, "?"},
    {"updated_by", HSDS_TEXT, -1, NULL, "?"},
};

const struct hsds_model hsds_models[HSDS_TYPE__MAX] = {
    [HSDS_ORGANIZATION] = {"organization", "organizations", NULL,
        organization_properties, RG_COUNT(organization_properties)},
    [HSDS_SERVICE] = {"service", "services", NULL,
        service_properties, RG_COUNT(service_properties)},
    [HSDS_LOCATION] = {"location", "locations", NULL,
        location_properties, RG_COUNT(location_properties)},
    [HSDS_SERVICE_AT_LOCATION] = {"service_at_location", "service_at_location", NULL,
        service_at_location_properties, RG_COUNT(service_at_location_properties)},
    [HSDS_PROGRAM] = {"program", "programs", NULL,
        program_properties, RG_COUNT(program_properties)},
    [HSDS_TAXONOMY] = {"taxonomy", "taxonomies", NULL,
        taxonomy_properties, RG_COUNT(taxonomy_properties)},
    [HSDS_TAXONOMY_TERM] = {"taxonomy_term", "taxonomy_terms", "name",
        taxonomy_term_properties, RG_COUNT(taxonomy_term_properties)},
    [HSDS_META_TABLE_DESCRIPTION] = {"meta_table_description", "meta_table_descriptions", NULL,
        meta_table_description_properties, RG_COUNT(meta_table_description_properties)},
    [HSDS_ADDRESS] = {"address", "addresses", "address_1",
        address_properties, RG_COUNT(address_properties)},
    [HSDS_PHONE] = {"phone", "phones", "number",
        phone_properties, RG_COUNT(phone_properties)},
    [HSDS_CONTACT] = {"contact", "contacts", "name",
        contact_properties, RG_COUNT(contact_properties)},
    [HSDS_SCHEDULE] = {"schedule", "schedules", "description",
        schedule_properties, RG_COUNT(schedule_properties)},
    [HSDS_SERVICE_AREA] = {"service_area", "service_areas", "name",
        service_area_properties, RG_COUNT(service_area_properties)},
    [HSDS_LANGUAGE] = {"language", "languages", "name",
        language_properties, RG_COUNT(language_properties)},
    [HSDS_ACCESSIBILITY] = {"accessibility", "accessibility", "description",
        accessibility_properties, RG_COUNT(accessibility_properties)},
    [HSDS_FUNDING] = {"funding", "funding", "source",
        funding_properties, RG_COUNT(funding_properties)},
    [HSDS_COST_OPTION] = {"cost_option", "cost_options", "option",
        cost_option_properties, RG_COUNT(cost_option_properties)},
    [HSDS_REQUIRED_DOCUMENT] = {"required_document", "required_documents", "document",
        required_document_properties, RG_COUNT(required_document_properties)},
    [HSDS_ORGANIZATION_IDENTIFIER] = {"organization_identifier", "organization_identifiers",
        "identifier",
        organization_identifier_properties, RG_COUNT(organization_identifier_properties)},
    [HSDS_ATTRIBUTE] = {"attribute", "attributes", NULL,
        attribute_properties, RG_COUNT(attribute_properties)},
    [HSDS_UNIT] = {"unit", "units", "name",
        unit_properties, RG_COUNT(unit_properties)},
    [HSDS_SERVICE_CAPACITY] = {"service_capacity", "service_capacity", NULL,
        service_capacity_properties, RG_COUNT(service_capacity_properties)},
    [HSDS_URL] = {"url", "url", "url",
        url_properties, RG_COUNT(url_properties)},
    [HSDS_METADATA] = {"metadata", "metadata", NULL,
        metadata_properties, RG_COUNT(metadata_properties)},
};

/* Older or foreign names. A name maps only where the 3.1 name is not itself given. */
static const struct {
    enum hsds_type type;
    const char *from, *to;
} aliases[] = {
    {HSDS_ORGANIZATION, "url", "website"},
    {HSDS_ORGANIZATION, "urls", "website"},
    {HSDS_ORGANIZATION, "organization_name", "name"},
    {HSDS_ORGANIZATION, "organization_description", "description"},
    {HSDS_ORGANIZATION, "organization_url", "website"},
    {HSDS_ORGANIZATION, "identifiers", "organization_identifiers"},
    {HSDS_ORGANIZATION, "alternate_names", "alternate_name"},
    {HSDS_ORGANIZATION, "alternateName", "alternate_name"},
    {HSDS_ORGANIZATION, "logo_url", "logo"},
    {HSDS_ORGANIZATION, "phone", "phones"},
    {HSDS_ORGANIZATION, "emails", "email"},
    {HSDS_ORGANIZATION, "email_addresses", "email"},
    {HSDS_ORGANIZATION, "contact", "contacts"},
    {HSDS_SERVICE, "service_recordid", "id"},
    {HSDS_SERVICE, "service_id", "id"},
    {HSDS_SERVICE, "service_name", "name"},
    {HSDS_SERVICE, "service_alternate_name", "alternate_name"},
    {HSDS_SERVICE, "alternate_names", "alternate_name"},
    {HSDS_SERVICE, "service_organization", "organization_id"},
    {HSDS_SERVICE, "service_description", "description"},
    {HSDS_SERVICE, "service_url", "url"},
    {HSDS_SERVICE, "urls", "url"},
    {HSDS_SERVICE, "website", "url"},
    {HSDS_SERVICE, "emails", "email"},
    {HSDS_SERVICE, "email_addresses", "email"},
    {HSDS_SERVICE, "service_email", "email"},
    {HSDS_SERVICE, "service_status", "status"},
    {HSDS_SERVICE, "service_application_process", "application_process"},
    {HSDS_SERVICE, "service_wait_time", "wait_time"},
    {HSDS_SERVICE, "service_fees", "fees_description"},
    {HSDS_SERVICE, "fees", "fees_description"},
    {HSDS_SERVICE, "service_accreditations", "accreditations"},
    {HSDS_SERVICE, "service_licenses", "licenses"},
    {HSDS_SERVICE, "service_program", "program_id"},
    {HSDS_SERVICE, "eligibility", "eligibility_description"},
    {HSDS_SERVICE, "eligibility_requirements", "eligibility_description"},
    {HSDS_SERVICE, "schedule", "schedules"},
    {HSDS_SERVICE, "regular_schedule", "schedules"},
    {HSDS_SERVICE, "regular_schedules", "schedules"},
    {HSDS_SERVICE, "hours", "schedules"},
    {HSDS_SERVICE, "phone", "phones"},
    {HSDS_SERVICE, "contact", "contacts"},
    {HSDS_SERVICE, "service_area", "service_areas"},
    {HSDS_SERVICE, "service_attributes", "attributes"},
    {HSDS_SERVICE, "service_taxonomies", "attributes"},
    {HSDS_SERVICE, "taxonomy_terms", "attributes"},
    {HSDS_SERVICE, "eligibilities", "eligibility_description"},
    {HSDS_SERVICE, "interpretation", "interpretation_services"},
    {HSDS_LOCATION, "location_name", "name"},
    {HSDS_LOCATION, "address", "addresses"},
    {HSDS_LOCATION, "physical_addresses", "addresses"},
    {HSDS_LOCATION, "physical_address", "addresses"},
    {HSDS_LOCATION, "schedule", "schedules"},
    {HSDS_LOCATION, "regular_schedule", "schedules"},
    {HSDS_LOCATION, "hours", "schedules"},
    {HSDS_LOCATION, "phone", "phones"},
    {HSDS_LOCATION, "contact", "contacts"},
    {HSDS_LOCATION, "alternate_names", "alternate_name"},
    {HSDS_LOCATION, "lat", "latitude"},
    {HSDS_LOCATION, "lon", "longitude"},
    {HSDS_LOCATION, "lng", "longitude"},
    {HSDS_LOCATION, "accessibility_for_disabilities", "accessibility"},
    {HSDS_LOCATION, "type", "location_type"},
    {HSDS_LOCATION, "urls", "url"},
    {HSDS_SERVICE_AT_LOCATION, "schedule", "schedules"},
    {HSDS_SERVICE_AT_LOCATION, "regular_schedule", "schedules"},
    {HSDS_SERVICE_AT_LOCATION, "phone", "phones"},
    {HSDS_SERVICE_AT_LOCATION, "service_area", "service_areas"},
    {HSDS_TAXONOMY, "taxonomy_type_recordid", "id"},
    {HSDS_TAXONOMY, "notes", "description"},
    {HSDS_TAXONOMY, "reference_url", "uri"},
    {HSDS_TAXONOMY_TERM, "taxonomy_recordid", "id"},
    {HSDS_TAXONOMY_TERM, "taxonomy_name", "name"},
    {HSDS_TAXONOMY_TERM, "term", "name"},
    {HSDS_TAXONOMY_TERM, "vocabulary", "taxonomy"},
    {HSDS_TAXONOMY_TERM, "taxonomy_parent_name", "parent_id"},
    {HSDS_TAXONOMY_TERM, "taxonomy_x_description", "description"},
    {HSDS_ADDRESS, "street", "address_1"},
    {HSDS_ADDRESS, "street1", "address_1"},
    {HSDS_ADDRESS, "street_1", "address_1"},
    {HSDS_ADDRESS, "street2", "address_2"},
    {HSDS_ADDRESS, "street_address", "address_1"},
    {HSDS_ADDRESS, "street_address_1", "address_1"},
    {HSDS_ADDRESS, "street_address_2", "address_2"},
    {HSDS_ADDRESS, "line1", "address_1"},
    {HSDS_ADDRESS, "line2", "address_2"},
    {HSDS_ADDRESS, "line_1", "address_1"},
    {HSDS_ADDRESS, "line_2", "address_2"},
    {HSDS_ADDRESS, "address_lines", "address_1"},
    {HSDS_ADDRESS, "zip", "postal_code"},
    {HSDS_ADDRESS, "zip_code", "postal_code"},
    {HSDS_ADDRESS, "state", "state_province"},
    {HSDS_ADDRESS, "type", "address_type"},
    {HSDS_PHONE, "phone_number", "number"},
    {HSDS_PHONE, "phone", "number"},
    {HSDS_PHONE, "phone_type", "type"},
    {HSDS_PHONE, "department", "description"},
    {HSDS_CONTACT, "phone", "phones"},
    {HSDS_CONTACT, "phone_numbers", "phones"},
    {HSDS_CONTACT, "role", "title"},
    {HSDS_SCHEDULE, "weekday", "byday"},
    {HSDS_SCHEDULE, "days", "byday"},
    {HSDS_SCHEDULE, "day", "byday"},
    {HSDS_SCHEDULE, "day_of_week", "byday"},
    {HSDS_SCHEDULE, "days_of_week", "byday"},
    {HSDS_SCHEDULE, "byweekday", "byday"},
    {HSDS_SCHEDULE, "opens", "opens_at"},
    {HSDS_SCHEDULE, "open", "opens_at"},
    {HSDS_SCHEDULE, "start_time", "opens_at"},
    {HSDS_SCHEDULE, "open_time", "opens_at"},
    {HSDS_SCHEDULE, "opening_time", "opens_at"},
    {HSDS_SCHEDULE, "time_open", "opens_at"},
    {HSDS_SCHEDULE, "time_start", "opens_at"},
    {HSDS_SCHEDULE, "start", "opens_at"},
    {HSDS_SCHEDULE, "closes", "closes_at"},
    {HSDS_SCHEDULE, "close", "closes_at"},
    {HSDS_SCHEDULE, "end_time", "closes_at"},
    {HSDS_SCHEDULE, "close_time", "closes_at"},
    {HSDS_SCHEDULE, "closing_time", "closes_at"},
    {HSDS_SCHEDULE, "time_close", "closes_at"},
    {HSDS_SCHEDULE, "time_end", "closes_at"},
    {HSDS_SCHEDULE, "end", "closes_at"},
    {HSDS_SCHEDULE, "start_date", "valid_from"},
    {HSDS_SCHEDULE, "end_date", "valid_to"},
    {HSDS_SCHEDULE, "day_of_month", "bymonthday"},
    {HSDS_SCHEDULE, "month_day", "bymonthday"},
    {HSDS_SERVICE_AREA, "service_area", "name"},
    {HSDS_SERVICE_AREA, "area", "name"},
    {HSDS_LANGUAGE, "language", "name"},
    {HSDS_LANGUAGE, "language_code", "code"},
    {HSDS_ACCESSIBILITY, "accessibility", "description"},
    {HSDS_ATTRIBUTE, "taxonomy_id", "taxonomy_term_id"},
    {HSDS_ATTRIBUTE, "attribute_value", "value"},
    {HSDS_COST_OPTION, "cost", "amount"},
    {HSDS_REQUIRED_DOCUMENT, "name", "document"},
    {HSDS_URL, "link", "url"},
};

/* Names of files without ".csv", and of the arrays of bundles. */
static const struct {
    const char *name;
    enum hsds_type type;
} files[] = {
    {"organizations", HSDS_ORGANIZATION},
    {"organization", HSDS_ORGANIZATION},
    {"services", HSDS_SERVICE},
    {"service", HSDS_SERVICE},
    {"locations", HSDS_LOCATION},
    {"location", HSDS_LOCATION},
    {"service_at_location", HSDS_SERVICE_AT_LOCATION},
    {"service_at_locations", HSDS_SERVICE_AT_LOCATION},
    {"services_at_location", HSDS_SERVICE_AT_LOCATION},
    {"services_at_locations", HSDS_SERVICE_AT_LOCATION},
    {"programs", HSDS_PROGRAM},
    {"program", HSDS_PROGRAM},
    {"taxonomies", HSDS_TAXONOMY},
    {"taxonomy_types", HSDS_TAXONOMY},
    {"taxonomy", HSDS_TAXONOMY_TERM},
    {"taxonomy_terms", HSDS_TAXONOMY_TERM},
    {"taxonomy_term", HSDS_TAXONOMY_TERM},
    {"meta_table_descriptions", HSDS_META_TABLE_DESCRIPTION},
    {"meta_table_description", HSDS_META_TABLE_DESCRIPTION},
    {"addresses", HSDS_ADDRESS},
    {"physical_addresses", HSDS_ADDRESS},
    {"postal_addresses", HSDS_ADDRESS},
    {"phones", HSDS_PHONE},
    {"phone", HSDS_PHONE},
    {"contacts", HSDS_CONTACT},
    {"contact", HSDS_CONTACT},
    {"schedules", HSDS_SCHEDULE},
    {"schedule", HSDS_SCHEDULE},
    {"regular_schedules", HSDS_SCHEDULE},
    {"regular_schedule", HSDS_SCHEDULE},
    {"holiday_schedules", HSDS_SCHEDULE},
    {"holiday_schedule", HSDS_SCHEDULE},
    {"service_areas", HSDS_SERVICE_AREA},
    {"service_area", HSDS_SERVICE_AREA},
    {"languages", HSDS_LANGUAGE},
    {"language", HSDS_LANGUAGE},
    {"accessibility", HSDS_ACCESSIBILITY},
    {"accessibility_for_disabilities", HSDS_ACCESSIBILITY},
    {"funding", HSDS_FUNDING},
    {"fundings", HSDS_FUNDING},
    {"cost_options", HSDS_COST_OPTION},
    {"cost_option", HSDS_COST_OPTION},
    {"required_documents", HSDS_REQUIRED_DOCUMENT},
    {"required_document", HSDS_REQUIRED_DOCUMENT},
    {"organization_identifiers", HSDS_ORGANIZATION_IDENTIFIER},
    {"organization_identifier", HSDS_ORGANIZATION_IDENTIFIER},
    {"attributes", HSDS_ATTRIBUTE},
    {"attribute", HSDS_ATTRIBUTE},
    {"service_attributes", HSDS_ATTRIBUTE},
    {"service_taxonomy", HSDS_ATTRIBUTE},
    {"services_taxonomy", HSDS_ATTRIBUTE},
    {"units", HSDS_UNIT},
    {"unit", HSDS_UNIT},
    {"service_capacity", HSDS_SERVICE_CAPACITY},
    {"service_capacities", HSDS_SERVICE_CAPACITY},
    {"capacities", HSDS_SERVICE_CAPACITY},
    {"url", HSDS_URL},
    {"urls", HSDS_URL},
    {"metadata", HSDS_METADATA},
};

const char *
hsds_type_name(enum hsds_type type)
{
    return hsds_models[type].name;
}

static bool
may_have(enum hsds_type owner, enum hsds_type child)
{
    for (size_t i = 0; i < hsds_models[owner].n; i++) {
        const struct hsds_property *p = &hsds_models[owner].properties[i];
        if (!hsds_is_column(p) && p->type == (int)child)
            return true;
    }
    return false;
}

const char *
hsds_owner_column(enum hsds_type owner, enum hsds_type child)
{
    if (child == HSDS_ATTRIBUTE || child == HSDS_METADATA)
        return child == HSDS_ATTRIBUTE ? "link_id" : "resource_id";
    for (size_t i = 0; i < hsds_models[child].n; i++) {
        const struct hsds_property *p = &hsds_models[child].properties[i];
        if (p->form == HSDS_ID && p->type == (int)owner && may_have(owner, child))
            return p->name;
    }
    return NULL;
}

bool
hsds_is_owner_column(enum hsds_type type, const struct hsds_property *p)
{
    if (type == HSDS_ATTRIBUTE || type == HSDS_METADATA)
        return str_starts(str_of(p->name), STR("link_")) ||
               str_starts(str_of(p->name), STR("resource_"));
    if (type < HSDS_AGGREGATE__MAX || p->form != HSDS_ID || p->type < 0 ||
        p->type == (int)type)
        return false;
    return may_have((enum hsds_type)p->type, type) || p->type == HSDS_UNIT;
}

const struct hsds_property *
hsds_property_find(enum hsds_type type, struct str name)
{
    for (size_t i = 0; name.n && i < hsds_models[type].n; i++) {
        const struct hsds_property *p = &hsds_models[type].properties[i];
        if (p->name[0] == name.p[0] && str_eq(name, str_of(p->name)))
            return p;
    }
    return NULL;
}

const char *
hsds_alias(enum hsds_type type, struct str name)
{
    for (size_t i = 0; i < RG_COUNT(aliases); i++)
        if (aliases[i].type == type && str_eq_nocase(name, str_of(aliases[i].from)))
            return aliases[i].to;
    return NULL;
}

int
hsds_type_of_name(struct str name)
{
    for (size_t i = 0; i < RG_COUNT(files); i++)
        if (str_eq_nocase(name, str_of(files[i].name)))
            return (int)files[i].type;
    return -1;
}

int
hsds_type_of_entity(struct str name)
{
    for (int type = 0; type < HSDS_TYPE__MAX; type++)
        if (str_eq(name, str_of(hsds_models[type].name)))
            return type;
    return hsds_type_of_name(name);
}

int
hsds_type_of_file(struct str name)
{
    for (size_t i = name.n; i > 0; i--)
        if (name.p[i - 1] == '/') {
            name = str_n(name.p + i, name.n - i);
            break;
        }
    if (name.n < 4 || !str_eq_nocase(str_n(name.p + name.n - 4, 4), STR(".csv")))
        return -1;
    return hsds_type_of_name(str_n(name.p, name.n - 4));
}
