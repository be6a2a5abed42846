import { expect, it } from 'vitest'
import { firstLineOf } from './first-line.ts'

const at = (hour: number) => `2026-12-01T0${hour}:00:00.000Z`
const sent = { state: 'sent', reason: '', advice: '' } as const
const lost = {
  state: 'failed',
  reason: '成员不在应用的可见范围内',
  advice: '请把此成员加入可见范围。',
} as const
const refusal = (hour: number) => ({ at: at(hour), what: '没有对您开放', advice: '请管理员改可见范围。' })
const active = { status: 1, signIns: [{ at: at(3) }], refusals: [], messages: [] }

it.each([
  ['nothing is known', active, 'good', '可以登录。', ''],
  ['all arrived', { ...active, messages: [sent] }, 'good', '可以登录；最近 30 天的消息没有未送达的。', ''],
  [
    'messages did not arrive',
    { ...active, messages: [sent, lost, { ...lost, reason: '别的' }] },
    'warn',
    '可以登录；最近 30 天有 2 条消息未送达或是否送达不明，最近一条：成员不在应用的可见范围内。',
    '请把此成员加入可见范围。',
  ],
  ['they signed in after the refusal', { ...active, refusals: [refusal(2)] }, 'good', '可以登录。', ''],
  [
    'they were refused since',
    { ...active, refusals: [refusal(4), refusal(2)] },
    'warn',
    '最近一次操作被拒绝：没有对您开放。',
    '请管理员改可见范围。',
  ],
  [
    'they are disabled, whatever the rows say',
    { ...active, status: 2, messages: [sent] },
    'bad',
    '已在企业微信里被禁用，不能登录。',
    '需要时请管理员在企业微信后台启用。',
  ],
])('the first line of a member agrees with the rows below it when %s', (_when, shown, kind, text, advice) => {
  expect(firstLineOf('zh', shown)).toEqual({ kind, text, advice })
})
