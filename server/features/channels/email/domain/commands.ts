import { corpOf, corpPart } from '../../../../organisation/corps/commands/corp-parts.ts'
import type { Corps } from '../../../../organisation/corps/corps.ts'
import { actor } from '../../../../platform/command/actor.ts'
import { command, UsageError } from '../../../../platform/command/command.ts'
import { onlyOn, text } from '../../../../platform/command/parts.ts'
import { table } from '../../../../platform/command/text.ts'
import { wordsIn } from '../../../../platform/http/words.ts'
import { changeKey, checksOf, type DomainNeeds, keyView } from './domain-calls.ts'
import { keysOf } from './keys.ts'

type Needs = DomainNeeds & { corps: Corps }

const states = { ok: '正常', warning: '注意', failed: '不符' } as const

const show = command({
  path: 'message mail-domain',
  point: 'message:read',
  summary: '查看发件域名的密钥和 TXT 记录，检查 SPF、DKIM、DMARC',
  parts: { corp: corpPart },
  async run(ctx: Needs, { corp }) {
    const corpId = corpOf(ctx, corp)
    const checks = await checksOf(ctx, corpId)
    const keys = (await keysOf(ctx, corpId)).map(keyView)
    const rows = checks.map(({ title, state, detail, fix }) => [
      wordsIn('zh', title),
      states[state],
      [detail, fix ?? ''].map(words => wordsIn('zh', words)).join(' '),
    ])
    const lines = keys.map(
      ({ selector, name, value, isUsed }) =>
        `${selector}（${isUsed ? '使用中' : '等待启用'}）\n  ${name} TXT ${value}`,
    )
    return { data: { checks, keys }, text: [table(['检查', '结果', '说明'], rows), ...lines].join('\n') }
  },
})

const change = command({
  path: 'message mail-key',
  point: 'message:settings',
  summary: '生成、启用或删除邮件的 DKIM 密钥；给出其中一项',
  parts: {
    make: onlyOn('--make', '为发件域名生成密钥'),
    use: text('--use <selector>', '启用 DNS 中已有记录的密钥'),
    drop: text('--drop <selector>', '删除密钥'),
    corp: corpPart,
  },
  async run(ctx: Needs, { make, use, drop, corp }) {
    const given = [make, use, drop].filter(one => one !== undefined)
    if (given.length !== 1) throw new UsageError('--make、--use、--drop 须给且只给一项')
    const corpId = corpOf(ctx, corp)
    const act = make ? 'make' : use ? 'use' : 'drop'
    await changeKey(ctx, actor, corpId, { act, selector: use ?? drop })
    const data = (await keysOf(ctx, corpId)).map(keyView)
    const rows = data.map(({ selector, isUsed, name }) => [selector, isUsed ? '使用中' : '等待启用', name])
    return { data, text: table(['密钥', '状态', 'TXT 记录'], rows, '没有密钥') }
  },
})

export const mailDomainCommands = [show, change]
