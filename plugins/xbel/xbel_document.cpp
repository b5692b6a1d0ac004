#include "xbel/xbel_document.hpp"

#include <algorithm>
#include <cstring>

#include "linkferry/failure.hpp"

namespace linkferry::xbel {
namespace {

using tinyxml2::XMLElement;

std::string reason_of(const tinyxml2::XMLDocument& document) {
  if (document.ErrorID() == tinyxml2::XML_ELEMENT_DEPTH_EXCEEDED)
    return "elements are nested deeper than 100 levels";
  std::string name = document.ErrorName();
  if (name.starts_with("XML_ERROR_")) name.erase(0, std::strlen("XML_ERROR_"));
  if (name.starts_with("XML_")) name.erase(0, std::strlen("XML_"));
  for (char& letter : name) letter = letter == '_' ? ' ' : static_cast<char>(letter - 'A' + 'a');
  return "not well-formed XML (" + name + ")";
}

/// The next element of the whole tree, in the order of the file; null after the last.
const XMLElement* next_in_tree(const XMLElement* element) {
  if (const XMLElement* const child = element->FirstChildElement()) return child;
  while (element != nullptr) {
    if (const XMLElement* const sibling = element->NextSiblingElement()) return sibling;
    const tinyxml2::XMLNode* const parent = element->Parent();
    element = parent == nullptr ? nullptr : parent->ToElement();
  }
  return nullptr;
}

}  // namespace

XbelDocument::XbelDocument(std::string text, const std::string& name) {
  const std::uint64_t lines =
      static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n')) + 1;
  escape_stray_ampersands(text);
  document_.Parse(text.data(), text.size());
  if (document_.Error() && close_cut_xml(text)) {
    document_.Parse(text.data(), text.size());
    cut_line_ = lines;
  }
  if (document_.Error()) {
    throw Failure(
        FailureKind::configuration,
        name + ":" + std::to_string(document_.ErrorLineNum()) + ": " + reason_of(document_));
  }
  root_ = document_.RootElement();
  if (root_ == nullptr || root_->Name() != std::string_view("xbel")) {
    std::string message = name + ": no XBEL file: found ";
    message.append(root_ == nullptr ? "no element" : root_->Name()).append(", expected <xbel>");
    throw Failure(FailureKind::configuration, message);
  }
  collect_ids();
}

void XbelDocument::collect_ids() {
  for (const XMLElement* element = first(); element != nullptr; element = next_in_tree(element)) {
    if (const char* const id = element->Attribute("id")) ids_.emplace(id, element);
  }
}

const XMLElement* XbelDocument::find(std::string_view id) const {
  const auto found = ids_.find(id);
  return found == ids_.end() ? nullptr : found->second;
}

std::string XbelDocument::xml_of(const XMLElement& element) const {
  tinyxml2::XMLPrinter printer(nullptr, true);
  element.Accept(&printer);
  std::string xml = printer.CStr();
  std::string declarations;
  for (const auto* attribute = root_->FirstAttribute(); attribute != nullptr;
       attribute = attribute->Next()) {
    const std::string_view name = attribute->Name();
    if (!name.starts_with("xmlns:")) continue;
    std::string used(name.substr(std::strlen("xmlns:")));
    std::string declared(name);
    if (xml.find(declared.append("=")) != std::string::npos) continue;
    if (xml.find(used.append(":")) == std::string::npos) continue;
    tinyxml2::XMLPrinter declaration(nullptr, true);
    declaration.OpenElement("x");
    declaration.PushAttribute(attribute->Name(), attribute->Value());
    declaration.CloseElement();
    const std::string_view text = declaration.CStr();
    const std::size_t start = text.find(" xmlns:");
    declarations.append(text.substr(start, text.rfind('/') - start));
  }
  return xml.insert(1 + std::strlen(element.Name()), declarations);
}

}  // namespace linkferry::xbel
