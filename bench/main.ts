import { mkdirSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import {
  type Bed,
  getTokens,
  type Options,
  openBed,
  openTools,
  startDurablePostgres,
  type Tools,
} from './bed.ts'
import { callbacksKept, measureCallbacks } from './cases/callbacks.ts'
import { measureConsolePages } from './cases/console-pages.ts'
import { measureFiles } from './cases/files.ts'
import { floodCases, measureFloods } from './cases/floods.ts'
import { measureFollowerPull } from './cases/followers.ts'
import { measureFullSync } from './cases/full-sync.ts'
import { measureLdap } from './cases/ldap/rates.ts'
import { measureLogAndLimits } from './cases/log-and-limits.ts'
import { measureFourNodes } from './cases/many-corps/four-nodes.ts'
import { measureIssuers } from './cases/many-corps/issuers.ts'
import { measureManyCorps } from './cases/many-corps/many-corps.ts'
import { measureMessages } from './cases/messages.ts'
import { measureMillion } from './cases/million.ts'
import { measureOfficial } from './cases/official.ts'
import { measurePackets } from './cases/packets.ts'
import { measurePayments } from './cases/payments.ts'
import { measurePortalPage } from './cases/portal-page.ts'
import { measureRead, portalCases, readCases } from './cases/reads.ts'
import { measureSignIns } from './cases/sign-ins.ts'
import { measureStream } from './cases/stream.ts'
import { measureTodos } from './cases/todos.ts'
import { measureAuditCost } from './cases/typed/audit-cost.ts'
import { measureVerification } from './cases/typed/audit-tree.ts'
import { measureDecide } from './cases/typed/decide.ts'
import { measureGroupSync } from './cases/typed/group-sync.ts'
import { measureMemberGroups } from './cases/typed/member-groups.ts'
import { measureMigrationLocks } from './cases/typed/migration-locks.ts'
import { measureSourcePreview } from './cases/typed/source-preview.ts'
import { typedCases } from './cases/typed/typed.ts'
import { printHotSpots } from './hot-spots.ts'
import { memoryOf, pinProcesses } from './processes.ts'
import {
  type Figure,
  fallenSince,
  isReached,
  machineFacts,
  printFigure,
  printTable,
  readCommitted,
  writeResults,
} from './report.ts'
import { sampleCorp } from './requests.ts'

const usage = `npm run bench -- [options]
  --only <text>      cases whose name contains it: ${[...[...readCases, ...portalCases].map(one => one.name), 'packets', 'log and limits', 'payments', 'todos', 'sign-ins', 'LDAP', 'portal page', 'console pages', 'callbacks', 'official', 'messages', 'files', ...typedCases.map(one => one.name), ...floodCases, 'full sync', 'followers', 'stream', 'decide', 'migration locks', 'audit tree cost', 'audit tree verify', 'groups', 'groups sync', 'groups million', 'source preview', 'million', 'many corps', 'four nodes', 'issuers'].join(', ')}
  --members <n>      of the corp (100000; 20000 with --quick)
  --million <n>      of the largest corp (1000000)
  --quick            shorter rounds; without --only the dozen cases that users would feel
  --profile          takes a CPU profile of the server and prints where its time went`

function readOptions(): Options | undefined {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      members: { type: 'string' },
      million: { type: 'string' },
      quick: { type: 'boolean', default: false },
      profile: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return undefined
  const { quick } = values
  return {
    only: values.only,
    quick,
    profileDir: values.profile ? join(import.meta.dirname, 'results', `profile-${Date.now()}`) : undefined,
    members: Number(values.members ?? (quick ? 20_000 : 100_000)),
    millionMembers: Number(values.million ?? 1_000_000),
  }
}

/** A dozen whose loss users would feel. */
const quickCases = [
  ...['user/get', 'org/list whole tree', 'orgUserList', 'search', 'portal workbench', 'full sync'],
  ...['payments', 'todos', 'sign-ins', 'callbacks', 'official', 'messages', 'notify'],
]

function isWanted({ only, quick }: Options, name: string): boolean {
  if (only === undefined) return !quick || quickCases.includes(name)
  return name.toLowerCase().includes(only.toLowerCase())
}

/** The results of a run so far. A case that fails is reported, and the others continue. */
type Findings = { figures: Figure[]; errors: string[] }

function note({ figures }: Findings, found: Figure[]): void {
  figures.push(...found)
  found.forEach(printFigure)
}

async function attempt(findings: Findings, name: string, measure: () => Promise<Figure[]>): Promise<void> {
  try {
    note(findings, await measure())
  } catch (error) {
    const text = `${name}: ${error instanceof Error ? error.message : String(error)}`
    findings.errors.push(text)
    console.log(`ERROR ${text}`)
  }
}

async function measureServer(tools: Tools, findings: Findings): Promise<void> {
  const { options } = tools
  const reads = readCases.filter(one => isWanted(options, one.name))
  const portal = portalCases.filter(one => isWanted(options, one.name))
  const wants = (name: string) => isWanted(options, name)
  const typed = typedCases.filter(one => wants(one.name))
  const floods = floodCases.filter(wants)
  const wantsPage = wants('portal page')
  const wantsConsole = wants('console pages')
  const wantsPackets = wants('packets user/get')
  const needsServer =
    reads.length + portal.length + typed.length + floods.length > 0 ||
    wantsPage ||
    wantsConsole ||
    wantsPackets ||
    [
      'log and limits',
      'payments',
      'todos',
      'sign-ins',
      'LDAP',
      'callbacks',
      'official',
      'messages',
      'files',
    ].some(wants)
  if (!needsServer && !wants('full sync')) return
  const bed = await openBed(tools, options.members)
  const { connected, figures, cookies } = await measureFullSync(
    bed,
    wants('full sync'),
    wantsPage || wantsConsole || portal.length > 0 || wants('inbox'),
  )
  note(findings, figures)
  if (!needsServer) return bed.close()
  const server = await bed.serve('server/main.ts', 'server')
  const { developers } = connected
  const population = {
    corp: sampleCorp(options.members),
    developers,
    tokens: await getTokens(server, developers),
    cookies,
  }
  const measured = { tools, bed, server, population, connected }
  for (const one of [...reads, ...portal])
    await attempt(findings, one.name, async () => [await measureRead(measured, one)])
  if (wantsPackets) await attempt(findings, 'packets', async () => [await measurePackets(measured)])
  if (wants('log and limits')) await attempt(findings, 'log and limits', () => measureLogAndLimits(measured))
  if (wantsPage) await attempt(findings, 'portal page', () => measurePortalPage(measured))
  if (wantsConsole) await attempt(findings, 'console pages', () => measureConsolePages(measured))
  if (wants('payments')) await attempt(findings, 'payments', () => measurePayments(measured))
  if (wants('todos')) await attempt(findings, 'todos', () => measureTodos(measured))
  if (wants('sign-ins')) await attempt(findings, 'sign-ins', () => measureSignIns(measured))
  if (wants('LDAP')) await attempt(findings, 'LDAP', () => measureLdap(measured))
  if (reads.length > 0) note(findings, [memoryFigure(memoryOf(server.pid).nowMb)])
  let expected = 0
  if (wants('callbacks')) {
    await attempt(findings, 'callbacks', async () => {
      const { figures, accepted } = await measureCallbacks(measured)
      expected += accepted
      return figures
    })
  }
  if (wants('official')) {
    await attempt(findings, 'official', async () => {
      const { figures, accepted } = await measureOfficial(measured)
      expected += accepted
      return figures
    })
  }
  if (wants('messages')) await attempt(findings, 'messages', () => measureMessages(measured))
  if (wants('files')) await attempt(findings, 'files', () => measureFiles(measured))
  for (const one of typed) await attempt(findings, one.name, () => one.measure(measured))
  if (floods.length > 0) await attempt(findings, 'floods', () => measureFloods(measured, floods))
  await server.stop()
  if (wants('callbacks')) note(findings, [callbacksKept(expected, await countCallbacks(bed))])
  await bed.close()
}

function memoryFigure(measured: number): Figure {
  return { name: 'memory after the reads', measured, unit: 'MB', detail: 'RSS of the server' }
}

async function countCallbacks(bed: Bed): Promise<number> {
  const counter = await bed.serve('bench/serve.ts', 'count')
  const rows = await counter.ask<number>('callbackRows')
  await counter.stop()
  return rows
}

async function main(): Promise<void> {
  const options = readOptions()
  if (!options) return console.log(usage)
  if (options.profileDir) mkdirSync(options.profileDir, { recursive: true })
  const startedAt = Date.now()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))
  // PostgreSQL starts first, because it must not inherit the pinning to a core.
  const postgres = await startDurablePostgres()
  const isPinned = pinProcesses(cpus().length)
  const machine = machineFacts(isPinned, postgres.version)
  console.log(
    Object.entries(machine)
      .map(([name, value]) => `${name}: ${value}`)
      .join(' · '),
  )
  const tools = await openTools(options, postgres)
  const findings: Findings = { figures: [], errors: [] }
  const { figures, errors } = findings
  try {
    await attempt(findings, 'the server', async () => {
      await measureServer(tools, findings)
      return []
    })
    if (isWanted(options, 'followers')) await attempt(findings, 'followers', () => measureFollowerPull(tools))
    if (isWanted(options, 'stream')) await attempt(findings, 'stream', () => measureStream(tools))
    if (isWanted(options, 'decide')) await attempt(findings, 'decide', async () => measureDecide())
    if (isWanted(options, 'migration locks'))
      await attempt(findings, 'migration locks', () => measureMigrationLocks(tools))
    if (isWanted(options, 'audit tree cost'))
      await attempt(findings, 'audit tree cost', () => measureAuditCost(tools))
    if (isWanted(options, 'audit tree verify'))
      await attempt(findings, 'audit tree verify', () => measureVerification(tools))
    if (isWanted(options, 'groups'))
      await attempt(findings, 'groups', () => measureMemberGroups(tools, options.members))
    if (isWanted(options, 'groups sync'))
      await attempt(findings, 'groups sync', () => measureGroupSync(tools, options.members))
    if (isWanted(options, 'groups million'))
      await attempt(findings, 'groups million', () => measureMemberGroups(tools, options.millionMembers))
    if (isWanted(options, 'source preview'))
      await attempt(findings, 'source preview', () => measureSourcePreview(tools, options.members))
    if (isWanted(options, 'million')) await attempt(findings, 'million', () => measureMillion(tools))
    if (isWanted(options, 'many corps')) await attempt(findings, 'many corps', () => measureManyCorps(tools))
    if (isWanted(options, 'four nodes')) await attempt(findings, 'four nodes', () => measureFourNodes(tools))
    if (isWanted(options, 'issuers')) await attempt(findings, 'issuers', () => measureIssuers(tools))
  } finally {
    await tools.close()
  }
  printTable(figures)
  for (const line of fallenSince(figures, readCommitted())) console.log(`FALLEN ${line}`)
  if (options.profileDir) printHotSpots(options.profileDir)
  const seconds = Math.round((Date.now() - startedAt) / 1000)
  const failed = figures.filter(figure => isReached(figure) === false).length
  const file = writeResults({ at: new Date().toISOString(), seconds, machine, options, figures, errors })
  for (const error of errors) console.log(`ERROR ${error}`)
  console.log(
    `\n${figures.length} figures, ${failed} below target, ${errors.length} errors, ${seconds} s; ${file}`,
  )
  process.exitCode = failed + errors.length > 0 ? 1 : 0
}

await main()
