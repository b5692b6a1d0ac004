// The only file that knows yaml-cpp. It listens to the parser's events, so that limits hold while
// reading and not after.

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <istream>
#include <optional>
#include <streambuf>
#include <unordered_map>
#include <unordered_set>

#include "config/config_node.hpp"
#include "text/utf8.hpp"

namespace linkferry {

namespace {

constexpr std::size_t max_values = 100'000;
constexpr std::size_t max_levels = 64;
constexpr std::size_t max_bytes_at_once = 512 * 1024;

constexpr std::string_view tag_prefix = "tag:yaml.org,2002:";

Position to_position(const YAML::Mark& mark) {
  if (mark.line < 0) return {1, 1};
  return {static_cast<std::size_t>(mark.line) + 1, static_cast<std::size_t>(mark.column) + 1};
}

/// The text of a file for yaml-cpp, which ends early when too much of it is read without a value
/// coming of it.
///
/// Rationale: yaml-cpp keeps some 250 bytes for each token of a list in brackets until the bracket
/// is closed, because all of it might be a key. A file of 4 MiB of `[` took 1 GiB before the first
/// value was there to be counted.
class BoundedText final : public std::streambuf {
 public:
  explicit BoundedText(std::string text) : text_(std::move(text)) {
    setg(text_.data(), text_.data(), text_.data());
  }

  void note_value() { at_last_value_ = handed_out_; }
  bool has_ended_early() const { return has_ended_early_; }

 private:
  static constexpr std::size_t chunk_bytes = 4096;

  int_type underflow() override {
    if (handed_out_ == text_.size()) return traits_type::eof();
    has_ended_early_ = has_ended_early_ || handed_out_ - at_last_value_ > max_bytes_at_once;
    if (has_ended_early_) return traits_type::eof();
    char* next = text_.data() + handed_out_;
    handed_out_ = std::min(handed_out_ + chunk_bytes, text_.size());
    setg(text_.data(), next, text_.data() + handed_out_);
    return traits_type::to_int_type(*next);
  }

  std::string text_;
  std::size_t handed_out_ = 0;
  std::size_t at_last_value_ = 0;
  bool has_ended_early_ = false;
};

class TreeBuilder final : public YAML::EventHandler {
 public:
  TreeBuilder(BoundedText& text, const std::string& origin, std::vector<Problem>& problems)
      : text_(text), origin_(origin), problems_(problems) {}

  /// The whole document; null when there is none. Errors: as parse_yaml.
  const ConfigNode::Ptr& root() const {
    if (wrong_key_) throw ConfigFailure(origin_, {*wrong_key_});
    return root_;
  }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (root_ != nullptr)
      fail(to_position(mark), "a second document begins here; expected one document in a file");
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    // yaml-cpp finds out about a missing value at the next token, which may be lines later.
    const bool has_key = !open_.empty() && open_.back().has_key;
    add_scalar(parse_scalar({}, has_key ? open_.back().member.position : to_position(mark)),
               anchor);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    const Position position = to_position(mark);
    // yaml-cpp says "?" for a plain scalar and "!" for a quoted one.
    ConfigNode node = parse_scalar(value, position);
    if (tag == "!" || tag == std::string(tag_prefix) + "str") {
      node = {};
      node.position = position;
      node.kind = ConfigNode::Kind::text;
      node.text = value;
    } else {
      check_tag(tag, position);
    }
    add_scalar(std::move(node), anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) {
      fail(to_position(mark),
           "this alias stands inside the value that it repeats; expected an alias of a finished "
           "value");
    }
    add(found->second, to_position(mark), found->second->size);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, ConfigNode::Kind::list);
  }
  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, ConfigNode::Kind::table);
  }
  void OnMapEnd() override { close(); }

 private:
  struct Open {
    std::shared_ptr<ConfigNode> node;
    YAML::anchor_t anchor = 0;
    bool has_key = false;
    bool is_repeated = false;  ///< the key was there before: its value is read and forgotten
    ConfigNode::Member member;
    std::unordered_set<std::string> names;
  };

  [[noreturn]] void fail(Position position, const std::string& message) const {
    throw ConfigFailure(origin_, {{position, message}});
  }

  void check_tag(const std::string& tag, Position position) const {
    if (tag.empty() || tag == "?" || tag == "!") return;
    for (const std::string_view known : {"str", "int", "float", "bool", "null", "seq", "map"}) {
      if (tag.starts_with(tag_prefix) && std::string_view(tag).substr(tag_prefix.size()) == known)
        return;
    }
    fail(position, fmt::format("found the tag {}, expected a plain value", in_quotes(tag)));
  }

  void add_scalar(ConfigNode node, YAML::anchor_t anchor) {
    const Position position = node.position;
    ConfigNode::Ptr value = std::make_shared<const ConfigNode>(std::move(node));
    if (anchor != 0) anchors_[anchor] = value;
    add(value, position, 1);
  }

  void add(const ConfigNode::Ptr& value, Position position, std::size_t size) {
    count(size, value->height, position);
    attach(value, position);
  }

  void count(std::size_t size, std::size_t height, Position position) {
    text_.note_value();
    values_ += size;
    if (values_ > max_values) {
      fail(position,
           "this file has more than 100,000 values when its aliases are followed; expected fewer");
    }
    if (open_.size() + height > max_levels)
      fail(position, "values are nested deeper than 64 levels; expected fewer");
  }

  void attach(const ConfigNode::Ptr& value, Position position) {
    if (open_.empty()) {
      root_ = value;
      return;
    }
    Open& parent = open_.back();
    if (parent.node->kind == ConfigNode::Kind::list) {
      grow(*parent.node, *value);
      parent.node->items.push_back(value);
    } else if (!parent.has_key) {
      take_key(parent, *value, position);
    } else {
      parent.has_key = false;
      if (parent.is_repeated) return;
      grow(*parent.node, *value);
      parent.member.value = value;
      parent.node->members.push_back(std::move(parent.member));
    }
  }

  static void grow(ConfigNode& parent, const ConfigNode& child) {
    parent.size += child.size;
    parent.height = std::max(parent.height, child.height + 1);
  }

  void take_key(Open& parent, const ConfigNode& key, Position position) {
    parent.has_key = true;
    if (key.kind == ConfigNode::Kind::list || key.kind == ConfigNode::Kind::table) {
      // yaml-cpp takes a bracket that is never closed for a key, and complains at the end of the
      // file: that is the better message, so it gets its turn.
      if (!wrong_key_)
        wrong_key_ = Problem{position, "found a list or a table as a key, expected a text"};
      parent.is_repeated = true;
      return;
    }
    parent.is_repeated = !parent.names.insert(key.text).second;
    parent.member = {key.text, position, nullptr};
    if (!parent.is_repeated) return;
    const auto first = std::ranges::find(parent.node->members, key.text, &ConfigNode::Member::name);
    problems_.push_back(
        {position,
         fmt::format(
             "the key {} is here for the second time, the first is in line {}; expected it once",
             in_quotes(key.text), first->position.line)});
  }

  void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
            ConfigNode::Kind kind) {
    const Position position = to_position(mark);
    check_tag(tag, position);
    count(1, 1, position);
    Open next;
    next.node = std::make_shared<ConfigNode>();
    next.node->position = position;
    next.node->kind = kind;
    next.anchor = anchor;
    open_.push_back(std::move(next));
  }

  void close() {
    const ConfigNode::Ptr value = open_.back().node;
    if (open_.back().anchor != 0) anchors_[open_.back().anchor] = value;
    open_.pop_back();
    attach(value, value->position);
  }

  BoundedText& text_;
  const std::string& origin_;
  std::vector<Problem>& problems_;
  ConfigNode::Ptr root_;
  std::optional<Problem> wrong_key_;
  std::vector<Open> open_;
  std::unordered_map<YAML::anchor_t, ConfigNode::Ptr> anchors_;
  std::size_t values_ = 0;
};

/// Where `text` stops being UTF-8; nothing when it never does. yaml-cpp would put replacement
/// characters there.
std::optional<Position> find_bad_utf8(std::string_view text) {
  Position position{1, 1};
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    if (length == 0) return position;
    ++position.column;
    if (text.front() == '\n') position = {position.line + 1, 1};
    text.remove_prefix(length);
  }
  return {};
}

}  // namespace

ConfigNode::Ptr parse_yaml(const std::string& text, const std::string& origin,
                           std::vector<Problem>& problems) {
  if (const auto bad = find_bad_utf8(text))
    throw ConfigFailure(origin, {{*bad, "found bytes that are not UTF-8, expected UTF-8"}});
  if (const auto nul = text.find('\0'); nul != std::string::npos) {
    throw ConfigFailure(origin,
                        {{{1, 1}, "this is no text file: it has a NUL byte; expected YAML"}});
  }
  BoundedText bounded(text);
  TreeBuilder builder(bounded, origin, problems);
  const auto check_end = [&] {
    if (!bounded.has_ended_early()) return;
    throw ConfigFailure(
        origin,
        {{{}, "one value, or a list or table in brackets, is larger than 512 KiB; expected less"}});
  };
  try {
    std::istream stream(&bounded);
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const YAML::Exception& error) {
    check_end();
    throw ConfigFailure(origin, {{to_position(error.mark), "this is not YAML: " + error.msg}});
  }
  check_end();
  const auto root = builder.root();
  if (root == nullptr) {
    throw ConfigFailure(origin,
                        {{{1, 1}, "this file is empty; expected version, endpoints and jobs"}});
  }
  return root;
}

}  // namespace linkferry
