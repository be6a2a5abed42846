import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'
import { readUpstream, storedPicture, storedPictureOf } from '../../../../test/journeys/mirror-check.ts'
import { addCorp, putAgent, setCorp } from '../../corps/corps.ts'
import { requestSync } from '../request.ts'
import { findRun, runIn } from './run-store.ts'

type StoredMember = Record<string, unknown> & { name: string; departments: number[] }

/** Covers both regimes of docs/upstream/wecom-directory.md#the-restrictions-of-2022 and the change from one to the other. */
describe('what WeCom may be asked', () => {
  let world: World
  beforeEach(async () => {
    world = await startWorld({ synced: false, overrides: { wecomOptions: { retries: 0 } } })
  })
  afterEach(() => world.close())

  const regime = (name: 'full' | 'restricted') => world.control('regime', { regime: name })
  async function connect(): Promise<void> {
    const { corpId, contactSecret } = world.sandbox
    await addCorp(world.ctx, 'test', { corpId, name: '企业', contactSecret })
  }
  async function addNames(index = 0): Promise<void> {
    const agent = world.sandbox.agents[index]
    if (!agent) throw new Error('no agent')
    await putAgent(world.ctx, 'test', world.corpId, { ...agent, uses: ['names'] })
  }
  async function sync() {
    const run = await findRun(world.ctx.db, world.corpId, await world.sync('full'))
    expect(run?.state).toBe('done')
    return run && runIn('zh', run)
  }
  const stored = async () => {
    const picture = await storedPicture(world.ctx.db, world.corpId)
    return { ...picture, members: picture.members as Record<string, StoredMember> }
  }
  const corp = () => world.ctx.corps.get(world.corpId)

  it('finds a full secret out by itself', async () => {
    await connect()
    expect(corp().regime).toBe('unknown')
    await sync()
    expect(corp().regime).toBe('full')
  })

  it('reads ids with a restricted secret and everything else that may be read with an agent', async () => {
    await regime('restricted')
    await connect()
    await addNames()
    const run = await sync()
    expect(corp().regime).toBe('restricted')
    expect(run?.problems).toEqual([])
    const kept = { mobile: '', email: '', avatar: '', address: '', sex: 0 }
    const upstream = storedPictureOf(await readUpstream(world.sandbox))
    const members = Object.entries(upstream.members).map(([userid, one]) => [
      userid,
      { ...(one as object), ...kept },
    ])
    expect(await stored()).toEqual({ ...upstream, members: Object.fromEntries(members) })
  })

  it('has ids and departments alone without an agent, and says what is missing', async () => {
    await regime('restricted')
    await connect()
    const run = await sync()
    expect(run?.problems.join()).toContain('names')
    const upstream = await readUpstream(world.sandbox)
    const { members, departments } = await stored()
    expect(Object.keys(departments)).toHaveLength(upstream.departments.length)
    for (const one of upstream.members) {
      expect(members[one.userid]?.name).toBe(one.userid)
      expect([...(members[one.userid]?.departments ?? [])].sort()).toEqual([...one.department].sort())
    }
  })

  it('has by id whom the agent does not see', async () => {
    await regime('restricted')
    await connect()
    await addNames(1)
    const run = await sync()
    expect(run?.problems.join()).toMatch(/\d+ 名成员不在应用的可见范围内/)
    const { members } = await stored()
    expect(Object.keys(members)).toHaveLength((await readUpstream(world.sandbox)).members.length)
    const named = Object.entries(members).filter(([userid, one]) => one.name !== userid)
    expect(named.length).toBeGreaterThan(0)
    expect(named.length).toBeLessThan(Object.keys(members).length)
  })

  it('notices in the middle of a life that the secret became restricted, and loses nothing that was there', async () => {
    await connect()
    await sync()
    const before = await stored()
    await regime('restricted')
    await addNames()
    await sync()
    expect(corp().regime).toBe('restricted')
    expect(await stored()).toEqual(before)
  })

  it('keeps names, departments and contact data when nobody may read them any more', async () => {
    await connect()
    await sync()
    const before = await stored()
    await regime('restricted')
    await sync()
    const after = await stored()
    expect(after.departments).toEqual(before.departments)
    for (const [userid, one] of Object.entries(before.members)) {
      const { name, mobile, email, avatar, alias, position, status, address } = one
      expect(after.members[userid]).toMatchObject({
        name,
        mobile,
        email,
        avatar,
        alias,
        position,
        status,
        address,
      })
    }
  })

  it('keeps what a person consented to or an import brought', async () => {
    await regime('restricted')
    await connect()
    await addNames()
    await sync()
    await sql`update member set mobile = '13911110000', email = 'own@example.com', avatar = 'https://a/0'
      where user_id = 'zhangsan'`.execute(world.ctx.db)
    await world.connectCallback()
    await world.admin('user/update', { userid: 'zhangsan', department: [1] })
    await world.settle()
    await sync()
    expect((await stored()).members['zhangsan']).toMatchObject({
      departments: [1],
      mobile: '13911110000',
      email: 'own@example.com',
      avatar: 'https://a/0',
    })
  })

  it.each([true, false])('follows stripped callbacks (with an agent for names: %s)', async hasAgent => {
    await regime('restricted')
    await connect()
    if (hasAgent) await addNames()
    await sync()
    await world.connectCallback()
    await world.admin('department/create', { id: 600, name: '剥离部', parentid: 1 })
    await world.admin('user/create', { userid: 'Bare', name: '裸', department: [600], mobile: '13922220000' })
    await world.admin('user/rename', { userid: 'zhangsan', new_userid: 'zhangsan2' })
    await world.admin('user/delete', { userid: 'lisi' })
    await world.settle()
    const { members, departments } = await stored()
    expect(members['Bare']).toMatchObject({ name: hasAgent ? '裸' : 'Bare', departments: [600], mobile: '' })
    expect(departments['600']).toMatchObject({ name: hasAgent ? '剥离部' : '600', parentid: 1 })
    expect(members['zhangsan']).toBeUndefined()
    expect(members['zhangsan2']).toBeDefined()
    expect(members['lisi']).toBeUndefined()
    await sync()
    expect(Object.keys((await stored()).members).sort()).toEqual(
      (await readUpstream(world.sandbox)).members.map(one => one.userid).sort(),
    )
  })

  it('notices a restricted secret by an event alone', async () => {
    await connect()
    await sync()
    await addNames()
    await world.connectCallback()
    await regime('restricted')
    await world.admin('user/update', { userid: 'zhangsan', department: [1] })
    await world.settle()
    expect(corp().regime).toBe('restricted')
    expect((await stored()).members['zhangsan']).toMatchObject({ departments: [1] })
  })

  it('asks again what a new secret may read', async () => {
    await regime('restricted')
    await connect()
    await sync()
    await regime('full')
    await setCorp(world.ctx, 'test', world.corpId, { contactSecret: world.sandbox.contactSecret })
    expect(corp().regime).toBe('unknown')
    await requestSync(world.ctx, 'test', world.corpId, 'full')
    await world.ctx.sync.drain(world.corpId)
    expect(corp().regime).toBe('full')
    expect(await stored()).toEqual(storedPictureOf(await readUpstream(world.sandbox)))
  })
})
