import { actor } from '../../platform/command/actor.ts'
import { command } from '../../platform/command/command.ts'
import { said } from '../../platform/command/language.ts'
import { anyId, integer, requiredInteger, text } from '../../platform/command/parts.ts'
import { table, when } from '../../platform/command/text.ts'
import type { Core } from '../../platform/core.ts'
import type { Words } from '../../platform/words.ts'
import { endToken } from './make-token.ts'
import { type TokenView, type ViewNeeds, viewOf } from './token-calls.ts'
import { corpOfToken, pageTokens } from './token-store.ts'

const states: Record<TokenView['state'], Words> = {
  live: { zh: '有效', en: 'valid' },
  idle: { zh: '创建者已不是超级管理员', en: 'its creator is no longer a super administrator' },
  expired: { zh: '已过期', en: 'expired' },
  ended: { zh: '已停用', en: 'revoked' },
}

const list = command({
  path: 'admin token list',
  point: 'role:read',
  summary: {
    zh: '列出管理令牌：创建者、权限、可用的地址、到期和最近使用；令牌本身不显示',
    en: 'List admin tokens: creator, scopes, allowed addresses, expiry and last use; the tokens themselves are not shown',
  },
  parts: {
    corp: text('--corp <corpId>', {
      zh: '只列出这个企业的；不写则列出全部，包括用于所有企业的',
      en: 'only those of this corp; without it all, those for all corps included',
    }),
    last: integer(
      '--last <n>',
      { zh: '显示几个，默认 100', en: 'how many are shown, 100 by default' },
      { min: 1, max: 1000 },
    ),
  },
  async run(ctx: ViewNeeds, { corp, last = 100 }) {
    const corpId = corp === undefined ? undefined : ctx.corps.get(corp).corpId
    const { list, total } = await pageTokens(ctx.db, corpId, { limit: last, offset: 0 })
    const views = await Promise.all(list.map(row => viewOf(ctx, row)))
    const rows = views.map(one => [
      one.id,
      one.name,
      states[one.state],
      one.corpId ?? said({ zh: '全部企业', en: 'all corps' }),
      one.maker || said({ zh: '（已离开）', en: '(left)' }),
      one.scopes.join(' '),
      one.addresses.join(' '),
      when(one.expiresAt),
      when(one.lastUsedAt, said({ zh: '从未', en: 'never' })),
    ])
    const heads = [
      said({ zh: '编号', en: 'ID' }),
      said({ zh: '名称', en: 'Name' }),
      said({ zh: '状态', en: 'State' }),
      said({ zh: '企业', en: 'Corp' }),
      said({ zh: '创建者', en: 'Creator' }),
      said({ zh: '权限', en: 'Scopes' }),
      said({ zh: '可用地址', en: 'Allowed addresses' }),
      said({ zh: '到期', en: 'Expires' }),
      said({ zh: '最近使用', en: 'Last used' }),
    ]
    const more =
      total > views.length
        ? said({ zh: `\n共 ${total} 个，可用 --last 显示更多`, en: `\n${total} in all; --last shows more` })
        : ''
    return {
      data: views,
      text: `${table(heads, rows, { zh: '没有管理令牌', en: 'no admin tokens' })}${more}`,
    }
  },
})

const revoke = command({
  path: 'admin token revoke',
  point: 'role:token',
  summary: {
    zh: '停用一个管理令牌，所有节点立即生效',
    en: 'Revoke an admin token; all nodes refuse it at once',
  },
  parts: {
    id: requiredInteger(
      '<id>',
      { zh: '令牌编号，见 admin token list', en: 'ID of the token, see admin token list' },
      anyId,
    ),
  },
  about: ({ db }: Core, { id }) => corpOfToken(db, id),
  async run(ctx: Core, { id }) {
    await endToken(ctx, actor, id, undefined)
    return {
      data: { id, revoked: true },
      text: said({ zh: `已停用管理令牌 ${id}`, en: `revoked the admin token ${id}` }),
    }
  },
})

export const tokenCommands = [list, revoke]
