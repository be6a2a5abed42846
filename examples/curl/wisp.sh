# 调用 wisp 的接口，需要 curl 7.84 以上。用法：. ./wisp.sh
# Calls wisp's API; needs curl 7.84 or later. Usage: . ./wisp.sh
#   wisp_get /api/user/get userId=zhangsan
#   wisp_post /api/message/status '{"msgId":"…"}'
# 回答的 body 写到标准输出；retCode 不为 0 时，代码和说明写到标准错误，返回 1。
# The answer's body goes to standard output; with a retCode other than 0, code and message go to standard error, and it returns 1.

# 保存 Authorization 请求头的文件：devToken 两小时内有效，各脚本共用。
# The file that holds the Authorization header: a devToken is good for two hours, and all scripts share it.
wisp_token_file=${WISP_TOKEN_FILE:-${XDG_CACHE_HOME:-$HOME/.cache}/wisp-$DEV_ID}

wisp_get() (
  path=$1; shift
  for pair in "$@"; do set -- "$@" --data-urlencode "$pair"; shift; done
  wisp_call -G "$@" "$WISP_URL$path" </dev/null
)

wisp_post() { printf '%s' "$2" | wisp_call -H 'Content-Type: application/json' --data-binary @- "$WISP_URL$1"; }

# 把文字变成 JSON 字符串。Turns a text into a JSON string.
wisp_text() { printf '"%s"' "$(printf '%s' "$1" | sed 's/[\\"]/\\&/g; $!s/$/\\n/' | tr -d '\n')"; }

# 取 JSON 中一个字段的值；装有 jq 时用 jq 更好。
# The value of one field of JSON; jq does it better where it is installed.
wisp_field() { sed -n 's/.*"'"$1"'":"\{0,1\}\([^",}]*\).*/\1/p'; }

wisp_call() (
  input=$(cat) renewed=
  [ -s "$wisp_token_file" ] || wisp_new_token || exit
  while :; do
    answer=$(printf '%s' "$input" | wisp_send -H @"$wisp_token_file" "$@") && break
    # devToken 已失效，换一次新的。The devToken is dead: take a new one, once.
    case $answer:$renewed in '{"retCode":"1004",'*:) ;; *) wisp_fail "$answer" ;; esac
    renewed=yes
    wisp_new_token || exit
  done
  body=${answer#*\"body\":}
  printf '%s\n' "${body%\}}"
)

wisp_new_token() (
  umask 077
  mkdir -p "$(dirname "$wisp_token_file")"
  answer=$(printf '{"devId":"%s","devSecret":"%s"}' "$DEV_ID" "$DEV_SECRET" |
    wisp_send -H 'Content-Type: application/json' --data-binary @- "$WISP_URL/api/token/getDevToken") || wisp_fail "$answer"
  printf 'Authorization: Bearer %s\n' "$(printf '%s' "$answer" | wisp_field devToken)" >"$wisp_token_file.$$"
  mv "$wisp_token_file.$$" "$wisp_token_file"
)

# 发出请求，遇到 1010 等到 Retry-After 再来。Sends a request; after 1010 it comes back after Retry-After.
wisp_send() (
  input=$(cat)
  for waits_left in 3 2 1 0; do
    # 最后一行是 Retry-After。The last line is Retry-After.
    lines=$(printf '%s' "$input" | curl -sS --max-time 30 -w '\n%header{retry-after}.' "$@") || exit
    answer=$(printf '%s\n' "$lines" | sed '$d') seconds=$(printf '%s\n' "$lines" | sed -n '$s/\.$//p')
    case $answer in '{"retCode":"0",'*) printf '%s' "$answer"; exit 0 ;; '{"retCode":"1010",'*) ;; *) break ;; esac
    if [ $waits_left = 0 ] || [ "${seconds:-60}" -gt 60 ]; then break; fi
    sleep "${seconds:-60}"
  done
  printf '%s' "$answer"
  exit 1
)

wisp_fail() {
  printf '%s %s\n' "$(printf '%s' "$1" | wisp_field retCode)" "$(printf '%s' "$1" | wisp_field retMessage)" >&2
  exit 1
}
