#!/bin/sh
# sh notify.sh zhangsan 张三 2850
set -e
. "$(dirname "$0")/wisp.sh"
# 内容相同时不产生新版本，可以每次都写。Makes no new version when the content is the same.
wisp_post /api/message/type/put '{
  "key": "meal-paid", "name": "餐费", "text": "{{ name }}，{{ fen | money }} 已到账。"
}' >/dev/null
# 网络中断后用同一个 requestId 重发，不会发两次。
# Sent again under the same requestId after a lost connection, it arrives once.
request_id=${REQUEST_ID:-$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')}
wisp_post /api/message/notify "{
  \"type\": \"meal-paid\", \"toUser\": $(wisp_text "$1"),
  \"data\": { \"name\": $(wisp_text "$2"), \"fen\": $3 }, \"requestId\": \"$request_id\"
}"
