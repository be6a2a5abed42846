#!/bin/sh
# sh who-is-here.sh <jessionId>
set -e
. "$(dirname "$0")/wisp.sh"
# 门户打开您的页面时，地址里带着 jessionId；null 表示需要重新登录。
# The portal opens your page with a jessionId in its address; null means that the person has to sign in again.
wisp_get /api/user/getInfo "jessionId=$1"
