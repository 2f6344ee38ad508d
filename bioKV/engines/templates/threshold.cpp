{# USES_VARIABLES { N } #}
{# In place of Brian2's template of this name: the comparisons in a loop without branches, which the compiler can turn
   into vector instructions, and only then a walk over those that were met, eight at a time. #}
{% extends 'common_group.cpp' %}
{% block extra_headers %}
#include <cstring>
{% endblock %}
{% block maincode %}
    {% set _events = get_array_name(eventspace_variable) %}
    const size_t _vectorisation_idx = -1;
    {{scalar_code|autoindent}}
    char _met[(N + 7)/8*8];
    std::memset(_met + N/8*8, 0, (N + 7)/8*8 - N/8*8);
    #pragma GCC ivdep
    for (size_t _idx = 0; _idx < N; _idx++)
    {
        const size_t _vectorisation_idx = _idx;
        {{vector_code|autoindent}}
        _met[_idx] = _cond;
    }
    int32_t _count = 0;
    for (size_t _first = 0; _first < N; _first += 8)
    {
        uint64_t _eight;  // one byte each, 1 where the condition is met
        std::memcpy(&_eight, _met + _first, 8);
        for (; _eight; _eight &= _eight - 1) {{_events}}[_count++] = _first + __builtin_ctzll(_eight)/8;
    }
    {{_events}}[N] = _count;
{% endblock %}

{% block after_code %}
    {{get_array_name(eventspace_variable)}}[N] = 0;
{% endblock %}
