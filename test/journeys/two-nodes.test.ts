import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rotateSecret, setDeveloper } from '../../server/callers/developers/developer-admin.ts'
import { addApp, setApp } from '../../server/features/apps/apps.ts'
import { bindAccount } from '../../server/features/official/accounts/bind.ts'
import { pushTo, pushXml, textFields } from '../../server/features/official/callback/push.fixture.ts'
import { addRules, setRule } from '../../server/features/official/replies/edit.ts'
import { newRule, say, textOf } from '../../server/features/official/replies/replies.fixture.ts'
import { removeRole, setRole } from '../../server/organisation/people/administrators.ts'
import { eventXml, push } from '../../server/organisation/sync/events/push.fixture.ts'
import { type Caller, callerOf, startWorld, type World } from '../harness.ts'
import { apiPicture, readUpstream, toldPictureOf } from './mirror-check.ts'
import { eventually, type ServerProcess, startProcess } from './server-process.ts'

/** One node runs in this process, which gives access to its internals; the other is a process of its own. */
describe('two nodes on one PostgreSQL', () => {
  let world: World
  let other: ServerProcess
  let there: Caller
  beforeAll(async () => {
    world = await startWorld()
    other = await startProcess(world.env)
    there = callerOf(other.url, world.dev)
  })
  afterAll(async () => {
    await other.stop()
    await world.close()
  })

  /** How long the other node still accepted, in ms. */
  const untilRefused = (check: () => Promise<boolean>) => untilFollowed(check, 'the other node refuses')
  /** For how many ms it did not follow. How long it took to ask, a busy machine decides. */
  async function untilFollowed(check: () => Promise<boolean>, what = 'the other node follows') {
    const started = performance.now()
    let askingMs = 0
    await eventually(what, async () => {
      const askedAt = performance.now()
      const is = await check()
      askingMs += performance.now() - askedAt
      return is
    })
    return performance.now() - started - askingMs
  }

  async function newDeveloper() {
    const here = await world.addDeveloper()
    // Makes a new caller each time, because a caller keeps its token.
    const far = await eventually('the other node knows a new developer', async () => {
      const caller = callerOf(other.url, here)
      return (await caller.get('/api/org/list')).retCode === '0' && caller
    })
    return { here, far }
  }

  it('apply each event once, whichever of them is told', async () => {
    const { list } = (await world.dev.get('/api/user/orgUserList', { orgId: '1', fetchChild: 1 })).body
    const users: string[] = list.slice(0, 40).map((one: { userId: string }) => one.userId)
    const from = world.ctx.mirrors.of(world.corpId).seq
    await world.control('faults', { match: 'callback/', mode: 'dropCallback' })
    for (const userid of users) await world.admin('user/update', { userid, alias: `两${userid}` })
    await world.control('faults', undefined, 'DELETE')
    await world.control('calls', undefined, 'DELETE')
    const far: World = { ...world, server: { ...world.server, url: other.url } }
    const answers = await Promise.all(
      users.flatMap((userid, n) => {
        const plain = eventXml(world, 'update_user', `<UserID>${userid}</UserID>`)
        return [world, far].map(node => push(node, plain, { nonce: `both${n}` }))
      }),
    )
    expect(answers.map(one => one.status)).toEqual(answers.map(() => 200))
    await world.settle()
    const events = await world.ctx.db
      .selectFrom('inbox_event')
      .select(['state', 'attempts', 'entity'])
      .where('dedupe_key', 'like', 'both%')
      .execute()
    expect(events).toHaveLength(users.length)
    expect(events.every(one => one.state === 'done' && one.attempts === 1)).toBe(true)
    const changes = await world.ctx.db
      .selectFrom('directory_change')
      .select('entity_id')
      .where('seq', '>', from)
      .execute()
    expect(changes.map(one => one.entity_id).sort()).toEqual([...users].sort())
  })

  it('say the same when everything is settled', async () => {
    await world.connectCallback()
    for (let n = 0; n < 20; n++) {
      await world.admin('user/create', {
        userid: `both${n}`,
        name: `两处${n}`,
        department: [1, 2],
        mobile: `+86138${n + 10000000}`,
      })
      if (n % 3 === 0) await world.admin('user/rename', { userid: `both${n}`, new_userid: `moved${n}` })
      if (n % 5 === 0) await world.admin('department/create', { name: `新${n}`, parentid: 1 })
    }
    await world.settle()
    const told = toldPictureOf(await readUpstream(world.sandbox))
    expect(await apiPicture(world.dev)).toEqual(told)
    await eventually('the other node has followed', async () => {
      const { body } = await there.get('/api/user/get', { userId: 'both19' })
      return body?.userName === '两处19'
    })
    expect(await apiPicture(there)).toEqual(told)
  })

  it('refuse within a second a token whose secret was revoked on the other', async () => {
    const { here, far } = await newDeveloper()
    await rotateSecret(world.ctx, 'test', here.devId, true)
    const refused = await untilRefused(async () => (await far.get('/api/org/list')).retCode === '1004')
    expect(refused).toBeLessThan(1000)
  })

  it('refuse within a second a developer who was disabled on the other', async () => {
    const { here, far } = await newDeveloper()
    await setDeveloper(world.ctx, 'test', here.devId, { enabled: false })
    expect(await untilRefused(async () => (await far.get('/api/org/list')).retCode !== '0')).toBeLessThan(
      1000,
    )
  })

  it('refuse within a second a role that was taken and an app that was disabled on the other', async () => {
    await setRole(world.ctx, 'test', world.corpId, 'zhangsan', { level: 2 })
    const scoped = await world.addDeveloper({ scopes: ['directory:read', 'ticket:issue'] })
    const app = await addApp(world.ctx, 'test', world.corpId, { name: '应用', devId: scoped.devId })
    const [farScoped, issued] = await eventually('a ticket', async () => {
      const caller = callerOf(other.url, scoped)
      const answer = await caller.post('/api/ticket/issue', { userId: 'zhangsan', appId: app.id })
      return answer.retCode === '0' && ([caller, answer] as const)
    })
    const { jessionId } = issued.body
    const info = async () => (await farScoped.get('/api/user/getInfo', { jessionId })).body
    const levelOf = async () => JSON.stringify(await info())
    const asAdministrator = await levelOf()
    await removeRole(world.ctx, 'test', world.corpId, 'zhangsan')
    expect(await untilRefused(async () => (await levelOf()) !== asAdministrator)).toBeLessThan(1000)
    expect(await info()).not.toBeNull()
    await setApp(world.ctx, 'test', world.corpId, app.id, { enabled: false })
    expect(await untilRefused(async () => (await info()) === null)).toBeLessThan(1000)
  })

  it('answer a message by what the other saved within a second, and the same on both', async () => {
    const account = await bindAccount(world.ctx, 'test', world.corpId, {
      originalId: 'gh_two',
      name: '公众号',
      appId: 'wx1',
      secret: 'x',
      mode: 'plain',
    })
    const by = { actor: 'test', account }
    let messages = 0
    const ask = async (url: string, msgId = `9${messages++}`) => {
      const plain = pushXml('gh_two', { msgId, fields: textFields('价格') })
      return textOf((await pushTo(url, account, plain)).body)
    }
    const rule = newRule({ words: ['价格'], contents: say('一百') })
    const [id] = await addRules(world.ctx, by, [rule])
    expect(await untilFollowed(async () => (await ask(other.url)) === '一百')).toBeLessThan(1000)
    await setRule(world.ctx, by, id as number, { ...rule, contents: say('两百') })
    expect(await untilFollowed(async () => (await ask(other.url)) === '两百')).toBeLessThan(1000)
    const contents = ['甲', '乙', '丙', '丁'].flatMap(say)
    await setRule(world.ctx, by, id as number, { ...rule, contents, pick: 'one' })
    await untilFollowed(async () => '甲乙丙丁'.includes(await ask(other.url)))
    for (let n = 0; n < 20; n++) {
      const both = await Promise.all([world.server.url, other.url].map(url => ask(url, `both${n}`)))
      expect(both[0]).toBe(both[1])
    }
    const events = world.ctx.db.selectFrom('inbox_event').select('id')
    expect(await events.where('dedupe_key', 'like', 'gh_two % both%').execute()).toHaveLength(20)
  })

  it('miss nothing when PostgreSQL ends their connections', async () => {
    const admin = new pg.Client(world.env['WISP_DATABASE_URL'])
    await admin.connect()
    const end = () =>
      admin.query(`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()`)
    const { here, far } = await newDeveloper()
    for (let n = 0; n < 5; n++) {
      await end()
      // The change is signalled while no node listens, or while they are reconnecting.
      await world.admin('user/update', { userid: 'zhangsan', alias: `断线${n}` })
      await eventually('both nodes know', async () => {
        const answers = await Promise.all(
          [world.dev, there].map(dev => dev.get('/api/user/get', { userId: 'zhangsan' })),
        )
        return answers.every(one => one.body?.alias === `断线${n}`)
      })
    }
    await end()
    await eventually('an administrator gets through', () =>
      setDeveloper(world.ctx, 'test', here.devId, { enabled: false }).then(
        () => true,
        () => false,
      ),
    )
    await untilRefused(async () => (await far.get('/api/org/list')).retCode !== '0')
    await admin.end()
  })
})

describe('the work of a node that is killed', () => {
  it('goes to the other one, which ends its run and applies its events', { timeout: 90_000 }, async () => {
    const world = await startWorld({ members: 300, departments: 60 })
    const nodes: ServerProcess[] = []
    try {
      // This node leaves an unfinished run behind and stops; after that only the two processes run.
      await world.connectCallback()
      await world.ctx.sync.drain(world.corpId)
      await world.control('faults', { match: 'user/list', mode: 'slow', delayMs: 3000 })
      const client = new pg.Client(world.env['WISP_DATABASE_URL'])
      await client.connect()
      // Nodes that start beside no other have address books checked, too.
      const holder = async () =>
        (await client.query(`select holder from queue where stream = 'directory'`)).rows[0]?.holder
      await world.server.close()
      nodes.push(await startProcess(world.env), await startProcess(world.env))
      const nodeIdOf = async ({ url }: ServerProcess) =>
        (await fetch(`${url}/healthz`)).headers.get('x-request-id')?.split('-')[0]
      const nodeIds = await Promise.all(nodes.map(nodeIdOf))
      await client.query(`insert into sync_run (corp_id, kind, state, created_at, updated_at)
        values ('${world.corpId}', 'full', 'waiting', now(), now()) on conflict do nothing`)
      await client.query(
        `insert into queue (corp_id, stream, due_at) values ('${world.corpId}', 'directory', now())
          on conflict (corp_id, stream, key) do update set due_at = now()`,
      )
      await eventually(
        'a run under way',
        async () => (await client.query('select 1 from sync_page limit 1')).rowCount === 1,
      )
      const first = nodeIds.indexOf(await holder())
      await nodes[first]?.kill()
      await world.control('faults', undefined, 'DELETE')
      const second = nodes[1 - first]
      if (!second) throw new Error('no second node')
      await world.admin('user/update', { userid: 'zhangsan', alias: '接手' })
      const far: World = { ...world, server: { ...world.server, url: second.url } }
      expect(await push(far, eventXml(far, 'update_user', '<UserID>zhangsan</UserID>'))).toMatchObject({
        status: 200,
      })
      const started = performance.now()
      const dev = callerOf(second.url, world.dev)
      await eventually('the second node writes', async () => {
        const { body } = await dev.get('/api/user/get', { userId: 'zhangsan' })
        return body?.alias === '接手'
      })
      console.log(`the work moved in ${Math.round(performance.now() - started)} ms`)
      await eventually(
        'the run ends',
        async () =>
          (
            await client.query(
              `select 1 from sync_run where state = 'done' and id = (select max(id) from sync_run)`,
            )
          ).rowCount === 1,
      )
      expect((await client.query('select 1 from sync_page')).rowCount).toBe(0)
      await eventually('nothing is left to do', async () => (await holder()) === undefined)
      await client.end()
    } finally {
      for (const node of nodes) await node.stop()
      await world.sandbox.close()
    }
  })
})
