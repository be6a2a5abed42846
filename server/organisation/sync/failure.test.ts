import { expect, it } from 'vitest'
import { WecomError, WecomUnavailable } from '../../upstream/wecom/errors.ts'
import { failureWords } from './failure.ts'

const path = '/cgi-bin/user/get'

it('puts a refusal into words, with what to change on a second line', () => {
  const appendix =
    ', hint: [1700000000_ab], from ip: 203.0.113.7, more info at https://open.work.weixin.qq.com'
  const listed = failureWords(new WecomError(60020, `not allow to access from your ip${appendix}`, path))
  expect(listed.zh).toMatch(/^企业微信 60020 服务器 IP 不在企业可信 IP 中（来自 203\.0\.113\.7）。\n请到/)
  expect(listed.en).toMatch(/^WeCom 60020 the server's IP .* \(from 203\.0\.113\.7\)\.\n/)
  expect(failureWords(new WecomError(98765, `strange things${appendix}`, path)).zh).toBe(
    '企业微信 98765 企业微信返回了未登记的错误（strange things）',
  )
})

it('says that WeCom did not answer', () => {
  const silent = new WecomUnavailable(path, 'timeout', 'no answer', { ambiguous: true })
  expect(failureWords(silent)).toEqual({
    zh: '企业微信没有按时应答',
    en: 'WeCom did not answer in time',
  })
})
