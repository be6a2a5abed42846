import { Type } from 'typebox'
import type { Core } from '../../platform/core.ts'
import { endpoint } from '../../platform/http/endpoint.ts'
import { text } from '../../platform/http/input.ts'
import type { Developers } from './developers.ts'

export const getDevToken = endpoint({
  methods: ['GET', 'POST'],
  path: '/api/token/getDevToken',
  section: '3.1',
  summary: { zh: '获取应用 token', en: 'Get a devToken' },
  description: {
    zh: '两小时内有效，再次获取不会使已有的 devToken 失效。同一 devId 与地址每分钟错误 10 次后返回 1010，正确的密钥始终可用。',
    en: 'Valid for two hours; another one does not end those that you have. After 10 wrong secrets a minute for a devId and address the answer is 1010; the right secret always works.',
  },
  access: { by: 'anyone' },
  group: 'token',
  isAlwaysClear: true,
  input: {
    devId: text({ zh: '应用 id', en: 'Id of the application' }, { max: 64, pattern: /^wd[0-9a-f]{16}$/ }),
    devSecret: text({ zh: '应用密钥', en: 'Secret of the application' }, { max: 256 }),
  },
  logged: ['devId'],
  output: Type.Object({
    devToken: Type.String({ about: { zh: '调用接口凭证', en: 'What calls are made with' } }),
    expiresIn: Type.Integer({ about: { zh: '有效秒数', en: 'Valid for so many seconds' } }),
  }),
  errors: ['unknownDeveloper', 'wrongSecret', 'tooManyRequests', 'forbidden'],
  sample: { devToken: 'wd3f9c2a7be1d04865.1.1795572000.8J2kQw1f.3tY…', expiresIn: 7200 },
  sampleInput: { devId: '{devId}', devSecret: '{devSecret}' },
  handle: (ctx: Core & { developers: Developers }, { input, request }) =>
    ctx.developers.issueToken(input.devId, input.devSecret, request.ip),
})
