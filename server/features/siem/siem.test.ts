import { once } from 'node:events'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { certificateOf } from '../../../sandbox/smtp/certificate.ts'
import { startWorld, type World } from '../../../test/harness.ts'
import { until } from '../../../test/until.ts'
import { runCommand } from '../../cli/in-process.fixture.ts'
import { record } from '../../platform/audit/audit.ts'
import { readConfig } from '../../platform/config.ts'
import { createLog } from '../../platform/operation/log.ts'
import { startServer } from '../../server.ts'
import { allEntered } from '../audit-tree/entered.fixture.ts'
import { treeSize } from '../audit-tree/tree/entries-store.ts'
import { lateReceivers } from './forward-store.ts'
import { receiversOf } from './receiver-store.ts'
import { type ReceiverView, viewOf } from './receiver-view.ts'
import { addReceiver, receiverVersion, removeReceiver, setReceiver } from './receivers.ts'
import { type SiemServer, startSiemServer } from './siem-server.fixture.ts'
import { testReceiver } from './test-receiver.ts'

const certificate = certificateOf(39, '127.0.0.1')
const client = certificateOf(40, 'wisp')

let world: World
let siem: SiemServer
beforeAll(async () => {
  world = await startWorld({ members: 3, departments: 2, tags: 1 })
  siem = await startSiemServer(certificate)
})
afterAll(async () => {
  await world?.close()
  await siem?.stop()
})

let acts = 0
async function act(count = 1): Promise<void> {
  for (let n = 0; n < count; n++)
    await record(world.ctx.db, world.ctx, {
      corpId: world.corpId,
      actor: 'test',
      act: 'app.set',
      target: `act-${++acts}`,
      detail: {},
    })
}

/** Targets of the acts above that a receiver was told of, in its order, repetitions left out. */
function told({ messages }: SiemServer): string[] {
  const seen = new Set<string>()
  return messages.flatMap(message => {
    const [, id] = /\bid="([^"]+)"/.exec(message) ?? []
    const [, target] = /target="(act-\d+)"/.exec(message) ?? []
    if (id === undefined || seen.has(id)) return []
    seen.add(id)
    return target === undefined ? [] : [target]
  })
}

const allActs = () => Array.from({ length: acts }, (_, n) => `act-${n + 1}`)
const arrived = () =>
  until(
    'all acts',
    () => {
      // Or the queue looks every five seconds.
      world.ctx.queue.kick()
      return told(siem).length >= acts
    },
    50_000,
    500,
  )

async function seen(id: string, corpId = world.corpId): Promise<ReceiverView> {
  const all = await receiversOf(world.ctx.db, corpId)
  return viewOf(all.find(one => one.id === id)!, world.ctx.now(), 'en')
}

/** What fails is tried again now, and not in minutes. */
async function retryNow(): Promise<void> {
  await world.ctx.db
    .updateTable('siem_receiver')
    .set({ next_at: new Date(0) })
    .execute()
  world.ctx.queue.kick()
}

let id: string
it('sends acts in the order of the tree, from its making on, and alerts', async () => {
  await act()
  const before = await treeSize(world.ctx.db, world.corpId)
  await until(
    'the act in the tree',
    async () => (await treeSize(world.ctx.db, world.corpId)) > before || before > 0,
  )
  acts = 0
  siem.messages.length = 0
  const settings = {
    name: '态势感知',
    transport: 'tls',
    address: siem.address,
    ca: certificate.cert,
  } as const
  await until('nothing that waits for the tree', async () => {
    const waiting = await world.ctx.db.selectFrom('audit_pending').select('id').execute()
    return waiting.length === 0
  })
  id = await addReceiver(world.ctx, 'test', world.corpId, settings)
  await act(3)
  await arrived()
  expect(told(siem)).toEqual(allActs())
  expect(siem.messages.find(one => one.includes('act-1"'))).toMatch(
    /^<110>1 \S+\+08:00 \S+ wisp - app\.set \[wisp@32473 id="\S+\/\d+\/[0-9a-f]{16}" corp="\S+" kind="act" user="test" target="act-1" result="ok"\] \ufefftest 修改应用：act-1$/u,
  )
  await world.ctx.db
    .insertInto('alert')
    .values({
      corp_id: world.corpId,
      cause: 'unknownHere',
      subject: '',
      detail: '{}',
      since: new Date(world.ctx.now()),
    } as never)
    .execute()
  await until('the alert', () =>
    siem.messages.some(one => /^<115>.*alert\/\d+-\w+\/open" .*result="open"/u.test(one)),
  )
  await world.ctx.db
    .updateTable('alert')
    .set({ ended_at: new Date(world.ctx.now()) })
    .where('cause', '=', 'unknownHere')
    .execute()
  await until('its end', () => siem.messages.some(one => /^<118>.*alert\/\d+-\w+\/ended" /u.test(one)))
  expect(await seen(id)).toMatchObject({ state: 'good', waiting: 0, failure: '' })
})

it('loses nothing while the receiver is away, silent or closes at once, and says so after a quarter of an hour', async () => {
  for (const manner of ['away', 'closes', 'resets'] as const) {
    const before = acts
    if (manner === 'away') await siem.stop()
    else siem.manner = manner
    await act(3)
    const failed = async () => {
      await retryNow()
      return (await seen(id)).failure !== ''
    }
    await until(`a failure: ${manner}`, failed, 20_000, 500)
    expect((await seen(id)).state).toBe('failing')
    expect(told(siem).length, manner).toBeLessThanOrEqual(before + 3)
    if (manner === 'away') {
      world.clock.offsetMs += 16 * 60_000
      await world.ctx.lookForCauses({ isDaily: false })
      const open = await world.ctx.db
        .selectFrom('alert')
        .selectAll()
        .where('cause', '=', 'siemLate')
        .execute()
      expect(open).toMatchObject([{ corp_id: world.corpId, subject: id, ended_at: null }])
      expect((await seen(id)).state).toBe('late')
      await siem.start()
      // The clock goes back, and what was to be done later is done at once.
      world.clock.offsetMs = 0
    }
    siem.manner = 'good'
    await retryNow()
    await arrived()
    expect(told(siem)).toEqual(allActs())
  }
  await until('the end of the alert', async () => {
    const open = await world.ctx.db
      .selectFrom('alert')
      .selectAll()
      .where('cause', '=', 'siemLate')
      .where('ended_at', 'is', null)
      .execute()
    return open.length === 0
  })
})

it('sends all that was written to a receiver which is away for ten days, also of what age took by then', async () => {
  await siem.stop()
  await act(3)
  await record(world.ctx.db, world.ctx, {
    corpId: world.corpId,
    actor: 'test',
    act: 'app.set',
    target: 'taken by age',
    detail: {},
  })
  world.clock.offsetMs += 10 * 86_400_000
  await act(3)
  await allEntered(world.ctx)
  await retryNow()
  await until('a failure', async () => (await seen(id)).failure !== '')
  expect((await seen(id)).state).toBe('late')
  await sql`delete from audit where target = 'taken by age'`.execute(world.ctx.db)
  siem.messages.length = 0
  const first = acts - 5
  await siem.start()
  await retryNow()
  await until('all acts', () => {
    world.ctx.queue.kick()
    return told(siem).includes(`act-${acts}`)
  })
  expect(told(siem).filter(one => Number(one.slice(4)) >= first)).toEqual(allActs().slice(-6))
  expect(siem.messages.some(one => one.includes(' audit.gone '))).toBe(true)
  world.clock.offsetMs = 0
  await retryNow()
})

it('is not late, however old it is, while nothing waits for it', async () => {
  await until('nothing that is late', async () => {
    const late = await lateReceivers(world.ctx.db, new Date(Date.now() + 3_600_000))
    return late.every(one => one.id !== id)
  })
})

it('sends the last batch again when the next connection fails, with the same ids', async () => {
  siem.messages.length = 0
  await act(2)
  await until('the acts', () => siem.messages.filter(one => one.includes('target="act-')).length >= 2)
  const first = siem.messages.filter(one => one.includes('target="act-'))
  await until('a batch noted', async () => (await seen(id)).waiting === 0)
  await siem.stop()
  await act()
  await until('a failure', async () => (await seen(id)).failure !== '')
  await siem.start()
  siem.messages.length = 0
  await retryNow()
  await until(
    'the last ones again',
    () => siem.messages.filter(one => one.includes('target="act-')).length >= 2,
  )
  expect(first).toContain(siem.messages.find(one => one.includes('target="act-')))
})

it('goes on where another node has stopped, and goes back with the clock', async () => {
  const other = await startServer(readConfig(world.env), {
    log: createLog('silent'),
    now: () => Date.now() + world.clock.offsetMs,
  })
  await act(5)
  await other.close()
  world.clock.offsetMs -= 3 * 3_600_000
  await act(5)
  await until('the last act', () => told(siem).includes(`act-${acts}`), 50_000)
  world.clock.offsetMs = 0
})

it('sends to two receivers at their own pace, and to one that is switched on again what it missed', async () => {
  const second = await startSiemServer()
  const made = await addReceiver(world.ctx, 'test', world.corpId, {
    ...{ name: 'second', transport: 'tcp', address: second.address, format: 'cef', fromStart: true },
  })
  const size = await treeSize(world.ctx.db, world.corpId)
  await second.has(size)
  expect(second.messages[0]).toMatch(/\] CEF:0\|wisp\|wisp\|/)
  await setReceiver(world.ctx, 'test', world.corpId, made, { isOn: false })
  const before = second.messages.length
  await act(2)
  await until('the first receiver to have it', () => told(siem).includes(`act-${acts}`))
  expect((await seen(made)).state).toBe('off')
  await setReceiver(world.ctx, 'test', world.corpId, made, { isOn: true })
  await until('the second one to have it', () =>
    second.messages.slice(before).some(one => one.includes(`cs3=act-${acts}`)),
  )
  await removeReceiver(world.ctx, 'test', world.corpId, made)
  await second.stop()
})

it('posts OCSF by HTTPS, proves itself, and repeats no secret', async () => {
  const bodies: unknown[] = []
  let status = 401
  let mostOf = 1000
  const server = createServer(
    { ...certificate, requestCert: true, ca: client.cert },
    async (request, reply) => {
      const body = JSON.parse(await text(request))
      const answered = body.length > mostOf ? 413 : status
      if (answered === 200) bodies.push(...body)
      reply.writeHead(answered).end(`no: ${request.headers.authorization}`)
    },
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = `https://127.0.0.1:${(server.address() as AddressInfo).port}/events`
  const made = await addReceiver(world.ctx, 'test', '', {
    ...{
      name: 'ocsf',
      transport: 'https',
      address,
      ca: certificate.cert,
      certificate: client.cert,
      privateKey: client.key,
    },
    authorization: 'Bearer very-secret-token',
  })
  const refused = await testReceiver(world.ctx, 'test', '', made)
  expect(refused).toMatchObject({ isSent: false, answer: { en: 'the receiver answered HTTP 401: no: ••••' } })
  status = 200
  expect(await testReceiver(world.ctx, 'test', '', made)).toMatchObject({ isSent: true })
  // The tests above are acts of the installation, and the first entries of its tree that this receiver gets.
  mostOf = 1
  await retryNow()
  await until('events', () => bodies.length >= 3)
  expect(bodies).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ class_uid: 3004, type_uid: expect.any(Number), status_id: 1 }),
    ]),
  )
  const stored = JSON.stringify([
    await world.ctx.db.selectFrom('audit').selectAll().execute(),
    await world.ctx.db.selectFrom('siem_receiver').selectAll().execute(),
    await receiversOf(world.ctx.db, '').then(all => all.map(one => viewOf(one, 0, 'zh'))),
    siem.messages,
  ])
  expect(stored).not.toContain('very-secret-token')
  expect(stored).not.toContain('PRIVATE KEY')
  await expect(
    setReceiver(world.ctx, 'test', '', made, { address: 'https://other.example/' }),
  ).rejects.toThrow('authorization')
  await removeReceiver(world.ctx, 'test', '', made)
  server.closeAllConnections()
  server.close()
})

it('takes a form that shows the receiver as it is, also while entries wait, and no other', async () => {
  const listed = async () => (await receiversOf(world.ctx.db, world.corpId)).find(one => one.id === id)!
  const version = receiverVersion(await listed())
  await act()
  await setReceiver(world.ctx, 'test', world.corpId, id, { language: 'en' }, version)
  expect((await listed()).language).toBe('en')
  const outdated = setReceiver(world.ctx, 'test', world.corpId, id, { language: 'zh' }, version)
  await expect(outdated).rejects.toMatchObject({ status: 409 })
})

it('waits longer and longer for a receiver whose key cannot be opened, and says so', async () => {
  const address = siem.address
  const made = await addReceiver(world.ctx, 'test', world.corpId, {
    ...{ name: 'no key', transport: 'tcp', address, fromStart: true },
  })
  await setReceiver(world.ctx, 'test', world.corpId, made, { isOn: false })
  const broken = { private_key: 'v1.broken', is_on: true, next_index: 0 }
  await world.ctx.db.updateTable('siem_receiver').set(broken).where('id', '=', made).execute()
  await until('a failure', async () => (await seen(made)).state === 'failing')
  const row = await world.ctx.db
    .selectFrom('siem_receiver')
    .select('tries')
    .where('id', '=', made)
    .executeTakeFirstOrThrow()
  expect(row.tries).toBeGreaterThan(0)
  expect((await seen(made)).failure).toContain('sending failed')
  const renamed = setReceiver(world.ctx, 'test', world.corpId, made, { name: 'mended' })
  await expect(renamed).rejects.toThrow('privateKey')
  await setReceiver(world.ctx, 'test', world.corpId, made, {
    ...{ name: 'mended', privateKey: '', transport: 'tls', ca: certificate.cert },
  })
  await until('it to work again', async () => {
    await retryNow()
    return (await seen(made)).state === 'good'
  })
  await removeReceiver(world.ctx, 'test', world.corpId, made)
})

it('refuses what cannot be a receiver', async () => {
  const add = (change: object) =>
    addReceiver(world.ctx, 'test', world.corpId, {
      name: 'x',
      transport: 'tls',
      address: 'siem.example:6514',
      ...change,
    } as never)
  await expect(add({ address: 'siem.example' })).rejects.toThrow('address')
  await expect(add({ address: 'siem.example:70000' })).rejects.toThrow('address')
  await expect(add({ address: '169.254.169.254:514' })).rejects.toThrow('169.254.169.254')
  await expect(add({ transport: 'https', address: 'http://siem.example/' })).rejects.toThrow('https://')
  await expect(add({ format: 'ocsf' })).rejects.toThrow('format')
  await expect(add({ pen: 0 })).rejects.toThrow('pen')
  await expect(add({ ca: 'x' })).rejects.toThrow('ca ')
  await expect(add({ certificate: client.cert })).rejects.toThrow('privateKey')
  await expect(add({ certificate: client.cert, privateKey: certificate.key })).rejects.toThrow('privateKey')
  await expect(add({ certificate: client.cert, privateKey: 'x' })).rejects.toThrow('privateKey')
  await expect(add({ transport: 'tcp', ca: certificate.cert })).rejects.toThrow('ca')
  await expect(add({ name: '态势感知' })).rejects.toThrow('name')
  await expect(add({ name: ' ' })).rejects.toThrow()
  await expect(removeReceiver(world.ctx, 'test', '', id)).rejects.toThrow(id)
  for (let n = 0; n < 4; n++) await add({ name: `x${n}`, isOn: false })
  await expect(add({})).rejects.toThrow('5')
})

it('is set by the command line', async () => {
  const run = (...words: string[]) => runCommand(world.ctx, ['siem', ...words])
  const listed = await run('list')
  expect(listed.text).toContain('态势感知')
  for (const one of listed.data as ReceiverView[]) if (one.id !== id) await run('remove', one.id)
  const added = await run(
    'add',
    'by command',
    siem.address,
    '--transport',
    'tls',
    '--format',
    'cef',
    '--language',
    'en',
  )
  const { id: made } = added.data as { id: string }
  expect((await run('test', made)).text).toContain('没有送达：证书不可信')
  await run('set', made, '--name', 'renamed', '--on', 'off')
  expect((await run('list')).data).toMatchObject([{ name: 'renamed', state: 'off', format: 'cef' }, {}])
  await expect(run('set', made)).rejects.toThrow('没有要修改的设置')
  expect((await run('test', id)).text).toMatch(/已发送：TLSv1\.3，证书 wisp sandbox.*syslog 没有应答/)
  await run('remove', made)
  expect((await run('list', '--installation')).data).toEqual([])
  const recorded = await world.ctx.db
    .selectFrom('audit')
    .select('act')
    .where('act', 'like', 'audit.%')
    .execute()
  expect(new Set(recorded.map(one => one.act))).toEqual(
    new Set(['audit.forward', 'audit.forward.test', 'audit.forward.remove']),
  )
})
