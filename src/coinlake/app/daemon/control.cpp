#include "coinlake/app/daemon/control.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "coinlake/app/config/config_keys.hpp"
#include "coinlake/base/text.hpp"

namespace coinlake::app {
namespace {

constexpr std::size_t kMostOfRequest = std::size_t{1} << 20, kFixedFields = 4;
constexpr Duration kRequestTime = std::chrono::seconds(2), kStateTime = std::chrono::seconds(5),
                   kCommandTime = std::chrono::hours(4);
constexpr Duration kPause = std::chrono::seconds(1);
constexpr int kAnswerSeconds = 5;
constexpr std::chrono::milliseconds kSlice{100};  // whether the process is to stop: at least so often

// Closes what it holds.
struct Descriptor {
  int fd = -1;
  explicit Descriptor(int number) : fd(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd >= 0) ::close(fd);
  }
};

int most_callers() {
  constexpr long kPart = 4, kMost = 1024;
  return static_cast<int>(std::clamp(::sysconf(_SC_OPEN_MAX) / kPart, 1L, kMost));
}

std::filesystem::path socket_of(const std::filesystem::path& ledger) { return ledger.string() + ".sock"; }

// The name of a socket has room for a hundred bytes, a path may have thousands: it is named by its folder's descriptor.
struct Address {
  sockaddr_un name{};
  Descriptor folder;

  explicit Address(const std::filesystem::path& path)
      : folder(
            ::open(path.parent_path().empty() ? "." : path.parent_path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)) {
    name.sun_family = AF_UNIX;
    const auto text = "/proc/self/fd/" + std::to_string(folder.fd) + "/" + path.filename().string();
    text.copy(name.sun_path, sizeof(name.sun_path) - 1);
  }
  [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&name); }
};

int new_socket(int flags) { return ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | flags, 0); }

void set_timeout(int fd, int option, int seconds) {
  const timeval time{.tv_sec = seconds, .tv_usec = 0};
  ::setsockopt(fd, SOL_SOCKET, option, &time, sizeof time);
}

bool send_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

// To the end of the stream; nothing when it does not come to it in time.
std::optional<std::string> receive_all(int fd, std::size_t most, Duration time) {
  std::string out;
  const auto end = system_clock().monotonic() + time;
  for (std::array<char, 4096> buffer{};;) {
    pollfd sender{.fd = fd, .events = POLLIN, .revents = 0};
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - system_clock().monotonic());
    if (left.count() <= 0 || stop_requested()) return std::nullopt;
    if (::poll(&sender, 1, static_cast<int>(std::min(left, kSlice).count())) < 0 && errno != EINTR) return std::nullopt;
    if (sender.revents == 0) continue;
    const auto got = ::recv(fd, buffer.data(), buffer.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got == 0) return out;
    if (got < 0 || out.size() + static_cast<std::size_t>(got) > most) return std::nullopt;
    out.append(buffer.data(), static_cast<std::size_t>(got));
  }
}

std::string encoded(const Console::Options& console, const std::vector<std::string>& words) {
  std::string out;
  const auto add = [&](std::string_view field) { (out += field) += '\0'; };
  add(std::to_string(console.width));
  add(std::to_string(console.err_width));
  add(std::string(console.colour ? "c" : "") + (console.out_is_terminal ? "o" : "") +
      (console.err_is_terminal ? "e" : "") + (console.ascii ? "u" : ""));
  add(console.language.tag);
  for (const auto& word : words) add(word);
  return out;
}

std::size_t width_in(std::string_view text) {
  constexpr std::int64_t kLeast = 1, kMost = 1'000'000;
  return static_cast<std::size_t>(std::clamp(to_integer(text).value_or(80), kLeast, kMost));
}

}  // namespace

Result<ControlSocket> ControlSocket::open(const std::filesystem::path& ledger) {
  const auto path = socket_of(ledger);
  const auto failed = [&] {
    const bool full = errno == ENOSPC || errno == EDQUOT;
    return fail(full ? Kind::unwritable : Kind::config,
                tr("cannot make the socket {}: {}", path.string(), std::strerror(errno)),
                full ? tr("free some space, and files: df -i tells how many more there may be")
                     : tr("check that the folder may be written"));
  };
  ControlSocket out(new_socket(SOCK_NONBLOCK), path);
  (void)::unlink(path.c_str());  // one that a killed daemon left: we hold the ledger's lock
  const Address address(path);
  const auto before = ::umask(S_IRWXG | S_IRWXO | S_IXUSR);  // nobody else, from the first moment on
  const bool bound = out.fd_ >= 0 && ::bind(out.fd_, address.get(), sizeof address.name) == 0;
  ::umask(before);
  constexpr int kWaiting = 16;
  if (!bound || ::listen(out.fd_, kWaiting) != 0) return failed();
  return out;
}

ControlSocket::ControlSocket(int fd, std::filesystem::path path)
    : fd_(fd), path_(std::move(path)), most_(most_callers()) {}

ControlSocket::ControlSocket(ControlSocket&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      path_(std::move(other.path_)),
      open_(std::move(other.open_)),
      most_(other.most_),
      closed_until_(other.closed_until_) {}

ControlSocket::~ControlSocket() {
  if (fd_ < 0) return;
  (void)::unlink(path_.c_str());
  ::close(fd_);
}

int ControlSocket::fd(Duration now) const { return *open_ < most_ && now >= closed_until_ ? fd_ : -1; }

std::shared_ptr<const Caller> ControlSocket::accept(Duration now) {
  const int connection = ::accept4(fd_, nullptr, nullptr, SOCK_CLOEXEC);
  if (connection >= 0) return std::make_shared<const Caller>(connection, open_);
  if (errno != EAGAIN && errno != EINTR) closed_until_ = now + kPause;  // it would refuse again at once
  return nullptr;
}

Caller::Caller(int fd, std::shared_ptr<std::atomic<int>> open) : fd_(fd), open_(std::move(open)) { ++*open_; }

Caller::~Caller() {
  ::close(fd_);
  --*open_;
}

Result<ControlRequest> Caller::read() const {
  const auto bytes = receive_all(fd_, kMostOfRequest, kRequestTime).value_or("");
  auto fields = split(bytes, '\0');
  if (fields.size() < kFixedFields + 2) return fail(Kind::usage, tr("this is no request of a coinlake command"));
  fields.pop_back();  // behind the last zero
  const auto has = [&](char flag) { return fields[2].find(flag) != std::string_view::npos; };
  const auto tag = language_tag(fields[3]).value_or("en");
  ControlRequest out{.words = {},
                     .console = {.colour = has('c'),
                                 .out_is_terminal = has('o'),
                                 .err_is_terminal = has('e'),
                                 .cursor = false,
                                 .ascii = has('u'),
                                 .width = width_in(fields[0]),
                                 .err_width = width_in(fields[1]),
                                 .language = make_language(tag)}};
  for (const auto word : std::span(fields).subspan(kFixedFields)) out.words.emplace_back(word);
  return out;
}

void Caller::answer(const ControlAnswer& answer) const {
  set_timeout(fd_, SO_SNDTIMEO, kAnswerSeconds);
  (void)(send_all(fd_, std::to_string(answer.code) + " " + std::to_string(answer.out.size()) + "\n") &&
         send_all(fd_, answer.out) && send_all(fd_, answer.err));  // who went away is not told
  ::shutdown(fd_, SHUT_RDWR);
}

Result<std::optional<ControlAnswer>> ask_daemon(const std::filesystem::path& ledger, const Console& console,
                                                const std::vector<std::string>& words) {
  const auto path = socket_of(ledger);
  const Descriptor connection(new_socket(0));
  const Address address(path);
  set_timeout(connection.fd, SO_SNDTIMEO, kAnswerSeconds);
  const bool connected = ::connect(connection.fd, address.get(), sizeof address.name) == 0;
  if (!connected && (errno == ENOENT || errno == ECONNREFUSED || errno == ENOTDIR)) return std::nullopt;
  const auto gone = [&] {
    return fail(Kind::temporary, tr("coinlake run did not answer"), tr("see what came of it: coinlake status"));
  };
  if (!connected || !send_all(connection.fd, encoded(console.options(), words))) return gone();
  ::shutdown(connection.fd, SHUT_WR);
  const bool state = words.size() == 1 && words.front().starts_with('@');
  const auto bytes = receive_all(connection.fd, std::size_t{1} << 30, state ? kStateTime : kCommandTime);
  if (!bytes) return gone();
  const auto line = bytes->substr(0, bytes->find('\n'));
  const auto code = to_integer(line.substr(0, line.find(' ')));
  const auto size = to_integer(line.substr(std::min(line.size(), line.find(' ') + 1)));
  const auto rest = bytes->size() - std::min(bytes->size(), line.size() + 1);
  if (!code || !size || *size < 0 || static_cast<std::size_t>(*size) > rest) return gone();
  const auto out = bytes->substr(line.size() + 1, static_cast<std::size_t>(*size));
  return ControlAnswer{.code = static_cast<int>(*code), .out = out, .err = bytes->substr(line.size() + 1 + out.size())};
}

}  // namespace coinlake::app
