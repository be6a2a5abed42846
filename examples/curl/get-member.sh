#!/bin/sh
# sh get-member.sh zhangsan
set -e
. "$(dirname "$0")/wisp.sh"
wisp_get /api/user/get "userId=$1"
