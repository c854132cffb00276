/* Where pages become PDF: WeasyPrint, in a process that can reach nothing.
 *
 * Text of strangers stands in the pages. It is escaped, so no markup of theirs arrives; if it did,
 * the script fetches no address of any kind but those that hold their data themselves; and if a
 * font or the layout were led astray by it, the system refuses the process every socket and, where
 * the kernel has Landlock (5.13 and later), every file but the libraries and its own folder. */
#include "app/app.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
    MEMORY_BYTES = 1 << 30, /* of addresses; a page of 60 sheets takes 450 MB, 120 of them real */
    CPU_S = 60,
    FILE_BYTES = 8 * 1024 * 1024, /* temporary files: the two fonts */
    FILES_OPEN = 64,
    NICER = 10, /* pages on the screen come first */
    LINE_BYTES = 256,
};

#define OTHER_NUMBERS 0x40000000u /* x32, the third way into an x86-64 kernel */
#if defined(__x86_64__)
#define NATIVE_CALLS AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define NATIVE_CALLS AUDIT_ARCH_AARCH64
#endif

/* The variant pdf/ua-1 gives tags, title and language; head cells are told here what they head, and
 * links what they are. WeasyPrint 57 also writes that the file conforms to PDF/UA, which it does
 * not vouch for itself: that claim is taken out. Release 59 gave the variant another name. */
static const char script[] =
    "import pydyf, sys, weasyprint\n"
    "from weasyprint import CSS, HTML, default_url_fetcher\n"
    "from weasyprint.text.fonts import FontConfiguration\n"
    "def fetch(url, *_, **__):\n"
    "    if not url.startswith('data:'):\n"
    "        raise ValueError('nothing is fetched')\n"
    "    return default_url_fetcher(url)\n"
    "def mend(document, pdf):\n"
    "    dicts = {o.reference: o for o in pdf.objects if isinstance(o, dict)}\n"
    "    for o in dicts.values():\n"
    "        if o.get('S') == '/TH':\n"
    "            group = dicts.get(dicts.get(o.get('P'), {}).get('P'), {})\n"
    "            scope = '/Column' if group.get('S') == '/THead' else '/Row'\n"
    "            o['A'] = pydyf.Dictionary({'O': '/Table', 'Scope': scope})\n"
    "        elif o.get('Subtype') == '/Link' and 'URI' in o.get('A', {}):\n"
    "            o['Contents'] = o['A']['URI']\n"
    "    for o in pdf.objects:\n"
    "        if getattr(o, 'extra', {}).get('Type') == '/Metadata':\n"
    "            o.stream = [part.replace(b' pdfuaid:part=\"1\"', b'')\n"
    "                        if isinstance(part, bytes) else part for part in o.stream]\n"
    "css, page = sys.stdin.buffer.read().split(b'\\0', 1)\n"
    "fonts = FontConfiguration()\n"
    "sheet = CSS(string=css.decode(), url_fetcher=fetch, font_config=fonts)\n"
    "html = HTML(string=page.decode(), url_fetcher=fetch)\n"
    "old = int(weasyprint.__version__.split('.')[0]) < 59\n"
    "variant = {'variant' if old else 'pdf_variant': 'pdf/ua-1'}\n"
    "sys.stdout.buffer.write(html.write_pdf(stylesheets=[sheet], font_config=fonts,\n"
    "                                       finisher=mend, **variant))\n"
    "sys.stdout.flush()\n";

/* ---- where it is ---- */

static bool
first_line_names(const char *path, char *ret_python, size_t n)
{
    char line[LINE_BYTES] = "";
    FILE *in = fopen(path, "re");
    bool read = in && fgets(line, sizeof(line), in);
    if (in)
        fclose(in);
    size_t length = strcspn(line, "\n");
    if (!read || strncmp(line, "#!/", 3) != 0 || line[length] != '\n' || length - 2 >= n)
        return false;
    line[length] = '\0';
    if (strpbrk(line, " \t") || access(line + 2, X_OK) != 0)
        return false;
    memcpy(ret_python, line + 2, length - 1);
    return true;
}

bool
app_pdf_program(char *ret_python, size_t n)
{
    struct str rest = str_of(getenv("PATH") ? getenv("PATH") : ""), folder;
    while (rest.n && str_cut(&rest, ':', &folder)) {
        char path[PATH_MAX];
        int length = snprintf(path, sizeof(path), "%.*s/weasyprint", STR_ARG(folder));
        if (folder.n && folder.p[0] == '/' && length > 0 && length < (int)sizeof(path) &&
            access(path, X_OK) == 0)
            return first_line_names(path, ret_python, n);
    }
    return false;
}

/* ---- giving up ---- */

static void
limit(__rlimit_resource_t what, rlim_t most)
{
    struct rlimit both = {most, most};
    setrlimit(what, &both); /* a lower limit that already holds is as good */
}

/* No socket of any kind, no hand on another process, nor on a file by its path alone: whoever asks
 * is told that it is not allowed. Calls of another architecture are numbered otherwise. */
static bool
calls_give_up(void)
{
    static const unsigned refused[] = {__NR_socket,           __NR_io_uring_setup,
                                       __NR_ptrace,           __NR_process_vm_readv,
                                       __NR_process_vm_writev, __NR_kill, __NR_truncate};
    enum { N = RG_COUNT(refused), ARCHITECTURE_RULES = 2 };
    struct sock_filter rules[ARCHITECTURE_RULES + N + 4] = {{0}};
    unsigned char n = 0, last;
#ifdef NATIVE_CALLS
    rules[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
                                              offsetof(struct seccomp_data, arch));
    rules[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, NATIVE_CALLS, 0,
                                              N + 3); /* to the last rule */
#endif
    rules[n++] =
        (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
    last = (unsigned char)(n + N + 2);
    rules[n] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, OTHER_NUMBERS,
                                            (unsigned char)(last - n - 1), 0);
    n++;
    for (size_t i = 0; i < N; i++, n++)
        rules[n] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, refused[i],
                                                (unsigned char)(last - n - 1), 0);
    rules[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    rules[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EACCES);
    struct sock_fprog program = {n, rules};
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0;
}

static void
allow(int rules, const char *path, uint64_t what)
{
    struct landlock_path_beneath_attr below = {
        .allowed_access = what, .parent_fd = path ? open(path, O_PATH | O_CLOEXEC) : -1};
    if (below.parent_fd < 0)
        return; /* what is not there need not be allowed */
    syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &below, 0);
    close(below.parent_fd);
}

/* "/srv/venv/bin/python3" belongs to /srv/venv. */
static const char *
two_up(char *path)
{
    for (int up = 0; up < 2 && strrchr(path, '/') != path; up++)
        *strrchr(path, '/') = '\0';
    return path;
}

/* Libraries, fonts and the Python itself may be read; its own folder may be written. */
static void
files_give_up(const char *python)
{
    static const char *const readable[] = {"/usr", "/lib", "/lib64", "/etc/fonts", "/etc/python3",
                                           "/etc/python3.11", "/etc/python3.12",
                                           "/var/cache/fontconfig"};
    static const char *const files[] = {"/etc/ld.so.cache", "/etc/mime.types", "/etc/localtime",
                                        "/dev/null", "/dev/urandom"};
    const uint64_t file = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_EXECUTE;
    const uint64_t read = file | LANDLOCK_ACCESS_FS_READ_DIR;
    const uint64_t all = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1; /* what the first version has */
    const struct landlock_ruleset_attr handled = {.handled_access_fs = all};
    int rules = (int)syscall(SYS_landlock_create_ruleset, &handled, sizeof(handled), 0);
    if (rules < 0)
        return;
    for (size_t i = 0; i < RG_COUNT(readable); i++)
        allow(rules, readable[i], read);
    for (size_t i = 0; i < RG_COUNT(files); i++)
        allow(rules, files[i], LANDLOCK_ACCESS_FS_READ_FILE);
    char home[PATH_MAX];
    snprintf(home, sizeof(home), "%s", python);
    allow(rules, two_up(home), read);
    if (realpath(python, home)) /* a virtual environment leads to another */
        allow(rules, two_up(home), read);
    allow(rules, getenv("TMPDIR"), all);
    syscall(SYS_landlock_restrict_self, rules, 0);
    close(rules);
}

int
app_pdf_worker(const char *python)
{
    const char *server = getenv("REGIA_SERVER");
    int64_t pid;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (server && (!rg_parse_i64(str_of(server), 1, INT_MAX, &pid) || getppid() != pid))
        return APP_FAILED; /* it was killed before it could have us killed */
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return APP_FAILED;
    (void)!nice(NICER);
    files_give_up(python);
    if (!calls_give_up())
        return APP_FAILED;
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_CPU, CPU_S);
    limit(RLIMIT_FSIZE, FILE_BYTES);
    limit(RLIMIT_NOFILE, FILES_OPEN);
    limit(RLIMIT_AS, MEMORY_BYTES);
    char *const words[] = {(char *)(uintptr_t)python, (char *)(uintptr_t)"-I",
                           (char *)(uintptr_t)"-c", (char *)(uintptr_t)script, NULL};
    execv(python, words);
    return APP_FAILED;
}
