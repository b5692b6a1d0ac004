#include "cli/grammar.hpp"

#include <algorithm>

namespace linkferry {

namespace {

constexpr CommandFacts commands[] = {
    {Command::copy, "copy", "FROM... TO",
     "copy bookmarks from one place or several to another, without a config file",
     "FROM and TO are each\n"
     "  a path                            the format is told by the content, for a new file by its "
     "ending\n"
     "  -                                 standard input or output\n"
     "  PLUGIN:LOCATION[,OPTION=VALUE...] a plugin by its name, with options; a comma that belongs "
     "to\n"
     "                                    the location or a value is written \\,\n"
     "A file whose name looks like the last form can be written ./NAME.\n"
     "\n"
     "What TO holds already stays: copy adds, and never deletes.\n"
     "\n"
     "  linkferry copy firefox.html pocket.zip all.html\n"
     "  linkferry copy raindrop.csv netscape:out.html,dialect=chrome\n"
     "  linkferry copy --dry-run old.html new.jsonl\n"
     "  curl -s https://example.org/export.html | linkferry copy - jsonl:- > all.jsonl\n",
     2, unlimited},
    {Command::plan, "plan", "JOB", "show what a job would change, and save it",
     "Nothing is written but the file of --output, if it is given.\n"
     "\n"
     "  linkferry plan consolidate\n"
     "  linkferry plan consolidate -o consolidate.ndjson\n",
     1, 1},
    {Command::apply, "apply", "FILE", "do exactly what a saved plan says",
     "Makes the plan anew, and writes only when it is the same, line by line. Else it says what "
     "is\n"
     "different, writes nothing and exits with 6.\n"
     "\n"
     "  linkferry plan consolidate -o consolidate.ndjson\n"
     "  linkferry apply consolidate.ndjson\n",
     1, 1},
    {Command::run, "run", "[JOB...]",
     "carry out jobs of the config file, all of them when none is named",
     "Jobs run one after the other, with --jobs N up to N at once, as far as they have no place in "
     "common.\n"
     "When one fails, the others run all the same, and the exit code is that of the worst.\n"
     "\n"
     "  linkferry run\n"
     "  linkferry run --jobs 4\n"
     "  linkferry run consolidate --dry-run\n",
     0, unlimited},
    {Command::verify, "verify", "JOB", "read both sides afresh and compare them",
     "Shows what a run of the job would change now, however much of the sources earlier runs have\n"
     "read. Writes nothing. Exits with 2 when there is something, else with 0.\n"
     "\n"
     "  linkferry verify consolidate\n",
     1, 1},
    {Command::undo, "undo", "RUN", "take back what a run has done",
     "What the run created is deleted, what it changed is as it was, what it deleted is created\n"
     "again, unless somebody has changed it since: that stays, and is named. Folders stay. Shows\n"
     "the plan first; with --dry-run that is all. A mirror does it again at its next run, unless "
     "its\n"
     "source or its job has changed. A sync is taken back on both sides, and stays so until "
     "somebody\n"
     "changes the bookmark on one of them.\n"
     "\n"
     "  linkferry history\n"
     "  linkferry undo 12 --dry-run\n"
     "  linkferry undo 12\n",
     1, 1},
    {Command::history, "history", "[JOB]", "list the last runs of the jobs",
     "The counts of a run that was stopped are those of its journal: what had arrived by then.\n",
     0, 1},
    {Command::state, "state", "forget JOB | export | repair",
     "look after what linkferry remembers between runs",
     "forget: everything about a job; its next run takes both sides as they are, and deletes\n"
     "nothing. export: what is remembered of all jobs, a line of JSON each. repair: puts a "
     "damaged\n"
     "file aside and keeps what can be read of it; while a run works with it, it exits with 9.\n"
     "\n"
     "  linkferry state forget consolidate\n"
     "  linkferry state export > links.ndjson\n"
     "  linkferry state repair\n",
     1, 2},
    {Command::daemon, "daemon", "[JOB...]",
     "run jobs when they are due by the `schedule` they have in the config file",
     "It stays in the foreground until it is told to stop, and writes one line to standard error "
     "for\n"
     "each run. Without a JOB it runs all that have a schedule. A job never runs twice at once, "
     "and "
     "jobs\n"
     "that have a place in common run one after the other. A failure stops no other job.\n"
     "\n"
     "SIGTERM and SIGINT stop it: what is in flight is finished. A second one ends it at once.\n"
     "SIGHUP reads the config file again; one that has a mistake is not used.\n"
     "\n"
     "Exit codes: 0 stopped by a signal; 9 when another daemon runs by this config file; 64, 66, "
     "78 or\n"
     "1 when it could not begin, as everywhere.\n"
     "\n"
     "  linkferry daemon\n"
     "  linkferry daemon --health-file /run/linkferry/health.json --metrics-port 9464\n",
     0, unlimited},
    {Command::check, "check", "[JOB]",
     "check the config file and try every place of its jobs, without writing", "", 0, 1},
    {Command::auth, "auth", "PLUGIN URL",
     "get a token for an account of a service, and keep it in a file",
     "It says which page to open, asks for what is shown there or waits for the browser to come "
     "back,\n"
     "and writes the token to a file that only you can read. Where the config file has jobs with "
     "the\n"
     "account, it asks for no more rights than they need.\n"
     "Then it prints the lines for the config file. The token itself is never shown. The file is\n"
     "$XDG_CONFIG_HOME/linkferry/PLUGIN-HOST.token (without XDG_CONFIG_HOME in ~/.config), or that "
     "of --output.\n"
     "\n"
     "  linkferry auth mastodon https://social.example\n"
     "  linkferry auth mastodon https://social.example --write -o other-account.token\n"
     "  linkferry auth raindrop https://raindrop.io\n",
     2, 2},
    {Command::plugins, "plugins", "[list | show NAME | test PATH[,OPTION=VALUE...]]",
     "list plugins, show one with its options, or hold one to the plugin contract",
     "  linkferry plugins\n"
     "  linkferry plugins show netscape\n"
     "  linkferry plugins test ./shopping.so\n",
     0, 2},
    {Command::schema, "schema", "NAME",
     "print a JSON Schema: job, bookmark, plan, report or plugins/NAME", "", 1, 1},
    {Command::completion, "completion", "bash | zsh | fish",
     "print a completion script for a shell",
     "  linkferry completion bash > ~/.local/share/bash-completion/completions/linkferry\n"
     "  linkferry completion zsh > ~/.zfunc/_linkferry\n"
     "  linkferry completion fish > ~/.config/fish/completions/linkferry.fish\n",
     1, 1},
    {Command::version, "version", "", "print the version", "", 0, 0},
    {Command::help, "help", "[COMMAND]", "print this help, or that of a command", "", 0, 1},
};

constexpr unsigned running = bit(Command::run) | bit(Command::daemon);
constexpr unsigned jobs = bit(Command::plan) | bit(Command::apply) | bit(Command::run) |
                          bit(Command::verify) | bit(Command::undo);
constexpr unsigned transfers = bit(Command::copy) | jobs;
constexpr unsigned configured = jobs | bit(Command::daemon) | bit(Command::check);
constexpr unsigned everywhere = ~0U;

constexpr OptionFacts options[] = {
    {"match", 0, "PRESET", "exact standard loose",
     "what makes two records the same bookmark (default: standard)", bit(Command::copy)},
    {"on-match", 0, "POLICY", "skip fill merge newer overwrite",
     "what happens to a bookmark that is already there (default: fill)", bit(Command::copy)},
    {"dry-run", 'n', "", "", "show the plan only, write nothing",
     bit(Command::copy) | bit(Command::run) | bit(Command::undo)},
    {"output", 'o', "FILE", "", "where plan saves the plan (ndjson), and auth the token",
     bit(Command::plan) | bit(Command::auth)},
    {"write", 0, "", "", "the token is to be good for writing too", bit(Command::auth)},
    {"allow-http", 0, "", "", "talk to another machine without encryption", bit(Command::auth)},
    {"paste", 0, "", "",
     "do not listen for the browser after a login: paste the address that it was sent to",
     bit(Command::auth)},
    {"redirect", 0, "ADDRESS", "",
     "where a login sends the browser, as it stands in your app's settings at the service, like\n"
     "http://127.0.0.1:8000/ (default: what auth says)",
     bit(Command::auth)},
    {"accept-partial", 0, "", "", "write what could be read of an input that is cut off",
     bit(Command::copy) | bit(Command::plan) | running | bit(Command::undo)},
    {"full", 0, "", "",
     "read everything, also from services that could say what is new since the last run",
     bit(Command::plan) | running},
    {"max-duration", 0, "TIME", "",
     "stop after this time, like 90s, 15m or 2h, and exit with 8; the next run goes on", transfers},
    {"max-delete", 0, "N", "",
     "let a mirror delete up to N bookmarks in this run, whatever limits the job has",
     bit(Command::plan) | bit(Command::apply) | bit(Command::run)},
    {"limit", 0, "N", "", "how many runs are listed, the newest first (default: 50)",
     bit(Command::history)},
    {"detailed-exitcode", 0, "", "", "exit with 2, not 0, when there are differences",
     bit(Command::copy) | bit(Command::plan) | bit(Command::run)},
    {"jobs", 0, "N", "",
     "how many jobs may run at once, as far as they have no place in common (default: 1 for run,\n"
     "4 for daemon)",
     running},
    {"health-file", 0, "FILE", "",
     "keep a file that says how each job ran last and when it runs next (JSON)",
     bit(Command::daemon)},
    {"metrics-port", 0, "PORT", "",
     "serve numbers for Prometheus on http://127.0.0.1:PORT/metrics; 0: any port that is free",
     bit(Command::daemon)},
    {"format", 0, "FORMAT", "text json ndjson", "how the report is printed (default: text)",
     transfers | bit(Command::history) | bit(Command::plugins)},
    {"report", 0, "FILE", "",
     "write the report to a file too; .txt, .json or .ndjson tells the format; repeatable",
     transfers, true},
    {"config", 'c', "FILE", "",
     "the config file (default: $LINKFERRY_CONFIG, else ./linkferry.yaml, else\n"
     "$XDG_CONFIG_HOME/linkferry/config.yaml)",
     configured | bit(Command::auth)},
    {"plugin-path", 0, "FOLDER", "", "look for plugins here first; repeatable",
     transfers | configured | bit(Command::auth) | bit(Command::plugins) | bit(Command::schema) |
         bit(Command::completion),
     true},
    {"quiet", 'q', "", "", "errors only: no warnings, no progress, no report as text", everywhere},
    {"verbose", 'v', "", "", "say more; -vv says all", everywhere, true},
    {"log-format", 0, "FORMAT", "text json",
     "how messages are written to standard error (default: text)", everywhere},
    {"color", 0, "WHEN", "auto always never",
     "colors in text (default: auto; NO_COLOR means never)", everywhere},
    {"no-input", 0, "", "", "never ask anything", everywhere},
    {"help", 'h', "", "", "print the help", everywhere},
    {"version", 0, "", "", "print the version", everywhere},
};

}  // namespace

std::span<const CommandFacts> all_commands() { return commands; }
std::span<const OptionFacts> all_options() { return options; }

const CommandFacts& facts_of(Command command) {
  return commands[static_cast<std::size_t>(command)];
}

const CommandFacts* find_command(std::string_view name) {
  const auto found = std::ranges::find(commands, name, &CommandFacts::name);
  return found == std::end(commands) ? nullptr : found;
}

const OptionFacts* find_option(std::string_view name) {
  const auto found = std::ranges::find(options, name, &OptionFacts::name);
  return found == std::end(options) ? nullptr : found;
}

}  // namespace linkferry
