import { type Static, Type } from 'typebox'
import { type MappedAccount, mappedAccounts } from '../../official/templates/mapping-store.ts'
import { corpsWithResults } from '../../official/templates/sends/send-store.ts'
import type { Channel } from '../channel.ts'
import { agentId, agentName, button, content, title, url } from '../message-fields.ts'
import { type OfficialContent, officialContent } from './content.ts'
import { markRepeatable, repeatableMs, sendByAccount, takeReceipts, whoIsNotLinked } from './deliver.ts'
import { officialReasons } from './reasons.ts'
import {
  checkOfficial,
  checkReach,
  defaultAccount,
  type OfficialSettings,
  officialFields,
  officialForm,
  whyUnusable,
} from './settings.ts'

const previewSchema = Type.Object({
  channel: Type.Literal('official'),
  account: Type.String(),
  title: Type.String(),
  rows: Type.Array(Type.Object({ label: Type.String(), value: Type.String(), isSentAt: Type.Boolean() })),
  url: Type.String(),
})

export type OfficialPreview = Static<typeof previewSchema>

/** Template messages and 订阅通知 of the corp's official accounts, to members who are linked followers. */
export const official = {
  label: { zh: '公众号', en: 'Official account' },
  sendType: { value: '3', word: { zh: '公众号', en: 'official account' } },
  feature: 'official',
  reasons: officialReasons,
  settings: {
    fields: officialFields,
    check: (given, _nameOf, _corp, accounts) => checkOfficial(given, accounts),
    formOf: officialForm,
    takes: {
      zh: '默认公众号，并在「公众号 → 群发 → 模板消息」选择它的模板',
      en: 'the default account, with its template in Official accounts → Mass messages → Template messages',
    },
    isReady(settings, _corp, extra) {
      const account = defaultAccount({ settings, extra })
      return account !== undefined && whyUnusable(account) === undefined
    },
    describe(setup) {
      const account = defaultAccount(setup)
      return {
        data: { officialAccount: setup.settings?.originalId ?? null },
        facts: [['公众号', account ? `${account.name}（${account.originalId}）` : '未绑定']],
      }
    },
  },
  readExtra: mappedAccounts,
  fields: { agentName, agentId, title, content, url },
  lines: { title: 'optional', content: 'required', url: 'optional' },
  compose: officialContent,
  sample: { title: '测试', content: '这是一条测试消息。' },
  previewSchemas: [previewSchema],
  preview: ({ account, title: heading, rows, url: link }) => ({
    channel: 'official' as const,
    account,
    title: heading,
    rows: rows.flatMap(({ label, value, isSentAt }) =>
      value || isSentAt ? [{ label, value, isSentAt }] : [],
    ),
    url: link,
  }),
  read: ({ title: heading, rows, url: link }) => ({
    title: heading,
    text: rows.flatMap(({ label, value }) => (value ? [`${label}：${value}`] : [])).join('\n'),
    url: link,
    button: link ? button : '',
    picUrl: '',
  }),
  partSize: 1,
  callsAtMost: 16,
  usualMs: 300,
  repeatableMs,
  /** Accounts are no agents; what a developer may not use is refused here, before anything is stored. */
  async agentOf(_ctx, developer, agentId, setup) {
    checkReach(developer, setup, agentId)
    return null
  },
  missing(setup) {
    const account = defaultAccount(setup)
    return account ? undefined : { code: 'officialNoAccount' }
  },
  unreachableOf: whoIsNotLinked,
  prepare: markRepeatable,
  send: sendByAccount,
  receipts: {
    sources: async () => [{ take: takeReceipts }],
    addressOf: member => String(member.id),
    awaiting: corpsWithResults,
  },
} as const satisfies Channel<OfficialSettings, OfficialContent, MappedAccount[]>
