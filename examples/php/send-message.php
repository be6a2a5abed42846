<?php
// php send-message.php 审批 zhangsan '您有一条待办'
require __DIR__ . '/wisp.php';

[, $agentName, $userId, $content] = $argv;
$wisp = Wisp::fromEnvironment();
// 与业务数据一起保存：网络中断后用同一个 requestId 重发，不会发两次。
// Store it with your data: sent again under the same requestId after a lost connection, it arrives once.
$requestId = bin2hex(random_bytes(16));
$sent = $wisp->post('/api/message/send', [
    'toUser' => [$userId],
    'sendType' => '0',
    'msgType' => '03',
    'agentName' => $agentName,
    'content' => $content,
    'requestId' => $requestId,
]);
$status = $wisp->get('/api/message/status', ['msgId' => $sent['msgId']]);
echo "{$status['msgId']} {$status['status']} {$status['receivers']['sent']}/{$status['receivers']['total']}\n";
