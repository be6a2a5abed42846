<?php
// WEBHOOK_SECRET=whsec_… php -S 127.0.0.1:8000 receive-webhooks.php

/** Standard Webhooks：https://www.standardwebhooks.com */
function isGenuine(string $key, string $body): bool
{
    $id = $_SERVER['HTTP_WEBHOOK_ID'] ?? '';
    $timestamp = $_SERVER['HTTP_WEBHOOK_TIMESTAMP'] ?? '';
    if (!ctype_digit($timestamp) || abs(time() - (int) $timestamp) > 300) {
        return false;
    }
    $wanted = 'v1,' . base64_encode(hash_hmac('sha256', "$id.$timestamp.$body", $key, true));
    // 更换密钥期间有两个签名。There are two signatures while the secret is being replaced.
    $genuine = false;
    foreach (explode(' ', $_SERVER['HTTP_WEBHOOK_SIGNATURE'] ?? '') as $given) {
        $genuine = hash_equals($wanted, $given) || $genuine;
    }
    return $genuine;
}

$key = base64_decode(preg_replace('/^whsec_/', '', getenv('WEBHOOK_SECRET')));
$body = file_get_contents('php://input');
if (!isGenuine($key, $body)) {
    http_response_code(401);
    exit;
}
// 先存下再应答；同一个 webhook-id 可能来两次。Store it, then answer; the same webhook-id may come twice.
$type = json_decode($body, true, 512, JSON_THROW_ON_ERROR)['type'];
file_put_contents('php://stdout', "{$_SERVER['HTTP_WEBHOOK_ID']} $type\n");
http_response_code(204);
