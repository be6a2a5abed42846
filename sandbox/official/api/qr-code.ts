import { randomBytes } from 'node:crypto'
import { png } from '../../avatar.ts'
import { Bytes, type Call, type Input, open, post } from '../call.ts'
import { OfficialError } from '../error.ts'
import { integer, object, text } from '../input.ts'
import type { Rules } from '../rules/rules.ts'
import { qrCodesOf } from '../state/qr-codes.ts'

/** QR codes with a scene (docs/upstream/official-followers.md#qr-codes). */
export const qrCodeCalls: readonly Call[] = [
  post('/cgi-bin/qrcode/create', ({ platform, account, input }) => {
    const codes = qrCodesOf(account)
    const action = text(input, 'action_name', 40053) ?? ''
    const permanent = action.includes('LIMIT')
    const scene = sceneOf(action, object(object(input, 'action_info', 40053), 'scene', 40053), platform.rules)
    const expires = permanent ? undefined : secondsOf(input, platform.rules)
    const known = codes.values().filter(code => code.permanent)
    if (permanent && known.length >= platform.rules.permanentQrCodes) throw new OfficialError(45029)
    const id = randomBytes(69).toString('base64url')
    const code = known.find(one => permanent && one.scene === scene) ?? {
      ticket: `gQ${id}==`,
      scene,
      permanent,
      expiresAt: expires === undefined ? null : platform.now() + expires * 1000,
      url: `http://weixin.qq.com/q/02${id.slice(0, 20)}`,
    }
    codes.set(code.ticket, code)
    return {
      ticket: code.ticket,
      ...(expires !== undefined && { expire_seconds: expires }),
      url: code.url,
    }
  }),
  open('GET', '/cgi-bin/showqrcode', async ({ platform, input }) => {
    const ticket = text(input, 'ticket') ?? ''
    const account = platform.accounts.find(one => qrCodesOf(one).has(ticket))
    const code = account && qrCodesOf(account).get(ticket)
    if (!code) return new Bytes('text/html', Buffer.from('404 Not Found'), { status: 404 })
    return new Bytes('image/png', await pictureOf(code.url))
  }),
]

function sceneOf(action: string, scene: Input, rules: Rules): number | string {
  if (action === 'QR_STR_SCENE' || action === 'QR_LIMIT_STR_SCENE') {
    const value = text(scene, 'scene_str', 40053) ?? ''
    if (value === '' || [...value].length > rules.sceneChars) throw new OfficialError(40053)
    return value
  }
  if (action !== 'QR_SCENE' && action !== 'QR_LIMIT_SCENE') throw new OfficialError(40053)
  const id = integer(scene, 'scene_id', 40053) ?? 0
  if (id < 1 || id > (action === 'QR_SCENE' ? 0xffffffff : rules.permanentQrCodes))
    throw new OfficialError(40053)
  return id
}

function secondsOf(input: Input, { qrSeconds }: Rules): number {
  const seconds = integer(input, 'expire_seconds', 40097) ?? qrSeconds.least
  if (seconds < qrSeconds.least || seconds > qrSeconds.most) throw new OfficialError(40097, 'expire_seconds')
  return seconds
}

/** The QR code of a text, eight pixels a module. */
export async function pictureOf(content: string): Promise<Buffer> {
  const { encode } = await import('uqr')
  const { data } = encode(content, { border: 2 })
  const scale = 8
  const size = data.length * scale
  const stride = size * 3 + 1
  const pixels = Buffer.alloc(stride * size, 255)
  for (let y = 0; y < size; y++) {
    pixels[y * stride] = 0
    for (let x = 0; x < size; x++)
      if (data[Math.floor(y / scale)]![Math.floor(x / scale)])
        pixels.fill(0, y * stride + 1 + x * 3, y * stride + 4 + x * 3)
  }
  return png(size, pixels)
}
