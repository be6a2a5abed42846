<?php
// php read-changes.php 0
require __DIR__ . '/wisp.php';

$wisp = Wisp::fromEnvironment();
$since = (int) $argv[1];
do {
    $page = $wisp->get('/api/directory/changes', ['since' => $since]);
    foreach ($page['list'] as $change) {
        echo "{$change['seq']} {$change['kind']} {$change['op']} {$change['id']}\n";
    }
    if ($page['resync']) {
        echo "请全量读取 / read everything\n";
    }
    // 处理完再保存 next，作为下次的 since。Store next once these are applied: it is the next since.
    $since = $page['next'];
} while ($page['more']);
echo "next $since\n";
