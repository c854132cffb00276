/* The thread from voices to elements: what is broken in it. */
#include "plan/kernel.h"

/* Where a theme went when it was merged, following the trace; itself when it was not. A trace
 * that runs in a circle ends after n_themes steps. */
static uint32_t
theme_now(const struct plan_thread *thread, uint32_t theme)
{
    for (uint32_t i = 0; i < thread->n_themes && thread->merged_into[theme] != PLAN_NONE; i++)
        theme = thread->merged_into[theme];
    return theme;
}

static void
mark_up(const struct plan_thread *thread, uint32_t element, uint8_t *seen)
{
    for (; element != PLAN_NONE && !(seen[element] & PLAN_TOLD);
         element = thread->parents[element])
        seen[element] |= PLAN_TOLD;
}

void
plan_thread_check(const struct plan_thread *thread, uint8_t *ret_voices, uint8_t *ret_themes,
                  uint8_t *ret_elements)
{
    enum { TAKEN = 4, VOICED = 8 }; /* marks in the outputs while they are made */
    memset(ret_voices, 0, thread->n_voices);
    memset(ret_themes, 0, thread->n_themes);
    memset(ret_elements, 0, thread->n_elements);
    for (uint32_t e = 0; e < thread->n_elements; e++)
        if (thread->elements[e] & PLAN_TOLD)
            mark_up(thread, e, ret_elements);
    for (size_t i = 0; i < thread->n_theme_origins; i++) {
        mark_up(thread, thread->theme_origins[i].a, ret_elements);
        ret_themes[theme_now(thread, thread->theme_origins[i].b)] |= TAKEN;
    }
    for (size_t i = 0; i < thread->n_voice_origins; i++) {
        mark_up(thread, thread->voice_origins[i].a, ret_elements);
        ret_voices[thread->voice_origins[i].b] |= TAKEN;
    }
    for (uint32_t t = 0; t < thread->n_themes; t++)
        if (thread->themes[t] & PLAN_TOLD)
            ret_themes[theme_now(thread, t)] |= TAKEN;
    for (size_t i = 0; i < thread->n_codings; i++) {
        uint32_t theme = theme_now(thread, thread->codings[i].b);
        if (!(thread->voices[thread->codings[i].a] & PLAN_EXEMPT))
            ret_themes[theme] |= VOICED;
        if (ret_themes[theme] & TAKEN)
            ret_voices[thread->codings[i].a] |= TAKEN;
    }
    for (uint32_t v = 0; v < thread->n_voices; v++)
        ret_voices[v] = !(ret_voices[v] & TAKEN) && !thread->voices[v] ? PLAN_VOICE_NO_FATE : 0;
    for (uint32_t t = 0; t < thread->n_themes; t++) {
        bool asked = !(thread->themes[t] & PLAN_EXEMPT) && thread->merged_into[t] == PLAN_NONE;
        ret_themes[t] = asked && !(ret_themes[t] & VOICED) ? PLAN_THEME_NO_VOICE : 0;
    }
    for (uint32_t e = 0; e < thread->n_elements; e++)
        ret_elements[e] = !(ret_elements[e] & PLAN_TOLD) && !(thread->elements[e] & PLAN_EXEMPT)
                              ? PLAN_ELEMENT_NO_ORIGIN
                              : 0;
}
