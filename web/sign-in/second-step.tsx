import { type ReactNode, useState } from 'react'
import { useErrorText } from '../ui/data/error-text.ts'
import { useText } from '../ui/text.ts'
import { Field } from './field.tsx'
import { Notice } from './notice.tsx'
import { useForm } from './use-form.ts'

const names = ['code'] as const

/**
 * A code of the device, or a recovery code. `passkey`: the button for one, where there are any; who has nothing else than passkeys is asked for a recovery code
 * beside it.
 */
export function SecondStep(props: {
  send(code: string): Promise<void>
  hasAuthenticator: boolean
  passkey: ReactNode
  back: string
  onBack(): void
}): ReactNode {
  const t = useText('sign-in')
  const { hasAuthenticator } = props
  const [isByCode, setByCode] = useState(hasAuthenticator)
  return (
    <>
      <h2>{t('secondFactor')}</h2>
      {isByCode ? (
        <FactorCode send={props.send} hasAuthenticator={hasAuthenticator} />
      ) : (
        <p className="wb-quiet sign-in-lead">{t('passkeyHint')}</p>
      )}
      {props.passkey && isByCode ? <div className="sign-in-or">{t('or')}</div> : null}
      {props.passkey}
      <div className="sign-in-ways">
        {isByCode ? null : (
          <button type="button" className="wb-link" onClick={() => setByCode(true)}>
            {t('useRecovery')}
          </button>
        )}
        <button type="button" className="wb-link" onClick={props.onBack}>
          {props.back}
        </button>
      </div>
    </>
  )
}

function FactorCode(props: { send(code: string): Promise<void>; hasAuthenticator: boolean }): ReactNode {
  const t = useText('sign-in')
  const textOf = useErrorText()
  const [isRecovery, setRecovery] = useState(!props.hasAuthenticator)
  const form = useForm(
    names,
    (given): { code?: string } => (given.code === '' ? { code: t('needed') } : {}),
    ({ code }) => props.send(code),
  )
  return (
    <form noValidate onSubmit={form.onSubmit}>
      <p className="wb-quiet sign-in-lead">{t(isRecovery ? 'recoveryHint' : 'codeHint')}</p>
      <div role="alert">{form.failure ? <Notice kind="bad" title={textOf(form.failure)} /> : null}</div>
      {isRecovery ? (
        <Field
          key="recovery"
          name="code"
          label={t('recoveryCode')}
          error={form.errors.code}
          autoComplete="off"
          autoCapitalize="none"
          autoFocus
        />
      ) : (
        <CodeField error={form.errors.code} />
      )}
      <button type="submit" className="wb-button wb-primary sign-in-go" disabled={form.isBusy}>
        {t('signIn')}
      </button>
      {props.hasAuthenticator ? (
        <div className="sign-in-ways">
          <button type="button" className="wb-link" onClick={() => setRecovery(!isRecovery)}>
            {t(isRecovery ? 'useCode' : 'useRecovery')}
          </button>
        </div>
      ) : null}
    </form>
  )
}

/** The six digits of a device; phones offer the figures, and what their own authenticator knows. */
export function CodeField(props: { error: string | undefined }): ReactNode {
  const t = useText('sign-in')
  return (
    <Field
      name="code"
      label={t('code')}
      error={props.error}
      className="sign-in-code"
      inputMode="numeric"
      autoComplete="one-time-code"
      maxLength={7}
      autoFocus
    />
  )
}
