{# USES_VARIABLES { N } #}
{# ALLOWS_SCALAR_WRITE #}
{# In place of Brian2's template of this name: tells the compiler that what changes is each neuron's own (or, in code that
   synapses run regularly, each synapse's), so that it uses vector instructions without asking first, at every step,
   whether arrays overlap. Code that writes a variable of the neurons that synapses reach must not come this way. #}
{% extends 'common_group.cpp' %}
{% block maincode %}
    const size_t _vectorisation_idx = -1;
    {{scalar_code|autoindent}}
    const int _n = {{constant_or_scalar('N', variables['N'])}};
    #pragma GCC ivdep
    for (int _idx = 0; _idx < _n; _idx++)
    {
        const size_t _vectorisation_idx = _idx;
        {{vector_code|autoindent}}
    }
{% endblock %}
