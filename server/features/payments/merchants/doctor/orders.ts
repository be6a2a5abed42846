import {
  type Finding,
  failed,
  passed,
  tryLater,
  warning,
} from '../../../../organisation/corps/doctor/check.ts'
import type { Words } from '../../../../platform/words.ts'
import { PayError, PayUnavailable } from '../../../../upstream/wechat-pay/errors.ts'
import type { Merchant } from '../merchants.ts'
import { attempt } from './attempt.ts'
import { wrongPublicKey } from './keys.ts'

const minuteMs = 60_000

/**
 * Places an order of one fen for each AppID and closes it at once: only that shows whether it is bound to the merchant. The
 * answers are signed, so that they also show whether the public key fits.
 */
export async function examineAppIds(
  merchant: Merchant,
  given: { notifyUrl: string; newId: () => string; now: number },
): Promise<Finding[]> {
  const found = await Promise.all(merchant.appIds.map(appId => examineAppId(merchant, appId, given)))
  return found.some(one => one === 'signature') ? [wrongPublicKey] : found.filter(one => one !== 'signature')
}

async function examineAppId(
  { client }: Merchant,
  appId: string,
  { notifyUrl, newId, now }: { notifyUrl: string; newId: () => string; now: number },
): Promise<Finding | 'signature'> {
  const [id, title]: [string, Words] = [`appId:${appId}`, { zh: `AppID ${appId}`, en: `AppID ${appId}` }]
  const orderNo = `DOCTOR${newId().slice(0, 24)}`
  const expiresAt = new Date(now + 5 * minuteMs)
  const order = { appId, orderNo, title: '接入检查', amount: 1, expiresAt, notifyUrl }
  const placed = await attempt(() => client.native(order))
  // An order whose answer cannot be proved has been taken too.
  if (!(placed.error instanceof PayError)) await attempt(() => client.close(orderNo))
  if (!placed.error)
    return passed(id, title, {
      zh: '可以下单（1 分钱的订单，已关闭）',
      en: 'Orders are taken (one of 1 fen, closed)',
    })
  const { error, why, fix } = placed
  if (error instanceof PayUnavailable)
    return error.reason === 'signature' ? 'signature' : warning(id, title, why, tryLater)
  if (isWithoutNative(error))
    return warning(
      id,
      title,
      {
        zh: '没有开通 Native 支付：二维码不可用，也无法核对 AppID',
        en: 'Native payment is not enabled: no QR can be paid, and the AppID cannot be tried',
      },
      fix,
    )
  return failed(id, title, why, fix)
}

function isWithoutNative(error: PayError): boolean {
  return error.code === 'NO_AUTH' || error.code === 'NOAUTH'
}
