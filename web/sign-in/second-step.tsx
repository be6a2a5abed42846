import { type ReactNode, useState } from 'react'
import { api } from '../ui/data/api.ts'
import { useErrorText } from '../ui/data/error-text.ts'
import { useText } from '../ui/text.ts'
import { Field } from './field.tsx'
import { Notice } from './notice.tsx'
import { useForm } from './use-form.ts'

const names = ['code'] as const

/** After the right password of an account with a second factor: a code of its device, or a recovery code. */
export function SecondStep(props: { state: string; onSignedIn(): void; onBack(): void }): ReactNode {
  const t = useText('sign-in')
  const textOf = useErrorText()
  const [isRecovery, setRecovery] = useState(false)
  const form = useForm(
    names,
    (given): { code?: string } => (given.code === '' ? { code: t('needed') } : {}),
    async ({ code }) => {
      await api.post('/web/sign-in/second-factor', { state: props.state, code })
      props.onSignedIn()
    },
  )
  return (
    <form noValidate onSubmit={form.onSubmit}>
      <h2>{t('secondFactor')}</h2>
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
      <div className="sign-in-ways">
        <button type="button" className="wb-link" onClick={() => setRecovery(!isRecovery)}>
          {t(isRecovery ? 'useCode' : 'useRecovery')}
        </button>
        <button type="button" className="wb-link" onClick={props.onBack}>
          {t('startOver')}
        </button>
      </div>
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
