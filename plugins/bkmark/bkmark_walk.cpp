#include "bkmark/bkmark_walk.hpp"

namespace linkferry::bkmark {

bool LibraryWalk::next(common::JsonValue& item, std::stop_token stop) {
  while (next_item(item, stop)) {
    if (!item.is_object() || see(item)) return true;
  }
  if (stop.stop_requested()) throw Failure(FailureKind::interrupted, "stopped");
  return false;
}

/// Whether it is a new one.
bool LibraryWalk::see(common::JsonValue item) {
  std::string id = item.member("id").string();
  if (trash_.contains(id)) return false;
  if (item.member("isArchived").flag() == Flag::yes) has_archived_ = true;
  return id.empty() || seen_.insert(std::move(id)).second;
}

bool LibraryWalk::is_large() const {
  return rules_.query.empty() && !export_failed_ &&
         (seen_.size() >= rules_.export_from || rules_.expected > rules_.export_from);
}

void LibraryWalk::begin_list(Phase phase, const std::string& query) {
  std::string whole(oldest_first);
  if (!query.empty()) whole += "&" + query;
  list_ = std::make_unique<ListWalk>(api_, bookmarks_path, std::move(whole), rules_.page_size);
  phase_ = phase;
}

bool LibraryWalk::next_item(common::JsonValue& item, std::stop_token stop) {
  while (phase_ != Phase::done) {
    if (phase_ == Phase::start) {
      wants_export_ = is_large();
      begin_list(Phase::list, rules_.query);
    }
    if (wants_export_) begin_export(stop);
    if (phase_ == Phase::exported) {
      if (next_exported(item, stop)) return true;
      if (stop.stop_requested()) return false;
      continue;
    }
    item = list_->next(stop);
    if (!item.raw().empty()) {
      if (phase_ == Phase::list && is_large()) {
        // What is left of this page comes with the export, too.
        const std::string id = item.member("id").string();
        wants_export_ = !seen_.contains(id);
        continue;
      }
      return true;
    }
    if (phase_ == Phase::list) {
      leave_whole();
    } else {
      phase_ = Phase::done;
    }
  }
  return false;
}

/// After a list or export of everything.
void LibraryWalk::leave_whole() {
  trash_.clear();
  if (has_archived_ || !rules_.asks_archive) {
    phase_ = Phase::done;
  } else {
    begin_list(Phase::archive,
               rules_.query.empty() ? "isArchived=true" : rules_.query + "&isArchived=true");
  }
}

void LibraryWalk::begin_export(std::stop_token stop) {
  for_each_in_trash(
      api_, rules_.page_size,
      [this](common::JsonValue item) { trash_.insert(item.member("id").string()); }, stop);
  list_.reset();
  export_ = std::make_unique<ExportStream>(api_);
  wants_export_ = false;
  has_archived_ = false;  // the export speaks for itself
  phase_ = Phase::exported;
}

bool LibraryWalk::next_exported(common::JsonValue& item, std::stop_token stop) {
  try {
    std::string bytes;
    if (export_->next(bytes, stop)) {
      exported_.emplace(bytes);
      item = exported_->root();
      if (item.raw().empty()) throw Failure(FailureKind::failed, "the export is no JSON");
      return true;
    }
    if (stop.stop_requested()) return false;
    export_.reset();
    leave_whole();
  } catch (const Failure& failure) {
    const bool is_over = failure.kind() == FailureKind::authentication ||
                         failure.kind() == FailureKind::interrupted ||
                         failure.kind() == FailureKind::limit_reached;
    if (is_over) throw;
    api_.host().log(LogLevel::info, api_.base_url() + ": " + failure.what() +
                                        "; the library is listed instead of exported");
    export_.reset();
    trash_.clear();
    export_failed_ = true;
    has_archived_ = false;
    begin_list(Phase::list, rules_.query);
  }
  return false;
}

void for_each_in_trash(Api& api, std::size_t page_size,
                       const std::function<void(common::JsonValue)>& visit, std::stop_token stop) {
  const auto count = api.find(path_of("trash-count"), stop);
  // No answer to this question is no answer to the next one.
  if (count && count->root().member("count").raw() == "0") return;
  ListWalk walk(api, trash_path, {}, page_size);
  for (auto item = walk.next(stop); !item.raw().empty(); item = walk.next(stop)) visit(item);
}

}  // namespace linkferry::bkmark
