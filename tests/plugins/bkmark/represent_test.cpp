#include "bkmark_setup.hpp"
