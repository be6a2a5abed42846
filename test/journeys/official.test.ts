import { randomInt } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Account } from '../../server/features/official/accounts/accounts.ts'
import { bindAccount } from '../../server/features/official/accounts/bind.ts'
import { pushTo, pushXml, textFields } from '../../server/features/official/callback/push.fixture.ts'
import { addFlow, addRules } from '../../server/features/official/replies/edit.ts'
import { newRule, say, textOf } from '../../server/features/official/replies/replies.fixture.ts'
import { startWorld, type World } from '../harness.ts'
import { soak } from '../soak.ts'
import { atShares, type Nodes, startNodes, whenGone, workOff } from './nodes-under-fire.ts'

const followers = soak(120, 4000)
/** At which shares of their messages a node is killed. */
const kills = soak([0.25, 0.6], [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9])
const deliveriesAtOnce = 16
/** What WeChat tries before it tells the follower that nobody answers; here a message is tried until somebody does. */
const patience = 60

let world: World
let account: Account
let nodes: Nodes
beforeAll(async () => {
  world = await startWorld({ members: 5, departments: 1, tags: 0 })
  account = await bindAccount(world.ctx, 'test', world.corpId, {
    originalId: 'gh_fire',
    name: '公众号',
    appId: 'wx1',
    secret: 'x',
    mode: 'plain',
  })
  const by = { actor: 'test', account }
  const ask = (id: string, question: string, otherwise: string) => ({
    id,
    contents: say(question),
    next: { type: 'wait' as const, branches: [], otherwise },
  })
  const flowId = await addFlow(world.ctx, by, {
    name: '报名',
    minutes: 60,
    timeoutText: '',
    enabled: true,
    steps: [
      ask('name', '姓名？', 'phone'),
      ask('phone', '电话？', 'thanks'),
      { id: 'thanks', contents: say('已登记'), next: { type: 'end' } },
    ],
  })
  await addRules(world.ctx, by, [
    newRule({ words: ['报名'], flowId }),
    // What is left to chance shows whether an answer is decided more than once.
    newRule({
      words: ['抽奖'],
      contents: Array.from({ length: 50 }, (_, n) => say(`奖 ${n}`))
        .flat()
        .slice(0, 6),
      pick: 'one',
    }),
    newRule({ kind: 'default', contents: say('默认') }),
  ])
  await world.server.close()
  nodes = await startNodes(world)
}, 60_000)
afterAll(() => world.sandbox.close())

/** What each follower writes, one after the other, and what must come back. */
const conversation: [text: string, answer: RegExp][] = [
  ['报名', /^姓名？$/],
  ['张三', /^电话？$/],
  ['138', /^已登记$/],
  ['抽奖', /^奖 \d$/],
  ['再见', /^默认$/],
]

/** All that came back for one message: every delivery of it that a node answered. */
async function deliver(plain: string): Promise<string[]> {
  const once = () =>
    pushTo(nodes.url(), account, plain)
      .then(({ status, body }) => {
        expect(status).toBe(200)
        return textOf(body)
      })
      .catch(whenGone)
  const answers: (string | undefined)[] = []
  for (let tries = 0; tries < patience; tries++) {
    // Now and then WeChat loses patience and repeats, while the first delivery is still under way.
    const copies = randomInt(6) === 0 ? 2 : 1
    answers.push(...(await Promise.all(Array.from({ length: copies }, once))))
    if (answers.some(one => one !== undefined)) break
  }
  // And now and then it repeats what was answered long ago, whose answer was lost on the way.
  if (randomInt(8) === 0) answers.push(await once())
  return answers.filter(one => one !== undefined)
}

it('answers each message once and the same, whichever nodes get it and die', {
  timeout: soak(120_000, 20 * 60_000),
}, async () => {
  const total = followers * conversation.length
  let done = 0
  const fire = atShares(total, kills, () => nodes.kill())
  const people = Array.from({ length: followers }, (_, n) => `oFollower${n}`)
  await workOff(
    people,
    deliveriesAtOnce,
    async from => {
      for (const [index, [text, wanted]] of conversation.entries()) {
        const msgId = `9223372036854${from.slice(9)}${index}`
        const answers = await deliver(pushXml('gh_fire', { from, msgId, fields: textFields(text) }))
        expect(answers[0], `${from} ${text}`).toMatch(wanted)
        expect(new Set(answers).size, `${from} ${text}: ${answers.join(' | ')}`).toBe(1)
        fire.onProgress(++done)
      }
    },
    () => {},
  )
  await fire.finished()
  expect(nodes.kills).toHaveLength(kills.length)
  const [stored] = await nodes.query<{ events: number; deliveries: number; answered: number }>(`
    select count(*)::int as events, count(distinct dedupe_key)::int as deliveries, count(answer)::int as answered
    from inbox_event where account = 'gh_fire'`)
  expect(stored).toEqual({ events: total, deliveries: total, answered: total })
  expect(await nodes.query('select openid from official_flow_state')).toEqual([])
  await nodes.stop()
})
