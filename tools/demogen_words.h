/* The words of the demonstration services: tables only. Every body named here is invented and
 * generic on purpose ("di esempio"), so that nobody can take it for a real one. */
#ifndef DEMOGEN_WORDS_H
#define DEMOGEN_WORDS_H

enum kind { K_COMUNE, K_CONSORZIO, K_ASL, K_COOP, K_ASSOC, K_RELIGIOSO, K_CAF, K_IMPIEGO,
            K_SCUOLA, K_METRO, K__MAX };

/* Where the organization sits: in the comune of the service, in the hub of its Zone, in Torino. */
enum seat { SEAT_COMUNE, SEAT_ZONE, SEAT_METRO };

static const struct kind_words {
    enum seat seat;
    const char *names[4];   /* each followed by the place                         */
    const char *how;        /* a sentence of the description                      */
    const char *apply;      /* how one gets in                                    */
    int variants;           /* how many bodies of the kind a large town may have  */
} kind_words[K__MAX] = {
    [K_COMUNE] = {SEAT_COMUNE,
        {"Sportello sociale del Comune di", "Sportello sociale del Comune di",
         "Sportello sociale del Comune di", "Sportello sociale del Comune di"},
        "Il servizio è del Comune: si parla con un operatore, che spiega che cosa serve.",
        "Presentarsi allo sportello negli orari di apertura oppure scrivere una e-mail.", 1},
    [K_CONSORZIO] = {SEAT_ZONE,
        {"Consorzio socio-assistenziale di esempio di",
         "Consorzio dei servizi sociali di esempio di",
         "Consorzio intercomunale di esempio di", "Unione per i servizi sociali di esempio di"},
        "Si comincia con un colloquio con l'assistente sociale, che prepara un progetto insieme "
        "alla persona.",
        "Chiedere un colloquio con l'assistente sociale del proprio Comune.", 2},
    [K_ASL] = {SEAT_ZONE,
        {"Distretto sanitario di esempio di", "Poliambulatorio di esempio di",
         "Casa della Comunità di esempio di", "Servizio sanitario di esempio di"},
        "Il servizio è sanitario: lavorano insieme medici, infermieri e altri professionisti.",
        "Serve di solito l'impegnativa del medico; per il primo ascolto si può venire senza.", 2},
    [K_COOP] = {SEAT_COMUNE,
        {"Cooperativa sociale Esempio Primavera di", "Cooperativa sociale Esempio Arcobaleno di",
         "Cooperativa sociale Esempio Il Ponte di", "Cooperativa sociale Esempio Orizzonti di"},
        "Gli operatori della cooperativa lavorano insieme ai servizi pubblici.",
        "Scrivere alla cooperativa: rispondono entro due giorni di lavoro.", 4},
    [K_ASSOC] = {SEAT_COMUNE,
        {"Associazione Esempio Mani Aperte di", "Associazione Esempio Buon Vicinato di",
         "Associazione Esempio Insieme di", "Associazione Esempio Porte Aperte di"},
        "Lo portano avanti volontarie e volontari, formati per questo.",
        "Venire negli orari di apertura: non serve appuntamento.", 4},
    [K_RELIGIOSO] = {SEAT_COMUNE,
        {"Centro di ascolto di esempio di", "Opera di carità di esempio di",
         "Oratorio di esempio di", "Centro di accoglienza di esempio di"},
        "È aperto a tutte le persone, di ogni fede e provenienza.",
        "Venire al centro di ascolto: il primo incontro è senza appuntamento.", 2},
    [K_CAF] = {SEAT_COMUNE,
        {"Patronato e CAF di esempio di", "Sportello diritti di esempio di",
         "CAF di esempio dei cittadini di", "Patronato di esempio dei lavoratori di"},
        "Un operatore controlla i documenti e invia la domanda al posto della persona.",
        "Prendere appuntamento per e-mail e portare i documenti elencati.", 3},
    [K_IMPIEGO] = {SEAT_ZONE,
        {"Centro per l'impiego di esempio di", "Sportello lavoro di esempio di",
         "Centro servizi lavoro di esempio di", "Agenzia del lavoro di esempio di"},
        "Si fa un colloquio, si guarda insieme il curriculum e si firma un patto di servizio.",
        "Prenotare il primo colloquio; portare documento e codice fiscale.", 1},
    [K_SCUOLA] = {SEAT_COMUNE,
        {"Istituto comprensivo di esempio di", "Centro di istruzione di esempio di",
         "Agenzia formativa di esempio di", "Polo educativo di esempio di"},
        "Se ne occupano insegnanti ed educatori, insieme alle famiglie.",
        "Compilare il modulo in segreteria o chiederlo per e-mail.", 2},
    [K_METRO] = {SEAT_METRO,
        {"Sportello metropolitano di esempio di", "Ufficio metropolitano di esempio di",
         "Agenzia metropolitana di esempio di", "Rete metropolitana di esempio di"},
        "Il servizio vale per tutti i comuni della Città metropolitana.",
        "Scrivere all'ufficio indicando il proprio Comune.", 3},
};

/* First match wins; what matches nothing is a metropolitan office. */
static const struct provider_kind {
    const char *begins;
    enum kind kind;
} provider_kinds[] = {
    {"Comune", K_COMUNE}, {"consorzio socio", K_CONSORZIO}, {"Unione", K_CONSORZIO},
    {"Centro per le famiglie", K_CONSORZIO}, {"ASL", K_ASL}, {"Casa della Com", K_ASL},
    {"consultorio", K_ASL}, {"pediatra", K_ASL}, {"medico", K_ASL}, {"ospedale", K_ASL},
    {"RSA", K_COOP}, {"centro diurno", K_COOP}, {"cooperativa", K_COOP}, {"comunit", K_COOP},
    {"associazione", K_ASSOC}, {"fondazione", K_ASSOC}, {"centro anziani", K_ASSOC},
    {"gruppo", K_ASSOC}, {"societ", K_ASSOC}, {"casa del quartiere", K_ASSOC}, {"CSV", K_ASSOC},
    {"centro antiviolenza", K_ASSOC}, {"Croce", K_ASSOC}, {"ente religioso", K_RELIGIOSO},
    {"CAF", K_CAF}, {"patronato", K_CAF}, {"INPS", K_CAF}, {"sindacato", K_CAF},
    {"centro per l'impiego", K_IMPIEGO}, {"agenzia per il lavoro", K_IMPIEGO},
    {"sportello assistenti", K_IMPIEGO}, {"scuola", K_SCUOLA}, {"agenzia formativa", K_SCUOLA},
    {"CPIA", K_SCUOLA}, {"biblioteca", K_COMUNE}, {"punto digitale", K_COMUNE},
    {"farmacia", K_ASL}, {"SUAP", K_COMUNE},
};

/* How often the needs of an area are met, before the unevenness of places. */
static const struct area_weight {
    const char *area;
    unsigned weight;
} area_weights[] = {
    {"accesso", 24}, {"aiuti", 14}, {"casa", 10}, {"lavoro", 10}, {"scuola", 11},
    {"famiglia", 14}, {"giovani", 10}, {"anziani", 20}, {"disabilita", 11}, {"salute", 11},
    {"psiche", 8}, {"dipendenze", 6}, {"tutela", 6}, {"stranieri", 8}, {"digitale", 9},
    {"mobilita", 6}, {"ambiente", 4}, {"imprese", 5}, {"comunita", 16}, {"enti", 2},
};

static const struct week {
    const char *days, *opens, *closes;
    const char *more_days, *more_opens, *more_closes; /* NULL when there is no second block */
} weeks[] = {
    {"MO,TU,WE,TH,FR", "08:30", "12:30", NULL, NULL, NULL},
    {"MO,WE,FR", "09:00", "12:00", NULL, NULL, NULL},
    {"TU,TH", "09:00", "12:30", "TU", "14:00", "17:00"},
    {"MO,TU,WE,TH,FR", "09:00", "12:30", "MO,WE", "14:00", "17:00"},
    {"TU,FR", "15:00", "18:00", NULL, NULL, NULL},
    {"WE", "09:30", "12:00", NULL, NULL, NULL},
    {"TH", "17:00", "20:00", "SA", "09:00", "12:00"},
    {"MO,TU,WE,TH,FR", "09:00", "17:00", "SA", "09:00", "12:00"},
    {"MO,TH", "10:00", "13:00", NULL, NULL, NULL},
    {"MO,TU,WE,TH,FR,SA", "08:00", "19:00", NULL, NULL, NULL},
};

static const struct tongue {
    const char *code, *name;
} tongues[] = {{"en", "inglese"}, {"fr", "francese"}, {"ro", "rumeno"},
               {"ar", "arabo"}, {"es", "spagnolo"}, {"sq", "albanese"}, {"zh", "cinese"}};

static const struct target_words {
    const char *target, *words;
} target_words[] = {
    {"minori", "bambini e ragazzi"}, {"giovani", "giovani"}, {"adulti", "persone adulte"},
    {"anziani", "persone anziane"}, {"famiglie", "famiglie"},
    {"disabilita", "persone con disabilità"}, {"donne_violenza", "donne che subiscono violenza"},
    {"stranieri", "persone straniere"}, {"vittime_reato", "vittime di reato"},
    {"poverta", "chi ha pochi soldi"}, {"lavoratori", "chi lavora o cerca lavoro"},
    {"studenti", "studenti"}, {"imprese", "imprese"}, {"professionisti", "professionisti"},
    {"enti", "enti e Comuni"}, {"operatori", "operatori dei servizi"},
};

static const char *const streets[] = {
    "Via dell'Esempio", "Piazza dell'Esempio", "Corso dell'Esempio", "Vicolo dell'Esempio",
    "Strada dell'Esempio", "Largo dell'Esempio"};

static const char *const documents[] = {
    "Documento di identità", "Codice fiscale", "Attestazione ISEE", "Certificato medico"};

#endif
