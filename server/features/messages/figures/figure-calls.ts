import { Type } from 'typebox'
import { corpOf, corpPart } from '../../../organisation/corps/commands/corp-parts.ts'
import { command } from '../../../platform/command/command.ts'
import { said } from '../../../platform/command/language.ts'
import { choice, requiredText, text } from '../../../platform/command/parts.ts'
import { table } from '../../../platform/command/text.ts'
import { formatCount, formatMoney } from '../../../platform/format.ts'
import { adminCall } from '../../../platform/http/admin/admin-call.ts'
import { endpoint } from '../../../platform/http/endpoint.ts'
import { optionalText } from '../../../platform/http/input.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import type { Tool } from '../../../platform/manifest/tool.ts'
import {
  checkDeveloper,
  type FigureNeeds,
  figuresInput,
  figuresOf,
  figuresSchema,
  hasPrice,
  periods,
  sampleFigures,
} from './figures.ts'

const howCounted = {
  zh: '除名称中的“人次”外都按消息计：只要有一位接收人符合，这条消息就计入，各项可以重叠；合并发送的消息按被合并的消息计。当天每 5 分钟统计一次（消息很多时最长一小时），之前的日期在仍会变化时重新统计。',
  en: 'Messages are counted, except where people are named: a message counts where it is true of one of its receivers, so that one may be in several figures; a digest counts as the messages that it lists. Today is counted every 5 minutes (up to an hour where there are many messages), and earlier days again while they can change.',
}

const developerInput = optionalText(
  { zh: '只统计这个开发者发出的；不填为全部', en: 'Only what this developer sent; all without it' },
  { max: 64 },
)

export const typeFigures = endpoint({
  methods: ['GET'],
  path: '/api/message/type/figures',
  section: 'wisp',
  summary: { zh: '消息类型的统计', en: 'Get the figures of a message type' },
  description: {
    zh: `自己用一个类型发出的消息，按天统计：接受、等待、发出、送达、未完全送达、查看、收到、本人关闭、过期和短信费用。${howCounted.zh}`,
    en: `What became of the messages that this developer sent by a type, by day: accepted, waiting, left, reached, failed, read, acknowledged, switched off, expired, and the cost of SMS. ${howCounted.en}`,
  },
  access: { by: 'developer', scope: 'message:type' },
  input: figuresInput,
  logged: ['key', 'days'],
  output: figuresSchema,
  errors: [],
  sample: sampleFigures,
  sampleInput: { key: '{messageType}' },
  handle: (ctx: FigureNeeds, { input, developer: { corpId, devId } }) =>
    figuresOf(ctx, corpId, { key: input.key, days: Number(input.days ?? 7), devId }),
})

export const adminTypeFigures = adminCall({
  method: 'GET',
  path: '/api/admin/messageType/figures',
  summary: { zh: '消息类型的统计', en: 'Get the figures of a message type' },
  description: howCounted,
  scope: 'admin:read',
  point: 'message:read',
  reach: 'corp',
  input: { ...figuresInput, devId: developerInput },
  output: figuresSchema,
  errors: ['unknownDeveloper'],
  sample: sampleFigures,
  sampleInput: { key: sampleFigures.key },
  async handle(ctx: FigureNeeds, { corpId, input: { key, days = '7', devId } }) {
    checkDeveloper(ctx, corpId, devId)
    return figuresOf(ctx, corpId, { key, days: Number(days), devId })
  },
})

export const typeFiguresCall = pageCall({
  method: 'GET',
  path: '/web/message-types/figures',
  access: administrator('super'),
  point: 'message:read',
  input: { ...figuresInput, developer: developerInput },
  output: Type.Object({ ...figuresSchema.properties, hasPrice: Type.Boolean() }),
  async handle(ctx: FigureNeeds, { corpId, input: { key, days = '7', developer: devId } }) {
    checkDeveloper(ctx, corpId, devId)
    const figures = await figuresOf(ctx, corpId, { key, days: Number(days), devId })
    return { ...figures, hasPrice: hasPrice(ctx, corpId) }
  },
})

export const figuresCommand = command({
  path: 'message type figures',
  point: 'message:read',
  summary: {
    zh: '消息类型按天的统计：接受、等待、发出、送达、查看、收到、本人关闭、过期、短信费用',
    en: 'Count messages of a type by day: accepted, waiting, sent, delivered, read, acknowledged, switched off by members, expired, cost of SMS',
  },
  details: howCounted,
  parts: {
    key: requiredText('<key>', {
      zh: '消息类型的 key；- 为没有指定类型的消息',
      en: 'key of the message type; - for messages without a type',
    }),
    corp: corpPart,
    days: choice(
      '--days <days>',
      { zh: '最近几天，默认 7', en: 'how many days back, 7 by default' },
      periods,
    ),
    devId: text('--developer <devId>', {
      zh: '只统计这个开发者发出的，默认全部',
      en: 'only messages of this developer, by default of all',
    }),
  },
  async run(ctx: FigureNeeds, { key, corp, days = '7', devId }) {
    const corpId = corpOf(ctx, corp)
    checkDeveloper(ctx, corpId, devId)
    const data = await figuresOf(ctx, corpId, { key, days: Number(days), devId })
    const row = (name: string, one: typeof data.total) => [
      name,
      ...[one.accepted, one.waiting, one.left, one.reached, one.failed].map(formatCount),
      said({
        zh: `${formatCount(one.read)} (${formatCount(one.readers)} 人次)`,
        en: `${formatCount(one.read)} (${formatCount(one.readers)} readers)`,
      }),
      said({
        zh: `${formatCount(one.acknowledged)} (${formatCount(one.acknowledgers)} 人次)`,
        en: `${formatCount(one.acknowledged)} (${formatCount(one.acknowledgers)} people)`,
      }),
      ...[one.muted, one.expired].map(formatCount),
      formatMoney(one.cost),
    ]
    const rows = [
      ...data.days.map(one => row(one.day, one)),
      row(said({ zh: '合计', en: 'Total' }), data.total),
    ]
    const head = [
      said({ zh: '日期', en: 'Day' }),
      said({ zh: '接受', en: 'Accepted' }),
      said({ zh: '等待', en: 'Waits for' }),
      said({ zh: '发出', en: 'Sent' }),
      said({ zh: '送达', en: 'Delivered' }),
      said({ zh: '未完全送达', en: 'Not wholly delivered' }),
      said({ zh: '查看', en: 'Read' }),
      said({ zh: '收到', en: 'Received by' }),
      said({ zh: '关闭', en: 'off' }),
      said({ zh: '过期', en: 'Expired' }),
      said({ zh: '费用', en: 'Cost' }),
    ]
    return { data, text: table(head, rows) }
  },
})

export const figuresTool: Tool<FigureNeeds> = {
  name: 'message_type_figures',
  title: { zh: '消息类型的统计', en: 'Figures of a message type' },
  description: {
    zh: '自己用一个消息类型发出的消息按天统计：接受、等待、发出、送达、查看、收到、本人关闭、过期、短信费用。',
    en: 'What became of the messages that this developer sent by a type, by day: accepted, waiting, left, reached, read, acknowledged, switched off, expired, cost of SMS.',
  },
  endpoint: typeFigures,
  inputs: Object.keys(typeFigures.input),
}
