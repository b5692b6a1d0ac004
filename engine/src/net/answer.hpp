#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "linkferry/http.hpp"

namespace linkferry {

/// `GET https://links.example/api/tags/ answered 404 (Not Found): …; it says: "…"`, without
/// secrets. `problem` may be empty. The kind: see HttpClient::failure_of.
Failure make_answer_failure(const HttpResponse& response, std::string_view problem);

/// What keeps an answer from being JSON, as the problem of a failure; empty when nothing does.
std::string find_answer_problem(const HttpResponse& response, std::size_t max_json_depth);

/// What a person should see of a body: the first line that is not blank, at most 200 bytes; of an
/// HTML page its title.
std::string excerpt_of_body(std::string_view body);

}  // namespace linkferry
