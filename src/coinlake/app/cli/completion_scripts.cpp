// One script for each shell. They know nothing of our words: each Tab asks the program.
#include <string_view>

#include "coinlake/app/cli/completion.hpp"

namespace coinlake::app {
namespace {

// Plain bash: no functions of the package bash-completion. Readline takes "=" and ":" for ends of words, so what it
// replaces begins after the last of them. %q quotes commas, which need that only in braces, and those it quotes, too.
// Within quotes a word goes in as it is: there only what no quotes can end and no shell would run is offered.
constexpr std::string_view kBash = R"bash(# bash: source <(coinlake completion bash)
_coinlake() {
  local line=${COMP_LINE:0:COMP_POINT} reply word typed before
  COMPREPLY=()
  reply=$("${1/#~\//$HOME/}" __complete_line "$line" 2>/dev/null) || return 0
  if [[ $reply == $'\tfiles' ]]; then
    compopt -o default
    return 0
  fi
  typed=${line##*[[:space:]]}
  [[ $typed == --*=* ]] && typed=${typed#*=}
  before=
  [[ $COMP_WORDBREAKS == *:* && $typed == *:* ]] && before=${typed%"${typed##*:}"}
  while IFS=$'\t' read -r word _; do
    [[ -n $word ]] || continue
    if [[ $typed == [\"\']* ]]; then
      [[ $word == *[^[:alnum:]._,:/@%+=-]* ]] && continue
    else
      printf -v word %q "$word"
      word=${word//\\,/,}
    fi
    COMPREPLY+=("${word#"$before"}")
  done <<<"$reply"
}
complete -F _coinlake coinlake
)bash";

constexpr std::string_view kZsh = R"zsh(#compdef coinlake
# zsh, after compinit: source <(coinlake completion zsh)
_coinlake() {
  local line word about
  local -a said replies shown found
  said=("${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}")
  compset -P '--*='
  replies=("${(@f)$(${(Q)~words[1]} __complete "${said[@]}" 2>/dev/null)}")
  if [[ ${replies[1]} == $'\tfiles' ]]; then
    _files
    return
  fi
  for line in "${replies[@]}"; do
    word=${line%%$'\t'*}
    [[ -n $word ]] || continue
    about=${line#"$word"}
    found+=("$word")
    shown+=("$word${about:+  -- ${about#$'\t'}}")
  done
  compadd -l -d shown -a found
}
compdef _coinlake coinlake
)zsh";

constexpr std::string_view kFish = R"fish(# fish: coinlake completion fish > ~/.config/fish/completions/coinlake.fish
function __coinlake_complete
    set -l said (commandline -opc)
    set -l typed (commandline -ct)
    set -l word (string unescape -- $typed; or echo $typed)
    set -l option (string match -r -- '^--[^=]+=' $word)
    set -l replies ($said[1] __complete $said[2..-1] "$word" 2>/dev/null)
    if test "$replies[1]" = \tfiles
        __fish_complete_path (string replace -- "$option" '' "$word") | string replace -r -- '^' "$option"
        return
    end
    string replace -r -- '^' "$option" $replies
end
complete -c coinlake -f -a '(__coinlake_complete)'
)fish";

}  // namespace

int print_completion(Console& console, const std::string& shell) {
  console.print_data(shell == "bash" ? kBash : shell == "zsh" ? kZsh : kFish);
  return 0;
}

}  // namespace coinlake::app
