/* Facts: what a text tells of the household, of what a person has not, of how they want it. A
 * closed vocabulary of patterns; a negation is part of the pattern ("non ho la macchina"), so that
 * "ho la macchina" tells nothing.                                                             */
#include "finder/finder_priv.h"

enum { SKIP_MAX = 1, HITS_MAX = CIRCUMSTANCE_FIRST + CIRCUMSTANCES };

static const struct fact_words {
    const char *code, *words; /* patterns separated by '|' */
} facts[FINDER_FACT__MAX] = {
    [FINDER_FACT_ALONE] = {"alone",
        "vivo sol*|vive sol*|abito sol*|abita sol*|vivo da sol*|vive da sol*|abita da sol*|"
        "sta da sol*|sono da sol*|rimast* sol*|vedov*|live alone|lives alone|living alone|"
        "widow*|vis seul*|vit seul*|veuf|veuve|vivo sola|vive sola|viud*|traieste singur*|"
        "sunt singur*|vaduv*|jetoj vetem|jeton vetem|أعيش وحدي|يعيش وحده|تعيش وحدها|一个人住|独居"},
    [FINDER_FACT_COUPLE] = {"couple",
        "mi* marito|mi* moglie|mi* compagn*|io e mi* moglie|io e mio marito|convivo|"
        "my husband|my wife|my partner|mon mari|ma femme|mon compagnon|ma compagne|mi marido|"
        "mi mujer|mi esposa|mi pareja|sotul meu|sotia mea|burri im|gruaja ime|زوجي|زوجتي|我丈夫|我妻子|"
        "我老公|我老婆"},
    [FINDER_FACT_CHILDREN] = {"children",
        "mio figlio|mia figlia|miei figli|mie figlie|nostro figlio|nostra figlia|figli*|"
        "bambin*|bimb*|neonat*|gemell*|my son|my daughter|my child|my children|my kid*|my baby|"
        "children|mon fils|ma fille|mes enfants|mon enfant|mon bebe|mi hijo|mi hija|mis hijos|"
        "hijos|copilul meu|copiii mei|fiul meu|fiica mea|copii|djali im|vajza ime|femijet|"
        "femijes|femijen|ابني|ابنتي|أطفالي|أولادي|طفلي|我儿子|我女儿|我孩子|孩子"},
    [FINDER_FACT_SINGLE_PARENT] = {"single_parent",
        "mamma sola|madre sola|padre solo|papa solo|ragazza madre|genitore solo|"
        "monogenitor*|monoparental*|sola con i figli|sola con i bambini|sola con mio figlio|"
        "sola con due|sola con tre|da sola con|single mother|single mum|single mom|"
        "single parent|single father|mere seule|mere celibataire|pere seul|seule avec|"
        "madre soltera|sola con mis hijos|mama singura|singura cu copii|nene e vetme|"
        "vetem me femijet|أم عزباء|وحدي مع أطفالي|单亲"},
    [FINDER_FACT_LARGE_FAMILY] = {"large_family",
        "famiglia numerosa|quattro figli|cinque figli|sei figli|4 figli|5 figli|6 figli|"
        "terzo figlio|quarto figlio|large family|four children|five children|"
        "famille nombreuse|quatre enfants|familia numerosa|cuatro hijos|familie numeroasa|"
        "patru copii|familje e madhe|kater femije|أربعة أطفال|عائلة كبيرة|四个孩子"},
    [FINDER_FACT_PREGNANT] = {"pregnant",
        "incinta|in gravidanza|sono gravida|aspetto un figlio|aspetto un bambino|"
        "aspetto una bambina|aspetto due gemell*|aspettiamo un bambino|aspettiamo un figlio|"
        "pregnant|expecting a baby|enceinte|embarazada|insarcinata|gravida|shtatzene|"
        "shtatzane|حامل|怀孕"},
    [FINDER_FACT_CARER] = {"carer",
        "assisto mi*|accudisco|mi occupo di mi*|mi prendo cura|curo mi*|caregiver|"
        "bado a mi*|care for my|look after my|looking after my|je m occupe de|aidant*|"
        "cuido de|cuido a|am grija de|kujdesem per|أعتني|照顾"},
    [FINDER_FACT_ISEE] = {"isee", "isee|dsu|reddito basso|basso reddito|low income|"
        "faibles revenus|bajos ingresos|venituri mici|te ardhura te uleta"},
    [FINDER_FACT_DISABILITY] = {"disability",
        "disabil*|invalid*|handicap*|carrozzin*|carozzin*|carrozina|sedia a rotelle|autistic*|"
        "autismo|cieco|cieca|ipovedent*|non vedente|sord*|down|tetrapleg*|parapleg*|wheelchair|"
        "disabled|disability|deaf|blind|autistic|fauteuil roulant|handicape*|sourd*|aveugle*|"
        "discapacidad|discapacitad*|silla de ruedas|minusvalid*|persoana cu handicap|"
        "dizabilitat*|scaun cu rotile|invalid|aftesi te kufizuara|معاق|إعاقة|كرسي متحرك|残疾|轮椅"},
    [FINDER_FACT_LAW_104] = {"law_104", "legge 104|la 104|con la 104|permessi 104|ho la 104|"
        "handicap grave|articolo 3 comma 3"},
    [FINDER_FACT_RESIDENT] = {"resident", "sono residente|residente a|residente in|residenti a|"
        "abito a|abito in|abitiamo a|vivo a|vivo in|viviamo a|ho la residenza|i live in|"
        "we live in|resident in|j habite|nous habitons|je vis a|vivo en|vivimos en|locuiesc in|"
        "stau in|jetoj ne|banoj ne|أسكن في|أعيش في|我住在"},
    [FINDER_FACT_UNEMPLOYED] = {"unemployed",
        "disoccupat*|inoccupat*|cassaintegrat*|pers* il lavoro|senza lavoro|sono a casa dal|"
        "licenziat*|unemployed|lost my job|laid off|au chomage|chomeu*|perdu mon travail|"
        "desempleado|desempleada|en paro|sin trabajo|somer*|pierdut locul de munca|"
        "i papune|e papune|humba punen|عاطل|فقدت عملي|失业"},
    [FINDER_FACT_PENSION] = {"pension",
        "pensionat*|sono in pensione|in pensione|di pensione|la mia pensione|pensione minima|"
        "retired|my pension|retraite*|jubilad*|pensionar*|pensionist*|متقاعد|退休"},
    [FINDER_FACT_STUDENT] = {"student",
        "studente|studentessa|studenti|universitari*|fuorisede|che studia|studio all|"
        "student|students|etudiant*|estudiante*|studenta|studentja|nxenes*|طالب|طالبة|学生|大学生"},
    [FINDER_FACT_FOREIGNER] = {"foreigner",
        "stranier*|immigrat*|profug*|rifugiat*|richiedent* asilo|permesso di soggiorno|"
        "extracomunitari*|foreigner|immigrant|refugee|asylum seeker|residence permit|"
        "etranger*|immigre*|refugie*|titre de sejour|extranjer*|inmigrante|refugiad*|"
        "strain|straina|refugiat*|i huaj|e huaj|refugjat|leje qendrimi|مهاجر|لاجئ|أجنبي|"
        "外国人|难民|居留"},
    [FINDER_FACT_NO_CAR] = {"no_car",
        "non ho la macchina|non ho l auto|non ho auto|non ho macchina|senza macchina|"
        "senza auto|senza la macchina|non guido|non guida|non guido piu|non ha la macchina|"
        "non abbiamo la macchina|senza patente|non ho la patente|non ha la patente|"
        "macchina rotta|appiedat*|no car|don t have a car|without a car|don t drive|can t drive|"
        "pas de voiture|sans voiture|ne conduis pas|ne conduis plus|pas le permis|sin coche|"
        "no tengo coche|no conduzco|nu am masina|fara masina|nu conduc|s kam makine|"
        "nuk kam makine|pa makine|ليس لدي سيارة|بدون سيارة|没有车|没车|不会开车"},
    [FINDER_FACT_NO_HOME] = {"no_home",
        "senza casa|senza dimora|senzatetto|per strada|in strada|dormo in macchina|"
        "dormiamo in macchina|non ho casa|non ho una casa|non so dove dormire|homeless|"
        "no home|nowhere to sleep|sleeping rough|sleeping in my car|sans abri|sdf|a la rue|"
        "sin techo|sin hogar|sin casa|fara casa|fara adapost|pa shtepi|pa strehe|بلا مأوى|"
        "بدون سكن|无家可归|没地方住"},
    [FINDER_FACT_NO_WORK] = {"no_work",
        "non lavoro|non lavora|non lavoriamo|non ho lavoro|non ho un lavoro|senza lavoro|"
        "non trovo lavoro|disoccupat*|no job|don t work|out of work|without work|pas de travail|"
        "sans emploi|sans travail|sin trabajo|no trabajo|nu am serviciu|nu lucrez|fara serviciu|"
        "nuk punoj|pa pune|بدون عمل|لا أعمل|没有工作|没工作"},
    [FINDER_FACT_NO_MONEY] = {"no_money",
        "senza soldi|senza un soldo|non ho soldi|non abbiamo soldi|non ho un euro|"
        "non posso pagar*|non posso permetter*|non riesco a pagare|non possiamo pagare|"
        "non posso spendere|non arrivo a fine mese|al verde|no money|can t afford|can t pay|"
        "cannot pay|pas d argent|plus d argent|pas les moyens|peux pas payer|sin dinero|"
        "no tengo dinero|no puedo pagar|fara bani|nu am bani|nu pot plati|nuk kam para|"
        "pa para|nuk paguaj dot|ليس لدي مال|لا أستطيع دفع|بدون مال|没钱|没有钱|付不起"},
    [FINDER_FACT_NO_PERMIT] = {"no_permit",
        "senza permesso|senza permesso di soggiorno|senza documenti|non ho il permesso|"
        "non ho i documenti|non ho documenti|irregolare sul territorio|clandestin*|"
        "permesso scadut*|sans papiers|sans titre de sejour|no papers|without papers|"
        "undocumented|no residence permit|sin papeles|indocumentad*|fara acte|fara permis|"
        "pa dokumente|pa leje qendrimi|بدون أوراق|بدون إقامة|没有居留|没证件|黑户"},
    [FINDER_FACT_NO_RESIDENCE] = {"no_residence",
        "senza residenza|non ho la residenza|non ho residenza|non residente|non sono residente|"
        "cancellat* dall anagrafe|no residence|not resident|sans domicile|sin empadronar*|"
        "fara domiciliu|fara rezidenta|pa vendbanim"},
    [FINDER_FACT_NO_DOCTOR] = {"no_doctor",
        "senza medico|non ho il medico|non ho un medico|non ho medico|manca il medico|"
        "non c e piu il medico|non ho il pediatra|no doctor|no gp|don t have a doctor|"
        "pas de medecin|sans medecin|sin medico|no tengo medico|nu am medic|fara medic|"
        "nuk kam mjek|pa mjek|ليس لدي طبيب|没有家庭医生|没有医生"},
    [FINDER_FACT_NO_INTERNET] = {"no_internet",
        "senza internet|non ho internet|non ho il computer|non so usare il computer|"
        "non so usare internet|internet non arriva|non ho lo spid|senza spid|non uso internet|"
        "non ho lo smartphone|no internet|don t have a computer|can t use a computer|"
        "pas d internet|pas d ordinateur|sans internet|sin internet|no tengo ordenador|"
        "nu am internet|nu am calculator|s kam internet|pa internet|بدون إنترنت|没有网络|不会上网"},
    [FINDER_FACT_NO_ITALIAN] = {"no_italian",
        "non parlo italiano|non parla italiano|non parlo bene italiano|non capisco l italiano|"
        "non capisce l italiano|non so l italiano|parlo poco italiano|don t speak italian|"
        "doesn t speak italian|no italian|ne parle pas italien|parle pas italien|"
        "ne comprends pas l italien|no hablo italiano|no habla italiano|nu vorbesc italiana|"
        "nu stiu italiana|nuk flas italisht|s di italisht|لا أتكلم الإيطالية|لا أتحدث الإيطالية|"
        "不会意大利语|不会说意大利语"},
    [FINDER_FACT_NO_WALKING] = {"no_walking",
        "non cammino|non cammina|non riesco a camminare|non riesce a camminare|allettat*|"
        "carrozzin*|sedia a rotelle|bloccat* in casa|bloccat* a letto|non puo uscire di casa|"
        "non posso uscire di casa|non riesco a fare le scale|non fa le scale|can t walk|"
        "cannot walk|bedridden|housebound|wheelchair|ne peut pas marcher|ne marche plus|alite*|"
        "fauteuil roulant|no puedo caminar|no camina|encamad*|nu pot merge|nu poate merge|"
        "imobilizat*|nuk ec|nuk ecen dot|لا يستطيع المشي|لا أستطيع المشي|不能走路|走不了"},
    [FINDER_FACT_URGENT] = {"urgent",
        "urgent*|urgenz*|subito|adesso|immediat*|al piu presto|il prima possibile|in fretta|"
        "stanotte|stasera|oggi stesso|emergenz*|right now|asap|immediately|as soon as possible|"
        "tonight|tout de suite|au plus vite|ce soir|cuanto antes|inmediat*|esta noche|ahora|"
        "imediat|cat mai repede|menjehere|sa me shpejt|فورا|عاجل|بسرعة|الليلة|马上|尽快|紧急|今晚"},
    [FINDER_FACT_DEADLINE] = {"deadline",
        "scadenza|scade|scadono|entro il|entro fine|entro domani|entro venerdi|ultimo giorno|"
        "fra dieci giorni|tra dieci giorni|tra una settimana|fra una settimana|deadline|"
        "due date|expires|before the end of|date limite|expire|avant la fin|fecha limite|"
        "plazo|vence|caduca|termen limita|expira|afati|skadon|موعد نهائي|تنتهي|截止|到期"},
    [FINDER_FACT_FREE] = {"free",
        "gratis|gratuit*|senza pagare|costo zero|non si paga|free|free of charge|no cost|"
        "sans payer|sin pagar|fara plata|falas|pa pagese|مجاني*|مجانا|免费"},
    [FINDER_FACT_CHEAP] = {"cheap",
        "economic* prezz*|poco prezzo|basso costo|prezzi bassi|prezz* calmierat*|"
        "non troppo car*|costi poco|costa poco|che non costi troppo|agevolat*|scont*|riduzion*|"
        "low cost|cheap*|affordable|discount*|pas cher|bon marche|reduction|tarif reduit|"
        "barat*|descuento*|ieftin*|reducere|lire|zbritje|رخيص|تخفيض|便宜|优惠"},
    [FINDER_FACT_NEAR] = {"near",
        "vicino a casa|vicino a me|qui vicino|qui|qua|in zona|nei dintorni|nella mia zona|"
        "piu vicin*|near me|nearby|near here|close to me|in my area|here|pres de chez moi|"
        "pres d ici|ici|a proximite|cerca de mi|cerca de aqui|aqui|langa mine|aproape de mine|"
        "aici|afer meje|ketu|prane meje|قريب مني|بالقرب|هنا|附近|这里"},
    [FINDER_FACT_AT_HOME] = {"at_home",
        "a domicilio|a casa mia|a casa nostra|venga a casa|vengano a casa|viene a casa|"
        "domiciliar*|at home|home visit|come to my house|come to the house|a domicile|"
        "chez moi|a mi casa|en casa|la domiciliu|acasa la|ne shtepi|في المنزل|في البيت|上门|居家"},
    [FINDER_FACT_ONLINE] = {"online",
        "online|on line|via internet|sul sito|da casa col computer|in video|videochiamat*|"
        "a distanza|da remoto|by video|remote*|en ligne|a distance|en linea|por internet|"
        "la distanta|ne distance|عبر الإنترنت|عن بعد|网上|远程|视频"},
    [FINDER_FACT_BY_PHONE] = {"by_phone",
        "al telefono|per telefono|telefonare|numero da chiamare|che numero chiamo|"
        "numero di telefono|numero verde|by phone|phone number|number to call|call someone|"
        "par telephone|numero de telephone|por telefono|numero de telefono|la telefon|"
        "numar de telefon|ne telefon|numer telefoni|رقم هاتف|بالهاتف|电话号码|打电话"},
    [FINDER_FACT_MORNING] = {"morning", "mattin*|mattina|di mattina|in the morning|matin|"
        "por la manana|dimineata|mengjes|صباحا|الصباح|早上|上午"},
    [FINDER_FACT_AFTERNOON] = {"afternoon", "pomerigg*|afternoon*|apres midi|por la tarde|"
        "dupa amiaza|pasdite|بعد الظهر|下午"},
    [FINDER_FACT_EVENING] = {"evening", "sera|serale|serali|di sera|stasera|evening*|soir|"
        "soiree|por la noche|esta noche|seara|mbremje|مساء|المساء|晚上"},
    [FINDER_FACT_OPERATOR] = {"operator",
        "un utente|una utente|utenti|utente in carico|in carico|presa in carico|"
        "nostro assistito|nostra assistita|sono un assistente sociale|sono un educatore|"
        "sono un educatrice|sono un operatrice|sono un operatore|sono un assistente|"
        "siamo un associazione|siamo una cooperativa|come si attiva|per operatori|"
        "nucleo familiare|minore straniero non accompagnato|msna|caso sociale|segnalo un caso|"
        "beneficiari*|inserire un utente|progetto individualizzato|equipe|i am a social worker|"
        "our client|a client of ours|for a client|je suis assistante sociale|un usager|"
        "une usagere|soy trabajadora social|un usuario|sunt asistent social|"
        "jam punonjes social|أنا أخصائي اجتماعي|我是社工"},
    [FINDER_FACT_FOR_ANOTHER] = {"for_another",
        "mia madre|mio padre|mia mamma|mio papa|mia nonna|mio nonno|mia suocera|mio suocero|"
        "mia zia|mio zio|mia sorella|mio fratello|mio figlio|mia figlia|mio marito|mia moglie|"
        "mio nipote|mia nipote|i miei genitori|un mio amico|una mia amica|un amico|un amica|"
        "la mia vicina|il mio vicino|la vicina|il vicino|my mother|my father|my mum|my mom|"
        "my dad|my grandmother|my grandfather|my sister|my brother|my son|my daughter|"
        "my husband|my wife|my friend|my neighbour|my neighbor|ma mere|mon pere|ma grand mere|"
        "mon grand pere|ma soeur|mon frere|mon fils|ma fille|mon mari|ma femme|un ami|une amie|"
        "ma voisine|mi madre|mi padre|mi abuela|mi abuelo|mi hermana|mi hermano|mi hijo|mi hija|"
        "mi marido|una amiga|un amigo|mama mea|tatal meu|bunica mea|bunicul meu|sora mea|"
        "fratele meu|fiul meu|fiica mea|nena ime|babai im|gjyshja ime|gjyshi im|motra ime|"
        "vellai im|djali im|vajza ime|أمي|أبي|والدتي|والدي|جدتي|جدي|أختي|أخي|ابني|ابنتي|"
        "我妈|我爸|我奶奶|我爷爷|我儿子|我女儿|我朋友|邻居"},
};

const char *
finder_fact_code(enum finder_fact fact)
{
    RG_ASSERT(fact < FINDER_FACT__MAX);
    return facts[fact].code;
}

bool
finder_told(const struct finder_understanding *u, enum finder_fact fact)
{
    return (u->facts >> fact & 1u) != 0;
}

struct patterns *
facts_new(void)
{
    struct patterns *ps = patterns_new(SKIP_MAX);
    for (size_t i = 0; ps && i < RG_COUNT(facts); i++)
        patterns_add_each(ps, facts[i].words, (uint16_t)i);
    if (ps)
        circumstances_add(ps);
    return ps && patterns_freeze(ps) ? ps : patterns_free(ps);
}

/* A number in digits, or a small one in Italian, French or English letters. -1: none. */
static int
number_of(const struct word *w)
{
    static const char *const small[][3] = {
        {"un", "un", "one"}, {"due", "deux", "two"}, {"tre", "trois", "three"},
        {"quattro", "quatre", "four"}, {"cinque", "cinq", "five"}, {"sei", "six", "six"}};
    struct str word = str_n(w->word, w->word_n);
    int64_t n;
    if (w->has_digit && rg_parse_i64(word, 0, 1000000, &n))
        return (int)n;
    for (size_t i = 0; i < RG_COUNT(small); i++)
        for (size_t k = 0; k < RG_COUNT(small[i]); k++)
            if (str_eq(word, str_of(small[i][k])))
                return (int)i + 1;
    return -1;
}

/* "tre bambini", "2 figli", "three children": the number beside the word. */
static int
children_of(const struct words *words)
{
    static const char *const begins[] = {"figli", "bambin", "bimb", "enfant", "child", "kids",
                                         "hijos", "copii", "femij"};
    for (size_t i = 0; i + 1 < words->n; i++) {
        const struct word *next = &words->at[i + 1];
        int n = number_of(&words->at[i]);
        for (size_t k = 0; n > 0 && n <= 15 && k < RG_COUNT(begins); k++) {
            size_t length = strlen(begins[k]);
            if (next->word_n >= length && memcmp(next->word, begins[k], length) == 0)
                return n;
        }
    }
    return -1;
}

/* "ISEE 8.500", "isee di 12000 euro", "isee sotto i 9360": the first number within four words.
 * A point of thousands parts it in two words: "8" and "500".                                  */
static int
isee_of(const struct words *words)
{
    for (size_t i = 0; i < words->n; i++) {
        if (words->at[i].word_n != 4 || memcmp(words->at[i].word, "isee", 4) != 0)
            continue;
        for (size_t k = i + 1; k < words->n && k <= i + 4; k++) {
            int n = words->at[k].has_digit ? number_of(&words->at[k]) : -1;
            if (n < 0)
                continue;
            bool parted = k + 1 < words->n && words->at[k + 1].word_n == 3 &&
                          words->at[k + 1].has_digit && n < 1000 &&
                          words->at[k + 1].from == words->at[k].from + words->at[k].n + 1;
            int rest = parted ? number_of(&words->at[k + 1]) : -1;
            n = rest >= 0 ? n * 1000 + rest : n;
            return n >= 100 ? n : -1;
        }
    }
    return -1;
}

void
facts_of(const struct patterns *ps, const struct words *words, struct finder_understanding *ret)
{
    struct pattern_hit hits[HITS_MAX];
    size_t n = patterns_match(ps, words, hits, RG_COUNT(hits));
    ret->facts = 0;
    for (size_t i = 0; i < n; i++)
        if (hits[i].tag < FINDER_FACT__MAX)
            ret->facts |= UINT64_C(1) << hits[i].tag;
    circumstances_of(words, hits, n, ret);
    ret->children = children_of(words);
    ret->isee_euros = isee_of(words);
}
