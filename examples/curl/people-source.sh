#!/bin/sh
# sh people-source.sh 3 ../people.csv
set -e
. "$(dirname "$0")/wisp.sh"
source=$1

# 管理接口使用管理令牌。Calls of management take an admin token.
manage() {
  path=$1; shift
  for pair in "$@"; do set -- "$@" --data-urlencode "$pair"; shift; done
  answer=$(printf 'Authorization: Bearer %s' "$ADMIN_TOKEN" | wisp_send -H @- -G "$@" "$WISP_URL$path") || wisp_fail "$answer"
  printf '%s\n' "$answer"
}

latest() {
  runs=$(manage /api/admin/source/runs "id=$source")
  printf '%s' "$runs" | tr '{' '\n' | sed -n 's/^"id":\([0-9]*\),"sourceId":[0-9]*,"kind":"write".*/\1/p' | head -n 1
}

# 每批 500 行，一批一行 JSON。单元格可以写在引号中，其中没有换行。Batches of 500 rows, each a line of JSON. Cells may be in quotes, without line breaks.
batches() {
  sed "1s/^$(printf '\357\273\277')//" "$1" | awk '
    function read_cells(line,   cell, n) {
      for (line = line ","; match(line, /^("([^"]|"")*"|[^,]*),/); line = substr(line, RLENGTH + 1)) {
        cell = substr(line, 1, RLENGTH - 1)
        if (cell ~ /^"/) { cell = substr(cell, 2, length(cell) - 2); gsub(/""/, "\"", cell) }
        gsub(/[\\"]/, "\\\\&", cell)
        cells[++n] = "\"" cell "\""
      }
      return n
    }
    { sub(/\r$/, "") }
    NR == 1 { width = read_cells($0); for (at = 1; at <= width; at++) names[at] = cells[at]; next }
    $0 != "" {
      count = read_cells($0); row = ""
      for (at = 1; at <= width; at++) row = row (at > 1 ? ", " : "") names[at] ": " (at <= count ? cells[at] : "\"\"")
      printf "%s{%s}", (rows % 500 ? ", " : rows ? "\n" : ""), row; rows++
    }
    END { print "" }'
}

# 列名与人事源的设置一致，例如 工号,姓名,手机,部门,职务,直属上级工号,状态。The columns are those of the source.
# 同一个工号再次提交，覆盖原来的行：没有收到返回时，用同样的参数再运行。每行各有结果。
# Put again, the same key replaces its row: after a lost answer, run it again with the same arguments. Each row has a result of its own.
batches "$2" | while IFS= read -r people; do
  wisp_post /api/source/put "{\"sourceId\": $source, \"people\": [$people]}"
done

# 全部提交后生成预览，由管理员批准。Once all rows are there, a preview is made, which administrators approve.
before=$(latest)
wisp_post /api/source/put "{\"sourceId\": $source, \"complete\": \"1\"}" >/dev/null
until=$(($(date +%s) + 60))
while :; do
  run=$(latest)
  if [ "${run:-0}" -gt "${before:-0}" ]; then break; fi
  if [ "$(date +%s)" -ge $until ]; then
    echo '没有预览，原因见控制台的“人事源” / no preview: see Sources of people in the console' >&2
    exit 1
  fi
  sleep 1
done
rows=$(manage /api/admin/source/rows "runId=$run" pageSize=200)
body=${rows#*\"body\":}
printf '%s\n' "${body%\}}"
