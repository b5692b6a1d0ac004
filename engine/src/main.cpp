#include <string>
#include <vector>

#include "cli/program.hpp"

int main(int count, char** arguments) {
  return linkferry::run_program({arguments + 1, arguments + count});
}
