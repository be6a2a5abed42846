import './password-meter.css'
import { type ReactNode, useEffect, useState } from 'react'
import { type Answer, api } from '../data/api.ts'
import { useText } from '../text.ts'

const pauseMs = 250
const words = ['strength0', 'strength1', 'strength2', 'strength3', 'strength4'] as const

/** How good a new password is, as the server says, which accepts or refuses it by the same rules. */
export function PasswordMeter(props: { password: string }): ReactNode {
  const t = useText('common')
  const strength = useStrength(props.password)
  const score = strength?.score ?? 0
  const isBad = strength !== undefined && strength.problem !== ''
  return (
    <div className="password-meter" data-score={isBad ? 'bad' : score}>
      <div className="password-meter-bars" aria-hidden="true">
        {[1, 2, 3, 4].map(n => (
          <span key={n} className={n <= Math.max(score, isBad ? 1 : 0) ? 'password-meter-on' : ''} />
        ))}
      </div>
      <p role="status">{strength ? strength.problem || t(words[score] ?? 'strength0') : t('strengthRule')}</p>
    </div>
  )
}

function useStrength(password: string): Answer<'/web/password/strength'> | undefined {
  const [strength, setStrength] = useState<Answer<'/web/password/strength'>>()
  useEffect(() => {
    if (password === '') {
      setStrength(undefined)
      return
    }
    let isCurrent = true
    const timer = setTimeout(() => {
      // Without an answer there is no meter; the server still says at the end what it refuses.
      api.post('/web/password/strength', { next: password }).then(
        answer => isCurrent && setStrength(answer),
        () => isCurrent && setStrength(undefined),
      )
    }, pauseMs)
    return () => {
      isCurrent = false
      clearTimeout(timer)
    }
  }, [password])
  return strength
}
