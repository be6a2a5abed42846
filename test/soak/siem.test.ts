import { afterAll, beforeAll, expect, it } from 'vitest'
import { certificateOf } from '../../sandbox/smtp/certificate.ts'
import { entriesInOrder, treeSize } from '../../server/features/audit-tree/tree/entries-store.ts'
import { addReceiver } from '../../server/features/siem/receivers.ts'
import { testReceiver } from '../../server/features/siem/test-receiver.ts'
import { record } from '../../server/platform/audit/audit.ts'
import { startWorld, type World } from '../harness.ts'
import { type ServerProcess, startProcess } from '../journeys/server-process.ts'
import { seed } from '../soak.ts'
import { until } from '../until.ts'
import { type SyslogProgram, startRsyslog, startSyslogNg } from './syslog-programs.ts'

const rounds = 8
const actsEach = 150

const certificate = certificateOf(39, '127.0.0.1')
let world: World
let receivers: SyslogProgram[] = []
let nodes: ServerProcess[] = []
beforeAll(async () => {
  world = await startWorld({ members: 3, departments: 2, tags: 1 })
  receivers = [await startRsyslog(certificate), await startSyslogNg(certificate)]
})
afterAll(async () => {
  for (const node of nodes) await node.kill()
  await world?.close()
  for (const one of receivers) await one.close()
})

let acts = 0
async function act(count: number): Promise<void> {
  for (let n = 0; n < count; n++)
    await record(world.ctx.db, world.ctx, {
      corpId: world.corpId,
      actor: 'soak',
      act: 'app.set',
      target: `soak-${++acts}`,
      targetName: `名称 "${acts}" \\ ]\n<0>1`,
      detail: {},
    })
}

/** Corp and place of each line; the part of an id that follows tells apart what restored backups repeat. */
const idsIn = (lines: readonly string[]) => lines.map(line => /\bid="([^"/]+\/\d+)\//.exec(line)?.[1] ?? line)

it('loses nothing on the way to rsyslog and syslog-ng, which restart while nodes are killed', async () => {
  let random = seed
  const next = (below: number) => {
    random = (random * 1_103_515_245 + 12_345) % 2_147_483_648
    return random % below
  }
  const from = await treeSize(world.ctx.db, world.corpId)
  for (const { name, address } of receivers) {
    const settings = { name, transport: 'tls', address, ca: certificate.cert, fromStart: true } as const
    const id = await addReceiver(world.ctx, 'soak', world.corpId, settings)
    expect(await testReceiver(world.ctx, 'soak', world.corpId, id), name).toMatchObject({ isSent: true })
  }
  nodes = [await startProcess(world.env), await startProcess(world.env)]
  for (let round = 0; round < rounds; round++) {
    const away = receivers[next(2)]!
    const place = next(2)
    if (next(2) === 0) await away.stop()
    const killed = next(2) === 0 ? nodes[place]! : undefined
    await act(actsEach)
    await killed?.kill()
    await act(actsEach)
    await away.stop()
    await away.start()
    if (killed) nodes[place] = await startProcess(world.env)
  }
  const size = await until(
    'all acts in the tree',
    async () => {
      const size = await treeSize(world.ctx.db, world.corpId)
      return size >= from + acts && size
    },
    60_000,
  )
  const entries = []
  for (let index = 0; index < size; index += 1000)
    entries.push(...(await entriesInOrder(world.ctx.db, world.corpId, index, 1000)))
  const wanted = entries.map(one => `${world.corpId}/${one.index}`)
  for (const one of receivers) {
    await world.ctx.db
      .updateTable('siem_receiver')
      .set({ next_at: new Date(0) })
      .execute()
    const last = wanted.at(-1)!
    await until(`the last entry at ${one.name}`, () => idsIn(one.lines()).includes(last), 400_000, 1000)
    const ids = idsIn(one.lines())
    const got = new Set(ids)
    expect(
      wanted.filter(id => !got.has(id)),
      one.name,
    ).toEqual([])
    // What is new comes in the order of the tree; only repetitions go back.
    const firsts = [...got].filter(id => /^[^/]+\/\d+$/.test(id)).map(id => Number(id.split('/').at(-1)))
    expect(firsts, one.name).toEqual(firsts.toSorted((a, b) => a - b))
    const line = one.lines().find(text => text.includes('target="soak-7"'))!
    expect(line, one.name).toContain('targetName="名称 \\"7\\" \\\\ \\] <0>1"')
  }
})
