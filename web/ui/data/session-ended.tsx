import { useQueryClient } from '@tanstack/react-query'
import { Alert, Button, Modal } from 'antd'
import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react'
import { useText } from '../text.ts'
import { type Answer, api, onSessionEnded, setCredentials, signIn } from './api.ts'
import { useSession } from './session.tsx'
import { wasTyped } from './typed.ts'
import { hasUnsaved } from './unsaved.ts'

const askAgainMs = 3000

/**
 * When the session ends while somebody types, the page stays, with all that was typed: they sign in again in another window, and what
 * they had asked for goes on. Who has typed nothing is sent to the sign-in page.
 */
export function SessionEnded(): ReactNode {
  const [isEnded, setEnded] = useState(false)
  const waiting = useRef<(() => void)[]>([])
  useEffect(() => {
    onSessionEnded(isAct => {
      if (!isAct && !wasTyped() && !hasUnsaved()) return undefined
      setEnded(true)
      return new Promise(resolve => {
        waiting.current.push(resolve)
      })
    })
    return () => onSessionEnded(undefined)
  }, [])
  const goOn = useCallback(() => {
    setEnded(false)
    for (const resolve of waiting.current.splice(0)) resolve()
  }, [])
  return isEnded ? <AskAgain goOn={goOn} /> : null
}

type SessionAnswer = Answer<'/web/session'>

function AskAgain({ goOn }: { goOn(): void }): ReactNode {
  const t = useText('objects')
  const { corpId, canChooseCorp, person } = useSession()
  const client = useQueryClient()
  const [other, setOther] = useState('')
  const ask = useCallback(async () => {
    const answer: SessionAnswer | undefined = await api.get('/web/session').catch(() => undefined)
    if (!answer?.signedIn || answer.mustChangePassword || answer.mustEnrol || answer.mustProve) return
    if (personOf(answer.person) !== personOf(person)) return setOther(answer.person.userName)
    setCredentials({ csrf: answer.csrf, corpId: canChooseCorp ? corpId : '' })
    client.setQueriesData({ queryKey: ['/web/session'] }, answer)
    goOn()
  }, [canChooseCorp, client, corpId, goOn, person])
  useEffect(() => {
    const look = () => void ask()
    const timer = setInterval(look, askAgainMs)
    addEventListener('focus', look)
    return () => {
      clearInterval(timer)
      removeEventListener('focus', look)
    }
  }, [ask])
  return (
    <Modal
      open
      title={t('expiredTitle')}
      closable={false}
      keyboard={false}
      // Above whatever drawer or dialog holds what was typed.
      zIndex={1200}
      footer={
        other ? (
          <Button onClick={() => location.reload()}>{t('reloadPage')}</Button>
        ) : (
          <>
            <Button onClick={signIn}>{t('leaveToSignIn')}</Button>
            <Button type="primary" onClick={() => open(againAddress())}>
              {t('signInAgain')}
            </Button>
          </>
        )
      }
    >
      {other ? (
        <Alert type="error" showIcon title={t('expiredOther', { name: other, owner: person.userName })} />
      ) : (
        <p role="status">{t('expiredHint')}</p>
      )}
    </Modal>
  )
}

/** The page of the new window closes itself. */
function againAddress(): string {
  return `/signin?again=1&to=${encodeURIComponent(location.pathname)}`
}

function personOf({
  corpId,
  userId,
  roleLevel,
}: Extract<SessionAnswer, { signedIn: true }>['person']): string {
  return JSON.stringify([corpId, userId, roleLevel])
}
