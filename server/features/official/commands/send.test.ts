import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { avatarPng } from '../../../../sandbox/avatar.ts'
import { startWorld, type World } from '../../../../test/harness.ts'
import { until } from '../../../../test/until.ts'
import { wispJson } from '../../../cli/cli.fixture.ts'
import { runCommand } from '../../../cli/in-process.fixture.ts'
import type { Account } from '../accounts/accounts.ts'
import { massOf } from '../mass/mass.ts'

describe('mass messages on the command line', () => {
  let world: World
  let account: Account
  let openids: string[]
  beforeAll(async () => {
    world = await startWorld({ members: 5 })
    account = await world.bindOfficial()
    await world.control('official/rules', { massJobMs: 0, massPerMonth: 99 })
    const found = await world.control(`official/followers?originalId=${account.originalId}&limit=9`)
    openids = (found['followers'] as { openid: string }[]).map(one => one.openid)
  })
  afterAll(() => world.close())

  const words = (...rest: string[]) => ['official', 'send', '--account', account.originalId, ...rest]
  const wisp = (...rest: string[]) => runCommand(world.ctx, words(...rest))
  const shown = async (openid: string) =>
    (await world.control(`official/messages?originalId=${account.originalId}&openid=${openid}`))[
      'messages'
    ] as {
      type: string
      how: string
      content: { content?: string }
    }[]

  it('are stored by the command and sent by the nodes', async () => {
    const list = openids.slice(0, 3).join(',')
    const data = await wispJson(world.env, words('--text', '来自命令行', '--openids', list))
    expect(data).toMatchObject({ state: 'waiting', receivers: 3, limits: [{ used: 0, most: 100 }] })
    const { id } = data as { id: string }
    await until('the end', async () => (await massOf(world.ctx, account, id)).state === 'done', 20_000)
    expect(await shown(openids[0]!)).toMatchObject([{ how: 'mass', content: { content: '来自命令行' } }])
    const { text } = await wisp('--all', '--text', '致全体')
    expect(text).toContain('1,200 人')
    expect(text).toContain('本月发给全部粉丝：已用 0 次，共 4 次')
  })

  it('are shown to one follower by --preview', async () => {
    const image = join(world.env['WISP_DATA_DIR'] ?? '', 'a.png')
    writeFileSync(image, avatarPng(1, 20))
    await wisp('--preview', openids[5]!, '--type', 'image', '--image', image)
    const previews = (await shown(openids[5]!)).filter(one => one.how === 'preview')
    expect(previews).toMatchObject([{ type: 'image' }])
  })

  it.each([
    [['--text', 'x'], '须给出且只给出一个'],
    [['--text', 'x', '--all', '--tag', '2'], '须给出且只给出一个'],
    [['--text', 'x', '--openids', 'one-openid-only'], '至少 2 位'],
    [['--text', 'x', '--all', '--at', 'tomorrow'], 'ISO 8601'],
    [['--type', 'image', '--all', '--image', '/nowhere.png'], '读不了'],
    [['--all'], 'text'],
  ])('with %j are refused', async (rest, words) => {
    await expect(wisp(...rest)).rejects.toThrow(words)
  })
})
