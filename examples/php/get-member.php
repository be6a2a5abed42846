<?php
// php get-member.php zhangsan
require __DIR__ . '/wisp.php';

$member = Wisp::fromEnvironment()->get('/api/user/get', ['userId' => $argv[1]]);
echo "{$member['userId']} {$member['userName']}\n";
foreach ($member['orgList'] as $department) {
    echo "  {$department['orgId']} {$department['orgName']}\n";
}
