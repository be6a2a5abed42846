/** What deploy/grafana-dashboard.json shows, in its order. A gauge about the whole installation is exported by each node: `max`, never `sum`. */
export type Panel = {
  title: string
  kind: 'timeseries' | 'stat' | 'table'
  unit: string
  /** A query, and what its lines are called. */
  queries: readonly (readonly [expr: string, legend: string])[]
  /** Where the colour becomes that of a warning, for figures that have such a point; `below` where less is worse. */
  worry?: { at: number; below?: true }
}

export type Row = { title: string; panels: readonly Panel[] }

const node = '{job=~"$job",instance=~"$node"}'
const where = (labels: string) => `{job=~"$job",instance=~"$node",${labels}}`
const ofAll = (by: string, metric: string, labels = '') =>
  `max by (${by}) (${metric}${labels ? where(labels) : node})`
const rate = (metric: string, labels = '') =>
  `rate(${metric}${labels ? where(labels) : node}[$__rate_interval])`
const quantile = (q: number, metric: string, by = 'le') =>
  `histogram_quantile(${q}, sum by (${by}) (${rate(`${metric}_bucket`)}))`
const lines = (title: string, unit: string, ...queries: Panel['queries'][number][]): Panel => ({
  title,
  unit,
  queries,
  kind: 'timeseries',
})
const figure = (title: string, unit: string, expr: string, worry?: Panel['worry']): Panel => ({
  title,
  unit,
  queries: [[expr, '']],
  kind: 'stat',
  ...(worry && { worry }),
})

const traffic: Row = {
  title: '流量 · Traffic',
  panels: [
    lines('每秒调用 · Calls per second', 'reqps', [
      `sum by (instance) (${rate('wisp_calls_total')})`,
      '{{instance}}',
    ]),
    lines('最多的接口 · Busiest endpoints', 'reqps', [
      `topk(10, sum by (endpoint) (${rate('wisp_calls_total')}))`,
      '{{endpoint}}',
    ]),
    lines(
      '耗时 · Time of a call',
      's',
      [quantile(0.5, 'wisp_call_seconds'), 'p50'],
      [quantile(0.95, 'wisp_call_seconds'), 'p95'],
      [quantile(0.99, 'wisp_call_seconds'), 'p99'],
    ),
    lines('最慢的接口（平均）· Slowest endpoints (mean)', 's', [
      `topk(10, sum by (endpoint) (${rate('wisp_call_seconds_sum')}) / sum by (endpoint) (${rate('wisp_call_seconds_count')}))`,
      '{{endpoint}}',
    ]),
  ],
}

const errors: Row = {
  title: '错误 · Errors',
  panels: [
    lines('按 retCode · By retCode', 'reqps', [
      `sum by (code) (${rate('wisp_calls_total', 'code!="0"')})`,
      '{{code}}',
    ]),
    lines(
      '暂不可用与未预料的 · Unavailable, and unforeseen',
      'percentunit',
      [`sum(${rate('wisp_calls_total', 'code="1013"')}) / sum(${rate('wisp_calls_total')})`, '1013'],
      [`sum(${rate('wisp_calls_total', 'code="9999"')}) / sum(${rate('wisp_calls_total')})`, '9999'],
    ),
    lines('正在失败的外部系统 · What fails outside', 'short', [ofAll('kind', 'wisp_failing'), '{{kind}}']),
    lines('未结束的提醒 · Open alerts', 'short', [ofAll('cause', 'wisp_alerts_open'), '{{cause}}']),
  ],
}

const pushes = [
  ['wisp_inbox_events', '通讯录 contacts'],
  ['wisp_official_pushes', '公众号 official'],
  ['wisp_agent_pushes', '应用 agents'],
  ['wisp_payment_notifications', '支付 payments'],
] as const

const queues: Row = {
  title: '队列 · Queues',
  panels: [
    lines(
      '待处理的推送 · Pushes that wait',
      'short',
      ...pushes.map(([metric, name]) => [`sum(${ofAll('corp', metric, 'state="pending"')})`, name] as const),
    ),
    lines(
      '搁置的推送 · Pushes that were parked',
      'short',
      ...pushes.map(([metric, name]) => [`sum(${ofAll('corp', metric, 'state="parked"')})`, name] as const),
    ),
    lines(
      '被拒收的推送 · Pushes that were refused',
      'short',
      [`sum by (stream) (increase(wisp_pushes_refused_total${node}[$__rate_interval]))`, '{{stream}}'],
      [
        `sum(increase(wisp_missed_changes_total${node}[$__rate_interval]))`,
        '补查到的变更 changes found afterwards',
      ],
    ),
    lines('没有记下的拒绝 · Refusals that were not kept', 'short', [
      `sum by (kind, why) (increase(wisp_strangers_left_out_total${node}[$__rate_interval]))`,
      '{{kind}} {{why}}',
    ]),
    lines('未编号的事件 · Events without a number', 'short', [`max(wisp_event_outbox${node})`, 'events']),
    lines(
      'Webhook',
      'short',
      [`max(wisp_webhook_deliveries_waiting${node})`, '待投递 waiting'],
      [`max(wisp_webhooks_failing${node})`, '失败的 failing'],
    ),
  ],
}

const messages: Row = {
  title: '消息 · Messages',
  panels: [
    lines('待发送 · Waiting', 'short', [ofAll('channel', 'wisp_messages_waiting'), '{{channel}}']),
    lines('最早的一条等了多久 · Age of the oldest', 's', [
      ofAll('channel', 'wisp_message_oldest_seconds'),
      '{{channel}}',
    ]),
  ],
}

const upstreams: Row = {
  title: '上游 · Upstreams',
  panels: [
    lines('每秒调用 · Calls per second', 'reqps', [
      `sum by (upstream) (${rate('wisp_upstream_calls_total')})`,
      '{{upstream}}',
    ]),
    lines('按 errcode · By errcode', 'reqps', [
      `topk(10, sum by (upstream, errcode) (${rate('wisp_upstream_calls_total', 'errcode!="0"')}))`,
      '{{upstream}} {{errcode}}',
    ]),
    lines('耗时 p99 · Time, p99', 's', [
      quantile(0.99, 'wisp_upstream_seconds', 'upstream, le'),
      '{{upstream}}',
    ]),
    lines('等出口额度的调用 · Calls that wait for their address', 'reqps', [
      `sum by (lane, outcome) (${rate('wisp_upstream_waits_total')})`,
      '{{lane}} {{outcome}}',
    ]),
    lines('等待的时间 · Time that they wait', 's', [
      `sum by (lane) (${rate('wisp_upstream_wait_seconds_total')})`,
      '{{lane}}',
    ]),
    lines('最慢的路径（平均）· Slowest paths (mean)', 's', [
      `topk(10, sum by (path) (${rate('wisp_upstream_seconds_sum')}) / sum by (path) (${rate('wisp_upstream_seconds_count')}))`,
      '{{path}}',
    ]),
    {
      title: '证书剩余天数 · Days left of certificates',
      kind: 'table',
      unit: 'd',
      queries: [[`sort(min by (host) (wisp_certificate_days${node}))`, '']],
    },
  ],
}

const database: Row = {
  title: '数据库 · Database',
  panels: [
    figure('可用 · Up', 'short', `min(wisp_database_up${node})`, { at: 1, below: true }),
    figure('备库 · Standbys', 'short', `max(wisp_database_standbys${node})`),
    figure('写入未被确认 · Writes unconfirmed', 'short', `max(wisp_database_unconfirmed${node})`, { at: 1 }),
    figure(
      '上次备份距今 · Since the last backup',
      's',
      `time() - max(wisp_last_backup_timestamp_seconds${node})`,
      { at: 129_600 },
    ),
    figure('备份失败 · Backup failed', 'short', `max(wisp_backup_failed${node})`, { at: 1 }),
    figure('备份大小 · Size of the last backup', 'bytes', `max(wisp_last_backup_bytes${node})`),
    figure(
      '上次恢复测试距今 · Since the last restore test',
      's',
      `time() - max(wisp_last_restore_test_timestamp_seconds${node})`,
      { at: 5_184_000 },
    ),
    figure('恢复测试失败 · Restore test failed', 'short', `max(wisp_restore_test_failed${node})`, { at: 1 }),
    lines('延迟 · Latency', 's', [`wisp_database_latency_seconds${node}`, '{{instance}}']),
    lines('连接 · Connections', 'short', [
      `sum by (instance, state) (wisp_database_connections${node})`,
      '{{instance}} {{state}}',
    ]),
    lines(
      '大小与余量 · Size and room',
      'bytes',
      [`max(wisp_database_bytes${node})`, '大小 size'],
      [`min(wisp_database_free_bytes${node})`, '余量 free'],
    ),
  ],
}

const nodes: Row = {
  title: '节点 · Nodes',
  panels: [
    {
      title: '版本 · Versions',
      kind: 'table',
      unit: 'short',
      queries: [[`sum by (instance, version, node) (wisp_build_info${node})`, '']],
    },
    lines('在线 · Up', 'short', [`up${node}`, '{{instance}}']),
    lines('时钟比数据库快 · Clock ahead of the database', 's', [
      `wisp_clock_ahead_seconds${node}`,
      '{{instance}}',
    ]),
    lines('启动至今 · Uptime', 's', [`time() - process_start_time_seconds${node}`, '{{instance}}']),
    lines('CPU', 'percentunit', [rate('process_cpu_seconds_total'), '{{instance}}']),
    lines(
      '事件循环延迟 · Lag of the event loop',
      's',
      [`nodejs_eventloop_lag_p99_seconds${node}`, '{{instance}} p99'],
      [`nodejs_eventloop_lag_mean_seconds${node}`, '{{instance}} mean'],
    ),
    lines('文件句柄 · Open files', 'percentunit', [
      `process_open_fds${node} / process_max_fds${node}`,
      '{{instance}}',
    ]),
  ],
}

const memory: Row = {
  title: '内存 · Memory',
  panels: [
    lines('RSS', 'bytes', [`process_resident_memory_bytes${node}`, '{{instance}}']),
    lines(
      '堆 · Heap',
      'bytes',
      [`nodejs_heap_size_used_bytes${node}`, '{{instance}} 已用 used'],
      [`nodejs_heap_size_total_bytes${node}`, '{{instance}} 总量 total'],
    ),
    lines('内存中的通讯录 · Address books in memory', 'short', [
      `wisp_directory_in_memory${node}`,
      '{{instance}}',
    ]),
    lines('每分钟读取的通讯录 · Address books read a minute', 'short', [
      `rate(wisp_directory_reads${node}[$__rate_interval]) * 60`,
      '{{instance}}',
    ]),
    lines('堆外 · Outside of the heap', 'bytes', [`nodejs_external_memory_bytes${node}`, '{{instance}}']),
    lines('垃圾回收占用 · Time in collections', 'percentunit', [
      `sum by (instance, kind) (${rate('nodejs_gc_duration_seconds_sum')})`,
      '{{instance}} {{kind}}',
    ]),
  ],
}

const corps: Row = {
  title: '企业 · Corps',
  panels: [
    lines('全部企业合计 · All corps together', 'short', [
      `sum by (kind) (${ofAll('corp, kind', 'wisp_directory_entities')})`,
      '{{kind}}',
    ]),
    lines('成员最多的企业 · Largest corps', 'short', [
      `topk(10, ${ofAll('corp', 'wisp_directory_entities', 'kind="member"')})`,
      '{{corp}}',
    ]),
    lines('变更事件滞后 · Lag of change events', 's', [
      `topk(10, ${ofAll('corp', 'wisp_sync_lag_seconds')})`,
      '{{corp}}',
    ]),
    lines('距上次完整同步 · Since the last full sync', 's', [
      `topk(10, time() - ${ofAll('corp', 'wisp_last_sync_timestamp_seconds')})`,
      '{{corp}}',
    ]),
  ],
}

export const rows: readonly Row[] = [
  ...[traffic, errors, queues, messages, upstreams, database, nodes, memory, corps],
]

/** Exported, and for a look at one process only: of Node itself, beside what is shown above. */
export const details: readonly RegExp[] = [
  /^process_cpu_(user|system)_seconds_total$/,
  /^process_(virtual_memory|heap)_bytes$/,
  /^nodejs_eventloop_lag_(min_|max_|stddev_|p50_|p90_)?seconds$/,
  /^nodejs_active_(resources|handles|requests)(_total)?$/,
  /^nodejs_heap_space_size_(total|used|available)_bytes$/,
  /^nodejs_version_info$/,
  /^wisp_database_standbys_wanted$/,
]
