#include "common/folder_tree.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace linkferry::common {
namespace {

constexpr std::size_t buffer_bytes = 256 * 1024;
constexpr std::size_t window_bytes = 64 * 1024;

std::size_t hash_of(std::uint32_t parent, std::string_view name) {
  const std::size_t hash = std::hash<std::string_view>{}(name) ^ (parent * 0x9E3779B97F4A7C15ULL);
  return hash ^ (hash >> 32);
}

bool has_facts(const Folder& folder) {
  return is_present(folder.description) || folder.created_at.is_known() || folder.modified_at.is_known() ||
         folder.role != FolderRole::none || !folder.extra.empty();
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

}  // namespace

FolderTree::FolderTree(MakeFile make_file, const TreeMarkup& markup)
    : make_file_(std::move(make_file)), markup_(markup), file_(make_file_()), nodes_(1) {
  buffer_.reserve(buffer_bytes + buffer_bytes / 4);
  markup_.prologue(buffer_);
  body_start_ = written();
}

void FolderTree::folder(const Folder& folder) {
  if (folder.type == Folder::Type::separator || folder.path.empty()) return;
  const FolderPath path = folder.path.first(depth_of(folder.path));
  if (path.size() <= path_.size() && std::equal(path.begin(), path.end(), path_.begin())) {
    if (complete_facts(way_[path.size() - 1], folder)) scatter();
    return;
  }
  enter(path.first(path.size() - 1));
  std::uint32_t node = find_child(current_, path.back());
  if (node == none) {
    node = add_child(current_, path.back());
    complete_facts(node, folder);
    push(node);
    return;
  }
  if (complete_facts(node, folder)) scatter();
}

std::string& FolderTree::enter(FolderPath path) {
  path = path.first(depth_of(path));
  if (path.size() != path_.size() || !std::equal(path.begin(), path.end(), path_.begin())) go_to(path);
  flush();
  return buffer_;
}

void FolderTree::go_to(FolderPath path) {
  std::size_t common = 0;
  while (common < path.size() && common < path_.size() && path[common] == path_[common]) ++common;
  while (path_.size() > common) pop();
  for (std::size_t i = common; i < path.size(); ++i) {
    const std::uint32_t found = find_child(current_, path[i]);
    if (found != none) scatter();
    push(found != none ? found : add_child(current_, path[i]));
    flush();
  }
}

void FolderTree::push(std::uint32_t node) {
  end_body();
  way_.push_back(node);
  path_.push_back(nodes_[node].name);
  current_ = node;
  if (is_straight_) markup_.open_folder(facts_of(node), way_.size(), buffer_);
  body_start_ = written();
}

void FolderTree::pop() {
  end_body();
  if (is_straight_) markup_.close_folder(way_.size(), buffer_);
  way_.pop_back();
  path_.pop_back();
  current_ = way_.empty() ? 0 : way_.back();
  body_start_ = written();
}

/// Notes where the bytes since `body_start_` are: as a range while straight, as a chunk of the chain afterwards.
void FolderTree::end_body() {
  Node& node = nodes_[current_];
  const std::uint64_t size = written() - body_start_;
  if (size == 0) return;
  node.body_bytes += size;
  if (!is_straight_) {
    const Trailer trailer{node.last_chunk, size};
    node.last_chunk = written() + 1;
    buffer_.append(reinterpret_cast<const char*>(&trailer), sizeof trailer);
  } else {
    const auto added = static_cast<std::uint32_t>(ranges_.size());
    ranges_.push_back({body_start_, size, none});
    (node.first_range == none ? node.first_range : ranges_[node.last_range].next) = added;
    node.last_range = added;
  }
  body_start_ = written();
}

/// From now on only bodies are written, and `finish` puts everything in its place.
void FolderTree::scatter() {
  if (!is_straight_) return;
  end_body();
  is_straight_ = false;
}

std::uint32_t FolderTree::find_child(std::uint32_t parent, std::string_view name) const {
  if (table_.empty()) return none;
  const std::size_t mask = table_.size() - 1;
  for (std::size_t slot = hash_of(parent, name) & mask; table_[slot] != none; slot = (slot + 1) & mask) {
    const Node& node = nodes_[table_[slot]];
    if (node.parent == parent && node.name == name) return table_[slot];
  }
  return none;
}

std::uint32_t FolderTree::add_child(std::uint32_t parent, std::string_view name) {
  end_body();
  const auto added = static_cast<std::uint32_t>(nodes_.size());
  Node node;
  node.name = names_.copy(name);
  node.parent = parent;
  node.place = nodes_[parent].body_bytes;
  nodes_.push_back(node);
  Node& owner = nodes_[parent];
  (owner.first_child == none ? owner.first_child : nodes_[owner.last_child].next_sibling) = added;
  owner.last_child = added;
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

/// Fills in what is not known yet; true when that was something and the folder may have been written already.
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
  fill(known.created_at, folder.created_at, !known.created_at.is_known() && folder.created_at.is_known());
  fill(known.modified_at, folder.modified_at, !known.modified_at.is_known() && folder.modified_at.is_known());
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
  file_->write(buffer_);
  flushed_ += buffer_.size();
  buffer_.clear();
}

std::unique_ptr<StagedFile> FolderTree::finish() {
  while (!way_.empty()) pop();
  end_body();
  if (is_straight_) {
    markup_.epilogue(buffer_);
    flush_all();
    return std::move(file_);
  }
  flush_all();
  auto scattered = std::move(file_);
  file_ = make_file_();
  scattered_ = scattered.get();
  flushed_ = 0;
  markup_.prologue(buffer_);
  stitch(0);
  markup_.epilogue(buffer_);
  flush_all();
  scattered_ = nullptr;
  return std::move(file_);
}

/// Writes a folder's own items with its child folders between them. Recursion is bounded by `max_folder_depth`.
void FolderTree::stitch(std::uint32_t index) {
  const std::vector<Range> ranges = ranges_of(nodes_[index]);
  BodyCursor cursor{&ranges, 0, 0, 0};
  for (std::uint32_t child = nodes_[index].first_child; child != none; child = nodes_[child].next_sibling) {
    copy_body(cursor, nodes_[child].place);
    path_.push_back(nodes_[child].name);
    markup_.open_folder(facts_of(child), path_.size(), buffer_);
    stitch(child);
    markup_.close_folder(path_.size(), buffer_);
    path_.pop_back();
    flush();
  }
  copy_body(cursor, nodes_[index].body_bytes);
}

std::vector<FolderTree::Range> FolderTree::ranges_of(const Node& node) {
  std::vector<Range> chunks;
  for (std::uint64_t at = node.last_chunk; at != 0;) {
    Trailer trailer;
    std::array<char, sizeof trailer> bytes;
    scattered_->read_at(at - 1, bytes);
    std::memcpy(&trailer, bytes.data(), sizeof trailer);
    chunks.push_back({at - 1 - trailer.size, trailer.size, none});
    at = trailer.previous;
  }
  std::vector<Range> all;
  for (std::uint32_t i = node.first_range; i != none; i = ranges_[i].next) all.push_back(ranges_[i]);
  all.insert(all.end(), chunks.rbegin(), chunks.rend());
  return all;
}

void FolderTree::copy_body(BodyCursor& cursor, std::uint64_t until) {
  while (cursor.done < until) {
    const Range& range = (*cursor.ranges)[cursor.index];
    const std::uint64_t size = std::min(range.size - cursor.in_range, until - cursor.done);
    copy_bytes(range.offset + cursor.in_range, size);
    cursor.done += size;
    cursor.in_range += size;
    if (cursor.in_range == range.size) ++cursor.index, cursor.in_range = 0;
  }
}

void FolderTree::copy_bytes(std::uint64_t offset, std::uint64_t size) {
  while (size != 0) {
    if (offset < window_start_ || offset >= window_start_ + window_.size()) {
      // A read that goes on where the last one ended fetches a whole window, a lonely one no more than it needs.
      const bool goes_on = offset >= window_start_ && offset - window_start_ <= 2 * window_bytes;
      const std::size_t wanted = goes_on ? window_bytes : static_cast<std::size_t>(std::min<std::uint64_t>(size, window_bytes));
      window_.resize(wanted);
      window_.resize(scattered_->read_at(offset, window_));
      window_start_ = offset;
      if (window_.empty()) throw Failure(FailureKind::failed, "a staged file is shorter than what was written to it");
    }
    const auto start = static_cast<std::size_t>(offset - window_start_);
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(size, window_.size() - start));
    buffer_.append(window_, start, count);
    offset += count;
    size -= count;
    flush();
  }
}

}  // namespace linkferry::common
