import { type ReactNode, useState } from 'react'
import { api } from '../../ui/data/api.ts'
import { useErrorText } from '../../ui/data/error-text.ts'
import { hasPasskeys } from '../../ui/data/passkeys.ts'
import { useText } from '../../ui/text.ts'
import { Field, PasswordField } from '../field.tsx'
import { Notice } from '../notice.tsx'
import { SecondStep } from '../second-step.tsx'
import { useForm } from '../use-form.ts'
import { PasskeyButton } from './passkey-button.tsx'

const names = ['name', 'password'] as const

export function PasswordEntrance(props: {
  /** Members administrate too, and come by WeCom. */
  hasMembers: boolean
  onSignedIn(password: string): void
  byPasskey(): Promise<void>
}): ReactNode {
  const t = useText('sign-in')
  const textOf = useErrorText()
  const [state, setState] = useState('')
  const [typed, setTyped] = useState('')
  const form = useForm(
    names,
    given => Object.fromEntries(names.flatMap(name => (given[name] === '' ? [[name, t('needed')]] : []))),
    async given => {
      const answer = await api.post('/web/sign-in/password', given)
      setTyped(given.password)
      if (answer.state === '') props.onSignedIn(given.password)
      else setState(answer.state)
    },
  )
  const passkey = hasPasskeys() ? <PasskeyButton isFirst={false} use={props.byPasskey} /> : null
  if (state !== '')
    return (
      <SecondStep
        send={async code => {
          await api.post('/web/sign-in/second-factor', { state, code })
          props.onSignedIn(typed)
        }}
        hasAuthenticator
        passkey={passkey}
        back={t('startOver')}
        onBack={() => setState('')}
      />
    )
  return (
    <form noValidate onSubmit={form.onSubmit}>
      <div role="alert">{form.failure ? <Notice kind="bad" title={textOf(form.failure)} /> : null}</div>
      <Field
        name="name"
        label={t('name')}
        error={form.errors.name}
        defaultValue="admin"
        autoComplete="username"
        autoCapitalize="none"
      />
      <PasswordField
        name="password"
        label={t('password')}
        error={form.errors.password}
        hint={t('adminHint')}
        autoComplete="current-password"
        autoFocus
      />
      <button type="submit" className="wb-button wb-primary sign-in-go" disabled={form.isBusy}>
        {t('signIn')}
      </button>
      {props.hasMembers ? (
        <a className="wb-link sign-in-members" href="/signin?to=%2Fconsole">
          {t('asCorpAdministrator')}
        </a>
      ) : null}
    </form>
  )
}
