{# In place of Brian2's template of this name: where no spike arrives nothing is computed, and synapses that one
   reaches are read where they stand. #}
{% extends 'common_synapses.cpp' %}
{% block maincode %}
    const auto& _arriving = {{pathway.name}}.peek();
    if (_arriving.empty()) return;
    const size_t _vectorisation_idx = -1;
    {{scalar_code|autoindent}}
    for (const SynapticPathway::Reached& _reached : _arriving)
    {
        for (const int* _synapse = _reached.begin; _synapse < _reached.end; _synapse++)
        {
            const size_t _idx = *_synapse;
            const size_t _vectorisation_idx = _idx;
            {{vector_code|autoindent}}
        }
    }
{% endblock %}
