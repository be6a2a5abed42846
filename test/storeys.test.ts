import { readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { expect, it } from 'vitest'

/** Holds the storeys of the server and their rooms against ARCHITECTURE.md. */
const root = join(import.meta.dirname, '../server')

/** From the ground up. What stands in no folder of these is the process that puts all of them together. */
const storeys = ['platform', 'upstream', 'organisation', 'callers', 'features', 'process']

/** A folder of a storey; a file beside the folders is a room of its own. */
function roomOf(path: string): string {
  const [storey = '', room] = path.split('/')
  return room !== undefined && storeys.includes(storey) ? `${storey}/${room}` : 'process'
}
const storeyOf = (room: string) => storeys.indexOf(room.split('/', 1)[0] ?? '')

/** Imports that still go up, or close a circle of rooms. Each that is gone is struck out here. */
const open = [
  'callers/developers/console/developer-form.ts -> registry/scopes.ts',
  'callers/developers/console/developers.ts -> registry/scopes.ts',
  'callers/developers/developer-admin.ts -> features/official/accounts/accounts.ts',
  'callers/developers/developer-admin.ts -> features/official/accounts/store.ts',
  'callers/developers/developer-admin.ts -> registry/scopes.ts',
  'callers/developers/overview.ts -> registry/scopes.ts',
  'callers/developers/owners/owner-calls.ts -> features/apps/catalog.ts',
  'callers/developers/owners/request-calls.ts -> registry/scopes.ts',
  'callers/developers/owners/scope-requests.ts -> features/alerts/check-soon.ts',
  'callers/developers/owners/tell-decisions.ts -> features/messages/accept/tell-members.ts',
  'callers/developers/self-api.ts -> features/apps/catalog.ts',
  'callers/developers/self-api.ts -> features/messages/channels/channel.ts',
  'callers/developers/self-api.ts -> features/official/accounts/accounts.ts',
  'callers/developers/self-api.ts -> registry/scopes.ts',
  'callers/developers/self-api.ts -> registry/trial-values.ts',
  'callers/tickets/api.ts -> features/apps/apps.ts',
  'features/messages/accept/operator.ts -> registry/scopes.ts',
  'organisation/corps/doctor/keep-verdict.ts -> features/alerts/check-soon.ts',
  'organisation/directory/import/import-rows.ts -> features/messages/channels/email/settings.ts',
  'organisation/sync/outage.ts -> features/alerts/check-soon.ts',
  'organisation/sync/request.ts -> features/alerts/check-soon.ts',
  'organisation/sync/runs/execute-run.ts -> features/alerts/check-soon.ts',
  'platform/inbox/postpone.ts -> features/alerts/check-soon.ts',
  'features/alerts/causes/webhooks.ts -> features/webhooks/webhook-store.ts',
  'features/certificates/gauges.ts -> features/payments/merchants/merchants.ts',
  'features/events/number.ts -> features/webhooks/webhook-store.ts',
  'features/messages/accept/outbox.ts -> features/alerts/check-soon.ts',
  'features/messages/channels/wecom/wecom.ts -> features/apps/agent-of-call.ts',
  'features/messages/fate/results-store.ts -> features/events/outbox-store.ts',
  'features/official/api/jssdk-api.ts -> features/apps/app-urls.ts',
  'features/official/api/jssdk-api.ts -> features/apps/catalog.ts',
  'features/official/callback/tell-pushes.ts -> features/events/outbox-store.ts',
  'features/official/mass/mass-calls.ts -> features/messages/accept/audience.ts',
  'features/official/mass/mass-calls.ts -> features/messages/accept/operator.ts',
  'features/payments/bills/state-store.ts -> features/events/outbox-store.ts',
  'features/payments/bills/state-store.ts -> features/events/types.ts',
  'features/payments/orders/apply-transaction.ts -> features/alerts/check-soon.ts',
  'features/payments/reconciliation/days.ts -> features/alerts/check-soon.ts',
  'features/payments/reconciliation/reconcile.ts -> features/alerts/check-soon.ts',
  'features/payments/refunds/apply-refund.ts -> features/alerts/check-soon.ts',
]

type Import = { from: string; to: string }

/** By value or by type. */
const imports: Import[] = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter(path => path.endsWith('.ts') && !/\.(test|fixture|vectors)\.ts$/.test(path))
  .sort()
  .flatMap(from =>
    [
      ...readFileSync(join(root, from), 'utf8').matchAll(/(?:\bfrom |\bimport\(|^import )'(\.[^']+\.ts)'/gm),
    ].map(match => ({ from, to: posix.join(posix.dirname(from), match[1] ?? '') })),
  )
  .filter(({ from, to }) => !to.startsWith('..') && roomOf(from) !== roomOf(to))

const shown = ({ from, to }: Import) => `${from} -> ${to}`
const goesUp = ({ from, to }: Import) => storeyOf(roomOf(from)) < storeyOf(roomOf(to))

/** A way of imports from the room `to` of this one back to its room `from`, inside their storey. */
function wayBack({ from, to }: Import, within: readonly Import[]): Import[] | undefined {
  const end = roomOf(from)
  const ways = new Map<string, Import[]>([[roomOf(to), []]])
  for (const [room, way] of ways) {
    if (room === end) return way
    for (const one of within)
      if (roomOf(one.from) === room && !ways.has(roomOf(one.to))) ways.set(roomOf(one.to), [...way, one])
  }
  return undefined
}

/** All but the open ones. */
const closed = imports.filter(one => !open.includes(shown(one)))

it('lets storeys take only from those below', () => {
  expect(closed.filter(goesUp).map(shown)).toEqual([])
})

it.each(storeys.filter(one => one !== 'process'))('has no rooms of %s that take from each other', storey => {
  const within = closed.filter(({ from, to }) => from.startsWith(`${storey}/`) && to.startsWith(`${storey}/`))
  const circles = within.flatMap(one => {
    const way = wayBack(one, within)
    return way ? [[one, ...way].map(shown).join(', ')] : []
  })
  expect(circles).toEqual([])
})

it('lists no import as open that is gone', () => {
  const all = new Set(imports.map(shown))
  expect(open.filter(one => !all.has(one))).toEqual([])
})
