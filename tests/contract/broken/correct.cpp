#include "lines.hpp"

// Nothing is wrong with it: the checks must find nothing.
LINES_PLUGIN("correct", linkferry::lines::LinesSource, linkferry::lines::LinesSink);
