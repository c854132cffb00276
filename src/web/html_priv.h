/* For src/web alone: the one door through which markup passes unescaped. Whoever calls it vouches
 * that the bytes were written by this program, or checked by it, as balanced HTML.           */
#ifndef RG_HTML_PRIV_H
#define RG_HTML_PRIV_H

#include "html.h"

struct html_safe html_safe_of(struct str markup);

#endif
