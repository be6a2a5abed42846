import { spawn, spawnSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { parse } from 'yaml'
import { startWorld } from '../harness.ts'
import { startProcess } from '../journeys/server-process.ts'
import { freePort } from '../postgres.ts'
import { until } from '../until.ts'
import { type AlertCase, alertCases, healthy, noAlertCases } from './alert-cases.ts'

const deploy = resolve(import.meta.dirname, '../../deploy')
const dir = mkdtempSync(join(tmpdir(), 'wisp-prometheus-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

function promtool(...args: string[]) {
  const { status, stdout, stderr } = spawnSync('promtool', args, { cwd: dir, encoding: 'utf8' })
  return { status, said: stdout + stderr }
}

const rules: { alert: string; expr: string; labels: Record<string, string>; for?: string }[] = parse(
  readFileSync(join(deploy, 'prometheus-rules.yaml'), 'utf8'),
).groups.flatMap((group: { rules: object[] }) => group.rules)

it('promtool accepts settings and rules', () => {
  for (const name of ['prometheus.yml', 'prometheus-rules.yaml'])
    copyFileSync(join(deploy, name), join(dir, name))
  const checked = promtool('check', 'config', '--syntax-only', 'prometheus.yml')
  expect(checked.said).not.toMatch(/FAILED|error/i)
  expect(checked.status).toBe(0)
  expect(promtool('check', 'rules', 'prometheus-rules.yaml').said).toContain(`${rules.length} rules found`)
})

it('each alert fires where its cause is, and none where all is well', () => {
  expect(Object.keys(alertCases).sort()).toEqual(rules.map(rule => rule.alert).sort())
  const series = (given: Record<string, string>) =>
    Object.entries(given).map(([name, values]) => ({ series: name, values }))
  const severityOf = (name: string) => rules.find(rule => rule.alert === name)?.labels['severity']
  const testOf = ([name, { given, at = '3h' }]: [string, AlertCase]) => ({
    name,
    interval: '1m',
    // Of what is given twice, the case's own.
    input_series: series({ ...healthy, ...given }),
    promql_expr_test: [
      {
        expr: `count by (alertname, severity) (ALERTS{alertname="${name}",alertstate="firing"})`,
        eval_time: at,
        exp_samples: [{ labels: `{alertname="${name}",severity="${severityOf(name)}"}`, value: 1 }],
      },
    ],
  })
  const well = {
    name: 'all is well',
    interval: '1m',
    input_series: series(healthy),
    promql_expr_test: ['10m', '1h', '3h', '8h'].map(eval_time => ({
      expr: 'ALERTS',
      eval_time,
      exp_samples: [],
    })),
  }
  const quiet = Object.entries(noAlertCases).map(([name, given]) => ({
    name: `no ${name}`,
    interval: '1m',
    input_series: series({ ...healthy, ...given }),
    promql_expr_test: ['3h', '8h'].map(eval_time => ({
      expr: `ALERTS{alertname="${name}"}`,
      eval_time,
      exp_samples: [],
    })),
  }))
  const [slow = [], quick = []] = [true, false].map(needsDays =>
    Object.entries(alertCases).filter(([, one]) => (one.needsDays ?? false) === needsDays),
  )
  for (const [evaluation_interval, tests] of [
    ['1m', [well, ...quiet, ...quick.map(testOf)]],
    ['10m', slow.map(testOf)],
  ] as const) {
    // JSON is YAML.
    const file = { rule_files: ['prometheus-rules.yaml'], evaluation_interval, tests }
    writeFileSync(join(dir, 'tests.json'), JSON.stringify(file))
    const { status, said } = promtool('test', 'rules', 'tests.json')
    expect(said).toContain('SUCCESS')
    expect(status).toBe(0)
  }
})

it('a real Prometheus reads a real wisp with its token, and tells when the node dies', async () => {
  const world = await startWorld()
  const token = 'a token of sixteen characters or more'
  const node = await startProcess({ ...world.env, WISP_METRICS_TOKEN: token })
  const port = await freePort()
  writeFileSync(join(dir, 'token'), token)
  let settings = readFileSync(join(deploy, 'prometheus.yml'), 'utf8')
  const changes: [string, string][] = [
    ['scrape_interval: 15s', 'scrape_interval: 1s'],
    ['scrape_timeout: 10s', 'scrape_timeout: 1s'],
    ['evaluation_interval: 15s', 'evaluation_interval: 1s'],
    ['/etc/prometheus/wisp-metrics-token', join(dir, 'token')],
    ['node1:3000', new URL(node.url).host],
    ['          - node2:3000\n', ''],
  ]
  for (const [from, to] of changes) {
    expect(settings).toContain(from)
    settings = settings.replace(from, to)
  }
  writeFileSync(join(dir, 'prometheus.yml'), settings)
  const prometheus = spawn(
    'prometheus',
    [
      ...['--config.file', join(dir, 'prometheus.yml'), '--storage.tsdb.path', join(dir, 'data')],
      ...['--web.listen-address', `127.0.0.1:${port}`],
    ],
    { stdio: 'ignore' },
  )
  type Alert = { labels: Record<string, string>; annotations: Record<string, string>; state: string }
  type PrometheusAnswer = { data: { result?: { value: [number, string] }[]; alerts?: Alert[] } }
  const quietly = async (path: string) => {
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/${path}`).catch(() => undefined)
    if (!answer?.ok) return undefined
    return ((await answer.json()) as PrometheusAnswer).data
  }
  try {
    const value = async (query: string) =>
      (await quietly(`query?query=${encodeURIComponent(query)}`))?.result?.[0]?.value[1]
    await until('the node to be read', async () => (await value('up{job="wisp"}')) === '1', 30_000)
    expect(await value('wisp_database_up')).toBe('1')
    await node.kill()
    const fired = await until(
      'an alert',
      async () =>
        (await quietly('alerts'))?.alerts?.find(
          one => one.labels['alertname'] === 'WispNodeDown' && one.state === 'firing',
        ),
      120_000,
      500,
    )
    expect(fired.annotations['summary']).toContain(new URL(node.url).host)
  } finally {
    prometheus.kill('SIGTERM')
    await node.stop()
    await world.close()
  }
})
