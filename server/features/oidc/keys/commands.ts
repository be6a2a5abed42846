import { corpOf, corpPart } from '../../../organisation/corps/commands/corp-parts.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import { actor } from '../../../platform/command/actor.ts'
import { command } from '../../../platform/command/command.ts'
import { said } from '../../../platform/command/language.ts'
import { toggle } from '../../../platform/command/parts.ts'
import { table, when } from '../../../platform/command/text.ts'
import type { Core } from '../../../platform/core.ts'
import type { Words } from '../../../platform/words.ts'
import { keysOf } from './key-store.ts'
import { type RotationStep, rotateKeys } from './keys.ts'

type Needs = Core & { corps: Corps }

const states = {
  next: { zh: '已公布，还未使用', en: 'published, not used yet' },
  current: { zh: '正在使用', en: 'in use' },
  old: { zh: '已停用，仍公布', en: 'withdrawn from use, still published' },
}

const list = command({
  path: 'oidc keys list',
  point: 'sign-in:read',
  summary: {
    zh: '列出企业为 OpenID Connect 签名的密钥',
    en: 'List the keys that sign for OpenID Connect in a corp',
  },
  parts: { corp: corpPart },
  async run(ctx: Needs, { corp }) {
    const keys = await keysOf(ctx.db, corpOf(ctx, corp))
    const data = keys.map(({ kid, alg, state, createdAt, stateAt }) => ({
      kid,
      alg,
      state,
      createdAt,
      stateAt,
    }))
    const rows = data.map(one => [one.kid, one.alg, states[one.state], when(one.stateAt)])
    return {
      data,
      text: keys.length
        ? table(
            ['kid', { zh: '算法', en: 'Algorithm' }, { zh: '状态', en: 'State' }, { zh: '自', en: 'From' }],
            rows,
          )
        : said({ zh: '第一次登录时生成', en: 'made at the first sign-in' }),
    }
  },
})

const done: Record<RotationStep, Words> = {
  published: {
    zh: '已公布新密钥；两天后由 wisp 自动开始使用，再过两天撤下旧密钥',
    en: 'new keys are published; wisp uses them by itself after two days, and withdraws the old ones two days later',
  },
  signs: {
    zh: '新密钥已开始签名；旧密钥仍公布两天',
    en: 'the new keys sign now; the old ones stay published for two days',
  },
  withdrawn: { zh: '旧密钥已撤下', en: 'the old keys are withdrawn' },
  waits: {
    zh: '没有可做的一步：还没有密钥，或上一步未满两天（--now 立即执行，已取走旧公钥的应用可能登录失败）',
    en: 'there is no step to take: there are no keys yet, or the last step is less than two days old (--now takes it at once; apps that have fetched the old public keys may fail to sign in)',
  },
}

const rotate = command({
  path: 'oidc keys rotate',
  point: 'sign-in:edit',
  summary: {
    zh: '更换企业为 OpenID Connect 签名的密钥，每次一步：公布、开始使用、撤下',
    en: 'Replace the keys that sign for OpenID Connect in a corp, one step each time: publish, use, withdraw',
  },
  parts: {
    corp: corpPart,
    now: toggle('--now', {
      zh: '不等两天，立即执行下一步，用于密钥泄露时',
      en: 'take the next step at once and do not wait two days, for leaked keys',
    }),
  },
  async run(ctx: Needs, { corp, now }) {
    const step = await rotateKeys(ctx, actor, corpOf(ctx, corp), { begins: true, atOnce: now })
    return { data: { step }, text: said(done[step]) }
  },
})

export const oidcCommands = [list, rotate]
