import { type ReactNode, useEffect, useState } from 'react'
import type { Answer } from '../../../ui/data/api.ts'
import { useText } from '../../../ui/text.ts'
import { State } from '../../../ui/values/state.tsx'

/** From here on every second counts. */
const shortMs = 120_000

/** How many messages may still be sent and for how long; `onEnd` when that time is over. */
export function WindowLeft(props: {
  left: Answer<'/web/official/conversation'>['left']
  isSubscribed: boolean
  /** When `left` was read. */
  readAt: number
  onEnd(): void
}): ReactNode {
  const t = useText('official-conversations')
  const { left, isSubscribed, readAt, onEnd } = props
  const [now, setNow] = useState(Date.now())
  const end = left.ms === null ? null : readAt + left.ms
  useEffect(() => {
    if (end === null) return
    const timer = setInterval(
      () => {
        setNow(Date.now())
        if (Date.now() >= end) onEnd()
      },
      end - Date.now() < shortMs ? 1000 : 20_000,
    )
    return () => clearInterval(timer)
  }, [end, onEnd])
  if (end === null || left.messages === 0)
    return (
      <State kind="warn">
        {t(isSubscribed ? (left.why === 'usedUp' ? 'usedUp' : 'windowClosed') : 'leftHint')}
      </State>
    )
  const ms = Math.max(0, end - Math.max(now, readAt))
  const minutes = Math.floor(ms / 60_000)
  const time =
    ms < shortMs
      ? t('seconds', { n: Math.ceil(ms / 1000) })
      : minutes < 60
        ? t('minutes', { n: minutes })
        : t('hours', { n: Math.floor(minutes / 60), m: minutes % 60 })
  return <State kind={ms < shortMs ? 'warn' : 'good'}>{t('windowLeft', { n: left.messages, time })}</State>
}
