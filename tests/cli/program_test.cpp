#include "support/program.hpp"

#include "support/catch.hpp"

using namespace linkferry::test;

TEST_CASE("the version is one line on standard output", "[cli]") {
  Folder folder;
  const auto ran = run(folder, {"--version"});
  CHECK(ran.code == 0);
  CHECK(ran.out.starts_with("linkferry "));
  CHECK(ran.out.find('\n') == ran.out.size() - 1);
  CHECK(ran.err.empty());
  CHECK(run(folder, {"version"}).out == ran.out);
}

TEST_CASE("help goes to standard output and names every command", "[cli]") {
  Folder folder;
  const auto ran = run(folder, {"--help"});
  CHECK(ran.code == 0);
  CHECK(ran.err.empty());
  for (const char* command : {"copy", "plan", "run", "daemon", "check", "auth", "plugins", "schema",
                              "completion", "version"}) {
    CHECK(ran.out.find(std::string("\n  ") + command + " ") != std::string::npos);
    CHECK(run(folder, {command, "--help"}).code == 0);
  }
}

TEST_CASE("a command that does not exist is a usage error with the nearest name", "[cli]") {
  Folder folder;
  const auto ran = run(folder, {"copi", "a", "b"});
  CHECK(ran.code == 64);
  CHECK(ran.out.empty());
  CHECK(ran.err ==
        "linkferry: error: unknown command \"copi\"; did you mean \"copy\"?\nTry: linkferry "
        "--help\n");
  CHECK(run(folder, {}).code == 64);
}

TEST_CASE("what cannot be written to standard output is a failure, not silence", "[cli]") {
  Folder folder;
  RunSettings full;
  full.output = "/dev/full";
  const auto ran = run(folder, {"--help"}, full);
  CHECK(ran.code == 1);
  CHECK(ran.err ==
        "linkferry: error: standard output cannot be written: No space left on device\n");
}

TEST_CASE("every schema is printed as it is installed", "[cli]") {
  Folder folder;
  for (const char* name : {"job", "bookmark", "plan", "report"}) {
    const auto ran = run(folder, {"schema", name});
    CHECK(ran.code == 0);
    CHECK(ran.out.find("\"$schema\": \"http://json-schema.org/draft-07/schema#\"") !=
          std::string::npos);
  }
  CHECK(run(folder, {"schema", "plugins/jsonl"}).out.find("\"path\"") != std::string::npos);
  const auto unknown = run(folder, {"schema", "jobs"});
  CHECK(unknown.code == 64);
  CHECK(unknown.err == "linkferry: error: there is no schema \"jobs\"; did you mean \"job\"?\n");
}

TEST_CASE("plugins are listed and shown with their options", "[cli]") {
  Folder folder;
  const auto list = run(folder, {"plugins"});
  CHECK(list.code == 0);
  CHECK(list.out.find("jsonl") != std::string::npos);
  CHECK(run(folder, {"plugins", "list"}).out == list.out);
  CHECK(run(folder, {"plugins", "--format", "json"}).out.starts_with("["));
  const auto show = run(folder, {"plugins", "show", "jsonl"});
  CHECK(show.code == 0);
  CHECK(show.out.find("  path: a path, required\n") != std::string::npos);
  const auto misspelled = run(folder, {"plugins", "show", "jsnol"});
  CHECK(misspelled.code == 78);
  CHECK(misspelled.err.find("did you mean \"jsonl\"?") != std::string::npos);
  const auto unknown = run(folder, {"plugins", "lisst"});
  CHECK(unknown.code == 64);
  CHECK(unknown.err ==
        "linkferry: error: plugins: unknown word \"lisst\"; did you mean \"list\"?; usage: "
        "linkferry plugins "
        "[list | show NAME | test PATH[,OPTION=VALUE...]]\n");
}

TEST_CASE("the completion for bash is a script that bash reads", "[cli]") {
  Folder folder;
  const auto ran = run(folder, {"completion", "bash"});
  CHECK(ran.code == 0);
  CHECK(ran.out.find("complete -o filenames -F _linkferry linkferry") != std::string::npos);
  folder.write("completion.bash", ran.out);
  folder.write(
      "test.bash",
      "source ./completion.bash\n"
      "COMP_WORDS=(linkferry copy --on-m); COMP_CWORD=2; _linkferry; echo \"${COMPREPLY[@]}\"\n"
      "COMP_WORDS=(linkferry copy --on-match me); COMP_CWORD=3; _linkferry; echo "
      "\"${COMPREPLY[@]}\"\n"
      "COMP_WORDS=(linkferry pl); COMP_CWORD=1; _linkferry; echo \"${COMPREPLY[@]}\"\n"
      "COMP_WORDS=(linkferry auth --write ''); COMP_CWORD=3; _linkferry; echo \"${COMPREPLY[@]}\"\n"
      "COMP_WORDS=(linkferry auth mastodon tes); COMP_CWORD=3; _linkferry; echo "
      "\"${COMPREPLY[@]}\"\n"
      "COMP_WORDS=(linkferry plugins s); COMP_CWORD=2; _linkferry; echo \"${COMPREPLY[@]}\"\n");
  const std::string command = "cd '" + folder.path().string() + "' && bash test.bash > said 2>&1";
  CHECK(std::system(command.c_str()) == 0);
  CHECK(folder.read("said") ==
        "--on-match\nmerge\nplan plugins\nmastodon raindrop\ntest.bash\nshow\n");
  for (const char* shell : {"zsh", "fish"}) {
    const auto other = run(folder, {"completion", shell});
    CHECK(other.code == 0);
    CHECK(other.out.find("mastodon") != std::string::npos);
  }
  CHECK(run(folder, {"completion", "csh"}).code == 64);
}

TEST_CASE("plugins of another folder that get tokens are words of auth, and broken ones are none",
          "[cli]") {
  Folder folder;
  std::filesystem::create_directory(folder.file("broken"));
  folder.write("broken/broken.so", "no library");
  const auto ran = run(folder, {"completion", "bash", "--plugin-path", LINKFERRY_CLI_MODULES,
                                "--plugin-path", folder.file("broken")});
  CHECK(ran.code == 0);
  CHECK(ran.out.find("words='asking mastodon raindrop'") != std::string::npos);
}

TEST_CASE("messages are JSON lines when they are asked for", "[cli]") {
  Folder folder;
  folder.write("bad.yaml", "version: 2\nendpoints: {}\njobs: {}\n");
  const auto ran = run(folder, {"-c", "bad.yaml", "run", "--log-format", "json"});
  CHECK(ran.code == 78);
  CHECK(ran.err.find("\"level\":\"error\",\"message\":\"bad.yaml:1:10: version is the number 2, "
                     "expected 1\"}\n") != std::string::npos);
}
