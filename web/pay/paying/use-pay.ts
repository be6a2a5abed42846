import { useCallback, useState } from 'react'
import { api } from '../../ui/data/api.ts'
import { useText } from '../../ui/text.ts'
import { useForget } from '../data.ts'
import { go, type PaymentState } from '../place.ts'
import { refusalIn } from '../refusal.ts'
import { type Client, clientOf, openMiniProgramPage, payByBridge } from './client.ts'

const qrMs = 5 * 60_000
const leftKey = 'wisp.pay.left'

export type PayActions = {
  /** `renew`: WeChat is asked again who pays. */
  start(billIds: readonly number[], options?: { renew?: boolean; isReplacing?: boolean }): Promise<void>
  isBusy: boolean
  /** Why it could not begin, in words. */
  failure: string
}

/** Begins the payment of bills in the way that this client allows, and shows how it stands. */
export function usePay(scriptUrl: string): PayActions {
  const t = useText('pay')
  const forget = useForget()
  const [isBusy, setBusy] = useState(false)
  const [failure, setFailure] = useState('')
  const start: PayActions['start'] = useCallback(
    async (billIds, { renew = false, isReplacing = false } = {}) => {
      const show = (orderId: number | null, how: PaymentState) => {
        go(`/pay/paying?order=${orderId}&bills=${billIds.join(',')}`, { isReplacing, how })
        forget()
      }
      const begin = async (place: Client): Promise<void> => {
        const begun = await api.post('/web/pay/order', {
          billIds: [...billIds],
          place,
          renew: renew ? '1' : '0',
        })
        const { way, orderId, target, reason } = begun
        if (way === 'authorise') {
          noteLeaving(billIds)
          return location.assign(target)
        }
        if (way === 'h5') return location.assign(target)
        if (way === 'miniProgram') {
          if (!(await openMiniProgramPage(target))) return begin('desktop')
          return go(`/pay/paying?bills=${billIds.join(',')}`, { isReplacing })
        }
        if (way === 'qr') return show(orderId, { qr: { code: target, until: Date.now() + qrMs, reason } })
        const { end, words } = await payByBridge(begun.bridge ?? {})
        if (end === 'ok') return show(orderId, {})
        return show(orderId, { end: end === 'cancel' ? 'cancelled' : 'failed', words })
      }
      setBusy(true)
      setFailure('')
      try {
        await begin(await clientOf(scriptUrl))
      } catch (error) {
        setFailure(refusalIn(error) || t('networkFailed'))
        // It may have been paid elsewhere by now.
        forget()
      }
      setBusy(false)
    },
    [scriptUrl, forget, t],
  )
  return { start, isBusy, failure }
}

function noteLeaving(billIds: readonly number[]): void {
  try {
    sessionStorage.setItem(leftKey, billIds.join(','))
  } catch {
    // Without storage the person presses the button once more.
  }
}

/** Whether these bills were being paid when this window left for WeChat's page; true once. */
export function hasLeftFor(billIds: readonly number[]): boolean {
  try {
    const left = sessionStorage.getItem(leftKey)
    sessionStorage.removeItem(leftKey)
    return left !== null && left === billIds.join(',')
  } catch {
    return false
  }
}
