#!/bin/sh
# sh send-message.sh 审批 zhangsan '您有一条待办'
set -e
. "$(dirname "$0")/wisp.sh"
# 网络中断后用同一个 requestId 重发，不会发两次。
# Sent again under the same requestId after a lost connection, it arrives once.
request_id=${REQUEST_ID:-$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')}
sent=$(wisp_post /api/message/send "{
  \"toUser\": [$(wisp_text "$2")], \"sendType\": \"0\", \"msgType\": \"03\",
  \"agentName\": $(wisp_text "$1"), \"content\": $(wisp_text "$3"), \"requestId\": \"$request_id\"
}")
wisp_get /api/message/status "msgId=$(printf '%s' "$sent" | wisp_field msgId)"
