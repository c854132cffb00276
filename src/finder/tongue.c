/* A few sentences in the language somebody wrote in, when the page itself is in another: what was
 * understood, where the services are, who speaks it, and the page in English or French. The pages
 * are whole in three languages; five more are those most spoken by who comes to live here, and one
 * must be led to the right help in them. What is not in the table is not said.               */
#include "finder/page.h"

struct phrases {
    const char *danger, *understood, *below, *speak, *unsure;
    const char *page[RG_LANG__MAX]; /* "the page in French" */
};

static const struct phrases tongues[FINDER_LANG__MAX] = {
    [FINDER_IT] = {"Se sei in pericolo, chiama subito", "Abbiamo capito così:",
                   "I servizi sono qui sotto.", "Servizi dove si parla italiano",
                   "Non abbiamo capito. Prova con poche parole semplici.",
                   {[RG_IT] = "La pagina in italiano"}},
    [FINDER_FR] = {"Si vous êtes en danger, appelez tout de suite", "Nous avons compris :",
                   "Les services sont ci-dessous. Les fiches sont en italien : montrez-les au "
                   "guichet.",
                   "Services où l’on parle français",
                   "Nous n’avons pas compris. Essayez avec peu de mots simples.",
                   {[RG_FR] = "La page en français"}},
    [FINDER_EN] = {"If you are in danger, call now", "We understood:",
                   "The services are below. Their cards are in Italian: show them at the desk.",
                   "Services where English is spoken",
                   "We did not understand. Try a few simple words.",
                   {[RG_EN] = "The page in English"}},
    [FINDER_RO] = {"Dacă ești în pericol, sună acum", "Am înțeles așa:",
                   "Serviciile sunt mai jos. Fișele sunt în italiană: arată-le la ghișeu.",
                   "Servicii unde se vorbește română",
                   "Nu am înțeles. Încearcă cu puține cuvinte simple.",
                   {[RG_FR] = "Pagina în franceză", [RG_EN] = "Pagina în engleză"}},
    [FINDER_ES] = {"Si estás en peligro, llama ahora", "Hemos entendido esto:",
                   "Los servicios están abajo. Las fichas están en italiano: enséñalas en la "
                   "ventanilla.",
                   "Servicios donde se habla español",
                   "No hemos entendido. Prueba con pocas palabras sencillas.",
                   {[RG_FR] = "La página en francés", [RG_EN] = "La página en inglés"}},
    [FINDER_SQ] = {"Nëse je në rrezik, telefono tani", "Kemi kuptuar kështu:",
                   "Shërbimet janë më poshtë. Kartat janë në italisht: tregoji në sportel.",
                   "Shërbime ku flitet shqip", "Nuk kuptuam. Provo me pak fjalë të thjeshta.",
                   {[RG_FR] = "Faqja në frëngjisht", [RG_EN] = "Faqja në anglisht"}},
    [FINDER_AR] = {"إذا كنت في خطر، اتصل الآن", "هكذا فهمنا:",
                   "الخدمات في الأسفل. البطاقات باللغة الإيطالية: أرِها للموظف.",
                   "خدمات يُتحدث فيها بالعربية", "لم نفهم. جرّب بكلمات قليلة وبسيطة.",
                   {[RG_FR] = "الصفحة بالفرنسية", [RG_EN] = "الصفحة بالإنجليزية"}},
    [FINDER_ZH] = {"如果你有危险，请立即拨打", "我们的理解：",
                   "服务列表在下方。内容是意大利语，可以出示给窗口工作人员。", "会说中文的服务",
                   "我们没有听懂。请用几个简单的词再试一次。",
                   {[RG_FR] = "法文页面", [RG_EN] = "英文页面"}},
};

const char *
finder_tongue_dir(enum finder_lang lang)
{
    return lang == FINDER_AR ? "rtl" : "ltr";
}

struct str
finder_tongue_danger(enum finder_lang lang)
{
    return str_of(tongues[lang].danger);
}

static bool
is_of_page(enum finder_lang lang, enum rg_lang page)
{
    return strcmp(finder_lang_tag(lang), rg_lang_tag(page)) == 0;
}

/* How many of the services found say that they speak it. */
static int64_t
speakers(const struct finder_answer *a, struct str tag)
{
    uint32_t wanted = finder_code_hash(tag);
    for (size_t f = 0; f < a->n_facets; f++)
        for (size_t i = 0; a->facets[f].dim == FINDER_DIM_LANGUAGE && i < a->facets[f].n_counts;
             i++)
            if (a->facets[f].counts[i].value == wanted)
                return a->facets[f].counts[i].n;
    return 0;
}

static void
fill_pages(struct finder_view *v, const struct phrases *phrases, struct finder_tongue *tongue,
           struct str path)
{
    for (enum rg_lang lang = 0; lang < RG_LANG__MAX; lang++) {
        if (!phrases->page[lang] || lang == v->ctx->lang || !path.n)
            continue;
        const char *prefix = lang == RG_IT ? "" : rg_lang_tag(lang);
        const char *whole = rg_arena_printf(v->ctx->arena, "%s%s%.*s", *prefix ? "/" : "", prefix,
                                            STR_ARG(path));
        if (whole)
            tongue->pages[tongue->n_pages++] = (struct finder_go){
                .label = str_of(phrases->page[lang]), .path = str_of(whole)};
    }
}

void
finder_view_tongue(struct finder_view *v, struct str here)
{
    const struct finder_answer *a = v->a;
    enum finder_lang lang = a->understood.lang;
    struct finder_tongue *tongue = &v->page->tongue;
    if (!v->q->text.n || is_of_page(lang, v->ctx->lang) || lang == FINDER_IT)
        return;
    const struct phrases *phrases = &tongues[lang];
    const char *tag = finder_lang_tag(lang);
    tongue->lang = tag;
    tongue->dir = finder_tongue_dir(lang);
    tongue->lead = str_of(a->n_needs ? phrases->understood : phrases->unsure);
    for (size_t i = 0; i < a->n_needs && tongue->n_needs < FINDER_CHOICES_MAX; i++) {
        struct str name = finder_need_name(v->finder->model, a->needs[i].need_ix, lang);
        if (name.n)
            tongue->needs[tongue->n_needs++] = name;
    }
    if (a->n_hits > 0)
        tongue->below = str_of(phrases->below);
    tongue->n_speak = speakers(a, str_of(tag));
    if (tongue->n_speak > 0 && here.n && v->base.n_languages == 0) {
        struct finder_question q = v->base;
        q.page = 1;
        q.languages[q.n_languages++] = str_of(tag);
        tongue->speak = str_of(phrases->speak);
        tongue->speak_path = finder_link(v->ctx, &v->scratch, &q);
    }
    fill_pages(v, phrases, tongue, here);
    v->page->tongue_ref = tongue;
}
