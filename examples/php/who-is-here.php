<?php
// php who-is-here.php <jessionId>
require __DIR__ . '/wisp.php';

// 门户打开您的页面时，地址里带着 jessionId。The portal opens your page with a jessionId in its address.
$person = Wisp::fromEnvironment()->get('/api/user/getInfo', ['jessionId' => $argv[1]]);
echo $person === null ? "请重新登录 / sign in again\n" : "{$person['userId']} {$person['userName']}\n";
