import { Type } from 'typebox'
import { initialOf, type SettingValues, schemasOf, setting } from '../../platform/acts/settings.ts'
import { integer, list, optionalSwitch } from '../../platform/command/parts.ts'
import { flag, optionalInteger, optionalStructured } from '../../platform/http/input.ts'

const wordsShape = Type.Array(Type.String({ minLength: 1, maxLength: 64 }), {
  maxItems: 200,
  about: {
    zh: '正文含有其中任何一个词须批准，最多 200 个，不分大小写',
    en: 'A text that holds one of these words needs approval: at most 200, upper and lower case alike',
  },
})

/** Which sends wait until somebody else approves them, and what an SMS costs. */
export const approvalSettings = {
  receivers: setting(
    Type.Integer({
      minimum: 0,
      maximum: 1_000_000,
      about: {
        zh: '超过多少人须批准，默认 500；0 为不按人数',
        en: 'More receivers than these need approval, 500 by default; 0: however many they are',
      },
    }),
    {
      initial: 500,
      page: optionalInteger('超过多少人须批准；0 为不按人数', { min: 0, max: 1_000_000 }),
      option: integer('--receivers <n>', '超过多少人须批准，默认 500；0 为不按人数', {
        min: 0,
        max: 1_000_000,
      }),
    },
  ),
  all: setting(
    Type.Boolean({
      about: { zh: '发给所有人（@all）须批准', en: 'Messages to everybody (@all) need approval' },
    }),
    {
      initial: true,
      page: flag('发给所有人须批准'),
      option: optionalSwitch('--all [on|off]', '发给所有人（@all）须批准，默认是'),
    },
  ),
  words: setting(wordsShape, {
    initial: [] as string[],
    page: optionalStructured('须批准的词', wordsShape),
    option: list('--words <list>', '正文含有其中任何一个词须批准，逗号分隔；"" 清空'),
  }),
  untyped: setting(
    Type.Boolean({
      about: {
        zh: '不按消息类型发送的（message/send、短信、控制台）也须批准',
        en: 'The same holds for what is sent without a message type: message/send, SMS, the console',
      },
    }),
    {
      initial: false,
      page: flag('不按消息类型发送的也须批准'),
      option: optionalSwitch('--untyped [on|off]', '不按消息类型发送的也须批准，默认否'),
    },
  ),
  smsPrice: setting(
    Type.Integer({
      minimum: 0,
      maximum: 10_000,
      about: {
        zh: '一条短信的价格，单位为分，批准时显示费用；0 为不显示',
        en: 'Price of one SMS in fen, by which approvers see the cost; 0: none is shown',
      },
    }),
    {
      initial: 0,
      page: optionalInteger('一条短信的价格，单位为分', { min: 0, max: 10_000 }),
      option: integer('--sms-price <fen>', '一条短信的价格，单位为分，批准时显示费用', {
        min: 0,
        max: 10_000,
      }),
    },
  ),
}

export type ApprovalSettings = Required<SettingValues<typeof approvalSettings>>
export const standard: ApprovalSettings = initialOf(approvalSettings)
export const approvalShape = Type.Object(schemasOf(approvalSettings), { additionalProperties: false })
