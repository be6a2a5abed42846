import { type Static, Type } from 'typebox'
import type { Words } from '../../platform/words.ts'
import { type ChannelName, channelNames, channels } from '../channels/channels.ts'
import { planShape } from './plan.ts'

/** What a type says, in the order of the languages in which it is looked for. */
export const languages = ['zh', 'en'] as const
export type TypeLanguage = (typeof languages)[number]

/** How a type may be treated, from that which people can switch off to that which waits for nothing. */
export const levels = {
  normal: { zh: '普通', en: 'Normal' },
  must: { zh: '必达', en: 'Must arrive' },
  urgent: { zh: '紧急', en: 'Urgent' },
} as const satisfies Record<string, Words>
export type Level = keyof typeof levels
export const levelNames = Object.keys(levels) as Level[]

const chosen = {
  msgType: Type.Enum(['01', '02', '03'], {
    about: {
      zh: '01-文本卡片；02-图文；03-文本（默认）',
      en: '01 text card; 02 picture and text; 03 text, which is the default',
    },
  }),
  agentId: Type.String({
    maxLength: 64,
    about: {
      zh: '发送方，同 message/send；不填则为消息中心的默认应用或公众号',
      en: 'The sender, as for message/send; the default of the message centre without it',
    },
  }),
  templateId: Type.String({ maxLength: 64, about: { zh: '短信模板 ID', en: 'Id of the SMS template' } }),
}

/** Inputs of message/send and message/sms that a type fixes. */
export type ChosenField = keyof typeof chosen

const source = (about: Words) => Type.String({ minLength: 1, maxLength: 20_000, about })
const written = {
  title: source({ zh: '标题的模板', en: 'Template of the title' }),
  content: source({ zh: '内容的模板', en: 'Template of the content' }),
  url: source({ zh: '跳转链接的模板', en: 'Template of the address where it leads' }),
  btntxt: source({ zh: '按钮文字的模板', en: 'Template of the button' }),
  picUrl: source({ zh: '图片地址的模板', en: "Template of the picture's address" }),
  params: Type.Array(
    source({ zh: '一个短信模板变量的模板', en: 'Template of a variable of the SMS template' }),
    {
      maxItems: 20,
    },
  ),
}
type WrittenField = keyof typeof written
export const writtenFields = Object.keys(written) as WrittenField[]

/** What a channel says in one language: inputs of message/send or message/sms, of which those that people read are templates. */
export type ChannelTemplate = {
  [F in ChosenField]?: string
} & { [F in Exclude<WrittenField, 'params'>]?: string } & { params?: string[] }

/** Templates by language. */
export type LanguageTemplates = { [L in TypeLanguage]?: ChannelTemplate }

function shapeOf(name: ChannelName) {
  const taken = Object.entries({ ...chosen, ...written }).filter(([field]) => field in channels[name].fields)
  const template = Type.Object(
    Object.fromEntries(taken.map(([field, schema]) => [field, Type.Optional(schema)])),
    { additionalProperties: false },
  )
  return Type.Object(Object.fromEntries(languages.map(language => [language, Type.Optional(template)])), {
    additionalProperties: false,
  })
}

const valueSchema = Type.Union([Type.String({ maxLength: 20_000 }), Type.Number(), Type.Boolean()])

/** Values of variables by name. */
export const dataSchema = Type.Record(Type.String(), valueSchema)

/** What the parts of a type are for. */
export const abouts = {
  name: {
    zh: '名称，发给成员时也是发起方应用的名称',
    en: 'Name, which receivers see as the application that sends',
  },
  level: {
    zh: 'normal 普通；must 必达；urgent 紧急。必达与紧急须超级管理员批准',
    en: 'normal; must arrive; urgent. The last two wait for the approval of a super administrator',
  },
  channels: {
    zh: '渠道，按顺序取第一个能送达本人的。含短信的类型须超级管理员批准',
    en: 'Channels in order: each person gets it by the first that reaches them. With SMS it waits for the approval of a super administrator',
  },
  templates: {
    zh: '每个渠道的模板，字段同 message/send 与 message/sms，按语言（zh、en）写；发送时用中文，没有中文的渠道用英文',
    en: 'Templates by channel and language (zh, en), in the fields of message/send and message/sms; Chinese is sent, and English by a channel that has no Chinese',
  },
  sample: { zh: '变量的示例值，供预览', en: 'Sample values of the variables, for previews' },
} as const satisfies Record<string, Words>

/** What a type is, without its key; each change of it is a version. */
export const definitionShape = {
  name: Type.String({ minLength: 1, maxLength: 64, about: abouts.name }),
  level: Type.Enum(levelNames, { about: abouts.level }),
  channels: Type.Array(Type.Enum(channelNames), {
    minItems: 1,
    maxItems: channelNames.length,
    about: abouts.channels,
  }),
  templates: Type.Object(Object.fromEntries(channelNames.map(name => [name, Type.Optional(shapeOf(name))])), {
    additionalProperties: false,
    about: abouts.templates,
  }),
  sample: Type.Optional(Type.Record(Type.String({ maxLength: 40 }), valueSchema, { about: abouts.sample })),
  ...planShape,
}
export const definitionSchema = Type.Object(definitionShape, { additionalProperties: false })

/** The type of `definitionSchema`, whose templates the compiler cannot follow. */
export type Definition = Omit<Static<typeof definitionSchema>, 'templates'> & {
  templates: { [C in ChannelName]?: LanguageTemplates }
}

/** Whether a super administrator has to approve it. */
export function needsApproval({ level, channels: used }: Definition): boolean {
  return level !== 'normal' || used.some(name => 'isPaid' in channels[name])
}
