/**
 * Series of promtool, a value each minute. Of an installation in which all is well; its names are repeated in a case to say what
 * differs there.
 */
const up = (node: string) => `up{job="wisp",instance="${node}"}`
const of = (name: string, labels = '', node = 'n1') =>
  `${name}{job="wisp",instance="${node}"${labels && `,${labels}`}}`
const hours = 60 * 10

const steady = (value: number | string) => `${value}x${hours}`

export const healthy: Record<string, string> = {
  [up('n1')]: steady(1),
  [up('n2')]: steady(1),
  ...Object.fromEntries(
    ['n1', 'n2'].flatMap(node => [
      [of('process_start_time_seconds', '', node), steady(0)],
      [of('wisp_build_info', 'version="1.0.0",node="v26"', node), steady(1)],
      [of('nodejs_eventloop_lag_p99_seconds', '', node), steady(0.01)],
      [of('process_resident_memory_bytes', '', node), steady(4e8)],
      [of('wisp_directory_in_memory', '', node), steady(100)],
      [of('wisp_directory_reads', '', node), `100+1x${hours}`],
      [of('process_open_fds', '', node), steady(100)],
      [of('process_max_fds', '', node), steady(65536)],
      [of('wisp_database_up', '', node), steady(1)],
      [of('wisp_database_unconfirmed', '', node), steady(0)],
      [of('wisp_clock_ahead_seconds', '', node), steady(0.01)],
      [of('wisp_missed_changes_total', '', node), steady(0)],
      [of('wisp_pushes_refused_total', 'stream="directory"', node), steady(0)],
      [of('wisp_database_standbys', '', node), steady(2)],
      [of('wisp_database_standbys_wanted', '', node), steady(2)],
      [of('wisp_database_latency_seconds', '', node), steady(0.002)],
      [of('wisp_database_connections', 'state="waiting"', node), steady(0)],
      [of('wisp_database_bytes', '', node), steady(1e9)],
      // A backup every night.
      [of('wisp_last_backup_timestamp_seconds', '', node), steady(0)],
      [of('wisp_last_backup_bytes', '', node), steady(1e9)],
      [of('wisp_backup_failed', '', node), steady(0)],
      [of('wisp_last_restore_test_timestamp_seconds', '', node), steady(0)],
      [of('wisp_restore_test_failed', '', node), steady(0)],
    ]),
  ),
  [of('wisp_calls_total', 'endpoint="/api/user/get",code="0"')]: `0+6000x${hours}`,
  [of('wisp_calls_total', 'endpoint="/api/user/get",code="1013"')]: steady(0),
  [of('wisp_calls_total', 'endpoint="/api/user/get",code="9999"')]: steady(0),
  [of('wisp_call_seconds_bucket', 'endpoint="/api/user/get",le="0.01"')]: `0+6000x${hours}`,
  [of('wisp_call_seconds_bucket', 'endpoint="/api/user/get",le="5"')]: `0+6000x${hours}`,
  [of('wisp_call_seconds_bucket', 'endpoint="/api/user/get",le="+Inf"')]: `0+6000x${hours}`,
  ...Object.fromEntries(
    ['wisp_payment_notifications', 'wisp_inbox_events', 'wisp_official_pushes', 'wisp_agent_pushes'].map(
      name => [of(name, 'corp="ww1",state="parked"'), steady(0)],
    ),
  ),
  [of('wisp_sync_lag_seconds', 'corp="ww1"')]: steady(2),
  [of('wisp_last_sync_timestamp_seconds', 'corp="ww1"')]: steady(0),
  [of('wisp_directory_entities', 'corp="ww1",kind="member"')]: steady(1000),
  // Deleted whole after two hours.
  [of('wisp_directory_entities', 'corp="ww2",kind="member"')]: '1000x120',
  [of('wisp_messages_waiting', 'channel="wecom"')]: steady(3),
  [of('wisp_message_oldest_seconds', 'channel="wecom"')]: steady(1),
  [of('wisp_event_outbox')]: steady(5),
  [of('wisp_webhooks_failing')]: steady(0),
  [of('wisp_webhook_deliveries_waiting')]: steady(20),
  [of('wisp_failing', 'kind="upstream"')]: steady(0),
  [of('wisp_failing', 'kind="channel"')]: steady(0),
  [of('wisp_upstream_calls_total', 'upstream="wecom",path="/a",errcode="0"')]: `0+60x${hours}`,
  [of('wisp_upstream_calls_total', 'upstream="wecom",path="/a",errcode="60020"')]: steady(0),
  [of('wisp_upstream_calls_total', 'upstream="wecom",path="/a",errcode="45009"')]: steady(0),
  [of('wisp_upstream_seconds_bucket', 'upstream="wecom",path="/a",le="0.5"')]: `0+60x${hours}`,
  [of('wisp_upstream_seconds_bucket', 'upstream="wecom",path="/a",le="15"')]: `0+60x${hours}`,
  [of('wisp_upstream_seconds_bucket', 'upstream="wecom",path="/a",le="+Inf"')]: `0+60x${hours}`,
  [of('wisp_upstream_wait_seconds_total', 'lane="background"')]: steady(0),
  [of('wisp_upstream_waits_total', 'lane="foreground",outcome="refused"')]: steady(0),
  [of('wisp_certificate_days', 'host="wisp.example.com"')]: steady(60),
}

/** `at` is three hours, unless the cause needs days. */
export type AlertCase = { given: Record<string, string>; at?: string; needsDays?: true }

/** Good for two hours, and then this. */
const then = (before: number | string, after: number | string) => `${before}x119 ${after}x${hours}`
const grows = (each: number) => `0x119 0+${each}x${hours}`
const both = (name: string, values: string) => ({ [of(name)]: values, [of(name, '', 'n2')]: values })

/** What is no cause of this alert. */
export const noAlertCases: Record<string, Record<string, string>> = {
  // Taken away on purpose: out of synchronous_standby_names, or with its slot.
  WispStandbyGone: {
    ...both('wisp_database_standbys', then(2, 1)),
    ...both('wisp_database_standbys_wanted', then(2, 1)),
  },
}

export const alertCases: Record<string, AlertCase> = {
  WispNodeDown: { given: { [up('n1')]: then(1, 0) } },
  WispOneNodeLeft: { given: { [up('n1')]: then(1, 0) } },
  WispNodeRestarts: { given: { [of('process_start_time_seconds')]: `0x119 0+60x${hours}` } },
  WispVersionsDiffer: {
    given: { [of('wisp_build_info', 'version="1.1.0",node="v26"', 'n3')]: steady(1) },
  },
  WispEventLoopLate: { given: { [of('nodejs_eventloop_lag_p99_seconds')]: then(0.01, 0.8) } },
  WispMemoryHigh: { given: { [of('process_resident_memory_bytes')]: then(4e8, 3e9) } },
  WispAddressBooksReadAgain: { given: { [of('wisp_directory_reads')]: grows(100) }, at: '4h' },
  // Behind.
  WispClockWrong: { given: { [of('wisp_clock_ahead_seconds')]: then(0, -7) } },
  WispFilesRunOut: { given: { [of('process_open_fds')]: then(100, 60000) } },
  WispDatabaseAway: { given: both('wisp_database_up', then(1, 0)) },
  WispDatabaseAwayFromNode: { given: { [of('wisp_database_up')]: then(1, 0) } },
  WispWritesUnconfirmed: { given: { [of('wisp_database_unconfirmed')]: then(0, 1) } },
  WispStandbyGone: { given: both('wisp_database_standbys', then(2, 1)) },
  WispDatabaseSlow: { given: { [of('wisp_database_latency_seconds')]: then(0.002, 0.4) } },
  WispDatabaseConnectionsWanted: {
    given: { [of('wisp_database_connections', 'state="waiting"')]: then(0, 7) },
  },
  WispDatabaseDiskLow: { given: { [of('wisp_database_free_bytes')]: then(9e9, 1e9) } },
  WispDatabaseGrows: {
    given: both('wisp_database_bytes', `1e9x${7 * 24 * 60} 3e9x${hours}`),
    at: `${7 * 24 + 2}h`,
    needsDays: true,
  },
  WispBackupOld: {
    given: both('wisp_last_backup_timestamp_seconds', `0x${40 * 60}`),
    at: '38h',
    needsDays: true,
  },
  WispBackupFailed: { given: both('wisp_backup_failed', then(0, 1)) },
  WispBackupShrank: {
    given: both('wisp_last_backup_bytes', `1e9x${7 * 24 * 60} 1e8x${hours}`),
    at: `${7 * 24 + 2}h`,
    needsDays: true,
  },
  WispRestoreTestFailed: { given: both('wisp_restore_test_failed', then(0, 1)) },
  WispRestoreTestOld: {
    given: both('wisp_last_restore_test_timestamp_seconds', `0x${62 * 24 * 60}`),
    at: `${61 * 24 + 2}h`,
    needsDays: true,
  },
  WispCallsUnforeseen: {
    given: { [of('wisp_calls_total', 'endpoint="/api/user/get",code="9999"')]: grows(1) },
  },
  WispCallsUnavailable: {
    given: { [of('wisp_calls_total', 'endpoint="/api/user/get",code="1013"')]: grows(3000) },
  },
  WispCallsSlow: {
    given: { [of('wisp_call_seconds_bucket', 'endpoint="/api/user/get",le="0.01"')]: grows(10) },
  },
  WispPaymentsParked: {
    given: { [of('wisp_payment_notifications', 'corp="ww1",state="parked"')]: then(0, 2) },
  },
  WispPushesParked: { given: { [of('wisp_agent_pushes', 'corp="ww1",state="parked"')]: then(0, 2) } },
  WispPushesRefused: { given: { [of('wisp_pushes_refused_total', 'stream="directory"')]: grows(2) } },
  WispChangesMissed: { given: { [of('wisp_missed_changes_total')]: grows(3) } },
  WispRefusalsNotKept: {
    given: { [of('wisp_strangers_left_out_total', 'kind="refusal",why="full"')]: grows(50) },
  },
  WispSyncBehind: { given: { [of('wisp_sync_lag_seconds', 'corp="ww1"')]: then(2, 900) } },
  WispSyncOld: {
    given: { [of('wisp_last_sync_timestamp_seconds', 'corp="ww1"')]: `0x${60 * 60}` },
    at: '50h',
    needsDays: true,
  },
  WispMembersVanish: {
    given: { [of('wisp_directory_entities', 'corp="ww1",kind="member"')]: then(1000, 700) },
    at: '2h10m',
  },
  WispMessagesLate: { given: { [of('wisp_message_oldest_seconds', 'channel="wecom"')]: then(1, 1200) } },
  WispEventsWait: { given: { [of('wisp_event_outbox')]: then(5, 5000) } },
  WispWebhooksFail: { given: { [of('wisp_webhooks_failing')]: then(0, 1) } },
  WispWebhooksPileUp: { given: { [of('wisp_webhook_deliveries_waiting')]: then(20, 50000) } },
  WispAlertsOpen: { given: { [of('wisp_alerts_open', 'cause="sync.failed"')]: steady(1) } },
  WispUpstreamFails: { given: { [of('wisp_failing', 'kind="upstream"')]: then(0, 1) } },
  WispChannelsFail: { given: { [of('wisp_failing', 'kind="channel"')]: then(0, 1) } },
  WispUpstreamSlow: {
    given: { [of('wisp_upstream_seconds_bucket', 'upstream="wecom",path="/a",le="0.5"')]: grows(1) },
  },
  WispOutgoingAddressRefused: {
    given: { [of('wisp_upstream_calls_total', 'upstream="wecom",path="/a",errcode="60020"')]: grows(1) },
  },
  WispUpstreamLimit: {
    given: { [of('wisp_upstream_calls_total', 'upstream="wecom",path="/a",errcode="45009"')]: grows(1) },
  },
  WispUpstreamWaits: {
    given: { [of('wisp_upstream_wait_seconds_total', 'lane="background"')]: grows(6000) },
  },
  WispUpstreamWaitsInVain: {
    given: { [of('wisp_upstream_waits_total', 'lane="foreground",outcome="refused"')]: grows(1) },
  },
  WispCertificateEnds: { given: { [of('wisp_certificate_days', 'host="wisp.example.com"')]: then(60, 9) } },
}
