{# USES_VARIABLES { N } #}
{# In place of Brian2's template of this name: at most time steps nobody has fired, and then nothing is computed. #}
{% extends 'common_group.cpp' %}
{% block maincode %}
    {% set _events = get_array_name(eventspace_variable) %}
    const int32_t _n_events = {{_events}}[N];
    if (_n_events == 0) return;
    const size_t _vectorisation_idx = -1;
    {{scalar_code|autoindent}}
    for (int32_t _event = 0; _event < _n_events; _event++)
    {
        const size_t _idx = {{_events}}[_event];
        const size_t _vectorisation_idx = _idx;
        {{vector_code|autoindent}}
    }
{% endblock %}
