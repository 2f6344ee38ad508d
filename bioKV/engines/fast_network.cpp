// Stands in for the network.cpp that Brian2 generates: the same class and the same order of events, without the
// questions that one asks at every step (which clocks are due, how much CPU time has passed) for every object.
#include "network.h"

#include <vector>

// Clock in Brian2 2.9, its base class from 2.10 on
typedef decltype(Network::objects)::value_type::first_type AnyClock;

static double dt_of(AnyClock clock) { return static_cast<Clock*>(clock)->dt[0]; }

double Network::_last_run_time = 0.0;
double Network::_last_run_completed_fraction = 0.0;
bool Network::_globally_stopped = false;
bool Network::_globally_running = false;

Network::Network() { t = 0.0; }

void Network::clear() { objects.clear(); }

void Network::add(AnyClock clock, codeobj_func func) { objects.push_back(std::make_pair(clock, func)); }

void Network::compute_clocks() {
    clocks.clear();
    for (auto& object : objects) clocks.insert(object.first);
}

// the clock that is due next, and in curclocks all that are due with it
AnyClock Network::next_clocks() {
    AnyClock next = *clocks.begin();
    for (AnyClock clock : clocks) {
        if (clock->t[0] < next->t[0]) next = clock;
    }
    curclocks.clear();
    for (AnyClock clock : clocks) {
        if (clock->t[0] <= next->t[0] + 1e-14) curclocks.insert(clock);
    }
    return next;
}

void Network::run(const double duration, void (*)(const double, const double, const double, const double), const double) {
    const double t_end = t + duration;
    compute_clocks();
    for (AnyClock clock : clocks) clock->set_interval(t, t_end);
    AnyClock step = next_clocks();
    for (AnyClock clock : clocks) {
        if (dt_of(clock) < dt_of(step)) step = clock;
    }
    std::vector<AnyClock> slower;
    for (AnyClock clock : clocks) {
        if (clock != step) slower.push_back(clock);
    }
    std::vector<codeobj_func> every_step;
    for (auto& object : objects) {
        if (object.first == step && object.second) every_step.push_back(object.second);
    }
    _globally_running = true;
    _globally_stopped = false;
    while (step->running() && !_globally_stopped) {
        t = step->t[0];
        bool others = false;
        for (AnyClock clock : slower) others |= clock->t[0] <= t + 1e-14;
        if (others) {
            next_clocks();
            for (auto& object : objects) {
                if (object.second && curclocks.count(object.first)) object.second();
            }
            for (AnyClock clock : curclocks) clock->tick();
        } else {
            for (codeobj_func run_object : every_step) run_object();
            step->tick();
        }
    }
    _globally_running = false;
    if (!_globally_stopped) t = t_end;
}
