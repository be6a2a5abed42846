import { type ReactNode, useEffect, useState } from 'react'
import { api, CallError } from '../../ui/data/api.ts'
import { useErrorText } from '../../ui/data/error-text.ts'
import { useText } from '../../ui/text.ts'
import { Field } from '../field.tsx'
import { Notice } from '../notice.tsx'
import { CodeField } from '../second-step.tsx'
import { useForm } from '../use-form.ts'

const again = 60
const names = ['mobile'] as const

/** A code to the mobile of the address book: the number first, then the code. */
export function SmsEntrance(props: { corpId: string; onSignedIn(): void }): ReactNode {
  const t = useText('sign-in')
  const textOf = useErrorText()
  const [sent, setSent] = useState<{ state: string; mobile: string }>()
  const form = useForm(
    names,
    ({ mobile }): { mobile?: string } => (mobile.trim() === '' ? { mobile: t('needed') } : {}),
    async ({ mobile }) => {
      const { state } = await api.post('/web/sign-in/sms', { corpId: props.corpId, mobile })
      setSent({ state, mobile })
    },
  )
  if (sent)
    return (
      <SmsCode
        {...sent}
        corpId={props.corpId}
        onSignedIn={props.onSignedIn}
        onBack={() => setSent(undefined)}
      />
    )
  return (
    <form noValidate onSubmit={form.onSubmit}>
      <div role="alert">{form.failure ? <Notice kind="bad" title={textOf(form.failure)} /> : null}</div>
      <Field
        name="mobile"
        label={t('mobile')}
        hint={t('mobileHint')}
        error={form.errors.mobile}
        inputMode="tel"
        autoComplete="tel"
        autoFocus
      />
      <button type="submit" className="wb-button wb-primary sign-in-go" disabled={form.isBusy}>
        {t('sendCode')}
      </button>
    </form>
  )
}

const codeNames = ['code'] as const

function SmsCode(props: {
  corpId: string
  state: string
  mobile: string
  onSignedIn(): void
  onBack(): void
}): ReactNode {
  const t = useText('sign-in')
  const textOf = useErrorText()
  const [state, setState] = useState(props.state)
  const [wait, setWait] = useState(again)
  const [failure, setFailure] = useState<unknown>()
  useEffect(() => {
    const timer = setInterval(() => setWait(left => Math.max(0, left - 1)), 1000)
    return () => clearInterval(timer)
  }, [])
  const form = useForm(
    codeNames,
    ({ code }): { code?: string } => (code.trim() === '' ? { code: t('needed') } : {}),
    async ({ code }) => {
      setFailure(undefined)
      await api.post('/web/sign-in/sms/code', { state, code })
      props.onSignedIn()
    },
  )
  const resend = async () => {
    setFailure(undefined)
    try {
      const { corpId, mobile } = props
      setState((await api.post('/web/sign-in/sms', { corpId, mobile })).state)
      setWait(again)
    } catch (error) {
      if (!(error instanceof CallError)) throw error
      setFailure(error)
    }
  }
  const wrong = failure ?? form.failure
  return (
    <form noValidate onSubmit={form.onSubmit}>
      <h2>{t('smsTitle')}</h2>
      <p className="wb-quiet sign-in-lead">{t('smsSent', { mobile: props.mobile })}</p>
      <div role="alert">{wrong ? <Notice kind="bad" title={textOf(wrong)} /> : null}</div>
      <CodeField error={form.errors.code} />
      <button type="submit" className="wb-button wb-primary sign-in-go" disabled={form.isBusy}>
        {t('signIn')}
      </button>
      <div className="sign-in-ways">
        <button type="button" className="wb-link" disabled={wait > 0} onClick={() => void resend()}>
          {wait > 0 ? t('resendIn', { n: wait }) : t('resend')}
        </button>
        <button type="button" className="wb-link" onClick={props.onBack}>
          {t('otherMobile')}
        </button>
      </div>
    </form>
  )
}
