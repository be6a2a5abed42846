import { Type } from 'typebox'
import type { Core } from '../../platform/core.ts'
import { endpoint } from '../../platform/http/endpoint.ts'
import { optionalStructured, optionalText, text } from '../../platform/http/input.ts'
import { noType } from './change-type.ts'
import { abouts, definitionShape } from './definition.ts'
import { definitionOf } from './given-definition.ts'
import { planAbouts, planShape } from './plan.ts'
import { developerAsWriter, putType, type TypeNeeds } from './put-type.ts'
import { typeSchema, viewOf, wholeTypeSchema, wholeViewOf } from './type-view.ts'
import { listTypes } from './types-store.ts'

const key = text(
  {
    zh: '消息类型的 key：小写字母、数字和 . _ -，最长 64 个字符',
    en: 'Key of the message type: small letters, digits and . _ -, at most 64',
  },
  { max: 64 },
)
const { level, channels, templates, sample } = definitionShape
const { digest, frequency, fallback, expiresAfter, receipt, private: isPrivate } = planShape

const sampleType = {
  key: 'leave-approved',
  name: '请假审批',
  level: 'normal',
  channels: ['wecom'],
  devId: 'wd3f9c2a7be1d04865',
  state: 'live',
  version: 1,
  newest: 1,
  waitsForApproval: false,
  variables: ['name', 'days'],
  optional: [],
  madeAt: '2026-12-01T02:00:00.000Z',
}
const sampleTemplates = { wecom: { zh: { content: '{{ name }}，你的 {{ days }} 天假已批准。' } } }

export const putTypeCall = endpoint({
  methods: ['POST'],
  path: '/api/message/type/put',
  section: 'wisp',
  summary: { zh: '写入消息类型', en: 'Put a message type' },
  description: {
    zh: '新建自己的消息类型，或写入它的新版本；与最新版本相同时不变，可以在每次启动时调用。最简单的类型只有 key、name 和 text：一段文本，用企业微信文本消息发出。模板中 {{ name }} 是发送时给出的变量，{{ member.name }}、{{ member.userId }}、{{ member.department }} 是接收人；可用 {% if name %}…{% endif %}，以及过滤器 number、money（单位分）、date、time、default、truncate、upcase、downcase。必达、紧急和含短信的版本须超级管理员批准后生效，之前的版本继续有效。',
    en: 'Makes a message type of its own, or a new version of it. It stays as it is when it equals the newest version, so a program may call this at each start. The smallest type has key, name and text: one text, sent as a WeCom text message. In templates {{ name }} is a variable that each send gives; {{ member.name }}, {{ member.userId }} and {{ member.department }} are the receiver. There are {% if name %}…{% endif %} and the filters number, money (in fen), date, time, default, truncate, upcase and downcase. Versions that must arrive, are urgent or use SMS come into force when a super administrator approves them; until then the earlier version stays in force.',
  },
  access: { by: 'developer', scope: 'message:type' },
  input: {
    key,
    name: text(abouts.name, { max: 64 }),
    text: optionalText(
      {
        zh: '一段文本的模板，等于只有企业微信文本消息的 channels 与 templates；不与它们同用',
        en: 'Template of one text, in the place of channels and templates: a WeCom text message in Chinese; not beside them',
      },
      { max: 20_000, lines: true },
    ),
    level: optionalStructured(abouts.level, level),
    channels: optionalStructured(abouts.channels, channels),
    templates: optionalStructured(abouts.templates, templates),
    sample: optionalStructured(abouts.sample, sample),
    digest: optionalStructured(planAbouts.digest, digest),
    frequency: optionalStructured(planAbouts.frequency, frequency),
    fallback: optionalStructured(planAbouts.fallback, fallback),
    expiresAfter: optionalStructured(planAbouts.expiresAfter, expiresAfter),
    receipt: optionalStructured(planAbouts.receipt, receipt),
    private: optionalStructured(planAbouts.private, isPrivate),
  },
  logged: ['key'],
  output: Type.Object({
    key: Type.String({ about: { zh: '消息类型的 key', en: 'Key of the message type' } }),
    version: Type.Integer({ about: { zh: '写入的版本', en: 'The version that was put' } }),
    isInForce: Type.Boolean({
      about: {
        zh: '这个版本已生效；false 为等待超级管理员批准',
        en: 'This version is in force; false: it waits for the approval of a super administrator',
      },
    }),
  }),
  errors: ['unknownDeveloper'],
  sample: { key: sampleType.key, version: 1, isInForce: true },
  sampleInput: { key: 'try-{unique}', name: '试一试', text: '{{ name }}，你好。' },
  async handle(ctx: TypeNeeds, { input, developer }) {
    const { key: named, ...given } = input
    const definition = definitionOf(given)
    return putType(ctx, developerAsWriter(developer), developer.corpId, named, definition)
  },
})

export const listTypesCall = endpoint({
  methods: ['GET'],
  path: '/api/message/type/list',
  section: 'wisp',
  summary: { zh: '列出自己的消息类型', en: 'List its own message types' },
  access: { by: 'developer', scope: 'message:type' },
  input: {},
  output: Type.Object({ list: Type.Array(typeSchema) }),
  errors: [],
  sample: { list: [sampleType] },
  async handle(ctx: Core, { developer }) {
    const types = await listTypes(ctx.db, developer.corpId, developer.devId)
    return { list: types.map(viewOf) }
  },
})

export const getTypeCall = endpoint({
  methods: ['GET'],
  path: '/api/message/type/get',
  section: 'wisp',
  summary: { zh: '取一个消息类型', en: 'Get a message type' },
  access: { by: 'developer', scope: 'message:type' },
  input: { key },
  logged: ['key'],
  output: wholeTypeSchema,
  errors: [],
  sample: { ...sampleType, templates: sampleTemplates },
  sampleInput: { key: '{messageType}' },
  async handle(ctx: Core, { input, developer }) {
    const types = await listTypes(ctx.db, developer.corpId, developer.devId)
    const found = types.find(one => one.key === input.key)
    if (!found) throw noType(input.key)
    return wholeViewOf(found)
  },
})
