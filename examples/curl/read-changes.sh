#!/bin/sh
# sh read-changes.sh 0
set -e
. "$(dirname "$0")/wisp.sh"
since=$1 more=true
while [ "$more" = true ]; do
  # resync 为 true 时请全量读取。With resync: true, read everything.
  page=$(wisp_get /api/directory/changes "since=$since")
  printf '%s\n' "$page"
  # 处理完再保存 next，作为下次的 since。Store next once these are applied: it is the next since.
  since=$(printf '%s' "$page" | wisp_field next)
  more=$(printf '%s' "$page" | wisp_field more)
done
echo "next $since"
