import { actor } from '../../platform/command/actor.ts'
import { command } from '../../platform/command/command.ts'
import { anyId, integer, requiredInteger, text } from '../../platform/command/parts.ts'
import { table, when } from '../../platform/command/text.ts'
import type { Core } from '../../platform/core.ts'
import { endToken } from './make-token.ts'
import { type TokenView, type ViewNeeds, viewOf } from './token-calls.ts'
import { corpOfToken, pageTokens } from './token-store.ts'

const states: Record<TokenView['state'], string> = {
  live: '有效',
  idle: '创建者已不是超级管理员',
  expired: '已过期',
  ended: '已停用',
}

const list = command({
  path: 'admin token list',
  point: 'role:read',
  summary: '列出管理令牌：创建者、权限、可用的地址、到期和最近使用；令牌本身不显示',
  parts: {
    corp: text('--corp <corpId>', '只列出这个企业的；不写则列出全部，包括用于所有企业的'),
    last: integer('--last <n>', '显示几个，默认 100', { min: 1, max: 1000 }),
  },
  async run(ctx: ViewNeeds, { corp, last = 100 }) {
    const corpId = corp === undefined ? undefined : ctx.corps.get(corp).corpId
    const { list, total } = await pageTokens(ctx.db, corpId, { limit: last, offset: 0 })
    const views = await Promise.all(list.map(row => viewOf(ctx, row)))
    const rows = views.map(one => [
      one.id,
      one.name,
      states[one.state],
      one.corpId ?? '全部企业',
      one.maker || '（已离开）',
      one.scopes.join(' '),
      one.addresses.join(' '),
      when(one.expiresAt),
      when(one.lastUsedAt, '从未'),
    ])
    const heads = ['编号', '名称', '状态', '企业', '创建者', '权限', '可用地址', '到期', '最近使用']
    const more = total > views.length ? `\n共 ${total} 个，可用 --last 显示更多` : ''
    return { data: views, text: `${table(heads, rows, '没有管理令牌')}${more}` }
  },
})

const revoke = command({
  path: 'admin token revoke',
  point: 'role:token',
  summary: '停用一个管理令牌，所有节点立即生效',
  parts: { id: requiredInteger('<id>', '令牌编号，见 admin token list', anyId) },
  about: ({ db }: Core, { id }) => corpOfToken(db, id),
  async run(ctx: Core, { id }) {
    await endToken(ctx, actor, id, undefined)
    return { data: { id, revoked: true }, text: `已停用管理令牌 ${id}` }
  },
})

export const tokenCommands = [list, revoke]
