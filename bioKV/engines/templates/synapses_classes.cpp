{# In place of Brian2's template of this name: spikes on their way, for a program of one thread. #}
{% macro cpp_file() %}
{% endmacro %}

{% macro h_file() %}
#ifndef _BRIAN_SYNAPSES_H
#define _BRIAN_SYNAPSES_H

#include <algorithm>
#include <fstream>
#include <iostream>
#include <vector>

#include "brianlib/stdint_compat.h"

using namespace std;  // the code that Brian2 writes beside this relies on it

// The synapses that share one piece of code and one event of their sources, and the spikes on their way to them.
class SynapticPathway {
public:
    struct Reached { const int *begin, *end; };  // synapses that one spike reaches in one time step

private:
    const int first, last;         // the sources whose spikes count: last is the first that does not
    vector<int> outgoing;          // all synapses, sorted by source
    vector<int> begin;             // where in `outgoing` those of each source begin
    vector<int> delay;             // in time steps, of every synapse or one for all
    vector<vector<Reached>> due;   // a ring: what is reached now, one time step later, and so on
    size_t now = 0;

    void push_one(int steps, const int* synapse, const int* end) {
        const size_t then = now + steps;
        due[then < due.size() ? then : then - due.size()].push_back({synapse, end});
    }

public:
    vector<int>& sources;          // the source of every synapse
    const char* queue[1] = {""};   // Brian2 from 2.10 on has a line that would write it out; nobody calls that

    SynapticPathway(vector<int>& sources, int first, int last) : first(first), last(last), due(1), sources(sources) {}

    template <typename scalar>
    void prepare(int, int, const scalar* delays, int n_delays, const int* source, int n_synapses, double dt) {
        delay.assign(max(n_delays, 1), 0);
        for (int i = 0; i < n_delays; i++) delay[i] = (int)(delays[i]/dt + 0.5);
        due.resize(*max_element(delay.begin(), delay.end()) + 1);
        if (count(delay.begin(), delay.end(), delay[0]) == (ptrdiff_t)delay.size()) delay.resize(1);
        begin.assign(last - first + 1, 0);
        for (int i = 0; i < n_synapses; i++) begin[source[i] - first + 1]++;
        for (int i = 0; i < last - first; i++) begin[i + 1] += begin[i];
        vector<int> next = begin;
        outgoing.resize(n_synapses);
        for (int i = 0; i < n_synapses; i++) outgoing[next[source[i] - first]++] = i;
    }

    void advance() {
        due[now].clear();
        if (++now == due.size()) now = 0;
    }

    void push(const int* spikes, int n_spikes) {
        for (int i = 0; i < n_spikes; i++) {
            if (spikes[i] < first || spikes[i] >= last) continue;
            const int* synapse = outgoing.data() + begin[spikes[i] - first];
            const int* const end = outgoing.data() + begin[spikes[i] - first + 1];
            if (delay.size() == 1) {
                push_one(delay[0], synapse, end);
            } else {
                while (synapse < end) {  // neighbours that are reached together
                    const int* const first_of_them = synapse;
                    do ++synapse; while (synapse < end && delay[*synapse] == delay[*first_of_them]);
                    push_one(delay[*first_of_them], first_of_them, synapse);
                }
            }
        }
    }

    const vector<Reached>& peek() const { return due[now]; }
};

#endif
{% endmacro %}
