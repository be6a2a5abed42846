import { afterAll, beforeAll, expect, it } from 'vitest'
import { addDeveloper } from '../../server/callers/developers/developer-admin.ts'
import { addCorp } from '../../server/organisation/corps/corps.ts'
import { writeDirectory } from '../../server/organisation/directory/write/writer.ts'
import { homeOf } from '../../server/platform/storage/nodes/home.ts'
import { type Caller, callerOf, startWorld, type World } from '../harness.ts'
import { whenGone } from '../journeys/nodes-under-fire.ts'
import { nodeIdOf } from '../journeys/server-process.ts'
import { type BalancedNodes, freePorts, startBalanced } from './balanced-nodes.ts'
import { createEngines, type Engines, makeAuthority } from './engines.ts'

/** Many corps on four nodes behind Debian's HAProxy with the settings of deploy/. */
const corpCount = 40
const callsEach = 20

let engines: Engines
let world: World
let cluster: BalancedNodes
let callers: { corpId: string; caller: Caller }[]
beforeAll(async () => {
  engines = createEngines()
  const authority = makeAuthority(engines.dir)
  world = await startWorld({ members: 5, departments: 2 })
  callers = await Promise.all(Array.from({ length: corpCount }, (_, n) => withBook(`wwmany${n}`)))
  world.ctx.database.presence?.leave()
  cluster = await startBalanced(world.env, { count: 4, authority, ports: await freePorts(4) })
}, 240_000)
afterAll(async () => {
  await cluster?.stop()
  await world?.close()
  await engines?.close()
})

/** A corp with an address book, and a developer of it. */
async function withBook(corpId: string) {
  const { ctx } = world
  await addCorp(ctx, 'test', { corpId, name: corpId, contactSecret: 'none' })
  const department = { id: 1, name: corpId, parentId: 0, sortNo: 0, leaders: [] }
  await writeDirectory(ctx, corpId, [{ kind: 'department', op: 'put', department }])
  const developer = await addDeveloper(ctx, 'test', corpId, { name: corpId })
  return { corpId, caller: callerOf(world.server.url, developer) }
}

async function reads(): Promise<number> {
  const all = await Promise.all(
    cluster.nodes.map(async ({ url }) => {
      const asking = fetch(`${url}/metrics`, { headers: { authorization: 'Bearer metrics' } })
      const answer = await asking.catch(whenGone)
      return answer ? Number(/^wisp_directory_reads (\d+)$/m.exec(await answer.text())?.[1]) : 0
    }),
  )
  return all.reduce((sum, one) => sum + one, 0)
}

/** Calls of all corps in turns; how many address books were read for them, and which nodes answered each corp last. */
async function ask(to: (n: number) => string) {
  const before = await reads()
  const answeredBy = new Map<string, string>()
  for (let n = 0; n < callsEach; n++)
    for (const [at, { corpId, caller }] of callers.entries()) {
      const url = `${to(n + at)}/api/org/list?devToken=${await caller.token()}`
      const answer = await fetch(url)
      expect(await answer.json()).toMatchObject({ retCode: '0' })
      answeredBy.set(corpId, nodeIdOf(answer.headers.get('x-request-id')))
    }
  return { loads: (await reads()) - before, answeredBy }
}

it('an address book is in the memory of its home, and of the node that was asked before anybody knew', async () => {
  const behind = await ask(() => cluster.balancers[0]!.url)
  const names = cluster.nodes.map(one => one.name)
  const idAt = new Map(await Promise.all(cluster.nodes.map(async one => [one.name, await one.id()] as const)))
  for (const { corpId } of callers)
    expect(behind.answeredBy.get(corpId)).toBe(idAt.get(homeOf(corpId, names) ?? ''))
  for (const one of cluster.nodes) await cluster.restart(one)
  const anywhere = await ask(n => cluster.nodes[n % 4]!.url)
  const calls = corpCount * callsEach
  const told = (loads: number) =>
    `${loads} address books read, ${(100 * (1 - loads / calls)).toFixed(1)} % from memory`
  console.log(
    `${calls} calls of ${corpCount} corps: to any node ${told(anywhere.loads)}; by home ${told(behind.loads)}`,
  )
  expect(anywhere.loads).toBe(corpCount * 4)
  expect(behind.loads).toBeLessThan(corpCount * 2)
  const again = await ask(() => cluster.balancers[0]!.url)
  expect(again.loads).toBe(0)
})

it('when a node dies its corps alone move, and come back with it', async () => {
  const url = cluster.balancers[0]!.url
  const before = (await ask(() => url)).answeredBy
  const [, victim] = cluster.nodes
  const victimId = await victim!.id()
  await victim!.kill()
  const without = (await ask(() => url)).answeredBy
  for (const [corpId, id] of before) {
    if (id === victimId) expect(without.get(corpId)).not.toBe(victimId)
    else expect(without.get(corpId)).toBe(id)
  }
  await victim!.start()
  await cluster.isAsked(victim!)
  const home = new Map((await ask(() => url)).answeredBy)
  const newId = await victim!.id()
  for (const [corpId, id] of before) expect(home.get(corpId)).toBe(id === victimId ? newId : id)
})
