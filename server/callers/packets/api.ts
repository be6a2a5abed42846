import { Type } from 'typebox'
import type { Core } from '../../platform/core.ts'
import { endpoint } from '../../platform/http/endpoint.ts'
import { optionalChoice, optionalText, text } from '../../platform/http/input.ts'
import { registerDevice } from './devices.ts'
import { isPrivate } from './privacy.ts'
import { openSession } from './sessions.ts'

const page = '见 docs/packet-encryption.md。'
const timestamp = '当前时间，秒'
const nonce = '32 位十六进制随机数，每次不同'

export const registerDeviceCall = endpoint({
  methods: ['POST'],
  path: '/api/security/device',
  section: '2.3',
  summary: '登记设备',
  description: `换取设备的主密钥（X25519）；不能做 X25519 的客户端经 https 只传 deviceId，应答为 {deviceId, masterKey}。已登记的设备须以现有主密钥证明（timestamp、nonce、proof）。${page}`,
  access: { by: 'developer', scope: undefined },
  isAlwaysClear: true,
  group: 'token',
  input: {
    deviceId: text('设备标识：1 到 64 个字母、数字或 . _ : -', { max: 64 }),
    publicKey: optionalText('设备的 X25519 公钥，32 字节的 base64', { max: 64 }),
    timestamp: optionalText(`${timestamp}；更换主密钥时`, { max: 16 }),
    nonce: optionalText(`${nonce}；更换主密钥时`, { max: 64 }),
    proof: optionalText('以现有主密钥作出的 HMAC-SHA256，十六进制；更换主密钥时', { max: 128 }),
  },
  logged: ['deviceId'],
  output: Type.Object({
    deviceId: Type.String(),
    publicKey: Type.Optional(Type.String({ description: '平台为此设备生成的 X25519 公钥，base64' })),
    masterKey: Type.Optional(Type.String({ description: '主密钥，base64；仅当没有传 publicKey' })),
  }),
  errors: [],
  sample: { deviceId: 'phone-1', publicKey: 'hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo=' },
  sampleInput: { deviceId: 'try-{unique}', publicKey: 'hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo=' },
  handle: (ctx: Core, { input, developer, request }) =>
    registerDevice(ctx, developer, input, isPrivate(request)),
})

export const openSessionCall = endpoint({
  methods: ['POST'],
  path: '/api/security/session',
  section: '2.3',
  summary: '取得签名密钥和数据加密密钥',
  description: `两个密钥由主密钥、nonce 和 sessionId 推导，不在网络上传输。每个设备最多 16 个会话，最早的先失效。${page}`,
  access: { by: 'developer', scope: undefined },
  isAlwaysClear: true,
  group: 'token',
  input: {
    deviceId: text('设备标识', { max: 64 }),
    suite: optionalChoice('算法：gcm（默认）或 md5', ['gcm', 'md5']),
    timestamp: text(timestamp, { max: 16 }),
    nonce: text(nonce, { max: 64 }),
    proof: text('以主密钥作出的 HMAC-SHA256，十六进制', { max: 128 }),
  },
  logged: ['deviceId', 'suite'],
  output: Type.Object({
    sessionId: Type.String({ description: '放在 x-wisp-session 头里' }),
    expiresIn: Type.Integer({ description: '有效秒数' }),
  }),
  errors: [],
  sample: { sessionId: '4hW8Zq0y6mZcT1y2bq3W9pXc7nF5kR8s', expiresIn: 7200 },
  sampleInput: { deviceId: 'phone-1', suite: 'gcm', timestamp: '{now}', nonce: '{nonce}', proof: '{proof}' },
  handle: (ctx: Core, { input: { suite = 'gcm', ...input }, developer }) =>
    openSession(ctx, developer, { ...input, suite }),
})
