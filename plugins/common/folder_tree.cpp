#include "common/folder_tree.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace linkferry::common {
namespace {

constexpr std::size_t buffer_bytes = 256 * 1024;
constexpr std::size_t window_bytes = 64 * 1024;
constexpr std::size_t gap_bytes = 2048;

std::size_t hash_of(std::uint32_t parent, std::string_view name) {
  const std::size_t hash = std::hash<std::string_view>{}(name) ^ (parent * 0x9E3779B97F4A7C15ULL);
  return hash ^ (hash >> 32);
}

bool has_facts(const Folder& folder) {
  return is_present(folder.description) || folder.created_at.is_known() ||
         folder.modified_at.is_known() || folder.role != FolderRole::none || !folder.extra.empty();
}

Folder stored(const Folder& folder, Arena& arena) {
  Folder copy = folder;
  copy.path = {};
  copy.title = {};
  copy.description = arena.copy(folder.description);
  const auto extra = arena.make_array<Attribute>(folder.extra.size());
  for (std::size_t i = 0; i < extra.size(); ++i) {
    extra[i] = {arena.copy(folder.extra[i].name), arena.copy(folder.extra[i].value)};
  }
  copy.extra = extra;
  return copy;
}

/// Adds the attributes of `more` whose names are not known yet; true when there were some.
bool add_attributes(Folder& known, const Folder& more, Arena& arena) {
  std::vector<Attribute> all(known.extra.begin(), known.extra.end());
  for (const auto& attribute : more.extra) {
    const bool is_known = std::any_of(all.begin(), all.end(),
                                      [&](const Attribute& a) { return a.name == attribute.name; });
    if (!is_known) all.push_back({arena.copy(attribute.name), arena.copy(attribute.value)});
  }
  if (all.size() == known.extra.size()) return false;
  known.extra = arena.copy(std::span<const Attribute>(all));
  return true;
}

void read_back(StagedFile& file, std::uint64_t offset, std::span<char> bytes) {
  if (file.read_at(offset, bytes) != bytes.size())
    throw Failure(FailureKind::failed, "a staged file is shorter than what was written to it");
}

}  // namespace

template <class Write>
void FolderTree::append_markup(Write write) {
  markup_text_.clear();
  write(markup_text_);
  buffer_.append(markup_text_);
}

FolderTree::FolderTree(MakeFile make_file, const TreeMarkup& markup)
    : make_file_(std::move(make_file)), markup_(markup), file_(make_file_()), nodes_(1) {
  buffer_.reserve(buffer_bytes + buffer_bytes / 4);
  append_markup([&](std::string& out) { markup_.prologue(out); });
}

void FolderTree::folder(const Folder& folder) {
  if (folder.type == Folder::Type::separator || folder.path.empty()) return;
  end_aside();
  const FolderPath path = folder.path.first(depth_of(folder.path));
  const std::uint32_t node = find_or_add(path);
  const bool is_more = complete_facts(node, folder);
  if (nodes_[node].is_written) {
    nodes_[node].has_news = nodes_[node].has_news || is_more;
  } else {
    try_to_open(path);
  }
}

TextBuffer& FolderTree::enter(FolderPath path) {
  path = path.first(depth_of(path));
  // Rationale: what comes late for a closed folder comes in runs, as everything does.
  const bool is_late_again = nodes_[entered_].closed_at != 0 && is_path_of(entered_, path);
  if (!is_late_again)
    entered_ = is_current(path) || try_to_open(path) ? current() : find_or_add(path);
  return enter_again();
}

TextBuffer& FolderTree::enter_again() {
  if (entered_ != current()) return put_aside(entered_);
  flush();
  return buffer_;
}

TextBuffer& FolderTree::enter_aside(FolderPath path) {
  path = path.first(depth_of(path));
  return is_current(path) ? buffer_ : put_aside(find_or_add(path));
}

/// From the last name on, which tells most paths apart.
bool FolderTree::is_path_of(std::uint32_t node, FolderPath path) const {
  for (std::size_t i = path.size(); i-- > 0; node = nodes_[node].parent) {
    if (node == 0 || nodes_[node].name != path[i]) return false;
  }
  return node == 0;
}

/// Closes and opens folders until the path is the current one. Not, and nothing is done, when one
/// of them was closed before: it cannot be opened again.
bool FolderTree::try_to_open(FolderPath path) {
  std::size_t common = 0;
  while (common < path.size() && common < way_.size() && path[common] == path_[common]) ++common;
  std::uint32_t node = common == 0 ? 0 : way_[common - 1];
  for (std::size_t i = common; i < path.size() && node != none; ++i) {
    node = find_child(node, path[i]);
    if (node != none && nodes_[node].is_written) return false;
  }
  while (way_.size() > common) pop();
  for (std::size_t i = common; i < path.size(); ++i) {
    const std::uint32_t found = find_child(current(), path[i]);
    way_.push_back(found != none ? found : add_child(current(), path[i]));
    open(way_.back());
    flush();
  }
  return true;
}

/// The folder of that path, wherever the tree is now. A new one is for the end of its parent,
/// unless the tree goes there first.
std::uint32_t FolderTree::find_or_add(FolderPath path) {
  std::uint32_t node = 0;
  for (const Text name : path) {
    const std::uint32_t parent = node;
    node = find_child(parent, name);
    if (node != none) continue;
    node = add_child(parent, name);
    end_aside();
    add_late(parent, {node, 0, none});
  }
  return node;
}

void FolderTree::pop() {
  close(way_.back());
  way_.pop_back();
}

void FolderTree::open(std::uint32_t index) {
  Node& node = nodes_[index];
  path_.push_back(node.name);
  node.is_written = true;
  node.opened_at = written();
  append_markup([&](std::string& out) { markup_.open_folder(facts_of(index), path_.size(), out); });
  node.opening_bytes = static_cast<std::uint32_t>(written() - node.opened_at);
}

void FolderTree::close(std::uint32_t index) {
  write_late(index);
  nodes_[index].closed_at = written();
  append_markup([&](std::string& out) { markup_.close_folder(path_.size(), out); });
  path_.pop_back();
}

/// Where to append an item of that folder; items that follow each other make one piece.
TextBuffer& FolderTree::put_aside(std::uint32_t node) {
  if (node == aside_node_ && aside_buffer_.size() - aside_start_ < buffer_bytes)
    return aside_buffer_;
  end_aside();
  if (aside_buffer_.is_empty()) aside_buffer_.reserve(aside_bytes + buffer_bytes);
  aside_node_ = node;
  aside_start_ = aside_buffer_.size();
  return aside_buffer_;
}

/// Its size is known when something else comes.
void FolderTree::end_aside() {
  if (aside_node_ == none) return;
  const auto bytes = static_cast<std::uint32_t>(aside_buffer_.size() - aside_start_);
  if (bytes != 0) add_late(aside_node_, {aside_flushed_ + aside_start_, bytes, none});
  aside_node_ = none;
  if (aside_buffer_.size() < aside_bytes) return;
  if (!aside_file_) aside_file_ = make_file_();
  aside_file_->write(aside_buffer_.view());
  aside_flushed_ += aside_buffer_.size();
  aside_buffer_.clear();
}

void FolderTree::add_late(std::uint32_t index, const Late& late) {
  Node& node = nodes_[index];
  const auto added = static_cast<std::uint32_t>(late_.size());
  late_.push_back(late);
  (node.first_late == none ? node.first_late : late_[node.last_late].next) = added;
  node.last_late = added;
}

/// Writes what waits for the end of a folder. Recursion is bounded by `max_folder_depth`.
void FolderTree::write_late(std::uint32_t index) {
  if (aside_node_ == index) end_aside();
  for (std::uint32_t i = nodes_[index].first_late; i != none; i = late_[i].next) {
    const auto child = static_cast<std::uint32_t>(late_[i].at);
    if (late_[i].bytes != 0) {
      write_aside(i);
    } else if (!nodes_[child].is_written) {
      open(child);
      close(child);
    }
    flush();
  }
  nodes_[index].first_late = none;
}

void FolderTree::write_aside(std::uint32_t index) {
  const Late& late = late_[index];
  if (late.at >= aside_flushed_) {
    buffer_.append(aside_buffer_.view().substr(late.at - aside_flushed_, late.bytes));
  } else if (late.bytes > window_bytes) {
    read_back(*aside_file_, late.at, buffer_.extend(late.bytes));
  } else {
    if (late.at < window_start_ || late.at + late.bytes > window_end_) read_asides(index);
    buffer_.append({aside_window_.get() + (late.at - window_start_), late.bytes});
  }
}

/// Rationale: between the pieces of a folder often stands but one item of another; one read for
/// all of them is cheaper than one for each.
void FolderTree::read_asides(std::uint32_t index) {
  if (!aside_window_) aside_window_.reset(new char[window_bytes]);
  window_start_ = late_[index].at;
  window_end_ = window_start_ + late_[index].bytes;
  for (std::uint32_t i = late_[index].next; i != none; i = late_[i].next) {
    const std::uint64_t end = late_[i].at + late_[i].bytes;
    const bool is_near = late_[i].at >= window_end_ && late_[i].at - window_end_ <= gap_bytes &&
                         end <= window_start_ + window_bytes && end <= aside_flushed_;
    if (!is_near) break;
    window_end_ = end;
  }
  read_back(*aside_file_, window_start_, {aside_window_.get(), window_end_ - window_start_});
}

std::uint32_t FolderTree::find_child(std::uint32_t parent, std::string_view name) const {
  if (table_.empty()) return none;
  const std::size_t mask = table_.size() - 1;
  for (std::size_t slot = hash_of(parent, name) & mask; table_[slot] != none;
       slot = (slot + 1) & mask) {
    const Node& node = nodes_[table_[slot]];
    if (node.parent == parent && node.name == name) return table_[slot];
  }
  return none;
}

std::uint32_t FolderTree::add_child(std::uint32_t parent, std::string_view name) {
  const auto added = static_cast<std::uint32_t>(nodes_.size());
  Node& node = nodes_.emplace_back();
  node.name = names_.copy(name);
  node.parent = parent;
  if (nodes_.size() * 2 > table_.size()) return grow_table(), added;
  insert(added);
  return added;
}

void FolderTree::insert(std::uint32_t node) {
  const std::size_t mask = table_.size() - 1;
  std::size_t slot = hash_of(nodes_[node].parent, nodes_[node].name) & mask;
  while (table_[slot] != none) slot = (slot + 1) & mask;
  table_[slot] = node;
}

void FolderTree::grow_table() {
  table_.assign(std::max<std::size_t>(64, table_.size() * 2), none);
  for (std::uint32_t node = 1; node < nodes_.size(); ++node) insert(node);
}

/// Fills in what is not known yet; true when that was something.
bool FolderTree::complete_facts(std::uint32_t node, const Folder& folder) {
  if (!has_facts(folder)) return false;
  if (nodes_[node].facts == none) {
    nodes_[node].facts = static_cast<std::uint32_t>(facts_.size());
    facts_.push_back(stored(folder, names_));
    return true;
  }
  Folder& known = facts_[nodes_[node].facts];
  bool is_more = add_attributes(known, folder, names_);
  if (is_absent(known.description) && is_present(folder.description)) {
    known.description = names_.copy(folder.description);
    is_more = true;
  }
  const auto fill = [&is_more](auto& mine, const auto& theirs, bool is_needed) {
    if (is_needed) mine = theirs, is_more = true;
  };
  fill(known.created_at, folder.created_at,
       !known.created_at.is_known() && folder.created_at.is_known());
  fill(known.modified_at, folder.modified_at,
       !known.modified_at.is_known() && folder.modified_at.is_known());
  fill(known.role, folder.role, known.role == FolderRole::none && folder.role != FolderRole::none);
  return is_more;
}

Folder FolderTree::facts_of(std::uint32_t node) const {
  Folder facts = nodes_[node].facts == none ? Folder{} : facts_[nodes_[node].facts];
  facts.path = path_;
  return facts;
}

void FolderTree::flush() {
  if (buffer_.size() < buffer_bytes) return;
  flush_all();
}

void FolderTree::flush_all() {
  file_->write(buffer_.view());
  flushed_ += buffer_.size();
  buffer_.clear();
}

std::unique_ptr<StagedFile> FolderTree::finish() {
  end_aside();
  while (!way_.empty()) pop();
  write_late(0);
  if (const auto changed = edits(); !changed.empty()) copy_with(changed);
  append_markup([&](std::string& out) { markup_.epilogue(out); });
  flush_all();
  return std::move(file_);
}

std::vector<FolderTree::Edit> FolderTree::edits() const {
  std::vector<Edit> all;
  for (std::uint32_t i = 1; i < nodes_.size(); ++i) {
    const Node& node = nodes_[i];
    if (!node.is_written) continue;
    if (node.has_news) all.push_back({node.opened_at, i, true});
    if (node.first_late != none) all.push_back({node.closed_at, i, false});
  }
  std::sort(all.begin(), all.end(), [](const Edit& a, const Edit& b) { return a.at < b.at; });
  return all;
}

/// Puts a copy in the place of the file. Rationale: large pieces go from file to file as they are,
/// folders and all; putting bodies together folder by folder took a read for each of its pieces.
void FolderTree::copy_with(const std::vector<Edit>& edits) {
  flush_all();
  const auto straight = std::exchange(file_, make_file_());
  std::uint64_t at = 0;
  // Rationale: read to where it is written from, and written when that is full, nothing is copied
  // twice.
  const auto copy_until = [&](std::uint64_t end) {
    while (at < end) {
      const std::size_t size = std::min<std::uint64_t>(buffer_bytes - buffer_.size(), end - at);
      read_back(*straight, at, buffer_.extend(size));
      at += size;
      flush();
    }
  };
  for (const Edit& edit : edits) {
    copy_until(edit.at);
    set_path(edit.node);
    if (edit.is_opening) {
      append_markup(
          [&](std::string& out) { markup_.open_folder(facts_of(edit.node), path_.size(), out); });
      at += nodes_[edit.node].opening_bytes;
    } else {
      write_late(edit.node);
    }
    flush();
  }
  copy_until(straight->size_bytes());
}

void FolderTree::set_path(std::uint32_t node) {
  path_.clear();
  for (; node != 0; node = nodes_[node].parent) path_.push_back(nodes_[node].name);
  std::reverse(path_.begin(), path_.end());
}

}  // namespace linkferry::common
