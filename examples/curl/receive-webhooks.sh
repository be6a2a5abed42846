#!/bin/sh
# 供网页服务器以 CGI 运行，环境变量 WEBHOOK_SECRET=whsec_…；openssl 的参数在 ps 中可见，仅供试用。
# Run by a web server as CGI, with WEBHOOK_SECRET=whsec_…; ps shows the arguments of openssl, so this is for trying out.
# Standard Webhooks：https://www.standardwebhooks.com
refuse() { printf 'Status: 401\r\n\r\n'; exit; }
hash() { printf '%s' "$1" | openssl dgst -sha256; }

body=$(cat; echo .) # 保留末尾的换行 / keeps line breaks at the end
body=${body%.}
case $HTTP_WEBHOOK_TIMESTAMP in '' | *[!0-9]*) refuse ;; esac
age=$(($(date +%s) - HTTP_WEBHOOK_TIMESTAMP))
[ "$age" -ge -300 ] && [ "$age" -le 300 ] || refuse

key=$(printf '%s' "${WEBHOOK_SECRET#whsec_}" | openssl base64 -d -A | od -An -tx1 | tr -d ' \n')
wanted=v1,$(printf '%s.%s.%s' "$HTTP_WEBHOOK_ID" "$HTTP_WEBHOOK_TIMESTAMP" "$body" |
  openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary | openssl base64 -A)
# 更换密钥期间有两个签名；比较散列值，用时与签名无关。
# There are two signatures while the secret is being replaced; hashes are compared, so that the time taken tells nothing.
genuine=
for given in $HTTP_WEBHOOK_SIGNATURE; do
  [ "$(hash "$given")" = "$(hash "$wanted")" ] && genuine=yes
done
[ "$genuine" ] || refuse

# 先存下再应答；同一个 webhook-id 可能来两次。Store it, then answer; the same webhook-id may come twice.
printf '%s %s\n' "$HTTP_WEBHOOK_ID" "$body" >>"${WEBHOOK_LOG:-webhooks.log}"
printf 'Status: 204\r\n\r\n'
