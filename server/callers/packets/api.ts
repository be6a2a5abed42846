import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Core } from '../../platform/core.ts'
import { endpoint } from '../../platform/http/endpoint.ts'
import { optionalChoice, optionalText, text } from '../../platform/http/input.ts'
import { isFromThisMachine } from '../../platform/security/from-this-machine.ts'
import { registerDevice } from './devices.ts'
import { openSession } from './sessions.ts'

export const registerDeviceCall = endpoint({
  methods: ['POST'],
  path: '/api/security/device',
  section: '2.3',
  summary: { zh: '登记设备', en: 'Register a device' },
  description: {
    zh: '换取设备的主密钥（X25519）；不能做 X25519 的客户端经 https 只传 deviceId，应答为 {deviceId, masterKey}。已登记的设备须以现有主密钥证明（timestamp、nonce、proof）。格式见 /docs/build/packet-format。',
    en: 'Exchanges the master key of a device (X25519); a client without X25519 sends deviceId alone over https and gets {deviceId, masterKey}. A device that is registered proves itself with its master key (timestamp, nonce, proof). See /docs/en/build/packet-format.',
  },
  access: { by: 'developer', scope: undefined },
  isAlwaysClear: true,
  group: 'token',
  input: {
    deviceId: text(
      {
        zh: '设备标识：1 到 64 个字母、数字或 . _ : -',
        en: 'Name of the device: 1 to 64 letters, digits or . _ : -',
      },
      { max: 64 },
    ),
    publicKey: optionalText(
      {
        zh: '设备的 X25519 公钥，32 字节的 base64',
        en: 'X25519 public key of the device, 32 bytes in base64',
      },
      { max: 64 },
    ),
    timestamp: optionalText(
      { zh: '当前时间，秒；更换主密钥时', en: 'The time now, in seconds; to replace a master key' },
      { max: 16 },
    ),
    nonce: optionalText(
      {
        zh: '32 位十六进制随机数，每次不同；更换主密钥时',
        en: '32 random hexadecimal digits, others each time; to replace a master key',
      },
      { max: 64 },
    ),
    proof: optionalText(
      {
        zh: '以现有主密钥作出的 HMAC-SHA256，十六进制；更换主密钥时',
        en: 'HMAC-SHA256 by the present master key, in hexadecimal; to replace it',
      },
      { max: 128 },
    ),
  },
  logged: ['deviceId'],
  output: Type.Object({
    deviceId: Type.String(),
    publicKey: Type.Optional(
      Type.String({
        about: {
          zh: '平台为此设备生成的 X25519 公钥，base64',
          en: 'X25519 public key that the platform made for this device, base64',
        },
      }),
    ),
    masterKey: Type.Optional(
      Type.String({
        about: {
          zh: '主密钥，base64；仅当没有传 publicKey',
          en: 'Master key, base64; only when no publicKey was sent',
        },
      }),
    ),
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
  summary: { zh: '取得签名密钥和数据加密密钥', en: 'Open a session: signing key and data key' },
  description: {
    zh: '两个密钥由主密钥、nonce 和 sessionId 推导，不在网络上传输。每个设备最多 16 个会话，最早的先失效。格式见 /docs/build/packet-format。',
    en: 'Both keys are derived from master key, nonce and sessionId, and never sent. A device has at most 16 sessions; the oldest goes first. See /docs/en/build/packet-format.',
  },
  access: { by: 'developer', scope: undefined },
  isAlwaysClear: true,
  group: 'token',
  input: {
    deviceId: text({ zh: '设备标识', en: 'Name of the device' }, { max: 64 }),
    suite: optionalChoice({ zh: '算法：gcm（默认）或 md5', en: 'Algorithms: gcm (default) or md5' }, [
      'gcm',
      'md5',
    ]),
    timestamp: text({ zh: '当前时间，秒', en: 'The time now, in seconds' }, { max: 16 }),
    nonce: text(
      { zh: '32 位十六进制随机数，每次不同', en: '32 random hexadecimal digits, others each time' },
      { max: 64 },
    ),
    proof: text(
      { zh: '以主密钥作出的 HMAC-SHA256，十六进制', en: 'HMAC-SHA256 by the master key, in hexadecimal' },
      { max: 128 },
    ),
  },
  logged: ['deviceId', 'suite'],
  output: Type.Object({
    sessionId: Type.String({
      about: { zh: '放在 x-wisp-session 头里', en: 'Goes into the header x-wisp-session' },
    }),
    expiresIn: Type.Integer({ about: { zh: '有效秒数', en: 'Valid for so many seconds' } }),
  }),
  errors: [],
  sample: { sessionId: '4hW8Zq0y6mZcT1y2bq3W9pXc7nF5kR8s', expiresIn: 7200 },
  sampleInput: { deviceId: 'phone-1', suite: 'gcm', timestamp: '{now}', nonce: '{nonce}', proof: '{proof}' },
  handle: (ctx: Core, { input: { suite = 'gcm', ...input }, developer }) =>
    openSession(ctx, developer, { ...input, suite }),
})

/** Whether nobody can listen on the way: https of the socket or of a trusted proxy, or a program on this machine. */
function isPrivate(request: FastifyRequest): boolean {
  return request.protocol === 'https' || isFromThisMachine(request)
}
