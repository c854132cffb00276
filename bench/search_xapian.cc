// Xapian's part of bench/search: the same corpus, the same questions, the same sums.
//   search_xapian FOLDER QUERIES ROUNDS
// A word of the name counts five times, as the weights of the others say; positions are kept for
// phrases, with a gap between name and text. BM25 with Xapian's own defaults; every match is
// visited (check_at_least is the whole database) because exact counts are asked of everyone.
#include <xapian.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

static double now_us()
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return t.tv_sec * 1e6 + t.tv_nsec / 1e3;
}

static uint64_t facet_sum(unsigned dim, uint32_t value, uint32_t n)
{
    return uint64_t(n) * (uint64_t(value + 1) * (value + 1) * (dim ? 7919 : 104729) + value);
}

static void add_words(Xapian::Document &doc, const std::string &text, Xapian::termpos from,
                      Xapian::termcount weight)
{
    std::istringstream words(text);
    std::string word;
    while (words >> word)
        doc.add_posting(word, from++, weight);
}

static void build(Xapian::WritableDatabase &db, const std::string &folder)
{
    std::ifstream corpus(folder + "/corpus.tsv");
    std::string part[5];
    double us = 0;
    for (int i = 0; std::getline(corpus, part[i], i == 4 ? '\n' : '\t'); i = (i + 1) % 5) {
        if (i < 4)
            continue;
        double from = now_us();
        Xapian::Document doc;
        add_words(doc, part[1], 1, 5);
        add_words(doc, part[2], 100, 1);
        doc.add_value(0, part[3]);
        doc.add_value(1, part[4]);
        db.replace_document(Xapian::docid(std::stoul(part[0])), doc);
        us += now_us() - from;
    }
    double from = now_us();
    db.commit();
    std::printf("#build_s\t%.2f\n", (us + now_us() - from) / 1e6);
}

int main(int argc, char **argv)
{
    static const char *const names[] = {"1 word", "2 words, all", "3 words, all", "2 words, any",
                                        "3 words, any", "2 words, phrase"};
    static const unsigned n_words[] = {1, 2, 3, 2, 3, 2};
    if (argc != 4) {
        std::fputs("usage: search_xapian FOLDER QUERIES ROUNDS\n", stderr);
        return 2;
    }
    std::string folder = argv[1];
    unsigned n_each = unsigned(std::atol(argv[2])), rounds = unsigned(std::atol(argv[3]));
    try {
        Xapian::WritableDatabase writable(folder + "/xapian", Xapian::DB_CREATE_OR_OVERWRITE);
        build(writable, folder);
        writable.close();
        Xapian::Database db(folder + "/xapian");
        std::ifstream in(folder + "/queries.tsv");
        unsigned kind, w[3], seen[6] = {0};
        while (in >> kind >> w[0] >> w[1] >> w[2]) {
            unsigned number = seen[kind]++;
            if (number >= n_each)
                continue;
            std::vector<std::string> words;
            for (unsigned i = 0; i < n_words[kind]; i++)
                words.push_back("w" + std::to_string(w[i]));
            Xapian::Query query(kind == 3 || kind == 4 ? Xapian::Query::OP_OR
                                : kind == 5 ? Xapian::Query::OP_PHRASE : Xapian::Query::OP_AND,
                                words.begin(), words.end(), kind == 5 ? 2 : 0);
            std::vector<double> us;
            uint64_t total = 0, facets = 0;
            for (unsigned r = 0; r < rounds; r++) {
                double from = now_us();
                Xapian::Enquire enquire(db);
                Xapian::ValueCountMatchSpy spy[2] = {Xapian::ValueCountMatchSpy(0),
                                                     Xapian::ValueCountMatchSpy(1)};
                enquire.add_matchspy(&spy[0]);
                enquire.add_matchspy(&spy[1]);
                enquire.set_query(query);
                Xapian::MSet found = enquire.get_mset(0, 20, db.get_doccount());
                total = found.get_matches_estimated();
                facets = 0;
                for (unsigned d = 0; d < 2; d++)
                    for (auto v = spy[d].values_begin(); v != spy[d].values_end(); ++v)
                        facets += facet_sum(d, uint32_t(std::stoul(*v)), v.get_termfreq());
                us.push_back(now_us() - from);
            }
            std::sort(us.begin(), us.end());
            std::printf("%s\t%u\t%.2f\t%llu\t%llu\t0\n", names[kind], number, us[us.size() / 2],
                        (unsigned long long)total, (unsigned long long)facets);
        }
    } catch (const Xapian::Error &e) {
        std::fprintf(stderr, "xapian: %s\n", e.get_description().c_str());
        return 1;
    }
    return 0;
}
