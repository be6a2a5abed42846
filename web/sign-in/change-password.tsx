import { type ReactNode, useState } from 'react'
import { api } from '../ui/data/api.ts'
import { useErrorText } from '../ui/data/error-text.ts'
import { PasswordMeter } from '../ui/look/password-meter.tsx'
import { useText } from '../ui/text.ts'
import { PasswordField } from './field.tsx'
import { Notice } from './notice.tsx'
import { useForm } from './use-form.ts'

const names = ['current', 'next', 'again'] as const

/** A password that was generated or handed out has to be changed before anything else. `known`: the present one, which was typed to sign in. */
export function ChangePassword(props: { known: string; onDone(next: string): void }): ReactNode {
  const t = useText('sign-in')
  const { known } = props
  const textOf = useErrorText()
  const [typed, setTyped] = useState('')
  const form = useForm(
    names,
    ({ current, next, again }) => ({
      ...(current === '' && known === '' ? { current: t('needed') } : {}),
      ...(next === '' ? { next: t('needed') } : {}),
      ...(again === next ? {} : { again: t('notSame') }),
    }),
    async ({ current, next }) => {
      await api.post('/web/password', { current: known || current, next })
      props.onDone(next)
    },
  )
  const { current, next, again } = form.errors
  return (
    <form noValidate onSubmit={form.onSubmit}>
      <h2>{t('changeTitle')}</h2>
      <p className="wb-quiet sign-in-lead">{t('changeHint')}</p>
      <div role="alert">{form.failure ? <Notice kind="bad" title={textOf(form.failure)} /> : null}</div>
      {known === '' ? (
        <PasswordField
          name="current"
          label={t('current')}
          error={current}
          autoComplete="current-password"
          autoFocus
        />
      ) : null}
      <PasswordField
        name="next"
        label={t('changed')}
        error={next}
        meter={<PasswordMeter password={typed} />}
        autoComplete="new-password"
        autoFocus={known !== ''}
        onChange={event => setTyped(event.target.value)}
      />
      <PasswordField name="again" label={t('again')} error={again} autoComplete="new-password" />
      <button type="submit" className="wb-button wb-primary sign-in-go" disabled={form.isBusy}>
        {t('goOn')}
      </button>
    </form>
  )
}
