import { ApiError } from '../../platform/http/errors.ts'

/**
 * The one answer to whatever is wrong with a packet or a session's proof (docs/interface/conventions.md#encryption): somebody
 * who guesses must not learn which part was right.
 */
export function badPacket(): ApiError {
  return new ApiError('badParameter', {
    zh: '报文无效：时间与服务器相差超过 5 分钟，或设备、会话、签名、随机数、地址参数、密文不正确',
    en: 'invalid packet: the time is more than 5 minutes off, or the device, session, signature, nonce, query or cipher is wrong',
  })
}

export function packetsOff(): ApiError {
  return new ApiError('forbidden', {
    zh: '未为此开发者开启报文加密；请去掉 x-wisp-session 直接调用，或请管理员开启',
    en: 'packet encryption is off for this developer: call in the clear without x-wisp-session, or have an administrator switch it on',
  })
}

export function packetsRequired(): ApiError {
  return new ApiError('badParameter', {
    zh: '此开发者的调用必须是加密报文',
    en: 'calls of this developer must be encrypted packets',
  })
}
