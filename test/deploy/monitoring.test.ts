import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { dashboard, dashboardFile } from '../../scripts/dashboard/dashboard.ts'
import { details } from '../../scripts/dashboard/panels.ts'
import { noteBackup } from '../../server/features/backup/last-backup.ts'
import { faultSend, sendText, useAgents } from '../../server/features/messages/messages.fixture.ts'
import { putSetting } from '../../server/platform/storage/settings.ts'
import { startWorld, type World } from '../harness.ts'
import { type ExportedMetric, exported, missing, namesIn, selectorsIn } from './metrics.ts'

const root = resolve(import.meta.dirname, '../..')
const text = (path: string) => readFileSync(join(root, path), 'utf8')

type Rule = { alert: string; expr: string; annotations: Record<string, string> }
const rules: Rule[] = parse(text('deploy/prometheus-rules.yaml')).groups.flatMap(
  (group: { rules: Rule[] }) => group.rules,
)
type Panel = { title: string; type: string; targets?: { expr: string }[]; gridPos: Record<string, number> }
const panels: Panel[] = JSON.parse(text(dashboardFile)).panels
const queries = panels.flatMap(panel => panel.targets?.map(target => target.expr) ?? [])

let world: World
let metrics: Map<string, ExportedMetric>
beforeAll(async () => {
  world = await startWorld()
  await useAgents(world)
  await world.dev.get('/api/user/get', { userId: 'zhangsan' })
  // What only shows where there is some: a call that waited, a message that waits, an open alert, a certificate, a backup.
  world.ctx.metrics.countWait('foreground', 'refused', 5000)
  world.ctx.metrics.countLeftOut('refusal', 'full')
  await putSetting(world.ctx.db, 'certificates', { 'https://wisp.example.com': world.ctx.now() })
  await noteBackup(world.ctx.db, world.ctx.now())
  await faultSend(world, 'busy', { times: 5 })
  await sendText(world, '等一等')
  await sql`insert into alert (cause, detail, since) values ('sync.failed', '{}', now())`.execute(
    world.ctx.db,
  )
  metrics = exported(await (await fetch(`${world.server.url}/metrics`)).text())
})
afterAll(() => world.close())

describe('the dashboard of Grafana', () => {
  it('is what its table says', () => {
    expect(text(dashboardFile), 'node scripts/generate-dashboard.ts writes it').toBe(dashboard())
  })

  it('asks for what a node exports, by its labels', () => {
    expect(queries.length).toBeGreaterThan(40)
    expect(queries.flatMap(query => missing(query, metrics))).toEqual([])
  })

  it('shows all that a node exports, or says that it is a detail', () => {
    const shown = new Set(queries.flatMap(namesIn))
    const forgotten = [...metrics.keys()].filter(
      name => !shown.has(name) && !details.some(detail => detail.test(name)),
    )
    expect(forgotten, 'a row of scripts/dashboard/panels.ts each').toEqual([])
    // What is shown is no detail, and what is none any more has no line.
    expect([...shown].filter(name => details.some(detail => detail.test(name)))).toEqual([])
    expect(details.filter(detail => ![...metrics.keys()].some(name => detail.test(name)))).toEqual([])
  })

  it('has no panel over another', () => {
    const taken = new Set<string>()
    for (const { title, gridPos } of panels) {
      const { x = 0, y = 0, w = 0, h = 0 } = gridPos
      expect(x + w, title).toBeLessThanOrEqual(24)
      for (let column = x; column < x + w; column++)
        for (let line = y; line < y + h; line++) {
          expect(taken.has(`${column} ${line}`), `${title} at ${column} ${line}`).toBe(false)
          taken.add(`${column} ${line}`)
        }
    }
  })
})

describe('the rules of Prometheus', () => {
  it('ask for what a node exports, by its labels', () => {
    expect(rules.length).toBeGreaterThan(30)
    expect(rules.flatMap(({ expr }) => missing(expr, metrics))).toEqual([])
  })

  it('look at all that wisp exports, but for what is no cause of worry', () => {
    const asked = new Set(rules.flatMap(({ expr }) => namesIn(expr)))
    const own = [...metrics.keys()].filter(name => name.startsWith('wisp_'))
    expect(own.filter(name => !asked.has(name))).toEqual([])
  })

  it('speak both languages, and lead to what is to be done', () => {
    const pages = ['zh', 'en'].map(language => text(`web/docs/content/${language}/run/alerts.md`))
    for (const { alert, annotations } of rules) {
      for (const part of ['summary', 'description'])
        expect(annotations[part], alert).toMatch(/[一-鿿].* \| .*[A-Za-z]{3}/)
      expect(annotations['runbook']).toBe(`/docs/run/alerts#${alert.toLowerCase()}`)
      for (const page of pages) expect(page).toMatch(new RegExp(`^### ${alert}\\n\\n\\S`, 'm'))
    }
    for (const page of pages) {
      const told = [...page.matchAll(/^### (\w+)$/gm)].map(match => match[1])
      expect(told).toEqual(rules.map(rule => rule.alert))
    }
  })

  it('do not know what they do not know', () => {
    expect(selectorsIn('max by (corp) (wisp_sync_lag_seconds{corp=~"a|b"}) > 2e9')).toEqual([
      { name: 'wisp_sync_lag_seconds', labels: ['corp'] },
    ])
    expect(missing('sum by (corp) (wisp_calls_total{code="0"})', metrics)).toEqual([
      'no label corp at wisp_calls_total: sum by (corp) (wisp_calls_total{code="0"})',
    ])
    expect(missing('wisp_call_total > 0', metrics)).toHaveLength(1)
    expect(missing('wisp_calls_total{retCode="0"}', metrics)).toHaveLength(1)
  })
})
