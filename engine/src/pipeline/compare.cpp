#include "pipeline/compare.hpp"

#include <algorithm>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace linkferry {
namespace {

bool is_same(const Highlight& a, const Highlight& b) {
  return is_equal(a.text, b.text) && is_equal(a.note, b.note) && is_equal(a.color, b.color) &&
         a.created_at == b.created_at;
}

bool is_same(const Media& a, const Media& b) {
  return is_equal(a.url, b.url) && is_equal(a.kind, b.kind) &&
         is_equal(a.description, b.description) && is_equal(a.name, b.name);
}

bool is_same(const Attribute& a, const Attribute& b) {
  return is_equal(a.name, b.name) && is_equal(a.value, b.value);
}

bool is_same(const Post* a, const Post* b) {
  if (a == nullptr || b == nullptr) return a == b;
  return is_equal(a->uri, b->uri) && is_equal(a->author, b->author) &&
         is_equal(a->author_url, b->author_url) && is_equal(a->html, b->html) &&
         is_equal(a->content_warning, b->content_warning) &&
         is_equal(a->visibility, b->visibility) && a->edited_at == b->edited_at;
}

template <class T>
bool is_same(std::span<const T> a, std::span<const T> b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const T& x, const T& y) { return is_same(x, y); });
}

bool is_same_set(std::span<const FolderPath> a, std::span<const FolderPath> b) {
  const auto hash_sum = [](std::span<const FolderPath> paths) {
    std::uint64_t sum = 0;
    for (const FolderPath path : paths) sum += path_hash(path);
    return sum;
  };
  return a.size() == b.size() && hash_sum(a) == hash_sum(b);
}

/// Mixes values into one number; the place of a value counts.
class Mixer {
 public:
  void add(std::uint64_t value) {
    state_ = (state_ ^ value) * 0x9E37'79B1'85EB'CA87ULL;
    state_ ^= state_ >> 32;
  }
  void add(Text text) {
    if (is_absent(text)) return add(std::uint64_t{0x5bd1});
    add(XXH3_64bits(text.data(), text.size()));
  }
  void add(const Timestamp& time) {
    if (!time.is_known()) return add(std::uint64_t{0x27d4});
    add(static_cast<std::uint64_t>(time.seconds));
    add(std::uint64_t{time.nanoseconds});
  }
  std::uint64_t result() const { return state_; }

 private:
  std::uint64_t state_ = 0x1656'67B1'9E37'79F9ULL;
};

void add_rare(Mixer& mixer, const Bookmark& b) {
  for (const Highlight& h : b.highlights) {
    for (const Text text : {h.text, h.note, h.color}) mixer.add(text);
    mixer.add(h.created_at);
  }
  mixer.add(b.highlights.size());
  for (const Media& m : b.media) {
    for (const Text text : {m.url, m.kind, m.description, m.name}) mixer.add(text);
  }
  mixer.add(b.media.size());
  for (const Attribute& attribute : b.extra) {
    mixer.add(attribute.name);
    mixer.add(attribute.value);
  }
  mixer.add(b.extra.size());
  if (const Post* p = b.post) {
    for (const Text text :
         {p->uri, p->author, p->author_url, p->html, p->content_warning, p->visibility})
      mixer.add(text);
    mixer.add(p->edited_at);
  }
}

}  // namespace

bool is_equal(Text a, Text b) { return is_present(a) == is_present(b) && a == b; }

bool is_equal(std::span<const Text> a, std::span<const Text> b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

std::vector<Field> differing_fields(const Bookmark& a, const Bookmark& b) {
  std::vector<Field> fields;
  const auto check = [&fields](Field field, bool same) {
    if (!same) fields.push_back(field);
  };
  check(Field::url, is_equal(a.url, b.url));
  check(Field::title, is_equal(a.title, b.title));
  check(Field::description, is_equal(a.description, b.description));
  check(Field::notes, is_equal(a.notes, b.notes));
  check(Field::tags, is_equal(a.tags, b.tags));
  check(Field::folders, is_same_set(a.folders, b.folders));
  check(Field::created_at, a.created_at == b.created_at);
  check(Field::modified_at, a.modified_at == b.modified_at);
  check(Field::read_at, a.read_at == b.read_at);
  check(Field::visited_at, a.visited_at == b.visited_at);
  check(Field::unread, a.unread == b.unread);
  check(Field::favorite, a.favorite == b.favorite);
  check(Field::archived, a.archived == b.archived);
  check(Field::shared, a.shared == b.shared);
  check(Field::kind, a.kind == b.kind);
  check(Field::language, is_equal(a.language, b.language));
  check(Field::icon, is_equal(a.icon, b.icon));
  check(Field::cover_url, is_equal(a.cover_url, b.cover_url));
  check(Field::keyword, is_equal(a.keyword, b.keyword));
  check(Field::highlights, is_same(a.highlights, b.highlights));
  check(Field::media, is_same(a.media, b.media));
  check(Field::post, is_same(a.post, b.post));
  check(Field::extra, is_same(a.extra, b.extra));
  return fields;
}

std::uint64_t Fingerprint::whole() const {
  Mixer mixer;
  mixer.add(content);
  mixer.add(folders);
  return mixer.result();
}

Fingerprint fingerprint(const Bookmark& b) {
  Mixer mixer;
  for (const Text text : {b.url, b.title, b.description, b.notes}) mixer.add(text);
  for (const Text tag : b.tags) mixer.add(tag);
  mixer.add(b.tags.size());
  for (const Timestamp& time : {b.created_at, b.modified_at, b.read_at, b.visited_at})
    mixer.add(time);
  std::uint64_t flags = static_cast<std::uint64_t>(b.kind);
  for (const Flag flag : {b.unread, b.favorite, b.archived, b.shared})
    flags = flags << 2 | static_cast<std::uint64_t>(flag);
  mixer.add(flags);
  for (const Text text : {b.language, b.icon, b.cover_url, b.keyword}) mixer.add(text);
  if (!b.highlights.empty() || !b.media.empty() || b.post != nullptr || !b.extra.empty())
    add_rare(mixer, b);
  Fingerprint result{mixer.result(), 0};
  for (const FolderPath path : b.folders) result.folders += path_hash(path);
  return result;
}

std::uint64_t field_hash(const Bookmark& b, Field field) {
  const auto of_text = [](Text text) {
    return text.empty() ? 0 : XXH3_64bits(text.data(), text.size());
  };
  const auto of_time = [](const Timestamp& time) {
    Mixer mixer;
    mixer.add(time);
    return time.is_known() ? mixer.result() : 0;
  };
  Bookmark rare;
  switch (field) {
    case Field::url:
      return of_text(b.url);
    case Field::title:
      return of_text(b.title);
    case Field::description:
      return of_text(b.description);
    case Field::notes:
      return of_text(b.notes);
    case Field::tags:
    case Field::folders:
      return 0;
    case Field::created_at:
      return of_time(b.created_at);
    case Field::modified_at:
      return of_time(b.modified_at);
    case Field::read_at:
      return of_time(b.read_at);
    case Field::visited_at:
      return of_time(b.visited_at);
    case Field::unread:
      return static_cast<std::uint64_t>(b.unread);
    case Field::favorite:
      return static_cast<std::uint64_t>(b.favorite);
    case Field::archived:
      return static_cast<std::uint64_t>(b.archived);
    case Field::shared:
      return static_cast<std::uint64_t>(b.shared);
    case Field::kind:
      return static_cast<std::uint64_t>(b.kind);
    case Field::language:
      return of_text(b.language);
    case Field::icon:
      return of_text(b.icon);
    case Field::cover_url:
      return of_text(b.cover_url);
    case Field::keyword:
      return of_text(b.keyword);
    case Field::highlights:
      rare.highlights = b.highlights;
      break;
    case Field::media:
      rare.media = b.media;
      break;
    case Field::post:
      rare.post = b.post;
      break;
    case Field::extra:
      rare.extra = b.extra;
      break;
  }
  const bool says_nothing =
      rare.highlights.empty() && rare.media.empty() && rare.post == nullptr && rare.extra.empty();
  if (says_nothing) return 0;
  Mixer mixer;
  add_rare(mixer, rare);
  return mixer.result();
}

Fingerprint lasting_fingerprint(const Bookmark& bookmark) {
  Bookmark lasting = bookmark;
  lasting.modified_at = {};
  return fingerprint(lasting);
}

bool may_be_left_by(std::uint64_t content, const Bookmark& held) {
  constexpr Flag Bookmark::*flags[] = {&Bookmark::unread, &Bookmark::favorite, &Bookmark::archived};
  constexpr unsigned own_date = 1U << std::size(flags);
  for (unsigned differing = 0; differing < own_date * 2; ++differing) {
    Bookmark sent = held;
    for (unsigned i = 0; i < std::size(flags); ++i)
      if ((differing >> i & 1U) != 0) sent.*flags[i] = to_flag(held.*flags[i] != Flag::yes);
    if ((differing & own_date) != 0) sent.created_at = {};
    if (lasting_fingerprint(sent).content == content) return true;
  }
  return false;
}

std::uint64_t path_hash(FolderPath path) {
  Mixer mixer;
  for (const Text name : path) mixer.add(name);
  mixer.add(path.size());
  return mixer.result();
}

}  // namespace linkferry
