<?php
// php leave-request.php leave-2026-118 1000002 lisi zhangsan 2
require __DIR__ . '/wisp.php';

/**
 * 一直运行的服务订阅 message.card.pressed，不必查询。
 * A service that keeps running subscribes to message.card.pressed instead.
 */
function pressed(Wisp $wisp, string $msgId, int $seconds): string
{
    for ($until = time() + $seconds; ; sleep(1)) {
        $list = $wisp->get('/api/message/card', ['msgId' => $msgId])['list'];
        if ($list !== []) {
            return $list[0]['key'];
        }
        if (time() >= $until) {
            throw new RuntimeException('没有人处理，稍后用同样的参数再运行 / nobody answered: run it again later');
        }
    }
}

[, $todoNo, $agentId, $applicant, $approver, $days] = $argv;
$wisp = Wisp::fromEnvironment();
$name = $wisp->get('/api/user/get', ['userId' => $applicant])['userName'];
$title = "$name 申请请假 $days 天";

// 再次运行时，同一个 todoNo 是同一条待办，同一个 requestId 是同一张卡片。
// Run again, the same todoNo is the same to-do, and the same requestId the same card.
$todo = [
    'todoNo' => $todoNo,
    'userId' => $approver,
    'agentId' => $agentId,
    'title' => $title,
    'url' => "https://oa.example.com/leaves/$todoNo",
    'sender' => $name,
    'process' => '请假',
];
[$put] = $wisp->post('/api/todo/put', ['list' => [$todo]])['list'];
// 每条待办各有结果。Each to-do has a result of its own.
if ($put['result'] === 'refused') {
    throw new RuntimeException("{$put['code']} {$put['reason']}");
}

$sent = $wisp->post('/api/message/send', [
    'toUser' => [$approver],
    'sendType' => '0',
    'msgType' => '04',
    'agentId' => $agentId,
    'agentName' => '请假',
    'card' => [
        'card_type' => 'button_interaction',
        'main_title' => ['title' => $title, 'desc' => $todoNo],
        'button_list' => [
            ['text' => '同意', 'style' => 1, 'key' => 'agree'],
            ['text' => '驳回', 'style' => 2, 'key' => 'reject'],
        ],
    ],
    'firstPressWins' => true,
    'onPress' => ['replaceName' => '已处理'],
    'requestId' => $todoNo,
]);
// 卡片没有送到的人在 invaliduser 里。Whom the card did not reach is in invaliduser.
if ($sent['invaliduser'] !== '') {
    throw new RuntimeException('卡片没有送到 / the card reached nobody');
}

$result = pressed($wisp, $sent['msgId'], (int) ($argv[6] ?? 600)) === 'agree' ? '已同意' : '已驳回';
$wisp->post('/api/todo/finish', ['agentId' => $agentId, 'todoNo' => $todoNo, 'userId' => $approver]);
$wisp->post('/api/message/send', [
    'toUser' => [$applicant],
    'sendType' => '0',
    'msgType' => '03',
    'agentId' => $agentId,
    'agentName' => '请假',
    'content' => "$todoNo 请假 $days 天：$result",
    'requestId' => "$todoNo-result",
]);
$wisp->post('/api/message/card/update', ['msgId' => $sent['msgId'], 'replaceName' => $result]);
echo "$todoNo $result\n";

// 同意后提交企业微信审批，字段名是模板的。
// Once agreed, an approval of WeCom is submitted: the fields are those of its template.
if (isset($argv[7]) && $result === '已同意') {
    $approval = $wisp->post('/api/approval/apply', [
        'templateId' => $argv[7],
        'userId' => $applicant,
        'fields' => ['请假事由' => $title],
        'requestId' => "$todoNo-approval",
    ]);
    echo "{$approval['spNo']} {$approval['status']}\n";
}
