#include "linkferry/fields.hpp"
#include "mastodon/mastodon_sink.hpp"
#include "mastodon/post_address.hpp"

namespace linkferry::mastodon {
namespace {

constexpr Text own_reason = "it comes with the post, from the post's own server";
constexpr Text no_place = "an account's bookmarks hold the post only";
constexpr Text no_favourites =
    "favourites are seen by the authors of posts; they are set only with marks: [bookmark, "
    "favourite]";

/// Percent-encoded it still fits into the 8 KiB that servers take for the line of a request.
constexpr std::size_t max_address_bytes = 2048;

bool is_web_address(Text url) { return url.starts_with("https://") || url.starts_with("http://"); }

/// Whether the post brings this field itself, so that nothing of it is lost.
bool comes_with_post(Field field) {
  switch (field) {
    case Field::title:
    case Field::description:
    case Field::tags:
    case Field::created_at:
    case Field::language:
    case Field::media:
      return true;
    default:
      return false;
  }
}

Text reason_to_refuse(const Bookmark& bookmark, bool takes_any_link) {
  const bool has_uri = bookmark.post != nullptr && is_web_address(bookmark.post->uri);
  if (!has_uri && !is_web_address(bookmark.url))
    return "its address is none of the web, and servers of the fediverse find posts by those";
  if ((has_uri ? bookmark.post->uri : bookmark.url).size() > max_address_bytes)
    return "its address is longer than 2,048 bytes, too long to be searched for";
  if (has_uri || bookmark.kind == Kind::post || takes_any_link) return {};
  if (shape_of(bookmark.url) != AddressShape::other) return {};
  return "an account's bookmarks hold posts of the fediverse only, and its address does not look "
         "like that of one; the option any_link tries all the same";
}

/// Whether the record is a post that was a favourite and no more.
bool is_favourite_only(const Bookmark& bookmark) {
  for (const Attribute& attribute : bookmark.extra) {
    if (attribute.name == bookmarked_attribute) return attribute.value == "false";
  }
  return false;
}

bool is_same_post(const Post* post, Text uri) {
  if (post == nullptr || post->uri != uri) return false;
  return is_absent(post->author) && is_absent(post->author_url) && is_absent(post->html) &&
         is_absent(post->content_warning) && is_absent(post->visibility) &&
         !post->edited_at.is_known();
}

/// The mark itself: what is left of a bookmark.
class Reduction {
 public:
  Reduction(const Bookmark& bookmark, const MarkRules& rules, Arena& arena)
      : given_(bookmark), held_(bookmark), rules_(rules), arena_(arena) {}

  Representation reduce() {
    losses_ = arena_.make_array<Loss>(field_count);
    const bool was_post = given_.kind == Kind::post;
    for (std::size_t i = 0; i < field_count; ++i) {
      const auto field = static_cast<Field>(i);
      if (field == Field::url || field == Field::kind || field == Field::post) continue;
      if (field == Field::favorite && rules_.favourites) continue;
      if (field == Field::extra && keeps_extra()) continue;
      const bool is_own = was_post && comes_with_post(field);
      if (!clear_field(held_, field)) continue;
      if (field == Field::favorite) {
        if (given_.favorite == Flag::yes) add(field, LossKind::dropped, no_favourites);
        if (given_.favorite == Flag::no) add(field, LossKind::transformed, no_place);
        continue;
      }
      add(field, is_own ? LossKind::transformed : LossKind::dropped,
          is_own ? own_reason : no_place);
    }
    reduce_kind();
    reduce_post();
    reduce_favorite();
    return {held_, losses_.first(count_), {}};
  }

 private:
  bool keeps_extra() const {
    return rules_.favourites && given_.extra.size() == 1 && is_favourite_only(given_);
  }

  void reduce_kind() {
    if (held_.kind != Kind::post)
      add(Field::kind, LossKind::transformed, "what an account bookmarks is a post");
    held_.kind = Kind::post;
    if (!rules_.favourites || keeps_extra() || !is_favourite_only(given_)) return;
    const Attribute mark{bookmarked_attribute, "false"};
    held_.extra = arena_.copy(std::span<const Attribute>(&mark, 1));
  }

  void reduce_post() {
    const bool has_uri = given_.post != nullptr && is_web_address(given_.post->uri);
    const Text uri = has_uri ? given_.post->uri : given_.url;
    if (is_same_post(given_.post, uri)) return;
    Post& post = arena_.make_array<Post>(1)[0];
    post.uri = uri;
    held_.post = &post;
    add(Field::post, LossKind::transformed,
        has_uri ? own_reason : Text("the post is looked up by its address"));
  }

  void reduce_favorite() {
    if (!rules_.favourites || held_.favorite != Flag::unknown) return;
    held_.favorite = Flag::no;
    add(Field::favorite, LossKind::transformed, "it is not marked as a favourite");
  }

  void add(Field field, LossKind kind, Text reason) { losses_[count_++] = {field, kind, reason}; }

  const Bookmark& given_;
  Bookmark held_;
  const MarkRules& rules_;
  Arena& arena_;
  std::span<Loss> losses_;
  std::size_t count_ = 0;
};

}  // namespace

Representation MastodonSink::represent(const Bookmark& bookmark, Arena& arena) const {
  if (const Text refusal = reason_to_refuse(bookmark, rules_.any_link); is_present(refusal))
    return {bookmark, {}, refusal};
  return Reduction(bookmark, rules_, arena).reduce();
}

Text MastodonSink::unique_key(Text url, Arena& arena) const {
  const Text key = post_key(url, arena);
  return is_present(key) ? key : url;
}

bool MastodonSink::wants_bookmark(const Bookmark& bookmark) const {
  return rules_.bookmarks && !(rules_.favourites && is_favourite_only(bookmark));
}

bool MastodonSink::wants_favourite(const Bookmark& bookmark) const {
  return rules_.favourites && bookmark.favorite == Flag::yes;
}

}  // namespace linkferry::mastodon
