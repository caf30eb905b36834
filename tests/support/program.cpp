#include "tests/support/program.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <stdexcept>
#include <utility>

namespace coinlake::test {
namespace {

struct Pipe {
  int read = -1, write = -1;
  Pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    read = ends[0], write = ends[1];
  }
};

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> out;
  for (auto& word : words) out.push_back(word.data());
  out.push_back(nullptr);
  return out;
}

// This process's environment without coinlake's own variables, and the given ones.
std::vector<std::string> environment_with(const Environment& extra) {
  std::vector<std::string> out;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    const auto name = text.substr(0, text.find('='));
    if (!name.starts_with("COINLAKE_") && !extra.contains(name)) out.push_back(text);
  }
  for (const auto& [name, value] : extra) out.push_back(name + "=" + value);
  return out;
}

std::string read_line(int fd) {
  std::string line;
  for (char c = 0; ::read(fd, &c, 1) == 1 && c != '\n';) line += c;
  return line;
}

void read_both(int out, int err, Exit& to) {
  std::array<pollfd, 2> ends = {{{out, POLLIN, 0}, {err, POLLIN, 0}}};
  for (int open = 2; open > 0;) {
    ::poll(ends.data(), ends.size(), -1);
    for (auto& end : ends) {
      if (end.fd < 0 || end.revents == 0) continue;
      std::array<char, 65536> chunk{};
      const auto size = ::read(end.fd, chunk.data(), chunk.size());
      if (size > 0) (end.fd == out ? to.out : to.err).append(chunk.data(), static_cast<std::size_t>(size));
      else end.fd = -1, --open;
    }
  }
}

std::string address_of(std::string ready) {
  const auto at = ready.find("http");
  return at == std::string::npos ? "" : ready.substr(at);
}

}  // namespace

Program::Program(const std::string& path, const std::vector<std::string>& arguments, const Environment& environment,
                 const std::filesystem::path& folder) {
  const Pipe in, out, err;
  auto words = arguments;
  words.insert(words.begin(), path);
  auto variables = environment_with(environment);
  const auto argv = pointers(words), envp = pointers(variables);
  pid_ = ::fork();
  if (pid_ == 0) {
    ::dup2(in.read, 0), ::dup2(out.write, 1), ::dup2(err.write, 2);
    if (::chdir(folder.c_str()) == 0) ::execve(path.c_str(), argv.data(), envp.data());
    ::_exit(127);
  }
  ::close(in.read), ::close(out.write), ::close(err.write);
  in_ = in.write, out_ = out.read, err_ = err.read;
}

Program::~Program() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  for (const int fd : {in_, out_, err_}) ::close(fd);
}

std::string Program::read_out_line() { return read_line(out_); }
std::string Program::read_err_line() { return read_line(err_); }
void Program::signal(int number) const { ::kill(pid_, number); }

Exit Program::wait() {
  Exit outcome;
  read_both(out_, err_, outcome);
  int status = 0;
  rusage used{};
  ::wait4(std::exchange(pid_, -1), &status, 0, &used);
  outcome.peak_kib = used.ru_maxrss;
  outcome.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return outcome;
}

Exit run(const std::string& path, const std::vector<std::string>& arguments, const Environment& environment,
         const std::filesystem::path& folder) {
  return Program(path, arguments, environment, folder).wait();
}

TemporaryFolder::TemporaryFolder() {
  auto pattern = (std::filesystem::temp_directory_path() / "coinlake-test-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
  path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

Simulator::Simulator(const std::vector<std::string>& options)
    : program_(COINLAKE_SIM_BINARY, options), url_(address_of(program_.read_out_line())) {
  if (url_.empty()) throw std::runtime_error("the simulator did not start: " + program_.wait().err);
}

}  // namespace coinlake::test
