<?php
// php bills.php 2026-11-0001 zhangsan 11月餐费 12850
require __DIR__ . '/wisp.php';

[, $billNo, $userId, $title, $fen] = $argv;
$wisp = Wisp::fromEnvironment();
// 同一个 billNo 再次创建，返回原来的账单。Created again, the same billNo answers the bill that is there.
$created = ['billNo' => $billNo, 'userId' => $userId, 'title' => $title, 'amount' => (int) $fen];
$bill = $wisp->post('/api/pay/bill/create', $created);
echo "billId {$bill['billId']}\n";
$query = ['userId' => $userId, 'state' => 'open', 'pageNo' => 0, 'pageSize' => 100];
do {
    $query['pageNo']++;
    $list = $wisp->get('/api/pay/bill/list', $query)['list'];
    foreach ($list as $one) {
        printf("%s %s %.2f %s\n", $one['billNo'], $one['title'], $one['amount'] / 100, $one['state']);
    }
} while (count($list) === $query['pageSize']);
