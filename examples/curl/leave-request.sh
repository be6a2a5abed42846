#!/bin/sh
# sh leave-request.sh leave-2026-118 1000002 lisi zhangsan 2
set -e
. "$(dirname "$0")/wisp.sh"
no=$1 days=$5 seconds=${6:-600}
todo_no=$(wisp_text "$no") agent=$(wisp_text "$2") applicant=$(wisp_text "$3") approver=$(wisp_text "$4")
member=$(wisp_get /api/user/get "userId=$3")
name=$(printf '%s' "$member" | wisp_field userName)
title=$(wisp_text "$name 申请请假 $days 天")

# 再次运行时，同一个 todoNo 是同一条待办，同一个 requestId 是同一张卡片。
# Run again, the same todoNo is the same to-do, and the same requestId the same card.
put=$(wisp_post /api/todo/put "{\"list\": [{
  \"todoNo\": $todo_no, \"userId\": $approver, \"agentId\": $agent, \"title\": $title,
  \"url\": $(wisp_text "https://oa.example.com/leaves/$no"), \"sender\": $(wisp_text "$name"), \"process\": \"请假\"
}]}")
# 每条待办各有结果。Each to-do has a result of its own.
if [ "$(printf '%s' "$put" | wisp_field result)" = refused ]; then
  printf '%s %s\n' "$(printf '%s' "$put" | wisp_field code)" "$(printf '%s' "$put" | wisp_field reason)" >&2
  exit 1
fi

sent=$(wisp_post /api/message/send "{
  \"toUser\": [$approver], \"sendType\": \"0\", \"msgType\": \"04\", \"agentId\": $agent, \"agentName\": \"请假\",
  \"card\": {
    \"card_type\": \"button_interaction\",
    \"main_title\": {\"title\": $title, \"desc\": $todo_no},
    \"button_list\": [
      {\"text\": \"同意\", \"style\": 1, \"key\": \"agree\"},
      {\"text\": \"驳回\", \"style\": 2, \"key\": \"reject\"}
    ]
  },
  \"firstPressWins\": true, \"onPress\": {\"replaceName\": \"已处理\"}, \"requestId\": $todo_no
}")
# 卡片没有送到的人在 invaliduser 里。Whom the card did not reach is in invaliduser.
if [ -n "$(printf '%s' "$sent" | wisp_field invaliduser)" ]; then
  echo '卡片没有送到 / the card reached nobody' >&2
  exit 1
fi
msg_id=$(printf '%s' "$sent" | wisp_field msgId)

# 一直运行的服务订阅 message.card.pressed，不必查询。A service that keeps running subscribes to message.card.pressed instead.
until=$(($(date +%s) + seconds))
while :; do
  answers=$(wisp_get /api/message/card "msgId=$msg_id")
  if [ -n "$(printf '%s' "$answers" | wisp_field firstUserId)" ]; then break; fi
  if [ "$(date +%s)" -ge $until ]; then
    echo '没有人处理，稍后用同样的参数再运行 / nobody answered: run it again later' >&2
    exit 1
  fi
  sleep 1
done
# 最后一个 key 是这个人点的。The last key is the one that was pressed.
case $(printf '%s' "$answers" | wisp_field key) in agree) result=已同意 ;; *) result=已驳回 ;; esac

wisp_post /api/todo/finish "{\"agentId\": $agent, \"todoNo\": $todo_no, \"userId\": $approver}" >/dev/null
wisp_post /api/message/send "{
  \"toUser\": [$applicant], \"sendType\": \"0\", \"msgType\": \"03\", \"agentId\": $agent, \"agentName\": \"请假\",
  \"content\": $(wisp_text "$no 请假 $days 天：$result"), \"requestId\": $(wisp_text "$no-result")
}" >/dev/null
wisp_post /api/message/card/update "{\"msgId\": \"$msg_id\", \"replaceName\": \"$result\"}" >/dev/null
echo "$no $result"

# 同意后提交企业微信审批，字段名是模板的。Once agreed, an approval of WeCom is submitted: the fields are those of its template.
if [ -n "${7:-}" ] && [ "$result" = 已同意 ]; then
  approval=$(wisp_post /api/approval/apply "{
    \"templateId\": $(wisp_text "$7"), \"userId\": $applicant, \"fields\": {\"请假事由\": $title},
    \"requestId\": $(wisp_text "$no-approval")
  }")
  echo "$(printf '%s' "$approval" | wisp_field spNo) $(printf '%s' "$approval" | wisp_field status)"
fi
