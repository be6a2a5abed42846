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

/** In fen, of a month. */
export const budgetAtMost = 1_000_000_000

/** Which sends wait until somebody else approves them, what an SMS costs, and what all of a month may cost. */
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
      option: integer(
        '--receivers <n>',
        {
          zh: '超过多少人须批准，默认 500；0 为不按人数',
          en: 'number of people above which an approval is needed, 500 by default; 0: any number',
        },
        {
          min: 0,
          max: 1_000_000,
        },
      ),
    },
  ),
  all: setting(
    Type.Boolean({
      about: { zh: '发给所有人（@all）须批准', en: 'Messages to everybody (@all) need approval' },
    }),
    {
      initial: true,
      page: flag('发给所有人须批准'),
      option: optionalSwitch('--all [on|off]', {
        zh: '发给所有人（@all）须批准，默认是',
        en: 'whether a message to everyone (@all) takes an approval, yes by default',
      }),
    },
  ),
  words: setting(wordsShape, {
    initial: [] as string[],
    page: optionalStructured({ zh: '须批准的词', en: 'Words that take an approval' }, wordsShape),
    option: list('--words <list>', {
      zh: '正文含有其中任何一个词须批准，逗号分隔；"" 清空',
      en: 'words in the text that take an approval, separated by commas; "" clears them',
    }),
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
      option: optionalSwitch('--untyped [on|off]', {
        zh: '不按消息类型发送的也须批准，默认否',
        en: 'whether messages without a type take an approval, no by default',
      }),
    },
  ),
  smsPrice: setting(
    Type.Integer({
      minimum: 0,
      maximum: 10_000,
      about: {
        zh: '一条短信的价格，单位为分，按它计算费用与预算；0 为未设置。长短信按拆分的条数计',
        en: 'Price of one SMS in fen, by which cost and budgets are counted; 0: not set. A long text counts as the SMS that it is divided into',
      },
    }),
    {
      initial: 0,
      page: optionalInteger('一条短信的价格，单位为分', { min: 0, max: 10_000 }),
      option: integer(
        '--sms-price <fen>',
        {
          zh: '一条短信的价格，单位为分，按它计算费用与预算',
          en: 'price of an SMS in fen, from which costs and budgets are computed',
        },
        {
          min: 0,
          max: 10_000,
        },
      ),
    },
  ),
  smsBudget: setting(
    Type.Integer({
      minimum: 0,
      maximum: budgetAtMost,
      about: {
        zh: '每月短信预算，单位为分，按企业的时区计月；0 为不限。须先设置一条短信的价格',
        en: "What SMS may cost in a month of the corp's zone, in fen; 0: as much as they cost. It takes a price of an SMS",
      },
    }),
    {
      initial: 0,
      page: optionalInteger('每月短信预算，单位为分；0 为不限', { min: 0, max: budgetAtMost }),
      option: integer(
        '--sms-budget <fen>',
        { zh: '每月短信预算，单位为分；0 为不限', en: 'SMS budget of a month in fen; 0: no limit' },
        {
          min: 0,
          max: budgetAtMost,
        },
      ),
    },
  ),
  smsUrgent: setting(
    Type.Integer({
      minimum: 0,
      maximum: budgetAtMost,
      about: {
        zh: '每月短信预算中只有紧急消息可用的部分，单位为分',
        en: 'The part of that budget which only urgent messages may use, in fen',
      },
    }),
    {
      initial: 0,
      page: optionalInteger('预算中只有紧急消息可用的部分，单位为分', { min: 0, max: budgetAtMost }),
      option: integer(
        '--sms-urgent <fen>',
        {
          zh: '预算中只有紧急消息可用的部分，单位为分',
          en: 'part of the budget for urgent messages only, in fen',
        },
        {
          min: 0,
          max: budgetAtMost,
        },
      ),
    },
  ),
}

export type ApprovalSettings = Required<SettingValues<typeof approvalSettings>>
export const standard: ApprovalSettings = initialOf(approvalSettings)
export const approvalShape = Type.Object(schemasOf(approvalSettings), { additionalProperties: false })
