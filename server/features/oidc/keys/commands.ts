import { corpOf, corpPart } from '../../../organisation/corps/commands/corp-parts.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import { actor } from '../../../platform/command/actor.ts'
import { command } from '../../../platform/command/command.ts'
import { toggle } from '../../../platform/command/parts.ts'
import { table, when } from '../../../platform/command/text.ts'
import type { Core } from '../../../platform/core.ts'
import { keysOf } from './key-store.ts'
import { type RotationStep, rotateKeys } from './keys.ts'

type Needs = Core & { corps: Corps }

const states = { next: '已公布，还未使用', current: '正在使用', old: '已停用，仍公布' }

const list = command({
  path: 'oidc keys list',
  point: 'sign-in:read',
  summary: '列出企业为 OpenID Connect 签名的密钥',
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
    return { data, text: keys.length ? table(['kid', '算法', '状态', '自'], rows) : '第一次登录时生成' }
  },
})

const done: Record<RotationStep, string> = {
  published: '已公布新密钥；两天后由 wisp 自动开始使用，再过两天撤下旧密钥',
  signs: '新密钥已开始签名；旧密钥仍公布两天',
  withdrawn: '旧密钥已撤下',
  waits: '没有可做的一步：还没有密钥，或上一步未满两天（--now 立即执行，已取走旧公钥的应用可能登录失败）',
}

const rotate = command({
  path: 'oidc keys rotate',
  point: 'sign-in:edit',
  summary: '更换企业为 OpenID Connect 签名的密钥，每次一步：公布、开始使用、撤下',
  parts: { corp: corpPart, now: toggle('--now', '不等两天，立即执行下一步，用于密钥泄露时') },
  async run(ctx: Needs, { corp, now }) {
    const step = await rotateKeys(ctx, actor, corpOf(ctx, corp), { begins: true, atOnce: now })
    return { data: { step }, text: done[step] }
  },
})

export const oidcCommands = [list, rotate]
