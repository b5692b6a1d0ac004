#include "raindrop/raindrop_writer.hpp"

#include <algorithm>
#include <map>

#include "common/html_text.hpp"
#include "common/json_members.hpp"

namespace linkferry::raindrop {
namespace {

constexpr int most_attempts = 6;
/// Addresses in a question. Rationale: at two requests a second 100 questions for 10,000 bookmarks
/// are as long as creating them; more than these would be old when the last is created.
constexpr std::size_t most_looked_for = 2'500;
constexpr std::size_t most_looked_for_bytes = 256 * 1024;
/// Repairs of one bookmark in a row: the first sends what differs, the second takes away what came
/// in twice.
constexpr int most_repairs = 3;

Outcome failed(std::string reason) { return {Result::failed, {}, std::move(reason)}; }

std::string raindrop_path(const std::string& id) { return "/raindrop/" + percent_encode(id); }

std::string urls_body(const std::vector<Text>& urls) {
  common::JsonWriter out;
  common::JsonMembers members(out);
  members.add("urls", std::span<const Text>(urls));
  members.end();
  return std::string(out.bytes());
}

FolderPath folder_of(const Bookmark& bookmark) {
  return bookmark.folders.empty() ? FolderPath() : bookmark.folders.front();
}

/// What is left of an address when the service may have stored it in another form.
std::string rough_form(Text url) {
  const std::size_t colon = url.find("://");
  if (colon != Text::npos) url.remove_prefix(colon + 3);
  url = common::trimmed(url.substr(0, url.find('#')));
  if (url.starts_with("www.")) url.remove_prefix(4);
  while (url.ends_with('/')) url.remove_suffix(1);
  std::string form(url);
  std::ranges::transform(form, form.begin(), [](char c) { return common::to_lower(c); });
  return form;
}

/// The call that creates one has another path and body than that for many.
struct Creation {
  std::string path = "/raindrops";
  std::string body;
};

Creation creation_of(const std::vector<std::string>& bodies) {
  if (bodies.size() == 1) return {"/raindrop", bodies.front()};
  Creation many;
  many.body = "{\"items\":[";
  for (const std::string& body : bodies) many.body.append(body).append(",");
  many.body.back() = ']';
  many.body += '}';
  return many;
}

}  // namespace

bool is_of_this_record(const Failure& failure) {
  return failure.kind() == FailureKind::temporary || failure.kind() == FailureKind::interrupted ||
         failure.kind() == FailureKind::failed;
}

Outcome outcome_of(const Api& api, const Answer& answer) {
  const std::string words = answer.words();
  const std::string failure = api.failure_of(answer.response, "").what();
  switch (answer.response.status) {
    case 400:
    case 403:
    case 413:
    case 422:
      return {Result::rejected, {}, "Raindrop refuses it: " + (words.empty() ? failure : words)};
    case 404:
      return failed("Raindrop has no such bookmark any more");
    case 200:
      return failed("Raindrop did not do it: " + words);
    default:
      return failed(failure);
  }
}

std::size_t Writer::look_ahead(std::span<const Change> changes, std::stop_token stop) {
  absent_.clear();
  std::vector<Text> urls;
  std::size_t bytes = 0;
  std::size_t count = 0;
  for (; count < changes.size() && urls.size() < most_looked_for; ++count) {
    const Change& change = changes[count];
    if (change.action != Action::create || change.bookmark == nullptr) continue;
    bytes += change.bookmark->url.size();
    if (bytes > most_looked_for_bytes && !urls.empty()) break;
    urls.push_back(change.bookmark->url);
  }
  look_for(urls, std::move(stop));
  return count;
}

void Writer::look_for(const std::vector<Text>& urls, std::stop_token stop) {
  if (urls.size() <= most_in_a_call || stop.stop_requested()) return;
  try {
    const Answer answer = api_.ask("POST", "/import/url/exists", urls_body(urls), true, stop);
    const auto is_empty = [&answer](std::string_view list) {
      bool has_none = true;
      answer.member(list).for_each_item([&](common::JsonValue) { has_none = false; });
      return has_none;
    };
    if (answer.is_error() || !answer.member("ids").is_array()) return;
    if (!is_empty("ids") || !is_empty("duplicates")) return;
    for (const Text url : urls) absent_.emplace(url);
  } catch (const Failure& failure) {
    if (!is_of_this_record(failure)) throw;
  }
}

/// Once: what is created now is there the next time.
bool Writer::are_known_absent(const Wishes& wishes) {
  bool are_absent = true;
  for (const Wish& wish : wishes)
    are_absent = absent_.erase(std::string(wish.bookmark->url)) > 0 && are_absent;
  return are_absent;
}

/// False when no wish is left.
bool Writer::find_collections(Wishes& wishes, std::stop_token stop) {
  for (Wish& wish : wishes) {
    try {
      wish.collection = collections_.ensure(folder_of(*wish.bookmark), stop);
    } catch (const Failure& failure) {
      if (!is_of_this_record(failure)) throw;
      *wish.outcome = failed(failure.what());
      wish.is_settled = true;
      // The others would fail, too, or take long to find it out.
      if (failure.kind() != FailureKind::failed) break;
    }
  }
  return std::ranges::any_of(wishes, [](const Wish& wish) { return !wish.is_settled; });
}

void Writer::create(std::span<const Change* const> changes, std::span<Outcome* const> outcomes,
                    std::stop_token stop) {
  Wishes wishes;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    *outcomes[i] = failed("it was not tried, since what came before it failed");
    wishes.push_back({changes[i]->bookmark, outcomes[i], 0, false});
  }
  held_before_.clear();
  is_first_look_ = true;
  try {
    if (!find_collections(wishes, stop)) return;
    std::erase_if(wishes, [](const Wish& wish) { return wish.is_settled || wish.collection == 0; });
    create_all(wishes, stop);
  } catch (const Failure& failure) {
    if (!is_of_this_record(failure)) throw;
    for (Wish& wish : wishes) {
      if (!wish.is_settled) *wish.outcome = failed(failure.what());
    }
  }
}

void Writer::create_all(Wishes& wishes, std::stop_token stop) {
  const auto drop_settled = [&wishes] {
    std::erase_if(wishes, [](const Wish& wish) { return wish.is_settled; });
    return wishes.empty();
  };
  for (int attempt = 0; attempt < most_attempts; ++attempt) {
    settle_those_held(wishes, stop);
    if (drop_settled()) return;
    send(wishes, stop);
    if (drop_settled()) return;
  }
}

/// Asks which of the addresses there are, and settles those bookmarks.
void Writer::settle_those_held(Wishes& wishes, std::stop_token stop) {
  if (are_known_absent(wishes)) {
    is_first_look_ = false;
    return;
  }
  std::vector<Text> urls;
  for (const Wish& wish : wishes) urls.push_back(wish.bookmark->url);
  const Answer answer = api_.ask("POST", "/import/url/exists", urls_body(urls), true, stop);
  if (answer.is_error()) throw api_.failure_of(answer.response, "");
  std::map<std::int64_t, std::string> candidates;
  answer.member("ids").for_each_item([&](common::JsonValue id) {
    if (const auto number = id.number()) candidates[*number];
  });
  answer.member("duplicates").for_each_item([&](common::JsonValue duplicate) {
    if (const auto id = duplicate.member("_id").number())
      candidates[*id] = duplicate.member("link").string();
  });
  for (const auto& [id, link] : candidates) settle_candidate(id, link, wishes, stop);
  if (is_first_look_) {
    for (const auto& [id, link] : candidates) held_before_.insert(id);
  }
  is_first_look_ = false;
}

/// The service finds addresses by a normal form of its own. So what it names is the bookmark only
/// where it has exactly this address, or where it was not there before it was sent: then the
/// service has stored it under another form.
void Writer::settle_candidate(std::int64_t id, const std::string& named, Wishes& wishes,
                              std::stop_token stop) {
  const bool is_new = !is_first_look_ && !held_before_.contains(id);
  const Answer answer = api_.ask("GET", raindrop_path(std::to_string(id)), "", true, stop);
  if (answer.response.status == 404 || answer.response.status == 403) return;
  if (answer.is_error()) throw api_.failure_of(answer.response, "");
  Arena arena;
  const auto item = read_item(answer.member("item"), arena);
  if (!item || item->is_in_trash()) return;
  const auto find = [&wishes](const auto& is_it) {
    return std::ranges::find_if(
        wishes, [&](const Wish& wish) { return !wish.is_settled && is_it(*wish.bookmark); });
  };
  auto wish = find([&](const Bookmark& b) { return b.url == item->link; });
  if (wish == wishes.end() && is_new)
    wish = find([&](const Bookmark& b) { return b.url == named; });
  if (wish == wishes.end() && is_new) {
    const std::string form = rough_form(item->link);
    wish = find([&](const Bookmark& b) { return rough_form(b.url) == form; });
  }
  if (wish == wishes.end()) return;
  settle(*item, *wish, is_new ? Result::done : Result::already_so, stop);
}

/// Sends what is wanted. What is not settled then may be there without our knowing.
void Writer::send(Wishes& wishes, std::stop_token stop) {
  std::vector<std::string> bodies;
  for (const Wish& wish : wishes) {
    const Timestamp& created = wish.bookmark->created_at;
    bodies.push_back(
        create_body(*wish.bookmark, wish.collection,
                    created.is_known() ? created : unknown_created(api_.now_seconds())));
  }
  const Creation creation = creation_of(bodies);
  std::optional<Answer> answer;
  try {
    answer = api_.ask("POST", creation.path, creation.body, false, stop);
  } catch (const Failure& failure) {
    // Lost, or a page in place of an answer. What could not be sent at all comes here, too.
    if (stop.stop_requested() || !is_of_this_record(failure)) throw;
    for (const Wish& wish : wishes) *wish.outcome = failed(failure.what());
    return;
  }
  const int status = answer->response.status;
  if (!answer->is_error()) {
    forbidden_.note_success();
    take_created(*answer, wishes, stop);
  } else if (status >= 500 || status == 429 || status == 408) {
    for (const Wish& wish : wishes) *wish.outcome = outcome_of(api_, *answer);
  } else {
    send_halves(wishes, *answer, stop);
  }
}

/// One bad bookmark refuses the whole call: it is found by halves.
void Writer::send_halves(Wishes& wishes, const Answer& answer, std::stop_token stop) {
  if (wishes.size() == 1) {
    if (forbidden_.note_refusal(answer.response.status))
      throw api_.refusal_of_token(answer.response);
    *wishes.front().outcome = outcome_of(api_, answer);
    wishes.front().is_settled = true;
    return;
  }
  const auto middle = wishes.begin() + static_cast<std::ptrdiff_t>(wishes.size() / 2);
  for (const auto& [from, to] :
       {std::pair(wishes.begin(), middle), std::pair(middle, wishes.end())}) {
    Wishes half(from, to);
    create_all(half, stop);
  }
  for (Wish& wish : wishes) wish.is_settled = true;
}

/// Matches what was stored with what was sent, by order; what is missing is looked for.
void Writer::take_created(const Answer& answer, Wishes& wishes, std::stop_token stop) {
  std::vector<common::JsonValue> items;
  answer.member("items").for_each_item([&](common::JsonValue item) { items.push_back(item); });
  if (answer.member("item").is_object()) items.push_back(answer.member("item"));
  const bool is_whole = items.size() == wishes.size();
  for (std::size_t i = 0; i < items.size(); ++i) {
    Arena arena;
    const auto item = read_item(items[i], arena);
    if (!item) continue;
    auto wish = std::ranges::find_if(wishes, [&](const Wish& candidate) {
      return !candidate.is_settled && candidate.bookmark->url == item->link;
    });
    if (wish == wishes.end() && is_whole && !wishes[i].is_settled)
      wish = wishes.begin() + static_cast<std::ptrdiff_t>(i);
    if (wish == wishes.end()) continue;
    settle(*item, *wish, Result::done, stop);
  }
  for (Wish& wish : wishes) {
    if (!wish.is_settled)
      *wish.outcome = failed("Raindrop has taken the call, but its answer does not name this one");
  }
}

void Writer::settle(const Item& held, Wish& wish, Result if_same, std::stop_token stop) {
  wish.is_settled = true;
  try {
    const bool is_there = collections_.is_folder(held.collection, folder_of(*wish.bookmark), stop);
    *wish.outcome = settle(held, *wish.bookmark, is_there ? held.collection : wish.collection,
                           if_same, std::move(stop));
  } catch (const Failure& failure) {
    if (!is_of_this_record(failure)) throw;
    *wish.outcome = {Result::failed, std::to_string(held.id), failure.what()};
  }
}

/// Makes `held` what is wanted. An address that the service has stored in another form stays.
Outcome Writer::settle(const Item& held, const Bookmark& wanted, std::int64_t collection,
                       Result if_same, std::stop_token stop) {
  const std::string id = std::to_string(held.id);
  Bookmark aim = wanted;
  aim.url = held.link;
  Repair repair = repair_of(held, aim, collection);
  if (repair.body.empty()) return {if_same, id, {}};
  for (int attempt = 0; attempt < most_repairs; ++attempt) {
    const Answer answer = api_.ask("PUT", raindrop_path(id), repair.body, true, stop);
    if (answer.is_error()) {
      Outcome outcome = outcome_of(api_, answer);
      outcome.id = id;
      return outcome;
    }
    Arena arena;
    const auto item = read_item(answer.member("item"), arena);
    if (!item) return {Result::done, id, {}};
    repair = repair_of(*item, aim, collection);
    if (repair.body.empty()) return {Result::done, id, {}};
  }
  return {Result::failed, id, "Raindrop has stored it, but not as it was sent: " + repair.fields};
}

Outcome Writer::update(const Bookmark& bookmark, const std::string& id, std::stop_token stop) {
  try {
    return change(bookmark, id, stop);
  } catch (const Failure& failure) {
    if (!is_of_this_record(failure)) throw;
    return failed(failure.what());
  }
}

/// Where the plan does not move it, no collection is sent: it stays wherever the person has it.
Outcome Writer::change(const Bookmark& bookmark, const std::string& id, std::stop_token stop) {
  const FolderPath path = folder_of(bookmark);
  const auto listed = whereabouts_.find(id_of(id));
  const bool stays = listed && collections_.is_folder(*listed, path, stop);
  std::optional<std::int64_t> collection;
  if (listed && !stays) collection = collections_.ensure(path, stop);
  const Answer answer =
      api_.ask("PUT", raindrop_path(id), update_body(bookmark, collection), true, stop);
  if (answer.is_error()) return outcome_of(api_, answer);
  Arena arena;
  const auto item = read_item(answer.member("item"), arena);
  if (!item) throw api_.failure_of(answer.response, "expected the bookmark that was changed");
  if (item->is_in_trash()) return {Result::failed, id, "Raindrop has it in Trash now"};
  const bool is_there = stays || collections_.is_folder(item->collection, path, stop);
  if (!collection) collection = is_there ? item->collection : collections_.ensure(path, stop);
  whereabouts_.learn(item->id, *collection);
  return settle(*item, bookmark, *collection, Result::done, stop);
}

Outcome Writer::make_folder(const Folder& folder, std::stop_token stop) {
  try {
    return {Result::done, std::to_string(collections_.ensure(folder.path, stop)), {}};
  } catch (const Failure& failure) {
    if (!is_of_this_record(failure)) throw;
    return failed(failure.what());
  }
}

}  // namespace linkferry::raindrop
