import type { TObject } from 'typebox'
import type { Language, Words } from '../../words.ts'
import { nameOf } from './components.ts'
import { schemaIn } from './schema-words.ts'

/** What is documented of a type of event; its manifest declares it. */
export type DocumentedEvent = {
  title: Words
  when: Words
  scope?: string
  data: TObject
  sample: Record<string, unknown>
  /** What a corp must have switched on. */
  feature?: { name: string; title: Words }
}

const header = (name: string, zh: string, en: string) => ({ name, about: { zh, en } })

const headers = [
  header(
    'webhook-id',
    '事件的编号，重试和重放时不变，用它去重',
    'Id of the event, the same in retries and replays',
  ),
  header('webhook-timestamp', '发送时间，秒', 'When it was sent, in seconds'),
  header(
    'webhook-signature',
    '签名，换密钥期间有两个，用空格隔开',
    'Signatures; two while secrets are exchanged',
  ),
]

const common = {
  corpId: { type: 'string', about: { zh: '企业 id', en: 'Id of the corp' } },
  seq: {
    type: 'integer',
    about: { zh: '编号，与变更流共用一套', en: 'Its number, in the same count as the change feed' },
  },
}

/** The `webhooks` of the document: what is posted to subscribers, and what the stream carries, type by type. */
export function webhooksOf(
  events: Readonly<Record<string, DocumentedEvent>>,
  language: Language,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(events).map(([type, event]) => [type, { post: operation(type, event, language) }]),
  )
}

function operation(
  type: string,
  { title, when, scope, data, sample, feature }: DocumentedEvent,
  language: Language,
) {
  const schema = {
    type: 'object',
    named: `${nameOf(type)}Event`,
    required: ['type', 'timestamp', 'data'],
    properties: {
      type: { const: type },
      timestamp: { type: 'string', format: 'date-time', about: { zh: '何时发生', en: 'When it happened' } },
      data: {
        ...data,
        named: `${nameOf(type)}Data`,
        required: ['corpId', 'seq', ...(data.required ?? [])],
        properties: { ...common, ...data.properties },
      },
    },
  }
  const example = {
    type,
    timestamp: '2026-11-26T02:00:00.000Z',
    data: { corpId: 'wwb1d5c0ffee123456', seq: 143, ...sample },
  }
  return {
    operationId: `on${type.replace(/(?:^|[._])(\w)/g, (_all, letter: string) => letter.toUpperCase())}`,
    summary: title[language],
    description: when[language],
    security: [],
    parameters: headers.map(({ name, about }) => ({
      name,
      in: 'header',
      required: true,
      description: about[language],
      schema: { type: 'string' },
    })),
    requestBody: {
      required: true,
      content: { 'application/json': { schema: schemaIn(language, schema), example } },
    },
    responses: { '2XX': { description: language === 'zh' ? '已收到' : 'Received' } },
    ...(scope ? { 'x-scope': scope } : {}),
    ...(feature ? { 'x-feature': { name: feature.name, title: feature.title[language] } } : {}),
  }
}
