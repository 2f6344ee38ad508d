// The program sets a network up once and stays: it runs a trial, in a process forked for it, for every line of standard
// input, so that all trials begin in the same state and none pays for the setting up.
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

// What a line holds, NAME=VALUE separated by tabs: returns in a new process, once per line. The process that was there
// waits for the new one's end and prints its exit code, or minus the signal that killed it; it ends with its input.
std::vector<std::string> next_trial() {
    std::string line, argument;
    while (std::getline(std::cin, line)) {
        const pid_t trial = fork();
        if (trial < 0) {
            std::cerr << "cannot start a process for a trial" << std::endl;
            std::_Exit(1);
        }
        if (trial == 0) {
            std::vector<std::string> arguments;
            std::istringstream words(line);
            while (std::getline(words, argument, '\t')) arguments.push_back(argument);
            return arguments;
        }
        int status = 0;
        waitpid(trial, &status, 0);
        std::cout << (WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status)) << std::endl;
    }
    std::_Exit(0);
}

// The first numbers of a table, from the file that NAME=FILE names; the rest of it stays blank. Removes the argument.
void begin_table(std::vector<std::string>& arguments, const std::string& name, double* values, size_t room) {
    for (size_t i = 0; i < arguments.size(); i++) {
        if (arguments[i].compare(0, name.size() + 1, name + "=") != 0) continue;
        const std::string path = arguments[i].substr(name.size() + 1);
        std::ifstream file(path, std::ios::binary | std::ios::ate);
        const std::streamoff size = file.tellg();
        if (!file || size > (std::streamoff)(room * sizeof(double)) || !file.seekg(0) || !file.read((char*)values, size)) {
            std::cerr << "cannot read at most " << room << " numbers from " << path << std::endl;
            std::_Exit(1);
        }
        arguments.erase(arguments.begin() + i);
        return;
    }
}
