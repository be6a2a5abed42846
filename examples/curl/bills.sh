#!/bin/sh
# sh bills.sh 2026-11-0001 zhangsan 11月餐费 12850
set -e
. "$(dirname "$0")/wisp.sh"
# 同一个 billNo 再次创建，返回原来的账单。Created again, the same billNo answers the bill that is there.
wisp_post /api/pay/bill/create "{
  \"billNo\": $(wisp_text "$1"), \"userId\": $(wisp_text "$2"), \"title\": $(wisp_text "$3"), \"amount\": $4
}"
wisp_get /api/pay/bill/list "userId=$2" state=open pageNo=1 pageSize=100
