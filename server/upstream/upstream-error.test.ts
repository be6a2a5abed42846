import { expect, it } from 'vitest'
import { OfficialError } from './official/errors.ts'
import { upstreamError } from './upstream-error.ts'
import { PayError } from './wechat-pay/errors.ts'
import { WecomError } from './wecom/errors.ts'

const pay = (code: string) => new PayError('GET /x', 403, { code, text: '', requestId: '' })
const wecom = (errcode: number) => new WecomError(errcode, 'refused', '/x')
const official = (errcode: number) => new OfficialError(errcode, 'refused', '/x')

it.each([
  ...[48002, 48009, 50002, 60011, 60020, 81011, 301002, 40001, 50003].map(wecom),
  ...[40001, 40125, 40164, 48001, 50004, 50007, 89506].map(official),
  ...['NO_AUTH', 'APPID_MCHID_NOT_MATCH', 'SIGN_ERROR', 'MCH_NOT_EXISTS'].map(pay),
])('a right that is missing is no failure of the upstream: %s', error => {
  expect(upstreamError(error)).toMatchObject({ code: '1009' })
})

it.each([
  ...[-1, 40058, 45009, 60111, 123_456].map(wecom),
  ...[-1, 43004, 45009, 48002].map(official),
  ...['SYSTEM_ERROR', 'PARAM_ERROR', 'NOT_ENOUGH', 'FREQUENCY_LIMITED'].map(pay),
])('anything else stays the upstream’s: %s', error => {
  expect(upstreamError(error)).toMatchObject({ code: '1011' })
})

it('says what to do about it, in both languages', () => {
  const told = upstreamError(wecom(81011)) as { detail: { zh: string; en: string } }
  expect(told.detail.zh).toMatch(/^企业微信 81011 没有管理该标签的权限（refused）。.*通讯录 → 标签/)
  expect(told.detail.en).toMatch(
    /^WeCom 81011 no permission to manage this tag \(refused\)\. .*unlock the tag/,
  )
})

it('has the reason that WeChat Pay hides in the detail', () => {
  const detail = { field: 'signature', value: '', issue: 'sign not match', location: 'authorization' }
  const error = new PayError('GET /x', 401, {
    code: 'SIGN_ERROR',
    text: '错误的签名，验签失败',
    detail,
    requestId: '',
  })
  expect(upstreamError(error)).toMatchObject({
    message: expect.stringMatching(
      /SIGN_ERROR 签名错误（错误的签名，验签失败：sign not match）。请核对商户号/,
    ),
  })
})
