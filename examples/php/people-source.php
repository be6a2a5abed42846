<?php
// php people-source.php 3 ../people.csv
require __DIR__ . '/wisp.php';

/** 管理接口使用管理令牌。Calls of management take an admin token. */
function manage(string $path, array $query): array
{
    $authorization = 'Authorization: Bearer ' . getenv('ADMIN_TOKEN');
    $http = ['header' => $authorization, 'ignore_errors' => true, 'timeout' => 30];
    $url = getenv('WISP_URL') . $path . '?' . http_build_query($query);
    $answer = file_get_contents($url, false, stream_context_create(['http' => $http]));
    $envelope = json_decode((string) $answer, true, 512, JSON_THROW_ON_ERROR);
    if ($envelope['retCode'] !== '0') {
        throw new RuntimeException("{$envelope['retCode']} {$envelope['retMessage']}");
    }
    return $envelope['body'];
}

function latest(int $sourceId): array
{
    foreach (manage('/api/admin/source/runs', ['id' => $sourceId])['list'] as $run) {
        if ($run['kind'] === 'write') {
            return $run;
        }
    }
    return ['id' => 0];
}

function previewed(int $sourceId, int $before): array
{
    for ($until = time() + 60; ; sleep(1)) {
        $last = latest($sourceId);
        if ($last['id'] > $before) {
            return $last;
        }
        if (time() >= $until) {
            throw new RuntimeException('没有预览，原因见控制台的“人事源” / no preview: see Sources of people in the console');
        }
    }
}

$wisp = Wisp::fromEnvironment();
$sourceId = (int) $argv[1];

// 列名与人事源的设置一致，例如 工号,姓名,手机,部门,职务,直属上级工号,状态。The columns are those of the source.
$file = fopen($argv[2], 'r');
if (fread($file, 3) !== "\u{FEFF}") {
    rewind($file);
}
$columns = fgetcsv($file, null, ',', '"', '');
$people = [];
while ($cells = fgetcsv($file, null, ',', '"', '')) {
    if ($cells !== [null]) {
        $cells = array_pad($cells, count($columns), '');
        $people[] = array_combine($columns, array_slice($cells, 0, count($columns)));
    }
}

// 同一个工号再次提交，覆盖原来的行：没有收到返回时，用同样的参数再运行。
// Put again, the same key replaces its row: after a lost answer, run it again with the same arguments.
foreach (array_chunk($people, 500) as $batch) {
    $answer = $wisp->post('/api/source/put', ['sourceId' => $sourceId, 'people' => $batch]);
    foreach ($answer['people'] as $one) {
        // 每行各有结果。Each row has a result of its own.
        if ($one['why'] !== '') {
            fwrite(STDERR, "{$one['key']} {$one['why']}\n");
        }
    }
}

// 全部提交后生成预览，由管理员批准。Once all rows are there, a preview is made, which administrators approve.
$before = latest($sourceId)['id'];
$wisp->post('/api/source/put', ['sourceId' => $sourceId, 'complete' => '1']);
$run = previewed($sourceId, $before);
$rows = manage('/api/admin/source/rows', ['runId' => $run['id'], 'pageSize' => 200]);
echo "{$run['id']} {$run['state']} {$rows['total']}\n";
foreach ($rows['list'] as $row) {
    echo "{$row['kind']} {$row['key']} " . ($row['name'] ?: $row['result']) . "\n";
}
