import { Type } from 'typebox'
import {
  type Channel,
  type ChannelCall,
  type Outcome,
  plainPreviewSchema,
} from '../../../server/features/channels/channel.ts'
import {
  agentName,
  content,
  needed,
  prefixed,
  title,
} from '../../../server/features/channels/message-fields.ts'
import type { SettingFields, SettingsOf } from '../../../server/features/channels/setting-field.ts'

const fields = {
  loft: {
    schema: Type.String({ maxLength: 200 }),
    label: { zh: '鸽舍地址', en: 'Address of the loft' },
    flag: '--loft <url>',
    required: true,
    isWide: true,
  },
  whistle: {
    schema: Type.String({ maxLength: 100 }),
    label: { zh: '哨音', en: 'Whistle' },
    flag: '--whistle <secret>',
    required: true,
    secret: { keptFor: ['loft'], retype: { zh: '换了鸽舍，请重新填写', en: 'another loft: give it again' } },
  },
} as const satisfies SettingFields
type Settings = SettingsOf<typeof fields>
type Content = { title: string; text: string }

const noLoft = { code: 'pigeonWithoutLoft' } as const

/** What an administrator's own gateway might be: a channel of one folder, which the test adds by one row. */
export const pigeon = {
  label: { zh: '信鸽', en: 'Pigeon' },
  sendType: { value: '9', word: { zh: '信鸽', en: 'pigeon' } },
  reasons: {
    pigeonWithoutLoft: { words: () => ({ zh: '没有鸽舍', en: 'there is no loft' }) },
    pigeonAnswer: {
      words: ({ said }: { said: string }) => ({
        zh: `鸽舍拒收：${said}`,
        en: `refused by the loft: ${said}`,
      }),
      advice: { zh: '请核对鸽舍。', en: 'Check the loft.' },
    },
  },
  settings: { fields, takes: { zh: '鸽舍', en: 'a loft' }, offFlag: '--no-loft' },
  fields: { agentName, title, content },
  lines: { title: 'optional', content: 'required' },
  compose: given => ({
    content: {
      title: prefixed(given.agentName, (given['title'] as string | undefined) ?? ''),
      text: needed('content', given['content'] as string | undefined),
    },
    truncated: [],
  }),
  sample: { title: '测试', content: '这是一条测试消息。' },
  previewSchemas: [plainPreviewSchema('pigeon')],
  preview: one => ({ channel: 'pigeon' as const, ...one, url: '' }),
  read: one => ({ ...one, url: '', button: '', picUrl: '' }),
  partSize: 1,
  callsAtMost: 4,
  usualMs: 100,
  missing: ({ settings }) => (settings ? undefined : noLoft),
  send: fly,
} as const satisfies Channel<Settings, Content>

async function fly({
  ctx,
  corp,
  setup,
  content: { text },
  userIds,
}: ChannelCall<Settings, Content>): Promise<Outcome> {
  const { settings } = setup
  if (!settings) return { kind: 'refused', reason: noLoft, isConfig: true }
  const errand = {
    asker: { slot: 'servers', of: corp.corpId } as const,
    timeoutMs: 5000,
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify({ to: userIds[0], text, whistle: settings.whistle })),
    answerBytes: 1000,
  }
  return ctx.outbound.post(settings.loft, errand, ({ status, body }): Outcome => {
    const said = body.toString()
    if (status === 200) return { kind: 'sent', vendorId: said, failures: [] }
    return { kind: 'refused', reason: { code: 'pigeonAnswer', said }, isConfig: false }
  })
}
