// The spiking memory of bioKV written by hand: one thread, one task, no framework. It is the opponent of the speed
// benchmark, so it is meant to be hard to beat.
//
//   g++ -O3 -march=native -ffast-math -std=c++17 bare_network.cpp -o bare_network
//   ./bare_network d N m T n_trials seed sequential|random p
//
// Model, default parameters and order of events in a time step (states, thresholds, synapses, resets) are those of the
// Brian2 network in bioKV/. Work is left out only where the result cannot depend on it:
//   * spikes of the interneurons, lateral and feed-forward, are counted and act once in a step;
//   * a trace that a spike sets to 1 is a function of the time since that spike, looked up where a synapse needs it;
//   * the filtered read-out is a weighted sum of spikes, known when the spike happens;
//   * dendrites integrate, inputs fire and teachers teach only in the part of a presentation in which they can.
// Numbers are float; compile with -DREAL=double for the precision that Brian2 has.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <time.h>
#include <utility>
#include <vector>

#ifndef REAL
#define REAL float
#endif
using Real = REAL;
using Row = std::vector<Real>;

// ---- parameters: bioKV.Parameters(), times in ms -----------------------------------------------------------------
constexpr double dt = 0.5;
constexpr double feedforward_per_entry = 0.4;
constexpr int n_interneurons = 16;
constexpr int per_slot = 4;  // hidden neurons of a slot, which stand together; the first leads
constexpr double recruitment = 0.25;  // share of the interneurons that fire for one vote, per_slot hidden spikes
constexpr double input_rate = 0.1;  // spikes per ms
constexpr double tau_eligibility = 20, eligibility_gain = 1.7;
constexpr double drive_gain = 1.2, tau_rise = 3, tau_drive = 20, hazard = 0.15, theta = 2.5, feedforward_gain = 1;
constexpr double vote_inhibition = 5, clearance = 0.75;  // per ms
constexpr double trigger_time = 10, prime_strength = 4;
constexpr double eta_key = 1, eta_value = 1, acetylcholine = 1;
constexpr double output_weight = 1, tau_output = 20, teacher = 2;
constexpr double output_threshold = 0.01, output_inhibition = 6, opponent = 6, tau_opponent = 3;
constexpr double tau_trace = 20, trace_gain = 2, tau_readout = 100;
constexpr double w_key = 2 * drive_gain / (input_rate * tau_drive);
constexpr double per_release = 1 / (n_interneurons * recruitment);  // votes that one spike of an interneuron tells of

constexpr int steps(double ms) { return static_cast<int>(ms / dt + 0.5); }
constexpr int window = steps(150), stimulus_end = steps(100);
constexpr int trigger_begin = steps(40), trigger_end = steps(40 + trigger_time), plateau_steps = steps(50);
constexpr int read_begin = steps(60), read_end = steps(105);
constexpr int hidden_refractory = steps(5);
constexpr int interneuron_delay = steps(0.5), priming_delay = steps(20);
constexpr int long_ago = -1000000;

// ---- random numbers: xoshiro256++ ----------------------------------------------------------------------------------
class Random {
    uint64_t s[4];
    static uint64_t rotate(uint64_t x, int k) { return (x << k) | (x >> (64 - k)); }

public:
    explicit Random(uint64_t seed) {
        for (uint64_t& word : s) {  // splitmix64 turns any seed into a good state
            uint64_t z = (seed += 0x9e3779b97f4a7c15);
            z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
            z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
            word = z ^ (z >> 31);
        }
    }
    uint64_t bits() {
        const uint64_t result = rotate(s[0] + s[3], 23) + s[0], t = s[1] << 17;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= t;
        s[3] = rotate(s[3], 45);
        return result;
    }
    double uniform() { return static_cast<double>(bits() >> 11) * 0x1.0p-53; }
    double exponential() { return -std::log(1 - uniform()); }
};

// ---- helpers -------------------------------------------------------------------------------------------------------
constexpr int block = 16;  // populations are padded to whole vectors; padding neurons never fire
int padded(int n) { return (n + block - 1) / block * block; }

// what a trace that was set to 1 is worth `age` steps later: times a gain, saturating at 1
class SaturatingTrace {
    Row left;

public:
    SaturatingTrace(double tau, double gain) : left(steps(40 * tau)) {  // after 40 time constants nothing is left
        for (size_t age = 0; age < left.size(); age++) {
            left[age] = std::min(1.0, gain * std::exp(-double(age) * dt / tau));
        }
    }
    Real after(int age) const { return age < int(left.size()) ? left[age] : Real(0); }
};

// the neurons that fire in this step: one flag each, then a list of their numbers
struct Fired {
    std::vector<uint8_t> flags;
    std::vector<int> neuron;
    int n = 0;

    explicit Fired(int n_padded) : flags(n_padded), neuron(n_padded) {}
    const int* begin() const { return neuron.data(); }
    const int* end() const { return neuron.data() + n; }
    void list() {  // flags are looked at eight at a time
        n = 0;
        for (size_t start = 0; start < flags.size(); start += 8) {
            uint64_t word;
            std::memcpy(&word, &flags[start], 8);
            for (; word; word &= word - 1) neuron[n++] = int(start) + __builtin_ctzll(word) / 8;
        }
    }
};

// spikes of all neurons of each population
struct Counts {
    double input = 0, feedforward = 0, hidden = 0, interneuron = 0, output = 0;
};

struct Sizes {
    int d, n, m;
};

// ---- one network ---------------------------------------------------------------------------------------------------
class Network {
    const int d, n, m, n_feedforward;
    const int inputs, feedforwards, hiddens, interneurons, outputs;  // numbers of neurons, padded
    const bool sequential;
    const Real dendrite_step;  // what a dendrite with the random third factor gains in a step of the trigger
    Random& random;
    int now = 0;  // steps since the network was made
    const Real left_of_bound = std::exp(-dt / tau_rise), left_of_drive = std::exp(-dt / tau_drive);
    const Real left_of_v = std::exp(-dt / tau_output), left_of_opponent = std::exp(-dt / tau_opponent);

    Row phase, advance;                   // input neurons; advance: of the phase in one step
    std::vector<int> input_spike;         // when each fired last
    Row counter;                          // feed-forward interneurons
    Row bound, drive, expected, tolerance, own;  // hidden neurons; own: spikes since the dendritic spike
    std::vector<int> hidden_free;         // first step after the refractory period
    Real inhibition = 0, heard = 0;       // the pool: what inhibits all hidden neurons, and votes of this presentation
    Row heard_before;
    Row dendrite, dendrite_tolerance;
    std::vector<uint8_t> primed;
    std::vector<int> plateau_end;
    std::vector<std::pair<int, int>> priming;  // (step, slot): the chain on its way
    Row interneuron_v;                    // lateral interneurons
    int returning[interneuron_delay + 1] = {};  // how many spikes of theirs are on their way, by step modulo the length
    Row v, against, teaching;             // output neurons: evidence, inhibition, what the teacher adds in one step
    std::vector<int> output_spike;
    Row key, value;                       // weights, one row a presynaptic neuron
    Fired fired_input, fired_feedforward, fired_hidden, fired_interneuron, fired_output;
    std::vector<int> fired_dendrite, following;  // neurons; those that follow their leader in the next step

    const SaturatingTrace eligibility{tau_eligibility, eligibility_gain}, activity{tau_trace, trace_gain};
    Row read_weight = Row(window);        // what is left of a read-out spike at the end of the presentation

public:
    Row readout;

    Network(Sizes size, bool sequential, double p, Random& random)
        : d(size.d), n(size.n), m(size.m), n_feedforward(std::max(1, int(std::lround(feedforward_per_entry * d)))),
          inputs(padded(2 * d)), feedforwards(padded(n_feedforward)), hiddens(padded(n * per_slot)),
          interneurons(padded(n_interneurons)), outputs(padded(2 * m)),
          sequential(sequential), dendrite_step(-std::log(1 - std::min(p, 1 - 1e-12)) * dt / trigger_time),
          random(random),
          phase(inputs), advance(inputs), input_spike(inputs, long_ago), counter(feedforwards, Real(-1e30)),
          bound(hiddens), drive(hiddens), expected(hiddens), tolerance(hiddens, Real(1e30)), own(hiddens),
          hidden_free(hiddens), heard_before(hiddens),
          dendrite(n), dendrite_tolerance(n), primed(n), plateau_end(hiddens, long_ago),
          interneuron_v(interneurons, Real(-1e30)), v(outputs), against(outputs, Real(1e30)), teaching(outputs),
          output_spike(outputs, long_ago),
          key(size_t(inputs) * hiddens, Real(0.5)), value(size_t(hiddens) * outputs),
          fired_input(inputs), fired_feedforward(feedforwards), fired_hidden(hiddens), fired_interneuron(interneurons),
          fired_output(outputs), readout(outputs) {
        for (int i = 0; i < 2 * d; i++) phase[i] = random.uniform();
        for (int i = 0; i < n_feedforward; i++) counter[i] = random.uniform();
        for (int i = 0; i < n * per_slot; i++) tolerance[i] = random.exponential();
        for (int i = 0; i < n_interneurons; i++) interneuron_v[i] = Real(i) / n_interneurons;  // they take turns
        for (int i = 0; i < 2 * m; i++) against[i] = 0;
        primed[0] = true;
        for (int k = 0; k < window; k++) read_weight[k] = std::exp(-(window - 1 - k) * dt / tau_readout);
    }

    // one presentation: the key of +1, -1 and 0, the target (while storing), q the neuromodulator
    void present(const int8_t* shown, const int8_t* target, double q, Counts& counts) {
        const double teacher_step = q > 0 ? teacher * (1 - std::exp(-dt / tau_output)) : 0;
        for (int i = 0; i < d; i++) {
            advance[i] = shown[i] > 0 ? input_rate * dt : 0;
            advance[d + i] = shown[i] < 0 ? input_rate * dt : 0;
        }
        for (int i = 0; i < m; i++) {
            teaching[i] = teacher_step * target[i];
            teaching[m + i] = -teaching[i];
        }
        for (int i = 0; i < n; i++) {
            dendrite[i] = 0;
            dendrite_tolerance[i] = sequential ? 1 : random.exponential();
        }
        std::fill(readout.begin(), readout.end(), Real(0));
        heard = 0;
        for (int k = 0; k < window; k++, now++) {
            if (k == stimulus_end) std::fill(teaching.begin(), teaching.end(), Real(0));
            step(k, q, counts);
        }
    }

private:
    void step(int k, double q, Counts& counts) {
        // states and thresholds: nobody sees yet who else fires in this step
        fired_input.n = 0;
        if (k < stimulus_end) advance_inputs();
        check_counters(counter, fired_feedforward);
        check_counters(interneuron_v, fired_interneuron);
        inhibition = std::max(Real(0), inhibition - Real(clearance * dt));
        advance_hidden();
        advance_outputs();
        fired_dendrite.swap(following);
        following.clear();
        if (k >= trigger_begin && k < trigger_end) advance_dendrites();
        for (int neuron : fired_dendrite) start_plateau(neuron);

        // synapses, then resets
        transmit_input();
        transmit_feedforward();
        transmit_opponents();
        transmit_lateral();
        while (!priming.empty() && priming.front().first == now) {
            primed[priming.front().second] = true;
            priming.erase(priming.begin());
        }
        if (q > 0) {
            for (int neuron : fired_dendrite) write_key(neuron, q);
            for (int neuron = 0; neuron < n * per_slot; neuron++) {
                if (plateau_end[neuron] == now) write_value(neuron, q);
            }
        }
        for (int neuron : fired_hidden) transmit_hidden(neuron, q);
        for (int neuron : fired_input) input_spike[neuron] = now;
        for (int neuron : fired_output) {
            output_spike[neuron] = now;
            if (k >= read_begin && k < read_end) readout[neuron] += read_weight[k];
        }

        counts.input += fired_input.n;
        counts.feedforward += fired_feedforward.n;
        counts.hidden += fired_hidden.n;
        counts.interneuron += fired_interneuron.n;
        counts.output += fired_output.n;
    }

    // The loops over all neurons of a population work on pointers that are promised not to overlap: only then does the
    // compiler turn them into vector instructions.
    void advance_inputs() {
        Real* __restrict phase_ = phase.data();
        const Real* __restrict advance_ = advance.data();
        uint8_t* __restrict flag = fired_input.flags.data();
        const int n_neurons = inputs;
        for (int i = 0; i < n_neurons; i++) {
            phase_[i] += advance_[i];
            flag[i] = phase_[i] >= 1;
        }
        fired_input.list();
        for (int neuron : fired_input) phase[neuron] -= 1;
    }

    // interneurons only count their input: v >= 1 is a spike; lateral ones can be beyond two thresholds, and saturate
    static void check_counters(Row& v, Fired& fired) {
        Real* __restrict v_ = v.data();
        uint8_t* __restrict flag = fired.flags.data();
        const int n_neurons = int(v.size());
        for (int i = 0; i < n_neurons; i++) flag[i] = v_[i] >= 1;
        fired.list();
        for (int neuron : fired) v_[neuron] -= std::floor(v_[neuron]);
    }

    void advance_hidden() {
        Real* __restrict bound_ = bound.data();
        Real* __restrict drive_ = drive.data();
        Real* __restrict expected_ = expected.data();
        const Real* __restrict tolerance_ = tolerance.data();
        const int* __restrict free_at = hidden_free.data();
        uint8_t* __restrict flag = fired_hidden.flags.data();
        const Real below = inhibition + Real(theta);
        const Real opens = Real(tau_drive / tau_rise) * (1 - left_of_drive);
        const int n_neurons = hiddens, step_now = now;
        for (int i = 0; i < n_neurons; i++) {
            const Real exponent = std::min(std::max(drive_[i] - below, Real(-50)), Real(20));
            const Real more = Real(hazard * dt) * std::exp(exponent);
            expected_[i] += free_at[i] <= step_now ? more : 0;
            drive_[i] = drive_[i] * left_of_drive + bound_[i] * opens;
            bound_[i] *= left_of_bound;
        }
        // a refractory neuron stays at 0, which no tolerance lies below
        for (int i = 0; i < n_neurons; i++) flag[i] = expected_[i] > tolerance_[i];
        fired_hidden.list();
    }

    // of the leaders; those that share their slot follow one step later
    void advance_dendrites() {
        for (int i = 0; i < n; i++) {
            dendrite[i] += sequential ? primed[i] * Real(prime_strength * dt / trigger_time) : dendrite_step;
            if (dendrite[i] >= dendrite_tolerance[i] && now >= plateau_end[i * per_slot]) {
                fired_dendrite.push_back(i * per_slot);
                for (int k = 1; k < per_slot; k++) following.push_back(i * per_slot + k);
                primed[i] = false;
                if (sequential) priming.emplace_back(now + priming_delay, (i + 1) % n);
            }
        }
    }

    void advance_outputs() {
        Real* __restrict v_ = v.data();
        Real* __restrict against_ = against.data();
        const Real* __restrict teaching_ = teaching.data();
        uint8_t* __restrict flag = fired_output.flags.data();
        const int n_neurons = outputs;
        for (int i = 0; i < n_neurons; i++) {
            v_[i] = left_of_v * v_[i] + teaching_[i];
            against_[i] *= left_of_opponent;
        }
        for (int i = 0; i < n_neurons; i++) flag[i] = v_[i] >= against_[i] + Real(output_threshold);
        fired_output.list();
        for (int neuron : fired_output) against[neuron] += Real(output_inhibition);
    }

    void transmit_input() {
        Real* __restrict bound_ = bound.data();
        const int n_neurons = hiddens;
        for (int neuron : fired_input) {
            const Real* __restrict weight = &key[size_t(neuron) * hiddens];
            for (int i = 0; i < n_neurons; i++) bound_[i] += Real(w_key) * weight[i];
        }
        if (fired_input.n == 0) return;
        const Real share = Real(fired_input.n) / Real(2 * n_feedforward);
        for (int i = 0; i < feedforwards; i++) counter[i] += share;
    }

    void transmit_feedforward() {
        if (fired_feedforward.n == 0) return;
        const Real less = Real(fired_feedforward.n * feedforward_gain * w_key);
        for (int i = 0; i < hiddens; i++) bound[i] -= less;
    }

    // hidden spikes recruit interneurons; what those send back arrives after a delay
    void transmit_lateral() {
        int& arrived = returning[now % (interneuron_delay + 1)];
        inhibition += Real(arrived * vote_inhibition * per_release);
        heard += Real(arrived * per_release);
        arrived = 0;
        returning[(now + interneuron_delay) % (interneuron_delay + 1)] = fired_interneuron.n;
        if (fired_hidden.n == 0) return;
        const Real more = Real(fired_hidden.n * recruitment / per_slot);
        for (int i = 0; i < interneurons; i++) interneuron_v[i] += more;
    }

    void transmit_opponents() {
        for (int neuron : fired_output) {
            const int other = neuron < m ? neuron + m : neuron - m;
            against[other] += Real(opponent);
        }
    }

    // eq. 9 at a dendritic spike, which opens what is bound
    void write_key(int neuron, double q) {
        const Real eta = std::min(1.0, q * eta_key);
        Real opened = 0;
        for (int i = 0; i < 2 * d; i++) {
            Real& weight = key[size_t(i) * hiddens + neuron];
            const Real eligible = eligibility.after(now - input_spike[i]), more = eta * (eligible - weight);
            weight += more;
            opened += Real(2 * drive_gain) * more * eligible;
        }
        drive[neuron] += opened;
        bound[neuron] += opened * Real(tau_rise / tau_drive);
    }

    // eq. 11 at the end of a plateau: the clamped output times the slot's share of the votes in it
    void write_value(int neuron, double q) {
        const Real eta = std::min(1.0, q * eta_value);
        const Real share = std::min(Real(1), own[neuron] / std::max(Real(1), heard - heard_before[neuron]));
        Real* weight = &value[size_t(neuron) * outputs];
        for (int i = 0; i < 2 * m; i++) {
            weight[i] += eta * (share * activity.after(now - output_spike[i]) - weight[i]);
        }
    }

    void transmit_hidden(int neuron, double q) {
        const Real* __restrict weight = &value[size_t(neuron) * outputs];
        const Real jump = output_weight / per_slot * (1 - (q > 0 ? acetylcholine : 0));
        if (jump != 0) {
            Real* __restrict v_ = v.data();
            const int n_neurons = outputs;
            for (int i = 0; i < n_neurons; i++) v_[i] += jump * weight[i];
        }
        expected[neuron] = 0;
        tolerance[neuron] = random.exponential();
        hidden_free[neuron] = now + hidden_refractory;
        own[neuron] += 1;
    }

    void start_plateau(int neuron) {
        plateau_end[neuron] = now + plateau_steps;
        own[neuron] = 0;
        heard_before[neuron] = heard;
    }
};

// ---- the task ------------------------------------------------------------------------------------------------------
int main(int argc, char** argv) {
    const bool understood = argc == 9 && (!std::strcmp(argv[7], "sequential") || !std::strcmp(argv[7], "random"));
    if (!understood || std::atoi(argv[1]) != std::atoi(argv[3])) {
        std::fprintf(stderr, "usage: %s d N m T n_trials seed sequential|random p, with m = d\n", argv[0]);
        return 2;
    }
    const Sizes size{std::atoi(argv[1]), std::atoi(argv[2]), std::atoi(argv[3])};
    const int n_pairs = std::atoi(argv[4]), n_trials = std::atoi(argv[5]);
    const bool sequential = !std::strcmp(argv[7], "sequential");
    Random random(std::strtoull(argv[6], nullptr, 10));

    Counts storing, recalling;
    double n_right = 0;
    for (int trial = 0; trial < n_trials; trial++) {
        std::vector<int8_t> patterns(size_t(n_pairs) * size.d), query(size.d);
        for (int8_t& entry : patterns) entry = random.bits() >> 63 ? 1 : -1;
        Network network(size, sequential, std::atof(argv[8]), random);
        for (int pair = 0; pair < n_pairs; pair++) {
            const int8_t* pattern = &patterns[size_t(pair) * size.d];
            network.present(pattern, pattern, 1, storing);
        }
        for (int pair = 0; pair < n_pairs; pair++) {
            const int8_t* pattern = &patterns[size_t(pair) * size.d];
            for (int i = 0; i < size.d; i++) query[i] = random.uniform() < 0.6 ? 0 : pattern[i];
            network.present(query.data(), query.data(), 0, recalling);
            for (int i = 0; i < size.m; i++) {
                n_right += (network.readout[i] - network.readout[size.m + i]) * pattern[i] > 0;
            }
        }
    }

    const double n_presentations = double(n_pairs) * n_trials;
    auto print = [&](const char* when, const Counts& counts) {
        std::printf("\"%s\": {\"input\": %.4f, \"feedforward\": %.4f, \"hidden\": %.4f, ", when,
                    counts.input / n_presentations, counts.feedforward / n_presentations,
                    counts.hidden / n_presentations);
        std::printf("\"interneuron\": %.4f, \"output\": %.4f}, ", counts.interneuron / n_presentations,
                    counts.output / n_presentations);
    };
    timespec used;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    std::printf("{\"biological_s\": %.6f, \"accuracy\": %.6f, ", 2 * n_presentations * window * dt / 1000,
                n_right / (n_presentations * size.m));
    print("storing", storing);
    print("recalling", recalling);
    std::printf("\"cpu_s\": %.6f}\n", double(used.tv_sec) + 1e-9 * double(used.tv_nsec));
    return 0;
}
