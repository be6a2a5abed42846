import { corpOf, corpPart } from '../../../../organisation/corps/commands/corp-parts.ts'
import type { Corps } from '../../../../organisation/corps/corps.ts'
import { actor } from '../../../../platform/command/actor.ts'
import { command, UsageError } from '../../../../platform/command/command.ts'
import { said } from '../../../../platform/command/language.ts'
import { onlyOn, text } from '../../../../platform/command/parts.ts'
import { table } from '../../../../platform/command/text.ts'
import { changeKey, checksOf, type DomainNeeds, keyView } from './domain-calls.ts'
import { keysOf } from './keys.ts'

type Needs = DomainNeeds & { corps: Corps }

const states = {
  ok: { zh: '正常', en: 'right' },
  warning: { zh: '注意', en: 'look at it' },
  failed: { zh: '不符', en: 'wrong' },
} as const

const show = command({
  path: 'message mail-domain',
  point: 'message:read',
  summary: {
    zh: '查看发件域名的密钥和 TXT 记录，检查 SPF、DKIM、DMARC',
    en: "Show the keys and TXT records of the sender's domain, and check SPF, DKIM and DMARC",
  },
  parts: { corp: corpPart },
  async run(ctx: Needs, { corp }) {
    const corpId = corpOf(ctx, corp)
    const checks = await checksOf(ctx, corpId)
    const keys = (await keysOf(ctx, corpId)).map(keyView)
    const rows = checks.map(({ title, state, detail, fix }) => [
      said(title),
      states[state],
      [detail, fix ?? ''].map(said).join(' '),
    ])
    const lines = keys.map(({ selector, name, value, isUsed }) =>
      said({
        zh: `${selector}（${isUsed ? '使用中' : '等待启用'}）\n  ${name} TXT ${value}`,
        en: `${selector} (${isUsed ? 'in use' : 'waits for use'})\n  ${name} TXT ${value}`,
      }),
    )
    return {
      data: { checks, keys },
      text: [
        table(
          [
            { zh: '检查', en: 'Check' },
            { zh: '结果', en: 'result' },
            { zh: '说明', en: 'Explanation' },
          ],
          rows,
        ),
        ...lines,
      ].join('\n'),
    }
  },
})

const change = command({
  path: 'message mail-key',
  point: 'message:settings',
  summary: {
    zh: '生成、启用或删除邮件的 DKIM 密钥；给出其中一项',
    en: 'Make, use or delete a DKIM key; give one of the three',
  },
  parts: {
    make: onlyOn('--make', { zh: '为发件域名生成密钥', en: "make a key for the sender's domain" }),
    use: text('--use <selector>', {
      zh: '启用 DNS 中已有记录的密钥',
      en: 'use a key whose record is in the DNS',
    }),
    drop: text('--drop <selector>', { zh: '删除密钥', en: 'delete a key' }),
    corp: corpPart,
  },
  async run(ctx: Needs, { make, use, drop, corp }) {
    const given = [make, use, drop].filter(one => one !== undefined)
    if (given.length !== 1)
      throw new UsageError({
        zh: '--make、--use、--drop 须给且只给一项',
        en: 'give one of --make, --use and --drop',
      })
    const corpId = corpOf(ctx, corp)
    const act = make ? 'make' : use ? 'use' : 'drop'
    await changeKey(ctx, actor, corpId, { act, selector: use ?? drop })
    const data = (await keysOf(ctx, corpId)).map(keyView)
    const rows = data.map(({ selector, isUsed, name }) => [
      selector,
      isUsed ? said({ zh: '使用中', en: 'in use' }) : said({ zh: '等待启用', en: 'waits for use' }),
      name,
    ])
    return {
      data,
      text: table(
        [
          { zh: '密钥', en: 'Key' },
          { zh: '状态', en: 'State' },
          { zh: 'TXT 记录', en: 'TXT record' },
        ],
        rows,
        { zh: '没有密钥', en: 'no keys' },
      ),
    }
  },
})

export const mailDomainCommands = [show, change]
