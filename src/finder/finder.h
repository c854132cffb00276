/* Finder: "Chi mi aiuta?" A person's own words, a place and choices → services in order, each with
 * its reasons, as a page, as JSON and on the command line.
 *
 *   kernel.h     understanding and ranking: pure, no store, no web, no clock
 *   catalogue.h  every service in an index on disk, never older than the last save
 *   answer.h     a question → an answer; pages, JSON and terminal show this one thing
 *   load.h       the pack's tables into the records, and the model made from them
 *   surface.h    the pages and the forms of an answer
 *
 * The words a person writes are read and forgotten: no file, log or record of ours holds them. */
#ifndef FINDER_H
#define FINDER_H

#include "finder/kernel.h"
#include "finder/catalogue.h"
#include "finder/answer.h"
#include "finder/load.h"
#include "finder/surface.h"

#endif
