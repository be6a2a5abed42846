import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Caller, startWorld, type World } from '../../../../test/harness.ts'
import { setDeveloper } from '../../../callers/developers/developer-admin.ts'
import { checked, refusal } from '../../../platform/http/checked.fixture.ts'
import { idsOf, naiveView } from '../naive.fixture.ts'

const add = '/api/org/addTagUsers'
const remove = '/api/org/removeTagUsers'
const upstreamAdd = '/cgi-bin/tag/addtagusers'

describe('addTagUsers, removeTagUsers (4.11, 4.12)', () => {
  let world: World
  let dev: Caller
  beforeAll(async () => {
    world = await startWorld({
      overrides: { wecomOptions: { timeoutMs: 400, retries: 0 } },
    })
    dev = checked(world.dev)
  })
  afterAll(() => world.close())
  beforeEach(async () => {
    await world.control('faults', undefined, 'DELETE')
    await world.control('calls', undefined, 'DELETE')
  })

  const calls = async (path: string) =>
    ((await world.control('calls')) as Record<string, Record<string, number>>)[path] ?? {}
  /** The tag's members at WeCom, without those who quit, because they are not listed. */
  const upstream = async (tagId: number) => {
    const { tags, members } = await naiveView(world)
    const listed = new Set(members.map(one => one.userid))
    const tag = tags.find(one => one.tagid === tagId)
    const users = tag?.userlist.map(one => one.userid).filter(userId => listed.has(userId)) ?? []
    return { users: users.sort(), orgs: tag?.partylist.map(String).sort() ?? [] }
  }
  const mirrored = async (tagId: number) => {
    const { body } = await dev.get('/api/org/tagUserList', { tagId })
    return { users: idsOf(body.userList).sort(), orgs: idsOf(body.orgList).sort() }
  }
  async function expectEqual(tagId: number) {
    expect(await mirrored(tagId)).toEqual(await upstream(tagId))
    // WeCom is asked for the same entity at most once a second.
    world.clock.offsetMs += 1001
    await world.ctx.sync.drain(world.corpId)
    expect(await mirrored(tagId)).toEqual(await upstream(tagId))
  }

  it('write WeCom and the mirror, and name what is invalid in the caller’s spelling', async () => {
    const given = {
      tagId: 3,
      userIdList: ['ZhangSan', 'NoBody', 'lisi', 'x.Y'],
      partyIdList: ['4', '999', 'abc'],
    }
    const added = await dev.post(add, given)
    expect(added.body).toEqual({ invalUserIds: 'NoBody|x.Y', invalPartyIds: ['999', 'abc'] })
    const after = await upstream(3)
    expect(after.users).toEqual(expect.arrayContaining(['lisi', 'zhangsan']))
    expect(after.orgs).toContain('4')
    await expectEqual(3)
    const removed = await dev.post(remove, {
      tagId: '3',
      userIdList: 'ZHANGSAN|NoBody,lisi',
      partyIdList: '4 999',
    })
    expect(removed.body).toEqual({ invalUserIds: 'NoBody', invalPartyIds: ['999'] })
    expect((await upstream(3)).users).not.toContain('zhangsan')
    await expectEqual(3)
  })

  it.each([
    [{ userIdList: ['zhangsan'] }, '1001 参数为空: tagId'],
    [{ tagId: '1' }, '1001 参数为空: userIdList、partyIdList 不能同时为空'],
    [{ tagId: '1', userIdList: [], partyIdList: '' }, '1001 参数为空: userIdList、partyIdList 不能同时为空'],
    [
      { tagId: '1', userIdList: [''], partyIdList: '|' },
      '1001 参数为空: userIdList、partyIdList 不能同时为空',
    ],
    [{ tagId: '99', userIdList: ['zhangsan'] }, '1006 无效的标签 id: 99'],
    [{ tagId: 'x', userIdList: ['zhangsan'] }, '1006 无效的标签 id: x'],
    [{ tagId: '1', userIdList: {} }, '1000 参数错误: userIdList 应为字符串'],
    [{ tagId: '1', userIdList: [{}] }, '1000 参数错误: userIdList[0] 应为字符串'],
    [
      { tagId: '1', userIdList: ['a', ['b']] },
      '1000 参数错误: userIdList[1] 应为单个字符串，收到数组或重复的参数',
    ],
    [{ tagId: '1', partyIdList: [null] }, '1000 参数错误: partyIdList[0] 应为字符串'],
    [{ tagId: '1', userIdList: ['a\u0000'] }, '1000 参数错误: userIdList[0] 含有控制字符，请去掉'],
  ])('refuse %j', async (body, wanted) => {
    expect(refusal(await dev.post(add, body))).toBe(wanted)
    expect(refusal(await dev.post(remove, body))).toBe(wanted)
    expect(await calls(upstreamAdd)).toEqual({})
  })

  it('answer "0" with all of them named when none is known, and ask nobody', async () => {
    const { body } = await dev.post(add, {
      tagId: 1,
      userIdList: ['nobody', 'Other'],
      partyIdList: [998, '999'],
    })
    expect(body).toEqual({ invalUserIds: 'nobody|Other', invalPartyIds: ['998', '999'] })
    expect(await calls(upstreamAdd)).toEqual({})
  })

  it.each([40031, 40070])('answer the same when WeCom finds them all invalid (%i)', async errcode => {
    for (const call of [add, remove]) {
      await world.control('faults', { match: 'tagusers', mode: `code:${errcode}`, times: 1 })
      const { body } = await dev.post(call, { tagId: 1, userIdList: ['LISI'], partyIdList: ['007'] })
      expect(body).toEqual({ invalUserIds: 'LISI', invalPartyIds: ['007'] })
    }
    await expectEqual(1)
  })

  it.each([
    [81011, '没有管理该标签的权限', '通讯录 → 标签'],
    [48002, '该 Secret 没有调用此接口的权限', '通讯录同步'],
    [60011, '没有访问该成员、部门或标签的权限', '可见范围'],
    [60020, '服务器 IP 不在企业可信 IP 中', '出口 IP'],
    [50003, '应用已停用', '启用该应用'],
  ])('say in words that WeCom forbids it (%i)', async (errcode, why, fix) => {
    await world.control('faults', { match: upstreamAdd, mode: `code:${errcode}`, times: 1 })
    const answer = await dev.post(add, { tagId: 1, userIdList: ['zhangsan'] })
    expect(refusal(answer)).toContain(`1009 无权限: 企业微信 ${errcode} ${why}`)
    expect(answer.retMessage).toContain(fix)
    // It was called with that secret, so that advising it would not help.
    expect(answer.retMessage).not.toContain('改用通讯录同步')
    await expectEqual(1)
  })

  it.each(['timeout', 'acceptedThenTimeout', 'html', 'truncated'])(
    'after %s what WeCom has now is read again',
    async mode => {
      const tagId = 4
      await dev.post(remove, { tagId, userIdList: ['wangwu'] })
      await expectEqual(tagId)
      await world.control('faults', { match: upstreamAdd, mode, times: 1 })
      const answer = await dev.post(add, { tagId, userIdList: ['wangwu'] })
      expect(refusal(answer)).toContain('1011 上游服务不可用: 企业微信没有返回')
      world.clock.offsetMs += 1001
      await world.ctx.sync.drain(world.corpId)
      await expectEqual(tagId)
      expect((await mirrored(tagId)).users.includes('wangwu')).toBe(mode !== 'timeout' && mode !== 'html')
    },
  )

  it('lose nothing when many write one tag at once', async () => {
    const userIds = [
      'zhaomin',
      'tangjiayan',
      'wanying',
      'liuyunyun',
      'zhuqixin',
      'chenaichun',
      'yiwen',
      'luxin',
    ]
    await dev.post(remove, { tagId: 4, userIdList: userIds })
    const answers = await Promise.all(
      userIds.map(userId => dev.post(add, { tagId: 4, userIdList: [userId] })),
    )
    expect(answers.map(answer => answer.retCode)).toEqual(userIds.map(() => '0'))
    const keys = (await mirrored(4)).users.map(userId => userId.toLowerCase())
    expect(keys).toEqual(expect.arrayContaining(userIds))
    await expectEqual(4)
  })

  it('reach nobody outside the data scope', async () => {
    const scoped = await world.addDeveloper({ dataScope: { departments: [4], tags: [1] } })
    const given = { tagId: 1, userIdList: ['wangwu', 'lisi'], partyIdList: [4, 3] }
    expect((await scoped.post(add, given)).body).toEqual({ invalUserIds: 'lisi', invalPartyIds: ['3'] })
    expect(refusal(await scoped.post(add, { ...given, tagId: 2 }))).toBe('1006 无效的标签 id: 2')
    await setDeveloper(world.ctx, 'test', scoped.devId, { scopes: ['directory:read'] })
    expect((await scoped.post(add, given)).retCode).toBe('1009')
  })
})
